"""The six groups, the 26 sets, and what we say the shipped rows are."""

import csv
from collections import Counter

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace.catalogue.classification import group_slug_of, load_groups_and_sets, reviewed_sets
from marketplace.catalogue.models import ProductGroup, ProductSet, SalePolicy
from marketplace.catalogue.queries import list_groups, list_sets
from marketplace.database import db, unit_of_work
from marketplace.settings import PROJECT

DATA = PROJECT / "marketplace" / "data"


def test_there_are_six_groups_and_26_sets_however_often_they_are_loaded(app: Flask) -> None:
    for _ in range(2):
        with unit_of_work() as session:
            load_groups_and_sets(session)
    assert [group.slug for group in list_groups()] == [
        "thuc-pham",
        "do-uong",
        "duoc-lieu",
        "thu-cong",
        "sinh-vat-canh",
        "du-lich",
    ]
    sets = list_sets()
    assert [one.number for one in sets] == list(range(1, 27))
    assert Counter(one.group.slug for one in sets) == {
        "thuc-pham": 13,
        "do-uong": 4,
        "duoc-lieu": 3,
        "thu-cong": 2,
        "sinh-vat-canh": 3,
        "du-lich": 1,
    }


def test_a_changed_row_is_put_right(app: Flask) -> None:
    with unit_of_work() as session:
        load_groups_and_sets(session)
        session.scalars(
            sa.select(ProductSet).where(ProductSet.number == 14)
        ).one().sale_policy = SalePolicy.NORMAL
        session.flush()
        load_groups_and_sets(session)
    spirit = db.session.scalars(sa.select(ProductSet).where(ProductSet.number == 14)).one()
    assert spirit.sale_policy is SalePolicy.AGE_18


def test_policies_of_the_sets(app: Flask) -> None:
    with unit_of_work() as session:
        load_groups_and_sets(session)
    special = {one.number: one.sale_policy for one in list_sets() if one.sale_policy is not SalePolicy.NORMAL}
    assert special == {
        14: SalePolicy.AGE_18,
        15: SalePolicy.AGE_18,
        18: SalePolicy.LICENCE_REQUIRED,
        23: SalePolicy.LIVE,
        24: SalePolicy.LIVE,
        25: SalePolicy.LIVE,
        26: SalePolicy.BOOKING,
    }


def test_a_group_is_as_strict_as_its_strictest_set(app: Flask) -> None:
    with unit_of_work() as session:
        load_groups_and_sets(session)
    order = list(SalePolicy)
    for group in db.session.scalars(sa.select(ProductGroup)):
        policies = db.session.scalars(
            sa.select(ProductSet.sale_policy).where(ProductSet.group_id == group.id)
        )
        assert group.strictest_policy is max(policies, key=order.index)


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Thực phẩm", "thuc-pham"),
        ("THẢO DƯỢC", "duoc-lieu"),
        ("Vải và may mặc", "thu-cong"),
        ("Lưu niệm-nội thất-trang trí", "thu-cong"),
        ("Dịch vụ du lịch nông thôn, bán hàng", "du-lich"),
        ("Dịch vụ du lịch nông thôn", "du-lich"),
        ("Du lịch cộng đồng", "du-lich"),
        ("Dược liệu và sản phẩm từ dược liệu", "duoc-lieu"),
        ("sinh-vat-canh", "sinh-vat-canh"),
        ("Đồ chơi", None),
    ],
)
def test_former_names_of_groups_find_those_of_today(name: str, slug: str | None) -> None:
    assert group_slug_of(name) == slug


def test_reviewed_sets_are_sets_and_whatever_is_called_ruou_asks_for_age() -> None:
    reviewed = reviewed_sets()
    assert set(reviewed.values()) <= set(range(1, 27))
    with (DATA / "catalogue" / "set_of_products.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(reviewed) == 322
    spirits = {row["id"] for row in rows if row["name"].startswith("Rượu")}
    assert len(spirits) == 26
    assert {reviewed[row] for row in spirits} == {14, 15}
    assert {row["confidence"] for row in rows} == {"sure", "likely"}
    assert all(row["why"] for row in rows if row["confidence"] == "likely")


def test_every_row_of_the_shipped_register_has_its_set() -> None:
    with (DATA / "register" / "products.csv").open(encoding="utf-8", newline="") as file:
        assert {row["id"] for row in csv.DictReader(file)} == set(reviewed_sets())

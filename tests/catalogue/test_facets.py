"""Counts beside a list: each facet as if its own filter were not set."""

from dataclasses import replace
from datetime import date
from itertools import combinations, pairwise
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace.catalogue.facets import Choice, Facets, count_facets
from marketplace.catalogue.filters import Filters, State
from marketplace.catalogue.models import Product
from marketplace.catalogue.product_list import Sort, list_product_ids
from marketplace.database import db, unit_of_work
from marketplace.places.models import AdminUnit, Level
from marketplace.producers.models import LegalForm
from marketplace.settings import LapsedProducts
from tests.catalogue.statements import counted_statements
from tests.factories.catalogue import TOURISM, WHITE_SPIRIT, a_product, a_variant
from tests.factories.certification import a_certificate
from tests.factories.producers import a_producer

TODAY = date(2026, 11, 21)


def a_unit(key: str, level: Level, parent: AdminUnit | None = None, ended: bool = False) -> AdminUnit:
    kind = "xã" if level is Level.COMMUNE else "tỉnh"
    return AdminUnit(
        key=key,
        level=level,
        kind=kind,
        name=key,
        slug=key,
        name_key=key,
        ended=ended,
        parent_id=parent and parent.id,
    )


@pytest.fixture
def shelf(app: Flask) -> dict[str, int]:
    """Twelve products spread over two provinces, four communes, sets, stars, prices and forms."""
    with unit_of_work() as session:
        provinces = [a_unit("ha-tinh", Level.PROVINCE), a_unit("hue", Level.PROVINCE)]
        session.add_all([*provinces, a_unit("quang-binh", Level.PROVINCE, ended=True)])
        session.flush()
        communes = [a_unit(f"xa-{n}", Level.COMMUNE, provinces[n // 2]) for n in range(4)]
        session.add_all(communes)
        session.flush()
        sellers = [
            a_producer(session),
            a_producer(session, "Công ty Tây Sơn", legal_form=LegalForm.ENTERPRISE),
            a_producer(session, "Hộ Lan", legal_form=None, printed_address=None),
        ]
        for number in range(12):
            commune = communes[number % 4]
            product = a_product(
                session,
                f"Hàng {number:02}",
                producer=sellers[number % 3],
                set_number=(1, 4, WHITE_SPIRIT, TOURISM, None)[number % 5],
                location={"commune_id": commune.id, "province_id": commune.parent_id},
            )
            if number % 4:
                a_certificate(session, product, (3, 4, 5, None)[number % 4], year=2023 + number % 3)
            if number % 6:
                a_variant(session, product, price=(30_000, 60_000, 150_000, 250_000, 700_000)[number % 5])
        return {unit.slug: unit.id for unit in [*provinces, *communes]}


def counts(choices: tuple[Choice, ...]) -> dict[str, int]:
    return {choice.slug: choice.count for choice in choices if choice.count}


def listed(filters: Filters, **more: Any) -> int:
    return len(list_product_ids(filters, Sort.NAME, day=TODAY, **more))


FILTERS: dict[str, Any] = {
    "stars": (4, 5),
    "groups": ("thuc-pham", "du-lich"),
    "sets": ("mat-ong-mat-khac", "ruou-trang"),
    "provinces": None,
    "price": (60_000, 250_000),
    "legal_forms": (LegalForm.COOPERATIVE,),
    "offered": True,
    "state": State.ALIVE,
}


def asked_for(names: tuple[str, ...], places: dict[str, int]) -> Filters:
    filters = Filters()
    for name in names:
        if name == "price":
            filters = replace(filters, price_from=60_000, price_to=250_000)
        elif name == "provinces":
            filters = replace(filters, province_ids=(places["ha-tinh"],))
        else:
            filters = replace(filters, **{name: FILTERS[name]})
    return filters


def expect_each_count_to_be_a_list(facets: Facets, filters: Filters, **more: Any) -> None:
    """Check every count against the list that it promises."""

    def promised(**changes: Any) -> int:
        return listed(replace(filters, **changes), **more)

    assert facets.total == promised()
    for stars, number in facets.stars.items():
        assert number == promised(stars=(stars,))
    for group in facets.groups:
        assert group.count == promised(groups=(group.slug,), sets=())
    for kind in facets.sets:
        assert kind.count == promised(sets=(kind.slug,))
    for province in facets.provinces:
        assert province.count == promised(province_ids=(province.id,), commune_ids=())
    for commune in facets.communes:
        assert commune.count == promised(commune_ids=(commune.id,))
    for band in facets.price_bands:
        assert band.count == promised(price_from=band.price_from or 0, price_to=band.price_to)
    for form, number in facets.legal_forms.items():
        assert number == promised(legal_forms=(form,))
    assert facets.offered == promised(offered=True)
    for state, number in facets.states.items():
        assert number == promised(state=state)


def test_every_count_is_the_length_of_the_list_it_promises(shelf: dict[str, int]) -> None:
    for names in ((), *combinations(FILTERS, 1), *pairwise(FILTERS), tuple(FILTERS)):
        filters = asked_for(names, shelf)
        expect_each_count_to_be_a_list(count_facets(filters, day=TODAY), filters)


@pytest.mark.parametrize("lapsed", LapsedProducts)
def test_counts_follow_what_the_shop_does_with_lapsed_products(
    shelf: dict[str, int], lapsed: LapsedProducts
) -> None:
    for filters in (Filters(), Filters(offered=True)):
        expect_each_count_to_be_a_list(
            count_facets(filters, day=TODAY, lapsed=lapsed), filters, lapsed=lapsed
        )


def test_the_hits_of_a_search_are_counted_alike(shelf: dict[str, int]) -> None:
    ids = tuple(db.session.scalars(sa.select(Product.id).where(Product.id % 2 == 0)))
    filters = Filters(product_ids=ids, state=State.ALIVE)
    expect_each_count_to_be_a_list(count_facets(filters, day=TODAY), filters)


def test_some_counts_in_plain_numbers(shelf: dict[str, int]) -> None:
    facets = count_facets(Filters(), day=TODAY)
    assert facets.total == 12
    assert counts(facets.groups) == {"thuc-pham": 6, "do-uong": 2, "du-lich": 2}
    assert counts(facets.provinces) == {"ha-tinh": 6, "hue": 6}
    assert [choice.slug for choice in facets.provinces] == ["ha-tinh", "hue"]
    assert facets.communes == ()
    assert [band.count for band in facets.price_bands] == [2, 2, 2, 2, 2]
    assert [(band.price_from, band.price_to) for band in facets.price_bands] == [
        (None, 49_999),
        (50_000, 99_999),
        (100_000, 199_999),
        (200_000, 499_999),
        (500_000, None),
    ]
    assert facets.legal_forms[LegalForm.COOPERATIVE] == 4
    assert (len(facets.groups), len(facets.sets)) == (6, 26)
    assert facets.sets[0].name_en == "Fresh vegetables, roots, fruit and seeds"


def test_communes_are_those_of_the_provinces_chosen_or_of_the_communes_chosen(shelf: dict[str, int]) -> None:
    of_province = count_facets(Filters(province_ids=(shelf["hue"],)), day=TODAY)
    assert counts(of_province.communes) == {"xa-2": 3, "xa-3": 3}
    assert of_province.communes[0].name == "xã xa-2"
    of_commune = count_facets(Filters(commune_ids=(shelf["xa-0"],)), day=TODAY)
    assert counts(of_commune.communes) == {"xa-0": 3, "xa-1": 3}
    assert of_commune.total == 3
    assert counts(of_commune.provinces) == {"ha-tinh": 6, "hue": 6}


def test_sets_are_those_of_the_groups_chosen(shelf: dict[str, int]) -> None:
    facets = count_facets(Filters(groups=("do-uong",)), day=TODAY)
    assert [choice.slug for choice in facets.sets] == [
        "ruou-trang",
        "do-uong-co-con-khac",
        "nuoc-khoang-nuoc-dong-chai",
        "do-uong-khong-con",
    ]
    assert len({choice.parent_id for choice in facets.sets}) == 1


def test_one_statement_counts_and_a_kept_answer_needs_none(shelf: dict[str, int]) -> None:
    filters = Filters(stars=(4,), province_ids=(shelf["hue"],))
    db.session.rollback()
    with counted_statements() as first:
        count_facets(filters, day=TODAY)
    with counted_statements() as again:
        count_facets(filters, day=TODAY)
    assert [len(first), len(again)] == [2, 0]  # the first statement of a transaction reads the version


def test_counts_follow_a_change_and_the_day(shelf: dict[str, int]) -> None:
    before = count_facets(Filters(), day=TODAY)
    with unit_of_work() as session:
        a_certificate(session, a_product(session), 5)
    after = count_facets(Filters(), day=TODAY)
    assert after.stars[5] == before.stars[5] + 1
    assert count_facets(Filters(), day=date(2030, 1, 1)).states[State.ALIVE] == 0

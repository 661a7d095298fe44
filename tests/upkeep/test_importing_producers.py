"""Importing producers: spellings matched, firms kept apart, the closest place kept."""

from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import clock
from marketplace import register as register_version
from marketplace.catalogue.models import Product
from marketplace.database import db, unit_of_work
from marketplace.producers.models import LegalForm, Producer, ProducerAlias
from marketplace.producers.profile import Profile, describe_producer
from marketplace.upkeep.importing.producers import COLUMNS, import_producers
from marketplace.upkeep.importing.products import import_products
from marketplace.upkeep.importing.report import Report
from marketplace.upkeep.merging.acts import merge_producers
from marketplace.upkeep.merging.weighing import weigh
from tests.factories.accounts import an_actor
from tests.factories.sheets import product, write_csv

A_PRODUCER = {
    "name": "Công ty CP Cam Vàng",
    "producer_type": "Doanh nghiệp",
    "commune": "",
    "district": "huyện Hương Khê",
    "province": "Hà Tĩnh",
    "source_url": "https://example.vn/a",
}


def load(sheet: Path, *rows: dict[str, str]) -> Report:
    return import_producers(write_csv(sheet, [{**A_PRODUCER, **row} for row in rows], COLUMNS.known))


def producers() -> list[Producer]:
    db.session.rollback()
    db.session.expire_all()
    return list(db.session.scalars(sa.select(Producer).order_by(Producer.id)))


def test_a_row_becomes_a_producer_with_its_point(register: Flask, sheet: Path) -> None:
    load(sheet, {"approx_lat": "18.2", "approx_lon": "105.7", "approx_level": "district centroid"})
    kept = producers()[0]
    assert (kept.slug, kept.legal_form) == ("cong-ty-cp-cam-vang", LegalForm.ENTERPRISE)
    assert (kept.lat, kept.lon, kept.point_accuracy) == (18.2, 105.7, "district centroid")
    assert kept.origin_id is not None
    assert not kept.can_sell


@pytest.mark.parametrize(
    "spelling",
    ["Công ty cổ phần Cam Vàng", "CTCP Cam Vàng", "Cty CP CAM VÀNG", "Cong ty co phan Cam Vang"],
)
def test_spellings_of_an_enterprise_are_one_in_its_province(
    register: Flask, sheet: Path, spelling: str
) -> None:
    rows = [{}, {"name": spelling, "district": ""}]
    report = load(sheet, *rows)
    assert (report.added, report.changed) == (1, 1)
    assert [kept.printed_district for kept in producers()] == ["huyện Hương Khê"]
    assert db.session.scalars(sa.select(ProducerAlias.name)).all() == [spelling]
    version = register_version.current_version()
    assert load(sheet, *rows).unchanged == 2
    assert register_version.current_version() == version


@pytest.mark.parametrize(
    "other",
    [
        {"province": "Nghệ An", "district": ""},
        {"name": "Công ty CP Cầm Vàng"},
        {"name": "Công ty TNHH Cam Vàng"},
        {"name": "Chi nhánh Công ty CP Cam Vàng"},
    ],
)
def test_other_firms_stay_apart(register: Flask, sheet: Path, other: dict[str, str]) -> None:
    load(sheet, {}, other)
    assert len(producers()) == 2


def test_names_alike_but_for_form_or_accents_are_told(register: Flask, sheet: Path) -> None:
    report = load(sheet, {}, {"name": "Công ty TNHH Cam Vàng"}, {"name": "Công ty CP Cầm Vàng"})
    assert [(f.row, f.column) for f in report.doubts] == [(3, "producer"), (4, "producer")]


HOUSEHOLD = {"name": "Hộ kinh doanh Nguyễn Thị Hằng", "producer_type": "Hộ kinh doanh"}


@pytest.mark.parametrize(
    ("other", "count"),
    [
        ({"name": "Hộ SXKD Nguyễn Thị Hằng"}, 1),
        ({"district": ""}, 1),
        ({"district": "huyện Hương Sơn"}, 2),
        ({"commune": "xã Hương Đô"}, 1),
    ],
)
def test_households_are_one_only_where_places_agree(
    register: Flask, sheet: Path, other: dict[str, str], count: int
) -> None:
    rows = [HOUSEHOLD, {**HOUSEHOLD, **other}]
    load(sheet, *rows)
    assert len(producers()) == count
    version = register_version.current_version()
    load(sheet, *rows)
    assert register_version.current_version() == version


def test_a_name_that_may_be_either_of_two_is_neither(register: Flask, sheet: Path) -> None:
    rows = [HOUSEHOLD, {**HOUSEHOLD, "district": "huyện Hương Sơn"}, {**HOUSEHOLD, "district": ""}]
    load(sheet, *rows)
    assert len(producers()) == 3
    assert load(sheet, *rows).unchanged == 3
    assert {kept.slug for kept in producers()} == {
        "ho-kinh-doanh-nguyen-thi-hang",
        "ho-kinh-doanh-nguyen-thi-hang-huyen-huong-son",
        "ho-kinh-doanh-nguyen-thi-hang-ha-tinh",
    }


def test_the_closest_place_counts_whatever_the_order(register: Flask, sheet: Path) -> None:
    load(sheet, {"district": ""}, {"commune": "xã Hương Đô"}, {})
    assert [kept.printed_commune for kept in producers()] == ["xã Hương Đô"]


def test_a_changed_row_moves_the_producer(register: Flask, sheet: Path) -> None:
    load(sheet, {})
    assert load(sheet, {"district": "huyện Hương Sơn", "address": "Thôn 1"}).changed == 1
    kept = producers()[0]
    assert (kept.printed_district, kept.printed_address) == ("huyện Hương Sơn", "Thôn 1")


def test_what_is_learnt_of_a_producer_reaches_its_products(register: Flask, sheet: Path) -> None:
    import_products(
        write_csv(sheet, [product(producer="Cam Vàng", producer_type="", district="", commune="")])
    )
    assert db.session.scalars(sa.select(Product.legal_form)).one() is None
    load(sheet, {"name": "Cam Vàng", "producer_type": "Hợp tác xã", "address": "Thôn 1"})
    assert db.session.scalars(sa.select(Product.legal_form)).one() is LegalForm.COOPERATIVE
    assert producers()[0].can_sell


def test_a_name_is_needed_and_must_fit(register: Flask, sheet: Path) -> None:
    report = load(sheet, {"name": ""}, {"name": "x" * 201}, {"phone": "1" * 21})
    assert [(f.row, f.column) for f in report.errors] == [(2, "name"), (3, "name"), (4, "phone")]
    assert producers() == []


def test_nonsense_coordinates_are_left_out_with_a_doubt(register: Flask, sheet: Path) -> None:
    report = import_producers(
        write_csv(sheet, [{**A_PRODUCER, "approx_lat": "99", "approx_lon": "105"}], COLUMNS.known),
        day=date(2026, 1, 1),
    )
    assert [(f.row, f.column) for f in report.doubts] == [(2, "approx_lat")]


def test_what_a_producer_said_of_itself_stays(register: Flask, sheet: Path) -> None:
    contact = {"phone": "0912000000", "email": "a@example.vn", "website": "example.vn"}
    load(sheet, contact)
    assert producers()[0].website == "https://example.vn"
    with unit_of_work() as session:
        own = session.scalars(sa.select(Producer)).one()
        said = Profile(phone="0987654321", website="https://own.vn")
        describe_producer(session, an_actor(1), own, said, clock.now())
    load(sheet, contact | {"address": "Thôn 5"})
    kept = producers()[0]
    assert (kept.phone, kept.email, kept.website) == ("0987654321", None, "https://own.vn")
    assert kept.printed_address == "Thôn 5"


def test_what_is_no_website_is_left_out(register: Flask, sheet: Path) -> None:
    report = load(sheet, {"website": "javascript:alert(1)"})
    assert producers()[0].website is None
    assert "website" in {finding.column for finding in report.findings}


def test_a_producer_that_was_merged_does_not_come_back(register: Flask, sheet: Path) -> None:
    rows = [
        {"name": "HTX Cam Vàng", "commune": "xã Phúc Trạch"},
        {"name": "Hợp tác xã Cam Vàng", "commune": "xã Hương Đô", "source_url": ""},
    ]
    load(sheet, *rows)
    stays, goes = producers()
    with unit_of_work() as session:
        kept = [session.get_one(Producer, one.id) for one in (stays, goes)]
        merge_producers(session, None, stays.id, goes.id, weigh(session, *kept).stamp, clock.now())
    for order in (rows, rows[::-1], rows[1:]):
        assert load(sheet, *order).added == 0
        assert [one.id for one in producers()] == [stays.id]
    assert load(sheet, {**rows[1], "commune": "xã Hương Trạch"}).added == 1

"""Importing sales points."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import register as register_version
from marketplace.database import db
from marketplace.sales_points.models import SalesPoint
from marketplace.upkeep.importing.report import Report
from marketplace.upkeep.importing.sales_points import COLUMNS, import_sales_points
from tests.factories.sheets import write_csv

A_POINT = {"name": "Quầy OCOP Hương Khê", "district": "huyện Hương Khê", "province": "Hà Tĩnh"}


def load(sheet: Path, *rows: dict[str, str]) -> Report:
    return import_sales_points(write_csv(sheet, [{**A_POINT, **row} for row in rows], COLUMNS.known))


def the_point() -> SalesPoint:
    db.session.rollback()
    db.session.expire_all()
    return db.session.scalars(sa.select(SalesPoint)).one()


def test_a_row_becomes_a_point_once(register: Flask, sheet: Path) -> None:
    rows = [{"approx_lat": "18.2", "approx_lon": "105.7", "approx_level": "district centroid"}]
    assert load(sheet, *rows).added == 1
    kept = the_point()
    assert (kept.slug, kept.lat, kept.point_accuracy) == ("quay-ocop-huong-khe", 18.2, "district centroid")
    version = register_version.current_version()
    assert load(sheet, *rows).unchanged == 1
    assert register_version.current_version() == version
    assert load(sheet, {**rows[0], "phone": "0239 123 456"}).changed == 1


def test_an_exact_point_is_not_called_approximate(register: Flask, sheet: Path) -> None:
    load(sheet, {"lat": "18.21", "lon": "105.71", "approx_lat": "18.2", "approx_lon": "105.7"})
    assert (the_point().lat, the_point().point_accuracy) == (18.21, None)


@pytest.mark.parametrize(
    ("printed", "kept", "doubts"),
    [
        ("", None, 0),
        ("Mo-Su 07:30-21:00", "Mo-Su 07:30-21:00", 0),
        (
            "7h30-12h; 14h-19h30; nghỉ sáng thứ hai",
            "Mo 14:00-19:30; Tu-Su 07:30-12:00,14:00-19:30",
            0,
        ),
        ("khi nào có khách", None, 1),
    ],
)
def test_hours_are_read_or_left_out_with_a_doubt(
    register: Flask, sheet: Path, printed: str, kept: str | None, doubts: int
) -> None:
    report = load(sheet, {"opening_hours": printed})
    assert (the_point().opening_hours, len(report.doubts)) == (kept, doubts)


def test_a_point_named_twice_in_a_province_is_an_error(register: Flask, sheet: Path) -> None:
    report = load(sheet, {}, {}, {"province": "Nghệ An", "district": ""}, {"name": ""})
    assert [(f.row, f.column) for f in report.errors] == [(3, "name"), (5, "name")]


def test_namesakes_in_two_provinces_are_two(register: Flask, sheet: Path) -> None:
    load(sheet, {}, {"province": "Nghệ An", "district": ""})
    slugs = set(db.session.scalars(sa.select(SalesPoint.slug)))
    assert slugs == {"quay-ocop-huong-khe", "quay-ocop-huong-khe-2"}

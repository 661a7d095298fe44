"""What cells mean."""

from collections.abc import Callable
from datetime import date

import pytest

from marketplace.upkeep.importing.cells import (
    Speaker,
    doubt_lost_letters,
    read_address,
    read_amount,
    read_day,
    read_degrees,
    read_stars,
    read_text,
    read_year,
)
from marketplace.upkeep.sheets import Finding, Row, Severity

TODAY = date(2026, 11, 21)


def told(read: Callable[[Speaker], object]) -> tuple[object, list[tuple[Severity, str]]]:
    findings: list[Finding] = []
    value = read(Speaker(7, findings))
    assert all(finding.row == 7 for finding in findings)
    return value, [(finding.severity, finding.column) for finding in findings]


@pytest.mark.parametrize(
    ("cell", "stars"),
    [("", None), ("3", 3), ("4 sao", 4), ("Hạng 5 sao", 5), ("3.0", 3), ("4,0", 4), ("***", 3), ("★★★★★", 5)],
)
def test_stars(cell: str, stars: int | None) -> None:
    assert told(lambda say: read_stars(cell, say)) == (stars, [])


@pytest.mark.parametrize("cell", ["2", "1 sao", "6", "ba", "3.5", "**", "-3"])
def test_what_is_no_class_of_stars_is_an_error(cell: str) -> None:
    assert told(lambda say: read_stars(cell, say)) == (None, [(Severity.ERROR, "stars")])


@pytest.mark.parametrize(
    ("cell", "year", "severities"),
    [
        ("", None, []),
        ("2024", 2024, []),
        ("năm 2021", 2021, []),
        ("2023.0", 2023, []),
        ("2015", 2015, [Severity.DOUBT]),
        ("2027", None, [Severity.ERROR]),
        ("21", None, [Severity.ERROR]),
        ("hai nghìn", None, [Severity.ERROR]),
    ],
)
def test_years(cell: str, year: int | None, severities: list[Severity]) -> None:
    value, found = told(lambda say: read_year(cell, TODAY, say))
    assert (value, [severity for severity, _ in found]) == (year, severities)


@pytest.mark.parametrize(
    ("cell", "day", "severities"),
    [
        ("", None, []),
        ("2021-08-05", date(2021, 8, 5), []),
        ("2021-8-5", date(2021, 8, 5), []),
        ("2021-08-05 00:00:00", date(2021, 8, 5), []),
        ("25/08/2021", date(2021, 8, 25), []),
        ("08/08/2021", date(2021, 8, 8), []),
        ("05/08/2021", date(2021, 8, 5), [Severity.DOUBT]),
        ("5-8-2021", date(2021, 8, 5), [Severity.DOUBT]),
        ("05.08.2021", date(2021, 8, 5), [Severity.DOUBT]),
        ("ngày 05/8/2021", date(2021, 8, 5), []),
        ("ngày 5 tháng 8 năm 2021", date(2021, 8, 5), []),
        ("44413", date(2021, 8, 5), []),
        ("31/02/2024", None, [Severity.DOUBT]),
        ("08/25/2021", None, [Severity.DOUBT]),
        ("5/8/21", None, [Severity.DOUBT]),
        ("2021", None, [Severity.DOUBT]),
        ("tháng 8", None, [Severity.DOUBT]),
        ("13/01/2011", date(2011, 1, 13), [Severity.DOUBT]),
        ("22/11/2026", None, [Severity.ERROR]),
    ],
)
def test_days(cell: str, day: date | None, severities: list[Severity]) -> None:
    value, found = told(lambda say: read_day(cell, "decision_date", TODAY, say))
    assert (value, [severity for severity, _ in found]) == (day, severities)


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("", None),
        ("50000", 50_000),
        ("1.000.000", 1_000_000),
        ("1,000,000", 1_000_000),
        ("85.000 đ", 85_000),
        ("85.000₫", 85_000),
        ("120 000 đồng", 120_000),
        ("120000 VNĐ", 120_000),
        ("85.000,00", 85_000),
    ],
)
def test_amounts(cell: str, amount: int | None) -> None:
    assert told(lambda say: read_amount(cell, "price_vnd", say)) == (amount, [])


@pytest.mark.parametrize("cell", ["0", "-5", "12.50", "50k", "1.00.000", "hỏi giá", "99999999999999", "１２"])
def test_what_is_no_amount_is_an_error(cell: str) -> None:
    assert told(lambda say: read_amount(cell, "price_vnd", say)) == (None, [(Severity.ERROR, "price_vnd")])


@pytest.mark.parametrize(
    ("cell", "column", "degrees", "doubts"),
    [
        ("", "lat", None, 0),
        ("18.17", "approx_lat", 18.17, 0),
        ("105,9", "lon", 105.9, 0),
        ("105.9", "lat", None, 1),
        ("north", "lon", None, 1),
        ("nan", "lat", None, 1),
    ],
)
def test_degrees(cell: str, column: str, degrees: float | None, doubts: int) -> None:
    value, found = told(lambda say: read_degrees(cell, column, say))
    assert (value, len(found)) == (degrees, doubts)


def test_texts_must_fit() -> None:
    assert told(lambda say: read_text("", "name", 5, say)) == (None, [])
    assert told(lambda say: read_text("Cam", "name", 5, say)) == ("Cam", [])
    assert told(lambda say: read_text("Cam sành", "name", 5, say)) == (None, [(Severity.ERROR, "name")])


@pytest.mark.parametrize("cell", ["javascript:alert(1)", "ocop.vn", "https://a b", "https://" + "x" * 400])
def test_only_web_addresses_are_kept(cell: str) -> None:
    assert told(lambda say: read_address(cell, "source_url", say)) == (None, [(Severity.DOUBT, "source_url")])


def test_a_web_address_is_kept() -> None:
    assert told(lambda say: read_address("https://ocop.vn/a", "source_url", say)) == ("https://ocop.vn/a", [])
    assert told(lambda say: read_address("", "source_url", say)) == (None, [])


@pytest.mark.parametrize(
    ("cell", "doubts"),
    [
        ("M?t ong", 1), ("S?n ph?m", 1), ("Bánh đa n??m", 1),
        ("Mật ong?", 0), ("Mật ? ong", 0), ("2?3", 0), ("https://ocop.vn/xem?ma", 0), ("", 0),
    ],
)  # fmt: skip
def test_a_question_mark_within_a_word_is_a_lost_letter(cell: str, doubts: int) -> None:
    row = Row(7, {"name": cell, "producer": "HTX Cam"})
    _, found = told(lambda say: doubt_lost_letters(row, say))
    assert found == [(Severity.DOUBT, "name")] * doubts

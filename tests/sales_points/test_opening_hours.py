"""Opening hours: read, asked at an instant, and carried over midnight."""

from datetime import datetime

import pytest

from marketplace.clock import VIETNAM
from marketplace.sales_points.opening_hours import InvalidOpeningHours, from_vietnamese, is_open, parse

MONDAY = 16  # 16 November 2026 is a Monday


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=VIETNAM)


@pytest.mark.parametrize(
    ("notation", "instant", "expected"),
    [
        ("Mo-Su 07:30-21:00", at(MONDAY, 7, 29), False),
        ("Mo-Su 07:30-21:00", at(MONDAY, 7, 30), True),
        ("Mo-Su 07:30-21:00", at(MONDAY, 20, 59), True),
        ("Mo-Su 07:30-21:00", at(MONDAY, 21), False),
        ("Mo-Fr 07:30-12:00,14:00-19:30; Sa 08:00-12:00", at(MONDAY, 13), False),
        ("Mo-Fr 07:30-12:00,14:00-19:30; Sa 08:00-12:00", at(MONDAY, 14), True),
        ("Mo-Fr 07:30-12:00,14:00-19:30; Sa 08:00-12:00", at(MONDAY + 5, 9), True),
        ("Mo-Fr 07:30-12:00,14:00-19:30; Sa 08:00-12:00", at(MONDAY + 6, 9), False),
        ("Mo,We 08:00-10:00", at(MONDAY + 2, 9), True),
        ("Mo,We 08:00-10:00", at(MONDAY + 1, 9), False),
        ("Sa-Mo 08:00-10:00", at(MONDAY + 6, 9), True),
        ("Sa-Mo 08:00-10:00", at(MONDAY, 9), True),
        ("Sa-Mo 08:00-10:00", at(MONDAY + 1, 9), False),
        ("Su 20:00-02:00", at(MONDAY, 1, 59), True),
        ("Su 20:00-02:00", at(MONDAY, 2), False),
        ("Su 20:00-02:00", at(MONDAY + 6, 23, 59), True),
        ("Su 20:00-02:00", at(MONDAY + 6, 1), False),
        ("Mo 20:00-24:00", at(MONDAY + 1, 0), False),
        ("Mo-Su 00:00-24:00", at(MONDAY + 3, 0), True),
        ("Mo 08:00-08:00", at(MONDAY + 1, 7, 59), True),
    ],
)
def test_open_or_not(notation: str, instant: datetime, expected: bool) -> None:
    assert is_open(parse(notation), instant) is expected


@pytest.mark.parametrize(
    "notation",
    ["", " ; ", "07:30-21:00", "Mo", "Mo 7h-9h", "Xx 08:00-09:00", "Mo-We-Fr 08:00-09:00", "Mo 24:00-25:00",
     "Mo 08:00-24:30", "Mo 08:00-09:60", "mo 08:00-09:00", "Mo 24:00-02:00"],
)  # fmt: skip
def test_what_is_no_notation_is_refused(notation: str) -> None:
    with pytest.raises(InvalidOpeningHours):
        parse(notation)


@pytest.mark.parametrize(
    ("printed", "notation"),
    [
        ("7h30-12h; 14h-19h30; nghỉ sáng thứ hai", "Mo 14:00-19:30; Tu-Su 07:30-12:00,14:00-19:30"),
        ("8h - 22h hằng ngày", "Mo-Su 08:00-22:00"),
        ("từ 7:30 đến 21:00", "Mo-Su 07:30-21:00"),
        ("7h-17h, nghỉ chủ nhật", "Mo-Sa 07:00-17:00"),
        ("7h-9h, 13h-17h; nghỉ chiều chủ nhật", "Mo-Sa 07:00-09:00,13:00-17:00; Su 07:00-09:00"),
        ("khi nào có khách", None),
        ("7h-17h trừ ngày lễ", None),
        ("7h-30h", None),
        ("", None),
    ],
)  # fmt: skip
def test_vietnamese_words_are_read_or_left(printed: str, notation: str | None) -> None:
    assert from_vietnamese(printed) == notation
    if notation is not None:
        parse(notation)

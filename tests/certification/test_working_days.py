"""Working days: deadlines of communes, and the public holidays that are shipped (rule R5)."""

from datetime import date, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from marketplace.certification.dossiers.models import PublicHoliday
from marketplace.certification.dossiers.working_days import (
    Closed,
    add_working_days,
    closed_days,
    load_holidays,
    shipped_holidays,
    working_days_between,
)
from marketplace.database import db, unit_of_work

NONE = Closed()
CULTURE_DAY = date(2026, 11, 24)
SOME_DAY = st.dates(date(2025, 1, 1), date(2027, 12, 31))


def shipped() -> Closed:
    """Return the days of the shipped file, read past the database."""
    days = {date.fromisoformat(row["day"]): row["worked"] == "1" for row in shipped_holidays()}
    return Closed(
        days=frozenset(day for day, worked in days.items() if not worked),
        worked=frozenset(day for day, worked in days.items() if worked),
    )


@pytest.mark.parametrize(
    ("start", "count", "until"),
    [
        ("2026-10-05", 15, "2026-10-26"),
        ("2026-10-09", 1, "2026-10-12"),
        ("2026-10-10", 1, "2026-10-12"),
        ("2026-10-05", 0, "2026-10-05"),
    ],
)
def test_weekends_do_not_count(start: str, count: int, until: str) -> None:
    assert add_working_days(date.fromisoformat(start), count, NONE) == date.fromisoformat(until)


@pytest.mark.parametrize(
    ("start", "count", "until"),
    [
        ("2026-11-21", 15, "2026-12-14"),
        ("2026-02-06", 15, "2026-03-06"),
        ("2026-08-28", 1, "2026-09-03"),
        ("2026-08-21", 1, "2026-08-22"),
        ("2026-04-24", 3, "2026-05-04"),
        ("2025-04-25", 4, "2025-05-05"),
        ("2027-02-04", 1, "2027-02-12"),
    ],
)
def test_holidays_do_not_count_and_saturdays_worked_instead_do(start: str, count: int, until: str) -> None:
    assert add_working_days(date.fromisoformat(start), count, shipped()) == date.fromisoformat(until)


@given(SOME_DAY, st.integers(0, 60))
def test_what_is_added_lies_between(start: date, count: int) -> None:
    closed = shipped()
    until = add_working_days(start, count, closed)
    assert working_days_between(start, until, closed) == count
    assert working_days_between(until, start, closed) == -count
    assert count == 0 or closed.works(until)
    assert count == 0 or working_days_between(start, until - timedelta(days=1), closed) == count - 1


@given(SOME_DAY, SOME_DAY)
def test_working_days_between_are_counted_one_by_one(start: date, end: date) -> None:
    first, last = min(start, end), max(start, end)
    closed, day, found = shipped(), first, 0
    while day < last:
        day += timedelta(days=1)
        found += (day.weekday() < 5 and day not in closed.days) or day in closed.worked
    assert working_days_between(first, last, closed) == found


def test_shipped_days_say_where_they_come_from() -> None:
    rows = shipped_holidays()
    days = [date.fromisoformat(row["day"]) for row in rows]
    assert days == sorted(set(days))
    assert {day.year for day in days} == {2025, 2026, 2027}
    for day, row in zip(days, rows, strict=True):
        assert row["source"]
        assert row["name"]
        assert (day.weekday() >= 5) == (row["worked"] == "1"), day
    assert CULTURE_DAY in days
    assert CULTURE_DAY.replace(year=2025) not in days


def test_each_exchanged_day_has_its_saturday() -> None:
    exchanged = [row for row in shipped_holidays() if "hoán đổi" in row["name"]]
    worked = {row["day"] for row in shipped_holidays() if row["worked"] == "1"}
    told = {"-".join(reversed(row["name"].split()[-1].split("/"))) for row in exchanged}
    assert told == worked


def test_set_up_writes_the_shipped_days_once(app: Flask) -> None:
    with unit_of_work() as session:
        assert load_holidays(session) == len(shipped_holidays())
        assert closed_days(session) == shipped()
    with unit_of_work() as session:
        assert load_holidays(session) == 0


def test_set_up_leaves_a_year_as_administrators_left_it(app: Flask) -> None:
    with unit_of_work() as session:
        load_holidays(session)
        session.delete(session.get_one(PublicHoliday, CULTURE_DAY))
    with unit_of_work() as session:
        assert load_holidays(session) == 0
        session.add(PublicHoliday(day=date(2028, 1, 3), name="Nghỉ bù", source="Thử"))
    with unit_of_work() as session:
        load_holidays(session)
    assert db.session.get(PublicHoliday, CULTURE_DAY) is None
    assert date(2028, 1, 3) in closed_days(db.session()).days

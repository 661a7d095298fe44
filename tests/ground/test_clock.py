"""Instants in UTC, days in Vietnam."""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest

from marketplace import clock
from tests.conftest import NOON


def test_the_clock_runs_when_nobody_holds_it() -> None:
    before = datetime.now(UTC)
    with clock.stopped(NOON):
        assert clock.now() == NOON
    seen: list[datetime] = []
    thread = threading.Thread(target=lambda: seen.append(clock.now()))
    thread.start()
    thread.join()
    assert seen[0].tzinfo is UTC
    assert abs(seen[0] - before) < timedelta(seconds=5) or seen[0] == NOON


def test_a_clock_held_everywhere_stands_in_other_threads() -> None:
    at = datetime(2030, 1, 2, 3, 4, tzinfo=UTC)
    seen: list[datetime] = []
    with clock.stopped(at, everywhere=True):
        thread = threading.Thread(target=lambda: seen.append(clock.now()))
        thread.start()
        thread.join()
    assert seen == [at]


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2026, 11, 21, 16, 59, 59, tzinfo=UTC), date(2026, 11, 21)),
        (datetime(2026, 11, 21, 17, 0, 0, tzinfo=UTC), date(2026, 11, 22)),
    ],
)
def test_the_day_turns_at_midnight_in_vietnam(instant: datetime, day: date) -> None:
    assert clock.local_date(instant) == day
    with clock.stopped(instant):
        assert clock.today() == day


def test_a_day_starts_at_its_midnight() -> None:
    start = clock.start_of(date(2026, 11, 22))
    assert start == datetime(2026, 11, 21, 17, tzinfo=UTC)
    assert clock.local_date(start - timedelta(microseconds=1)) == date(2026, 11, 21)


@pytest.mark.parametrize(
    ("day", "months", "reached"),
    [
        (date(2023, 11, 21), 36, date(2026, 11, 21)),
        (date(2024, 2, 29), 36, date(2027, 2, 28)),
        (date(2027, 1, 31), 1, date(2027, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 11, 30), 1, date(2026, 12, 30)),
        (date(2026, 12, 31), 12, date(2027, 12, 31)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 5, 5), 0, date(2026, 5, 5)),
    ],
)
def test_months_end_where_the_month_does(day: date, months: int, reached: date) -> None:
    assert clock.add_months(day, months) == reached

"""The one clock: aware UTC instants, and the calendar day in Vietnam."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")

_stopped_at: ContextVar[datetime | None] = ContextVar("stopped_at", default=None)
_stopped_everywhere: list[datetime] = []


def now() -> datetime:
    """Return the present instant, aware, in UTC."""
    if (instant := _stopped_at.get()) is not None:
        return instant
    if _stopped_everywhere:
        return _stopped_everywhere[-1]
    return datetime.now(UTC)


def local_date(instant: datetime) -> date:
    """Return the calendar day of an instant in Vietnam; certificates begin and end on such days."""
    return instant.astimezone(VIETNAM).date()


def today() -> date:
    """Return the present calendar day in Vietnam."""
    return local_date(now())


def start_of(day: date) -> datetime:
    """Return the first instant of a Vietnamese calendar day, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=VIETNAM).astimezone(UTC)


def add_months(day: date, months: int) -> date:
    """Add calendar months, clamped to the last day of the month reached (31 Jan + 1 = 28 or 29 Feb)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first_of_next = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    last_day = (first_of_next - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last_day))


@contextmanager
def stopped(at: datetime, everywhere: bool = False) -> Iterator[None]:
    """Hold the clock at an instant, for tests and screenshots; `everywhere` covers other threads too."""
    if everywhere:
        _stopped_everywhere.append(at)
        try:
            yield
        finally:
            _stopped_everywhere.pop()
        return
    token = _stopped_at.set(at)
    try:
        yield
    finally:
        _stopped_at.reset(token)

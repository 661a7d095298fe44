"""Days on which offices work: Monday to Friday, without public holidays, with Saturdays worked instead.

Labour Code 45/2019/QH14, articles 111 and 112, and Resolution 28/2026/QH16, article 2; which days of a year
are exchanged is told by the Ministry of Home Affairs, year by year.
"""

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.certification.dossiers.models import PublicHoliday

_SATURDAY = 5
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Closed:
    """Weekdays on which offices are closed, and days of weekends on which they work."""

    days: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()

    def works(self, day: date) -> bool:
        """Return whether offices work on a day."""
        if day.weekday() >= _SATURDAY:
            return day in self.worked
        return day not in self.days


def add_working_days(day: date, count: int, closed: Closed) -> date:
    """Return the last of so many working days, the first of which is the one after `day`.

    The day on which something is handed in is not counted (Civil Code 91/2015/QH13, article 147.2).
    """
    for _ in range(count):
        day += _DAY
        while not closed.works(day):
            day += _DAY
    return day


def working_days_between(day: date, until: date, closed: Closed) -> int:
    """Return how many working days lie after `day` up to and with `until`; negative where that is past."""
    if until < day:
        return -working_days_between(until, day, closed)
    return sum(closed.works(day + _DAY * ahead) for ahead in range(1, (until - day).days + 1))


@cache
def shipped_holidays() -> tuple[dict[str, str], ...]:
    """Return the public holidays that are shipped, as their file has them."""
    shipped = files("marketplace") / "data" / "certification" / "holidays.csv"
    with shipped.open(encoding="utf-8") as file:
        return tuple(csv.DictReader(file))


def load_holidays(session: Session) -> int:
    """Write the shipped holidays of the years of which none is on record, and return how many.

    What administrators changed of a year stays as they left it.
    """
    known = {day.year for day in session.scalars(sa.select(PublicHoliday.day))}
    rows = [
        PublicHoliday(
            day=date.fromisoformat(row["day"]),
            name=row["name"],
            worked=row["worked"] == "1",
            source=row["source"],
        )
        for row in shipped_holidays()
        if date.fromisoformat(row["day"]).year not in known
    ]
    session.add_all(rows)
    session.flush()
    return len(rows)


def closed_days(session: Session) -> Closed:
    """Return the days on record on which offices are closed, or work against the week."""
    rows = session.execute(sa.select(PublicHoliday.day, PublicHoliday.worked)).all()
    return Closed(
        days=frozenset(row.day for row in rows if not row.worked),
        worked=frozenset(row.day for row in rows if row.worked),
    )

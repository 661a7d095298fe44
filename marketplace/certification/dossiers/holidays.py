"""Days on which offices are closed, or open on a Saturday or Sunday instead, as the operator keeps them.

The shipped ones come with the set-up; the government names the days of a year in the year before.
"""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace import text
from marketplace.accounts.journal import record
from marketplace.accounts.permissions import Actor
from marketplace.accounts.roles import SITE
from marketplace.certification.dossiers.errors import HolidayOnRecord, InvalidHoliday
from marketplace.certification.dossiers.models import PublicHoliday
from marketplace.errors import NotFound

FIRST_DAY, LAST_DAY = date(2025, 1, 1), date(2100, 12, 31)
SATURDAY = 5
LONGEST_NAME, LONGEST_SOURCE = 120, 300


@dataclass(frozen=True, kw_only=True, slots=True)
class HolidayFacts:
    """A closed working day, or a day of a weekend that is worked instead; `source` names the document."""

    day: date
    name: str
    worked: bool
    source: str


def add_holiday(session: Session, actor: Actor, facts: HolidayFacts, at: datetime) -> PublicHoliday:
    """Keep a day; deadlines set from now on count it. Raises InvalidHoliday and HolidayOnRecord.

    Deadlines that were set before stay as they were told.
    """
    name, source = text.one_line(facts.name), text.one_line(facts.source)
    if not FIRST_DAY <= facts.day <= LAST_DAY or facts.worked != (facts.day.weekday() >= SATURDAY):
        raise InvalidHoliday(field="day")
    if not 0 < len(name) <= LONGEST_NAME:
        raise InvalidHoliday(field="name")
    if not 0 < len(source) <= LONGEST_SOURCE:
        raise InvalidHoliday(field="source")
    if session.get(PublicHoliday, facts.day) is not None:
        raise HolidayOnRecord(day=facts.day)
    kept = PublicHoliday(day=facts.day, name=name, worked=facts.worked, source=source)
    session.add(kept)
    data = {"worked": facts.worked}
    record(session, actor, "holiday:add", "public_holiday", facts.day.isoformat(), SITE, at=at, data=data)
    return kept


def remove_holiday(session: Session, actor: Actor, day: date, at: datetime) -> None:
    """Take a day away that was kept by mistake; raises NotFound."""
    kept = session.get(PublicHoliday, day)
    if kept is None:
        raise NotFound(holiday=day)
    session.delete(kept)
    record(session, actor, "holiday:remove", "public_holiday", day.isoformat(), SITE, at=at)


def list_holidays(session: Session, year: int) -> list[PublicHoliday]:
    """Return the days of a year in order."""
    within = PublicHoliday.day.between(date(year, 1, 1), date(year, 12, 31))
    return list(session.scalars(sa.select(PublicHoliday).where(within).order_by(PublicHoliday.day)))

"""Holidays (tạm nghỉ): days on which a producer takes no orders; its pages say when it is back."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.accounts import journal
from marketplace.accounts.permissions import Actor
from marketplace.producers.errors import InvalidHoliday
from marketplace.producers.models import Producer
from marketplace.producers.profile import scope_of
from marketplace.text import one_line

MOST_DAYS = 366
PLANNED_AHEAD = 730
LONGEST_WORDS = 200


@dataclass(frozen=True, slots=True)
class Holiday:
    """From the first day to the end of the last, with the words that buyers read."""

    first: date
    last: date
    words: str | None = None


def read_holiday_words(text: str) -> str | None:
    """Return the words for buyers in one line, None for none; raises InvalidHoliday when too long."""
    words = one_line(text)
    if len(words) > LONGEST_WORDS:
        raise InvalidHoliday(field="words", longest=LONGEST_WORDS)
    return words or None


def take_holiday(session: Session, actor: Actor, producer: Producer, holiday: Holiday, at: datetime) -> None:
    """Plan a holiday, or change the one that is planned; raises InvalidHoliday."""
    if holiday.last < holiday.first or holiday.last < clock.local_date(at):
        raise InvalidHoliday(field="last")
    ahead = (holiday.last - clock.local_date(at)).days
    if (holiday.last - holiday.first).days >= MOST_DAYS or ahead > PLANNED_AHEAD:
        raise InvalidHoliday(field="last", most=MOST_DAYS)
    producer.holiday_from, producer.holiday_until = holiday.first, holiday.last
    producer.holiday_words = holiday.words
    session.flush()
    data = {"first": holiday.first, "last": holiday.last}
    journal.record(
        session, actor, "holiday:take", "producer", producer.id, scope_of(producer), at=at, data=data
    )


def end_holiday(session: Session, actor: Actor, producer: Producer, at: datetime) -> None:
    """Take orders again at once; without a holiday nothing happens."""
    if producer.holiday_from is None:
        return
    producer.holiday_from = producer.holiday_until = producer.holiday_words = None
    session.flush()
    journal.record(session, actor, "holiday:end", "producer", producer.id, scope_of(producer), at=at)

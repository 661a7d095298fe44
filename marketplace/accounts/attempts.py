"""Limits on attempts, kept in the database: every worker counts alike, and a restart forgets nothing.

An attempt is claimed in a unit of work of its own before it is looked at, so that it counts whatever
becomes of it; when the database cannot say, the attempt fails with it. Refused attempts are not counted:
whoever waits is heard again.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from marketplace.accounts import journal
from marketplace.accounts.errors import TooManyAttempts
from marketplace.database import Base, UtcDateTime, unit_of_work

KEPT_FOR = timedelta(days=1)


class Rule(StrEnum):
    """The limits there are."""

    SIGN_IN = "sign_in"
    SIGN_IN_DEVICE = "sign_in_device"
    SIGN_IN_ADDRESS = "sign_in_address"
    SIGN_IN_GLOBAL = "sign_in_global"
    SECOND_FACTOR = "second_factor"
    RESET = "reset"
    RESET_ADDRESS = "reset_address"
    SIGN_UP_ADDRESS = "sign_up_address"
    RE_AUTHENTICATE = "re_authenticate"
    REPORT_ADDRESS = "report_address"
    REPORT_GLOBAL = "report_global"
    REVIEW = "review"
    QUESTION_ADDRESS = "question_address"
    QUESTION_PRODUCT = "question_product"
    QUESTION_GLOBAL = "question_global"
    RETURN = "return"
    ORDER_LINK = "order_link"
    COMPLAINT = "complaint"
    COMPLAINT_ADDRESS = "complaint_address"
    RESTOCK_ADDRESS = "restock_address"
    RESTOCK_GLOBAL = "restock_global"
    INVITATION = "invitation"
    PIN = "pin"
    PIN_ADDRESS = "pin_address"
    SCAN_PLACE = "scan_place"
    EPCIS_CAPTURE = "epcis_capture"
    TRIPPED = "tripped"


@dataclass(frozen=True, slots=True)
class Window:
    """At most so many attempts in so long a time; past it none, or one for each `pace`."""

    count: int
    length: timedelta
    pace: timedelta | None = None


_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_TEN_IN_FIVE_MINUTES = (Window(10, 5 * _MINUTE),)
WINDOWS: dict[Rule, tuple[Window, ...]] = {
    Rule.SIGN_IN: _TEN_IN_FIVE_MINUTES,
    Rule.SIGN_IN_DEVICE: _TEN_IN_FIVE_MINUTES,
    Rule.SIGN_IN_ADDRESS: _TEN_IN_FIVE_MINUTES,
    Rule.SIGN_IN_GLOBAL: (Window(1000, 5 * _MINUTE),),
    Rule.SECOND_FACTOR: (Window(5, 5 * _MINUTE), Window(20, _HOUR), Window(50, _DAY)),
    Rule.RESET: (Window(5, _DAY),),
    Rule.RESET_ADDRESS: (Window(10, _HOUR, pace=timedelta(seconds=5)),),
    Rule.SIGN_UP_ADDRESS: (Window(10, _HOUR, pace=timedelta(seconds=5)),),
    Rule.RE_AUTHENTICATE: _TEN_IN_FIVE_MINUTES,
    Rule.REPORT_ADDRESS: (Window(10, _HOUR, pace=_MINUTE),),
    Rule.REPORT_GLOBAL: (Window(300, _HOUR, pace=timedelta(seconds=10)),),
    Rule.REVIEW: (Window(20, _HOUR),),
    Rule.QUESTION_ADDRESS: (Window(5, _HOUR, pace=5 * _MINUTE),),
    Rule.QUESTION_PRODUCT: (Window(30, _HOUR, pace=_MINUTE),),
    Rule.QUESTION_GLOBAL: (Window(300, _HOUR, pace=timedelta(seconds=10)),),
    Rule.RETURN: (Window(10, _HOUR),),
    Rule.ORDER_LINK: (Window(3, _DAY),),
    Rule.COMPLAINT: (Window(10, _DAY),),
    Rule.COMPLAINT_ADDRESS: (Window(20, _HOUR, pace=_MINUTE),),
    Rule.RESTOCK_ADDRESS: (Window(20, _HOUR, pace=_MINUTE),),
    Rule.RESTOCK_GLOBAL: (Window(600, _HOUR, pace=timedelta(seconds=5)),),
    Rule.INVITATION: (Window(20, _DAY),),
    Rule.PIN: (Window(100, _HOUR), Window(300, _DAY)),
    Rule.PIN_ADDRESS: (Window(5, _HOUR), Window(20, _DAY)),
    Rule.SCAN_PLACE: (Window(20, _HOUR, pace=_MINUTE),),
    Rule.EPCIS_CAPTURE: (Window(120, _HOUR, pace=timedelta(seconds=30)),),
    Rule.TRIPPED: (Window(1, 5 * _MINUTE),),
}


class Attempt(Base):
    """One attempt that was heard; `key` is a hash of rule and subject, kept for a day."""

    __tablename__ = "attempt"
    __table_args__ = (sa.Index(None, "key", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


@dataclass(frozen=True, slots=True)
class Claim:
    """The rows of an attempt that was let through, by rule."""

    rows: dict[Rule, int]


def claim(asked: Sequence[tuple[Rule, str]], at: datetime) -> Claim:
    """Take an attempt from every limit it falls under, or from none; a unit of work of its own.

    Raises TooManyAttempts with the longest `wait` in seconds.
    """
    with unit_of_work() as session:
        keys = {rule: _key(rule, subject) for rule, subject in asked}
        _lock(session, keys.values())
        waits = {rule: _wait(session, rule, key, at) for rule, key in keys.items()}
        rule = max(waits, key=lambda one: waits[one])
        if not waits[rule]:
            return Claim({one: _add(session, key, at) for one, key in keys.items()})
        _note_trip(session, rule, keys[rule], at)
    raise TooManyAttempts(rule=rule.value, wait=-(-waits[rule] // timedelta(seconds=1)))


def forgive(claimed: Claim, *rules: Rule) -> None:
    """Give an attempt back that turned out to be right; a unit of work of its own. No rule = all."""
    rows = [row for rule, row in claimed.rows.items() if not rules or rule in rules]
    with unit_of_work() as session:
        session.execute(sa.delete(Attempt).where(Attempt.id.in_(rows)))


def forget_attempts(session: Session, at: datetime) -> int:
    """Delete the attempts that no limit counts any more and return how many there were."""
    gone = session.execute(sa.delete(Attempt).where(Attempt.at < at - KEPT_FOR).returning(Attempt.id))
    return len(gone.all())


def _key(rule: Rule, subject: str) -> str:
    return hashlib.sha256(f"{rule.value}\0{subject}".encode()).hexdigest()


def _lock(session: Session, keys: Iterable[str]) -> None:
    """Let attempts on the same keys come one after the other; SQLite has one writer anyway."""
    if session.get_bind().dialect.name != "postgresql":
        return
    for number in sorted(int(key[:15], 16) for key in keys):
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(number)))


def _wait(session: Session, rule: Rule, key: str, at: datetime) -> timedelta:
    return max(_wait_for(session, window, key, at) for window in WINDOWS[rule])


def _wait_for(session: Session, window: Window, key: str, at: datetime) -> timedelta:
    """Return how long until the window has room again; zero when it has."""
    times = session.execute(
        sa.select(Attempt.at)
        .where(Attempt.key == key, Attempt.at > at - window.length)
        .order_by(Attempt.at.desc())
        .limit(window.count)
    ).scalars()
    newest_first = list(times)
    if len(newest_first) < window.count:
        return timedelta(0)
    if window.pace is not None:
        return max(newest_first[0] + window.pace - at, timedelta(0))
    return newest_first[-1] + window.length - at


def _add(session: Session, key: str, at: datetime) -> int:
    attempt = Attempt(key=key, at=at)
    session.add(attempt)
    session.flush()
    return attempt.id


def _note_trip(session: Session, rule: Rule, key: str, at: datetime) -> None:
    """Journal that a limit was reached, once in a while and not for each attempt past it."""
    trip = _key(Rule.TRIPPED, key)
    if not _wait(session, Rule.TRIPPED, trip, at):
        _add(session, trip, at)
        journal.record(session, None, "limit:trip", "limit", rule.value, at=at)

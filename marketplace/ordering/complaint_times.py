"""By when complaints are answered and settled: published times, and what each kind of complaint falls under.

Decree 248/2026/NĐ-CP, article 7 has the first answer and the end published for each common issue; the page
of complaints is built from what stands here.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from marketplace.catalogue.answer_times import answer_due
from marketplace.ordering.complaint_models import ComplaintKind


class Issue(StrEnum):
    """The common issues of which times are published, in the order of the page."""

    UNSAFE = "unsafe"
    FAULTY = "faulty"
    LATE = "late"
    MONEY = "money"
    FACTS = "facts"
    PERSONAL_DATA = "personal_data"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Times:
    """The hours until the first answer, and the working days until the end."""

    first_answer_hours: int
    settled_days: int


TIMES: dict[Issue, Times] = {
    Issue.UNSAFE: Times(4, 3),
    Issue.FAULTY: Times(24, 5),
    Issue.LATE: Times(24, 5),
    Issue.MONEY: Times(24, 7),
    Issue.FACTS: Times(24, 5),
    Issue.PERSONAL_DATA: Times(48, 10),
    Issue.OTHER: Times(48, 10),
}
ISSUES: dict[ComplaintKind, Issue] = {
    ComplaintKind.NOT_ARRIVED: Issue.LATE,
    ComplaintKind.DAMAGED: Issue.FAULTY,
    ComplaintKind.WRONG_GOODS: Issue.FAULTY,
    ComplaintKind.QUALITY: Issue.UNSAFE,
    ComplaintKind.MONEY: Issue.MONEY,
    ComplaintKind.SELLER_CONDUCT: Issue.OTHER,
    ComplaintKind.OTHER: Issue.OTHER,
}


def times_for(kind: ComplaintKind) -> Times:
    """Return the times published for a kind of complaint."""
    return TIMES[ISSUES[kind]]


def first_response_by(kind: ComplaintKind, at: datetime) -> datetime:
    """Return by when a complaint that comes in now is answered first."""
    return at + timedelta(hours=times_for(kind).first_answer_hours)


def resolve_by(kind: ComplaintKind, at: datetime) -> datetime:
    """Return by when a complaint that comes in now is settled: the end of a working day."""
    return answer_due(at, times_for(kind).settled_days)

"""Complaints about orders in figures: how many came in, and how many were answered and closed in time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.ordering.complaint_models import Complaint, ComplaintKind
from marketplace.ordering.models import Order
from marketplace.producers.models import Producer


@dataclass(frozen=True, slots=True)
class ComplaintFigures:
    """Complaints that came in between two instants, by kind; of all, what was done as promised."""

    by_kind: Mapping[ComplaintKind, int]
    answered_in_time: int
    closed_in_time: int

    @property
    def received(self) -> int:
        """Return how many came in."""
        return sum(self.by_kind.values())


def count_complaints(
    session: Session, sellers: sa.ColumnElement[bool], first: datetime, end: datetime
) -> ComplaintFigures:
    """Return the complaints that came in from `first` on and before `end`, about orders of these sellers."""
    in_time = (
        Complaint.answered_at <= Complaint.first_response_by,
        Complaint.closed_at <= Complaint.resolve_by,
    )
    sums = (sa.func.coalesce(sa.func.sum(sa.case((one, 1), else_=0)), 0) for one in in_time)
    rows = session.execute(
        sa.select(Complaint.kind, sa.func.count(), *sums)
        .join(Complaint.order)
        .join(Producer, Producer.id == Order.producer_id)
        .where(sellers, Complaint.opened_at >= first, Complaint.opened_at < end)
        .group_by(Complaint.kind)
    ).all()
    return ComplaintFigures(
        {row[0]: row[1] for row in rows},
        sum(int(row[2]) for row in rows),
        sum(int(row[3]) for row in rows),
    )

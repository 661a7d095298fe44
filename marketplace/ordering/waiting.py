"""What waits for a producer, as the first thing of its day."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.ordering.after_sale_models import Return, ReturnState
from marketplace.ordering.complaint_models import Complaint, ComplaintState
from marketplace.ordering.models import Order, OrderStatus


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many orders wait for an answer, since when the oldest does, and until when one has to come.

    `returns` counts the returns that nobody answered yet, `complaints` the complaints.
    """

    orders: int
    oldest: datetime | None
    answer_by: datetime | None = None
    returns: int = 0
    complaints: int = 0


def find_waiting(session: Session, producer_id: int) -> Waiting:
    """Return the orders of a producer not confirmed yet, and the returns and complaints not answered."""
    asked = (
        sa.select(sa.func.count())
        .select_from(Return)
        .join(Return.order)
        .where(Order.producer_id == producer_id, Return.state == ReturnState.REQUESTED)
    )
    complained = (
        sa.select(sa.func.count())
        .select_from(Complaint)
        .join(Complaint.order)
        .where(Order.producer_id == producer_id, Complaint.state == ComplaintState.RECEIVED)
    )
    orders = sa.select(
        sa.func.count(),
        sa.func.min(Order.placed_at),
        sa.func.min(Order.confirm_by),
        asked.scalar_subquery(),
        complained.scalar_subquery(),
    ).where(
        Order.producer_id == producer_id,
        Order.status == OrderStatus.PLACED,
        Order.confirmed_at.is_(None),
    )
    return Waiting(*session.execute(orders).one())

"""The orders that wait for a producer's word, as the first thing of its day."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.ordering.models import Order, OrderGroup, OrderStatus


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many orders wait, and since when the oldest does."""

    orders: int
    oldest: datetime | None


def find_waiting(session: Session, producer_id: int) -> Waiting:
    """Return the placed orders of a producer that it has not confirmed."""
    wanted = (
        sa.select(sa.func.count(), sa.func.min(OrderGroup.placed_at))
        .select_from(Order)
        .join(Order.group)
        .where(
            Order.producer_id == producer_id,
            Order.status == OrderStatus.PLACED,
            Order.confirmed_at.is_(None),
        )
    )
    orders, oldest = session.execute(wanted).one()
    return Waiting(orders, oldest)

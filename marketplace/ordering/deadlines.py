"""By when a seller answers an order, and what happens when it does not: a reminder, once."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.catalogue.answer_times import answer_due
from marketplace.ordering.models import Order, OrderStatus
from marketplace.ordering.news import OrderNews, tell

DAYS_TO_CONFIRM = 2
"""Working days after the day of the order."""
DAYS_TO_PAY = 3
"""Working days after the day of the order in which a transfer is to arrive."""
REMINDED_AT_ONCE = 50


def confirm_by(placed_at: datetime) -> datetime:
    """Return until when the seller of an order placed at an instant has to answer."""
    return answer_due(placed_at, DAYS_TO_CONFIRM)


def pay_by(placed_at: datetime) -> datetime:
    """Return until when a transfer for an order is waited for; then its seller may take the order off.

    Nothing does so by itself: slow transfers are never expired by a machine.
    """
    return answer_due(placed_at, DAYS_TO_PAY)


def remind_overdue(session: Session, at: datetime) -> int:
    """Remind sellers of orders that they should have answered by now, each once; return how many."""
    overdue = (
        sa.select(Order)
        .where(
            Order.status == OrderStatus.PLACED,
            Order.confirmed_at.is_(None),
            Order.reminded_at.is_(None),
            Order.confirm_by <= at,
        )
        .order_by(Order.id)
        .limit(REMINDED_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    orders = session.scalars(overdue).all()
    for order in orders:
        order.reminded_at = at
        tell(session, OrderNews.ORDER_OVERDUE, order.id, at)
    return len(orders)

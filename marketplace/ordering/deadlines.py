"""By when a seller answers an order, and what happens when it does not: a reminder, once."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.catalogue.answer_times import answer_due
from marketplace.database import db, unit_of_work
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


def remind_sellers() -> int:
    """Remind sellers of orders that they should have answered by now, each once; a periodic duty."""
    at = clock.now()
    db.session.rollback()
    if db.session.execute(_overdue(at)).first() is None:
        return 0
    with unit_of_work() as session:
        return remind_overdue(session, at)


def remind_overdue(session: Session, at: datetime) -> int:
    """Leave a reminder for the sellers of overdue orders, some at a time; return of how many."""
    orders = session.scalars(_overdue(at).with_for_update(skip_locked=True)).all()
    for order in orders:
        order.reminded_at = at
        tell(session, OrderNews.ORDER_OVERDUE, order.id, at)
    return len(orders)


def _overdue(at: datetime) -> sa.Select[Order]:
    unanswered = sa.and_(Order.status == OrderStatus.PLACED, Order.confirmed_at.is_(None))
    late = sa.and_(Order.confirm_by <= at, Order.reminded_at.is_(None))
    return sa.select(Order).where(unanswered, late).order_by(Order.id).limit(REMINDED_AT_ONCE)

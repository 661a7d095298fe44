"""A producer's last seven days in a few figures."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.ordering.models import Fulfillment, Order, OrderGroup, OrderStatus, PaymentMethod

SPAN = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Week:
    """Orders placed in seven days and the price of their goods, and cash in đồng.

    `cash_on_the_way` is what carriers are collecting, `cash_collected` what was collected in these days.
    """

    orders: int
    goods: int
    cash_on_the_way: int
    cash_collected: int


def find_week(session: Session, producer_id: int, now: datetime) -> Week:
    """Return the figures of a producer's week, in one statement; canceled orders do not count."""
    own = sa.and_(Order.producer_id == producer_id, Order.status == OrderStatus.PLACED)
    carried = sa.exists().where(
        Fulfillment.order_id == Order.id, Fulfillment.delivered_at.is_(None), Fulfillment.failed_at.is_(None)
    )
    cash = (
        sa.select(sa.func.coalesce(sa.func.sum(Order.total), 0))
        .join(Order.group)
        .where(own, OrderGroup.payment_method == PaymentMethod.CASH_ON_DELIVERY, carried)
    )
    collected = (
        sa.select(sa.func.coalesce(sa.func.sum(Fulfillment.collected), 0))
        .join(Fulfillment.order)
        .where(own, Fulfillment.delivered_at > now - SPAN)
    )
    placed = sa.select(
        sa.func.count(),
        sa.func.coalesce(sa.func.sum(Order.goods_total), 0),
        cash.scalar_subquery(),
        collected.scalar_subquery(),
    ).where(own, Order.placed_at > now - SPAN)
    return Week(*(int(figure) for figure in session.execute(placed).one()))

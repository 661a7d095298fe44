"""How orders stand with money: one statement for as many orders as are asked for."""

from collections.abc import Collection, Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.ordering.models import Order, OrderStatus
from marketplace.ordering.status import amount_due
from marketplace.payments.models import Payment, PaymentSplit, Refund, RefundReason
from marketplace.payments.status import Standing

LESSENING = frozenset({RefundReason.RETURNED, RefundReason.DISPUTE, RefundReason.STAFF})
"""Reasons for which money goes back although the goods were sent: it is not owed again."""


def find_standings(session: Session, orders: Collection[Order]) -> dict[int, Standing]:
    """Return how each order, its lines loaded, stands with money, by its id."""
    money = {row.order_id: row for row in session.execute(_money_of([order.id for order in orders]))}
    return {order.id: _standing(order, money.get(order.id)) for order in orders}


def standing_of(session: Session, order: Order) -> Standing:
    """Return how one order, its lines loaded, stands with money."""
    return find_standings(session, [order])[order.id]


def whole_of(standings: Iterable[Standing]) -> Standing:
    """Return how a group stands, from its orders."""
    names = ("total", "due", "captured", "refunded", "lessened", "held")
    listed = list(standings)
    return Standing(**{name: sum(getattr(one, name) for one in listed) for name in names})


def is_live(order: Order) -> bool:
    """Return whether an order can still be paid."""
    return order.status is not OrderStatus.CANCELED


def _money_of(order_ids: Collection[int]) -> sa.Select[int, int, int, int, int]:
    lessened = (
        sa.select(PaymentSplit.order_id, sa.func.sum(Refund.amount).label("amount"))
        .join(Refund, Refund.split_id == PaymentSplit.id)
        .where(PaymentSplit.order_id.in_(order_ids), Refund.reason.in_(LESSENING))
        .group_by(PaymentSplit.order_id)
        .subquery()
    )
    held = sa.case((Payment.held_by_seller, PaymentSplit.captured - PaymentSplit.refunded), else_=0)
    return (
        sa.select(
            PaymentSplit.order_id,
            sa.func.sum(PaymentSplit.captured).label("captured"),
            sa.func.sum(PaymentSplit.refunded).label("refunded"),
            sa.func.coalesce(sa.func.max(lessened.c.amount), 0).label("lessened"),
            sa.func.sum(held).label("held"),
        )
        .join(Payment, Payment.id == PaymentSplit.payment_id)
        .outerjoin(lessened, lessened.c.order_id == PaymentSplit.order_id)
        .where(PaymentSplit.order_id.in_(order_ids))
        .group_by(PaymentSplit.order_id)
    )


def _standing(order: Order, money: sa.Row[int, int, int, int, int] | None) -> Standing:
    due = amount_due(order)
    if money is None:
        return Standing(total=order.total, due=due)
    return Standing(
        total=order.total,
        due=due,
        captured=int(money.captured),
        refunded=int(money.refunded),
        lessened=int(money.lessened),
        held=int(money.held),
    )

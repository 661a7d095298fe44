"""Whether payments, refunds and attempts to pay add up; every row that does not is named."""

from collections.abc import Iterator
from datetime import timedelta
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.ordering.models import (
    Fulfillment,
    Order,
    OrderGroup,
    OrderStatus,
    PaymentMethod,
)
from marketplace.payments.models import (
    BankTransfer,
    Payment,
    PaymentSession,
    PaymentSplit,
    Refund,
    SessionState,
    TransferState,
)

PAID_FIRST = [method for method in PaymentMethod if method.paid_first]


class Off(NamedTuple):
    """A figure that is not what the others make of it: `what` of row `id`; amounts in đồng."""

    what: str
    id: int
    expected: int | str
    found: int | str


Check = tuple[str, sa.Select[int, int, int]]


def list_payment_faults(session: Session) -> Iterator[Off]:
    """Name what of payments, splits, refunds and attempts to pay does not add up."""
    for what, rows in (*_payments(), *_cash(), *_cards(), _transfers()):
        for row in session.execute(rows):
            yield Off(what, row[0], int(row[1]), int(row[2]))
    past = PaymentSession.expires_at < clock.now() - timedelta(days=1)
    left_open = sa.select(PaymentSession.id, PaymentSession.state).where(
        past, PaymentSession.state.in_([SessionState.PENDING, SessionState.PROCESSING])
    )
    for session_id, state in session.execute(left_open.order_by(PaymentSession.id)):
        yield Off("session left open", session_id, "ended", state.value)


def _payments() -> Iterator[Check]:
    captured = sa.func.coalesce(sa.func.sum(PaymentSplit.captured), 0)
    yield (
        "payment, divided among orders",
        sa.select(Payment.id, Payment.amount, captured)
        .outerjoin(PaymentSplit, PaymentSplit.payment_id == Payment.id)
        .group_by(Payment.id, Payment.amount)
        .having(captured != Payment.amount)
        .order_by(Payment.id),
    )
    promised = sa.func.coalesce(sa.func.sum(Refund.amount), 0)
    yield (
        "split, refunds of it",
        sa.select(PaymentSplit.id, promised, PaymentSplit.refunded)
        .outerjoin(Refund, Refund.split_id == PaymentSplit.id)
        .group_by(PaymentSplit.id, PaymentSplit.refunded)
        .having(promised != PaymentSplit.refunded)
        .order_by(PaymentSplit.id),
    )
    yield (
        "split, group of its order",
        sa.select(PaymentSplit.id, Payment.group_id, Order.group_id)
        .join(Payment, Payment.id == PaymentSplit.payment_id)
        .join(Order, Order.id == PaymentSplit.order_id)
        .where(Payment.group_id != Order.group_id)
        .order_by(PaymentSplit.id),
    )


def _cash() -> Iterator[Check]:
    """What sellers say they collected, against the payments of it."""
    collected = sa.func.coalesce(Fulfillment.collected, 0)
    named = sa.literal("fulfillment:") + sa.cast(Fulfillment.id, sa.String)
    of_cash = sa.and_(Payment.reference == named, Payment.method == PaymentMethod.CASH_ON_DELIVERY)
    noted = sa.func.coalesce(Payment.amount, 0)
    yield (
        "sending, cash collected",
        sa.select(Fulfillment.id, collected, noted)
        .outerjoin(Payment, of_cash)
        .where(collected != noted)
        .order_by(Fulfillment.id),
    )
    yield (
        "cash without a sending",
        sa.select(Payment.id, sa.literal(0), Payment.amount)
        .outerjoin(Fulfillment, of_cash)
        .where(Payment.method == PaymentMethod.CASH_ON_DELIVERY, Fulfillment.id.is_(None))
        .order_by(Payment.id),
    )


def _cards() -> Iterator[Check]:
    completed = sa.func.count(sa.distinct(PaymentSession.id))
    came_in = sa.func.count(sa.distinct(Payment.id))
    same = sa.and_(Payment.group_id == PaymentSession.group_id, Payment.method == PaymentSession.method)
    yield (
        "group, payments of completed sessions",
        sa.select(PaymentSession.group_id, completed, came_in)
        .outerjoin(Payment, same)
        .where(PaymentSession.state == SessionState.COMPLETED)
        .group_by(PaymentSession.group_id)
        .having(completed > came_in)
        .order_by(PaymentSession.group_id),
    )
    by_card = (
        sa.select(
            Order.id, Order.status, sa.func.coalesce(sa.func.sum(PaymentSplit.captured), 0).label("paid")
        )
        .add_columns(sa.func.coalesce(sa.func.sum(PaymentSplit.refunded), 0).label("back"))
        .join(OrderGroup, OrderGroup.id == Order.group_id)
        .outerjoin(PaymentSplit, PaymentSplit.order_id == Order.id)
        .where(OrderGroup.payment_method.in_(PAID_FIRST))
        .group_by(Order.id, Order.status)
        .subquery()
    )
    yield (
        "order placed unpaid",
        sa.select(by_card.c.id, Order.total, by_card.c.paid)
        .join(Order, Order.id == by_card.c.id)
        .where(by_card.c.status == OrderStatus.PLACED, by_card.c.paid < Order.total)
        .order_by(by_card.c.id),
    )
    yield (
        "order canceled, money kept",
        sa.select(by_card.c.id, sa.literal(0), by_card.c.paid - by_card.c.back)
        .where(by_card.c.status == OrderStatus.CANCELED, by_card.c.paid != by_card.c.back)
        .order_by(by_card.c.id),
    )


def _transfers() -> Check:
    noted = sa.func.coalesce(Payment.amount, 0)
    same = sa.and_(Payment.reference == BankTransfer.reference, Payment.method == PaymentMethod.VIETQR)
    return (
        "transfer, payment of it",
        sa.select(BankTransfer.id, BankTransfer.amount, noted)
        .outerjoin(Payment, same)
        .where(BankTransfer.state == TransferState.MATCHED, noted != BankTransfer.amount)
        .order_by(BankTransfer.id),
    )

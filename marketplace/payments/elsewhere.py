"""What was decided at a gateway's own desk: refunds given there, and disputes that banks opened."""

import logging
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.ordering.order_lock import lock_group
from marketplace.payments.gateway import RefundAnswer
from marketplace.payments.models import (
    Dispute,
    Payment,
    PaymentSplit,
    Refund,
    RefundReason,
    RefundState,
)
from marketplace.payments.refund_ends import finish_refund, hear_refund
from marketplace.payments.refunds import owe_refund
from marketplace.payments.standings import find_standings
from marketplace.upsert import insert_into

log = logging.getLogger(__name__)

LOST = "lost"
UNASKED = (RefundState.PENDING, RefundState.FAILED)
"""States of refunds that the gateway does not have: people may have given that money back at its desk."""


@dataclass(frozen=True, slots=True)
class ToldRefund:
    """A refund as a gateway tells of it, in đồng; `key` is our idempotency key where we asked for it."""

    answer: RefundAnswer
    amount: int
    key: str | None


@dataclass(frozen=True, slots=True)
class ToldDispute:
    """A dispute as a gateway tells of it, in đồng."""

    reference: str
    payment_reference: str
    amount: int
    reason: str
    state: str


def hear_refunds(session: Session, payment: Payment, told: list[ToldRefund], at: datetime) -> None:
    """Write down all refunds of a payment as its gateway has them; told again, nothing more happens.

    One that was not asked for here counts all the same: for the refund of that amount still waiting, or
    else as money of the payment's orders. Locks: order group first.
    """
    lock_group(session, payment.group_id)
    for one in told:
        if one.key is not None and hear_refund(session, one.key, one.answer, at):
            continue
        known = _list_known(session, payment, one) or _match(session, payment, one)
        for refund in known or _write_down(session, payment, one, RefundReason.STAFF, at):
            finish_refund(session, refund.id, one.answer, at)


def hear_dispute(session: Session, payment: Payment, told: ToldDispute, at: datetime) -> Dispute:
    """Write down a dispute, and the money of one that was lost; told again, nothing more happens.

    Locks: order group first.
    """
    lock_group(session, payment.group_id)
    row = {"payment_id": payment.id, "amount": told.amount, "reason": told.reason[:60], "opened_at": at}
    session.execute(
        insert_into(session, Dispute)
        .values(reference=told.reference, state=told.state[:40], **row)
        .on_conflict_do_nothing(index_elements=["reference"])
    )
    dispute = session.execute(sa.select(Dispute).where(Dispute.reference == told.reference)).scalar_one()
    dispute.state = told.state[:40]
    if told.state == LOST:
        answer = RefundAnswer(RefundState.COMPLETED, told.reference)
        back = ToldRefund(answer, told.amount, None)
        lost = _list_known(session, payment, back)
        for refund in lost or _write_down(session, payment, back, RefundReason.DISPUTE, at):
            finish_refund(session, refund.id, answer, at)
    return dispute


def _cause(told: ToldRefund) -> str:
    return f"gateway:{told.answer.reference}"[:40]


def _list_known(session: Session, payment: Payment, told: ToldRefund) -> list[Refund]:
    return _list(session, payment, Refund.reference == told.answer.reference)


def _match(session: Session, payment: Payment, told: ToldRefund) -> list[Refund]:
    """Return the refund that was owed here and given back there: of that amount, which we did not give."""
    return _list(session, payment, Refund.state.in_(UNASKED), Refund.amount == told.amount)[:1]


def _list(session: Session, payment: Payment, *which: sa.ColumnElement[bool]) -> list[Refund]:
    own = PaymentSplit.payment_id == payment.id
    found = sa.select(Refund).join(PaymentSplit, PaymentSplit.id == Refund.split_id).where(own, *which)
    return list(session.scalars(found.order_by(Refund.id)))


def _write_down(
    session: Session, payment: Payment, told: ToldRefund, reason: RefundReason, at: datetime
) -> list[Refund]:
    """Take money that went back off the orders of a payment, first where too much was paid."""
    if told.answer.state is RefundState.FAILED:
        return []
    orders = lock_group(session, payment.group_id).orders
    standings = find_standings(session, orders)
    left, written = told.amount, []
    for order in sorted(orders, key=lambda one: -standings[one.id].excess):
        part = min(left, standings[order.id].kept)
        if part:
            left -= part
            written += owe_refund(session, order.id, part, reason, _cause(told), at)
    if left:
        log.error("refund %s is %s đồng more than was paid", told.answer.reference, left)
    return written

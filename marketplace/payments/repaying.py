"""Refunds by card: the gateway gives the money back, called outside of transactions."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from marketplace.database import unit_of_work
from marketplace.ordering.models import PaymentMethod
from marketplace.payments.errors import GatewayRefused
from marketplace.payments.gateway import RefundAnswer, Repayment, gateway_of, gateways
from marketplace.payments.models import Payment, PaymentSplit, Refund, RefundState
from marketplace.payments.refund_ends import finish_refund

SOONEST, LATEST = timedelta(minutes=1), timedelta(hours=1)
LOOKED_AT, AT_ONCE = 200, 20
WAITING = (RefundState.PENDING, RefundState.PROCESSING)


def list_waiting(session: Session, at: datetime) -> list[int]:
    """Return refunds that gateways are to carry out or to be asked about now, never tried ones first.

    After each try the wait doubles, from a minute up to an hour.
    """
    waiting = (
        sa.select(Refund)
        .join(Refund.split)
        .join(PaymentSplit.payment)
        .where(
            Refund.state.in_(WAITING),
            Payment.method.in_(list(gateways)),
            sa.or_(Refund.tried_at.is_(None), Refund.tried_at <= at - SOONEST),
        )
        .order_by(Refund.tried_at.is_not(None), Refund.tried_at, Refund.id)
        .limit(LOOKED_AT)
    )
    return [refund.id for refund in session.scalars(waiting) if _is_time(refund, at)][:AT_ONCE]


def repay(refund_id: int, at: datetime) -> None:
    """Have the gateway give a refund back and write down what it says; once, whoever else tries.

    What the gateway refuses has failed, and people give it back. Raises GatewayUnavailable: the same
    refund is then asked for again, by the same key.
    """
    prepared = _prepare(refund_id, at)
    if prepared is None:
        return
    method, repayment = prepared
    try:
        answer = gateway_of(method).refund(repayment)
    except GatewayRefused:
        answer = RefundAnswer(RefundState.FAILED)
    with unit_of_work() as session:
        finish_refund(session, refund_id, answer, at)


def _prepare(refund_id: int, at: datetime) -> tuple[PaymentMethod, Repayment] | None:
    """Note the try before it is made; None when somebody else has it in hand or it is done."""
    with unit_of_work() as session:
        refund = session.execute(
            sa.select(Refund)
            .where(Refund.id == refund_id, Refund.state.in_(WAITING))
            .with_for_update(of=Refund)
            .options(
                joinedload(Refund.split, innerjoin=True).joinedload(PaymentSplit.payment, innerjoin=True)
            )
            .execution_options(populate_existing=True)
        ).scalar_one_or_none()
        if refund is None or not _is_time(refund, at):
            return None
        refund.tried_at = at
        payment = refund.split.payment
        return payment.method, Repayment(payment.reference, refund.amount, refund.idempotency_key)


def _is_time(refund: Refund, at: datetime) -> bool:
    if refund.tried_at is None:
        return True
    wait = min(LATEST, max(SOONEST, refund.tried_at - refund.asked_at))
    return at - refund.tried_at >= wait

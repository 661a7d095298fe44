"""How refunds end: given back by the gateway, noted by people, or failed and then given back by people."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from marketplace.accounts import journal
from marketplace.accounts.permissions import Actor
from marketplace.errors import NotFound
from marketplace.ordering.models import Order
from marketplace.ordering.news import OrderNews, tell
from marketplace.payments.errors import InvalidReference, NotByHand
from marketplace.payments.gateway import RefundAnswer
from marketplace.payments.models import Payment, PaymentSplit, Refund, RefundState

LONGEST_REFERENCE = 120
OPEN = (RefundState.PENDING, RefundState.PROCESSING, RefundState.FAILED)


def list_due_refunds(
    session: Session, *, held_by_seller: bool = False, producer_id: int | None = None, limit: int = 200
) -> list[Refund]:
    """Return the refunds not given back yet, oldest first, with payment, order and group.

    `held_by_seller` chooses those of money that the seller holds itself, which the seller gives back.
    """
    asked = _due(held_by_seller)
    if producer_id is not None:
        asked = asked.where(Order.producer_id == producer_id)
    return list(session.scalars(asked.order_by(Refund.asked_at, Refund.id).limit(limit)))


def find_due_refund(session: Session, refund_id: int) -> Refund | None:
    """Return a refund not given back yet of money that is not the seller's to give back, or None."""
    return session.scalars(_due(held_by_seller=False).where(Refund.id == refund_id)).one_or_none()


def find_cash_to_give_back(session: Session, producer_id: int, refund_id: int) -> Refund | None:
    """Return a refund that a seller still has to give back of money it holds, or None."""
    due = _due(held_by_seller=True).where(Order.producer_id == producer_id)
    return session.scalars(due.where(Refund.id == refund_id)).one_or_none()


def list_cash_to_give_back(session: Session, order_id: int, cause: str) -> list[Refund]:
    """Return what the seller of an order still has to give back for one cause, of money it holds."""
    due = _due(held_by_seller=True).where(PaymentSplit.order_id == order_id, Refund.cause == cause)
    return list(session.scalars(due.order_by(Refund.id)))


def is_by_hand(refund: Refund) -> bool:
    """Return whether people give it back: no gateway does, or the gateway could not."""
    if refund.state is RefundState.FAILED:
        return True
    return refund.state is RefundState.PENDING and not refund.split.payment.method.paid_first


def note_refund_done(session: Session, actor: Actor, refund_id: int, reference: str, at: datetime) -> Refund:
    """Note that people gave money back, and under which reference of theirs; noting it twice changes nothing.

    Raises NotFound, InvalidReference, and NotByHand for what the gateway gives back or is done otherwise.
    """
    reference = reference.strip()
    if not 0 < len(reference) <= LONGEST_REFERENCE:
        raise InvalidReference(field="reference")
    refund = _lock(session, Refund.id == refund_id)
    if refund is None:
        raise NotFound
    if refund.state is RefundState.COMPLETED and refund.reference == reference:
        return refund
    if not is_by_hand(refund):
        raise NotByHand
    refund.reference, refund.done_by = reference, actor.person_id
    _complete(session, refund, at)
    journal.record(session, actor, "refund:done", "refund", refund.id, at=at, data={"amount": refund.amount})
    return refund


def finish_refund(session: Session, refund_id: int, answer: RefundAnswer, at: datetime) -> None:
    """Write down what the gateway says of a refund it was asked for."""
    _hear(session, _lock(session, Refund.id == refund_id), answer, at)


def hear_refund(session: Session, name: str, answer: RefundAnswer, at: datetime) -> Refund | None:
    """Write down what a gateway says by itself of a refund, named by its reference or idempotency key.

    Notices may come in any order and twice. Returns None for a refund that is not ours.
    """
    named = sa.or_(Refund.reference == name, Refund.idempotency_key == name)
    return _hear(session, _lock(session, named), answer, at)


def _due(held_by_seller: bool) -> sa.Select[Refund]:
    whole = (
        joinedload(Refund.split).joinedload(PaymentSplit.payment),
        joinedload(Refund.split).joinedload(PaymentSplit.order).joinedload(Order.group),
    )
    due = sa.select(Refund).join(Refund.split).join(PaymentSplit.payment).join(PaymentSplit.order)
    asked = due.where(Refund.state.in_(OPEN), Payment.held_by_seller.is_(held_by_seller))
    return asked.options(*whole)


def _lock(session: Session, named: sa.ColumnElement[bool]) -> Refund | None:
    return session.execute(
        sa.select(Refund)
        .where(named)
        .with_for_update(of=Refund)
        .options(joinedload(Refund.split, innerjoin=True).joinedload(PaymentSplit.payment, innerjoin=True))
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()


def _hear(session: Session, refund: Refund | None, answer: RefundAnswer, at: datetime) -> Refund | None:
    """Move a refund on: a failure outweighs a success, both outweigh waiting, people outweigh all."""
    if refund is None or refund.done_by is not None:
        return refund
    refund.reference = answer.reference or refund.reference
    if answer.state is RefundState.FAILED:
        if refund.state is not RefundState.FAILED:
            tell(session, OrderNews.REFUND_FAILED, refund.id, at)
        refund.state, refund.done_at = RefundState.FAILED, None
    elif refund.state in {RefundState.PENDING, RefundState.PROCESSING}:
        refund.state = answer.state
        if answer.state is RefundState.COMPLETED:
            _complete(session, refund, at)
    return refund


def _complete(session: Session, refund: Refund, at: datetime) -> None:
    refund.state, refund.done_at = RefundState.COMPLETED, at
    tell(session, OrderNews.REFUND_DONE, refund.id, at)

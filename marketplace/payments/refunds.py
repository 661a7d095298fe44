"""Money that goes back: promised once, by the way it came, never more than was paid.

A refund counts from the moment it is owed. By card the gateway gives it back; transfers and cash are
given back by people, who note it.
"""

import secrets
from collections.abc import Iterable, Iterator
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from marketplace.ordering.news import OrderNews, tell
from marketplace.ordering.order_lock import lock_order
from marketplace.payments.errors import RefundBeyondPaid
from marketplace.payments.ledger import follow
from marketplace.payments.models import PaymentSplit, Refund, RefundReason, RefundState
from marketplace.payments.standings import standing_of
from marketplace.payments.status import Standing


def owe_refund(
    session: Session,
    order_id: int,
    amount: int,
    reason: RefundReason,
    cause: str,
    at: datetime,
    *,
    but_seller: bool = False,
) -> list[Refund]:
    """Promise so many đồng of an order back, once for each cause; the newest payment goes back first.

    `but_seller` leaves alone what the seller holds itself. What the seller earned of it leaves its
    balance. Locks: order group, payment splits.
    Raises RefundBeyondPaid when less was paid and not yet given back.
    """
    order = lock_order(session, order_id)
    if known := list_of_cause(session, order_id, cause):
        return known
    before = standing_of(session, order)
    available = before.kept - before.held if but_seller else before.kept
    if amount > available:
        raise RefundBeyondPaid(available=available)
    splits = [part for part in _splits(session, order_id) if not (but_seller and part.payment.held_by_seller)]
    refunds = [_promise(part, back, reason, cause, at) for part, back in _taken_from(splits, amount)]
    if refunds:
        session.add_all(refunds)
        session.flush()
        follow(session, order, before, standing_of(session, order), f"refund:{refunds[0].id}", at)
    for refund in refunds:
        tell(session, OrderNews.REFUND_DUE, refund.id, at)
    return refunds


def owe_excess(
    session: Session, order_id: int, reason: RefundReason, cause: str, at: datetime
) -> list[Refund]:
    """Promise back what was paid for an order beyond what is due now: nothing, a part, or all of it.

    So a cancellation is never priced twice: what is due is read anew, and what was promised counts.
    """
    order = lock_order(session, order_id)
    return owe_refund(session, order_id, standing_of(session, order).excess, reason, cause, at)


def list_of_cause(session: Session, order_id: int, cause: str) -> list[Refund]:
    """Return what was promised back of an order for one cause, in its order."""
    return list(
        session.scalars(
            sa.select(Refund)
            .join(PaymentSplit, PaymentSplit.id == Refund.split_id)
            .where(PaymentSplit.order_id == order_id, Refund.cause == cause)
            .order_by(Refund.id)
        )
    )


def part_held_by_seller(session: Session, order_id: int, standing: Standing, amount: int) -> int:
    """Return what the seller would give back itself if so many đồng of an order were promised now.

    The splits are asked only where it holds a part of what was paid.
    """
    if standing.held in {0, standing.kept}:
        return min(amount, standing.held)
    taken = _taken_from(_splits(session, order_id), amount)
    return sum(back for part, back in taken if part.payment.held_by_seller)


def _splits(session: Session, order_id: int) -> Iterable[PaymentSplit]:
    return session.scalars(
        sa.select(PaymentSplit)
        .where(PaymentSplit.order_id == order_id)
        .order_by(PaymentSplit.payment_id.desc())
        .options(joinedload(PaymentSplit.payment))
        .execution_options(populate_existing=True)
    )


def _taken_from(splits: Iterable[PaymentSplit], amount: int) -> Iterator[tuple[PaymentSplit, int]]:
    for part in splits:
        back = min(amount, part.captured - part.refunded)
        if back:
            amount -= back
            yield part, back


def _promise(part: PaymentSplit, amount: int, reason: RefundReason, cause: str, at: datetime) -> Refund:
    part.refunded += amount
    return Refund(
        split=part,
        cause=cause,
        reason=reason,
        amount=amount,
        state=RefundState.PENDING,
        idempotency_key=f"refund-{secrets.token_hex(16)}",
        asked_at=at,
    )

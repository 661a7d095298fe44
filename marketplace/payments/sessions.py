"""Attempts to pay at a gateway: begun before the gateway is called, settled whenever its answer comes.

`settle` is the one action for the buyer's return, the gateway's notice and the sweeper: whichever comes
first does the work, the others change nothing more, in any order.
"""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.errors import NotFound
from marketplace.ordering.completion import finalize
from marketplace.ordering.models import CancelReason, OrderGroup, OrderStatus
from marketplace.ordering.order_lock import lock_group
from marketplace.ordering.reservations import extend_holds
from marketplace.payments.errors import ForeignMoney, NothingToPay, SessionClosed, SessionUnresolved
from marketplace.payments.gateway import CURRENCY, Answer, Started, gateways
from marketplace.payments.models import Payment, PaymentSession, Refund, RefundReason, SessionState
from marketplace.payments.receipts import find_payment, take_money
from marketplace.payments.refunds import owe_excess
from marketplace.payments.standings import find_standings, whole_of

LASTS = timedelta(minutes=35)
"""How long a session can be paid: gateways ask for half an hour at least, goods are held for 40 minutes."""
UNANSWERED = timedelta(minutes=4)
"""How long a call of the gateway may take; a session without an address after that was never shown."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of an attempt to pay: its state, what was placed and what money goes back."""

    state: SessionState
    placed: list[int] = field(default_factory=list)
    out_of_stock: list[int] = field(default_factory=list)
    refunds: list[Refund] = field(default_factory=list)


def begin_session(session: Session, group_id: int, at: datetime) -> PaymentSession:
    """Begin an attempt to pay what a group still owes, or return the one under way.

    What the draft orders hold is held a while longer. The row and its idempotency key are to be
    committed before the gateway is called. Locks: order group, stock, holds, payment session.
    Raises NothingToPay, HoldLost, and SessionUnresolved when the gateway has to be asked about an
    earlier attempt first.
    """
    group = lock_group(session, group_id)
    owed = whole_of(find_standings(session, group.orders).values()).owed
    if group.payment_method not in gateways or not owed:
        raise NothingToPay
    if under_way := find_open_session(session, group_id):
        if _can_go_on(under_way, owed, at):
            return under_way
        if under_way.reference:
            raise SessionUnresolved(session_id=under_way.id)
        under_way.state = SessionState.FAILED
        session.flush()
    extend_holds(session, group_id, at)
    begun = PaymentSession(
        group_id=group_id,
        method=group.payment_method,
        state=SessionState.PENDING,
        amount=owed,
        idempotency_key=f"session-{secrets.token_hex(16)}",
        begun_at=at,
        expires_at=at + LASTS,
    )
    session.add(begun)
    session.flush()
    return begun


def attach(session: Session, session_id: int, started: Started) -> PaymentSession:
    """Write down what the gateway calls a session, and its page; only then may the buyer be sent there.

    Raises NotFound, and SessionClosed when the session has ended or has another name already.
    """
    _, begun = lock_session(session, session_id)
    if not begun.state.is_open or begun.reference not in {None, started.reference}:
        raise SessionClosed
    begun.reference, begun.url = started.reference, started.url
    return begun


def settle(session: Session, session_id: int, answer: Answer, at: datetime) -> Settled:
    """Act on what a gateway says of an attempt to pay; told again, in any order, nothing more happens.

    Paid: the money is written down, the draft orders are placed; goods whose hold had run out are taken
    again or their money is owed back, as is what is beyond what is due. Another amount than was asked
    for is written down as it came: orders are placed only when all is paid. Locks: order group first.
    Raises NotFound, and ForeignMoney for another currency or a payment without a name.
    """
    group, begun = lock_session(session, session_id)
    begun.asked_at = at
    if answer.state is SessionState.COMPLETED:
        return _settle_paid(session, group, begun, answer, at)
    if begun.state.is_open and answer.state is not SessionState.PENDING:
        begun.state = answer.state
    return Settled(begun.state)


def lock_session(session: Session, session_id: int) -> tuple[OrderGroup, PaymentSession]:
    """Load an attempt to pay for changing, and its group, whose row is locked first; raises NotFound."""
    of = sa.select(PaymentSession.group_id).where(PaymentSession.id == session_id)
    group_id = session.execute(of).scalar_one_or_none()
    if group_id is None:
        raise NotFound
    group = lock_group(session, group_id)
    return group, session.get_one(PaymentSession, session_id, populate_existing=True)


def find_session(session: Session, session_id: int) -> PaymentSession | None:
    """Return an attempt to pay, or None."""
    return session.get(PaymentSession, session_id)


def find_open_session(session: Session, group_id: int) -> PaymentSession | None:
    """Return the attempt to pay a group that is under way, or None."""
    opened = PaymentSession.state.in_([SessionState.PENDING, SessionState.PROCESSING])
    return session.execute(
        sa.select(PaymentSession).where(PaymentSession.group_id == group_id, opened)
    ).scalar_one_or_none()


def _settle_paid(
    session: Session, group: OrderGroup, begun: PaymentSession, answer: Answer, at: datetime
) -> Settled:
    if answer.currency.lower() != CURRENCY or not answer.payment_reference or not answer.amount:
        raise ForeignMoney(session_id=begun.id)
    known = find_payment(session, begun.method, answer.payment_reference)
    again = _was_paid_before(session, group.id)
    take_money(session, group.id, begun.method, answer.payment_reference, answer.amount, at)
    begun.state = SessionState.COMPLETED
    if known:
        return Settled(begun.state)
    placed, out_of_stock = _place_if_paid(session, group, at)
    refunds = _owe_what_is_beyond(session, group, again, f"session:{begun.id}", at)
    return Settled(begun.state, placed, out_of_stock, refunds)


def _place_if_paid(session: Session, group: OrderGroup, at: datetime) -> tuple[list[int], list[int]]:
    if whole_of(find_standings(session, group.orders).values()).owed:
        return [], []
    done = finalize(session, group.id, at)
    return done.placed, done.out_of_stock


def _owe_what_is_beyond(
    session: Session, group: OrderGroup, again: bool, cause: str, at: datetime
) -> list[Refund]:
    beyond = RefundReason.PAID_TWICE if again else RefundReason.OVERPAID
    group = lock_group(session, group.id)
    refunds: list[Refund] = []
    for order in group.orders:
        reason = beyond
        if order.status is OrderStatus.CANCELED:
            lacking = order.cancel_reason is CancelReason.INVENTORY
            reason = RefundReason.OUT_OF_STOCK if lacking else RefundReason.CANCELED
        refunds += owe_excess(session, order.id, reason, cause, at)
    return refunds


def _can_go_on(under_way: PaymentSession, owed: int, at: datetime) -> bool:
    if under_way.amount != owed or under_way.state is not SessionState.PENDING:
        return False
    if under_way.reference is None:
        return at < under_way.begun_at + UNANSWERED
    return at < under_way.expires_at


def _was_paid_before(session: Session, group_id: int) -> bool:
    paid = sa.select(Payment.id).where(Payment.group_id == group_id).limit(1)
    return session.execute(paid).first() is not None

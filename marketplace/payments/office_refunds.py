"""Money that the office gives back for an order that never arrived, where its seller does not act.

It gives back what the market holds, never what the seller took in cash. An order that can still be
canceled is canceled as a whole; of one that is on its way, or was delivered, a chosen amount goes back.
"""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from marketplace.accounts import journal
from marketplace.accounts.permissions import Actor
from marketplace.ordering.cancellation import may_take_off
from marketplace.ordering.models import CancelReason, Fulfillment, Order, OrderGroup, OrderStatus
from marketplace.ordering.news import OrderNews, tell
from marketplace.ordering.order_lock import lock_order
from marketplace.ordering.order_number import read_number
from marketplace.payments import settlement
from marketplace.payments.errors import InvalidReference, NothingToRefund, RefundMovedOn
from marketplace.payments.models import Refund, RefundReason
from marketplace.payments.refunds import list_of_cause, owe_refund
from marketplace.payments.standings import find_standings, standing_of
from marketplace.payments.status import Standing
from marketplace.text import clean

LONGEST_WORDS = 300


@dataclass(frozen=True, slots=True)
class Refundable:
    """An order with its money, as the office may give it back. Amounts are đồng."""

    order: Order
    standing: Standing

    @property
    def available(self) -> int:
        """Return what the market holds of it."""
        return self.standing.kept - self.standing.held

    @property
    def as_a_whole(self) -> bool:
        """Return whether giving back cancels the order."""
        return may_take_off(self.order)


def find_refundable(session: Session, number: str) -> tuple[OrderGroup, list[Refundable]] | None:
    """Return an order group by its number, with what can be given back of each order, or None."""
    whole = selectinload(OrderGroup.orders).options(
        selectinload(Order.lines), selectinload(Order.fulfillments).selectinload(Fulfillment.lines)
    )
    wanted = sa.select(OrderGroup).where(OrderGroup.number == (read_number(number) or ""))
    anew = wanted.options(whole).execution_options(populate_existing=True)
    group = session.scalars(anew).one_or_none()
    if group is None:
        return None
    money = find_standings(session, group.orders)
    return group, [Refundable(order, money[order.id]) for order in group.orders]


def give_back(
    session: Session,
    actor: Actor,
    order_id: int,
    amount: int | None,
    words: str,
    refunded_before: int,
    at: datetime,
) -> int:
    """Give back so many đồng of an order that the market holds, or without an amount cancel it, and say why.

    `refunded_before` is what had gone back when the office's page was shown: who sends a form twice, or
    comes second, is refused. Buyer and seller are told. Returns the đồng that go back. Raises NotFound,
    InvalidReference for words or an amount that cannot be, RefundMovedOn, NothingToRefund and
    RefundBeyondPaid.
    """
    words = clean(words)
    if not 0 < len(words) <= LONGEST_WORDS:
        raise InvalidReference(field="words", most=LONGEST_WORDS)
    if amount is not None and amount < 1:
        raise InvalidReference(field="amount")
    order = lock_order(session, order_id)
    before = Refundable(order, standing_of(session, order))
    if before.standing.refunded != refunded_before or before.as_a_whole != (amount is None):
        raise RefundMovedOn
    if not before.available:
        raise NothingToRefund
    refunds = _cancel(session, before, words, at) if amount is None else _pay(session, before, amount, at)
    for refund in refunds:
        refund.words = words
    given = sum(refund.amount for refund in refunds)
    data = {"amount": given, "canceled": amount is None, "refund_ids": [one.id for one in refunds]}
    journal.record(session, actor, "order:give_back", "order", order_id, at=at, data=data)
    return given


def _cancel(session: Session, whole: Refundable, words: str, at: datetime) -> list[Refund]:
    """Cancel an order, and return what goes back for that."""
    order = settlement.cancel(session, whole.order.id, CancelReason.STAFF, at, words)
    return list_of_cause(session, order.id, settlement.cause_of_cancellation(order))


def _pay(session: Session, sent: Refundable, amount: int, at: datetime) -> list[Refund]:
    """Promise an amount back: first what was paid beyond what is due, which lessens nothing that is owed."""
    order, money = sent.order, sent.standing
    tell(session, OrderNews.OFFICE_GAVE_BACK, order.id, at)
    cause = f"staff:{order.id}:{money.refunded}"
    canceled = order.status is OrderStatus.CANCELED
    beyond = min(amount, money.excess)
    reason = RefundReason.CANCELED if canceled else RefundReason.OVERPAID
    return [
        *owe_refund(session, order.id, beyond, reason, f"{cause}:beyond", at, but_seller=True),
        *owe_refund(session, order.id, amount - beyond, RefundReason.STAFF, cause, at, but_seller=True),
    ]

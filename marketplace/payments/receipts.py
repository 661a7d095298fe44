"""Money that comes in: written down once, and divided among the orders of its group to the last đồng."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from marketplace.ordering.models import OrderGroup, PaymentMethod
from marketplace.ordering.news import OrderNews, tell
from marketplace.ordering.order_lock import lock_group
from marketplace.payments.errors import MoneyDiffers, NothingToPay
from marketplace.payments.ledger import earn, follow
from marketplace.payments.models import Payment, PaymentSplit
from marketplace.payments.shares import split
from marketplace.payments.standings import find_standings, is_live
from marketplace.payments.status import Standing


def take_money(
    session: Session,
    group_id: int,
    method: PaymentMethod,
    reference: str,
    amount: int,
    at: datetime,
    *,
    held_by_seller: bool = False,
    order_id: int | None = None,
) -> Payment:
    """Write down a payment of so many đồng, once for each reference, and tell when all is paid.

    Without `order_id` it is divided in proportion to what each order still owes; money beyond that
    stays with the first order that is not canceled, as overcharged. Locks: order group, payment.
    Raises MoneyDiffers when the reference is known with another amount, group or order.
    """
    group = lock_group(session, group_id)
    if known := find_payment(session, method, reference):
        return _same(known, group_id, amount, order_id)
    if amount <= 0 or (order_id is not None and order_id not in {order.id for order in group.orders}):
        raise NothingToPay
    standings = find_standings(session, group.orders)
    parts = {order_id: amount} if order_id is not None else _divide(group, standings, amount)
    payment = Payment(
        group_id=group_id,
        method=method,
        reference=reference,
        amount=amount,
        held_by_seller=held_by_seller,
        received_at=at,
        splits=[PaymentSplit(order_id=of, captured=part, refunded=0) for of, part in parts.items() if part],
    )
    session.add(payment)
    session.flush()
    _credit_late(session, group, standings, f"payment:{payment.id}", at)
    if not held_by_seller and _now_paid(standings, parts):
        _tell_of_it(session, group, at)
    return payment


def _tell_of_it(session: Session, group: OrderGroup, at: datetime) -> None:
    """Tell the buyer, and the sellers who waited for a transfer before they sent anything."""
    tell(session, OrderNews.ORDER_PAID, group.id, at)
    if group.payment_method is PaymentMethod.VIETQR:
        for order in filter(is_live, group.orders):
            tell(session, OrderNews.ORDER_MONEY_IN, order.id, at)


def find_payment(session: Session, method: PaymentMethod, reference: str) -> Payment | None:
    """Return the payment of a reference with its splits, or None."""
    return session.execute(
        sa.select(Payment)
        .where(Payment.method == method, Payment.reference == reference)
        .options(selectinload(Payment.splits))
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()


def _same(known: Payment, group_id: int, amount: int, order_id: int | None) -> Payment:
    meant = order_id is None or {part.order_id for part in known.splits} == {order_id}
    if (known.group_id, known.amount) != (group_id, amount) or not meant:
        raise MoneyDiffers(reference=known.reference)
    return known


def _divide(group: OrderGroup, standings: dict[int, Standing], amount: int) -> dict[int, int]:
    owed = {order.id: standings[order.id].owed for order in group.orders if standings[order.id].owed}
    whole = sum(owed.values())
    if amount <= whole:
        return split(amount, owed)
    first = next((order for order in group.orders if is_live(order)), group.orders[0])
    return {**owed, first.id: owed.get(first.id, 0) + amount - whole}


def _credit_late(
    session: Session, group: OrderGroup, before: dict[int, Standing], cause: str, at: datetime
) -> None:
    """Credit sellers with money that comes after their goods were sent."""
    sent = [order for order in group.orders if order.fulfillments]
    after = find_standings(session, sent) if sent else {}
    for order in sent:
        follow(session, order, before[order.id], after[order.id], f"{cause}:{order.id}", at)
        earn(session, order.id, at)


def _now_paid(before: dict[int, Standing], parts: dict[int, int]) -> bool:
    """Return whether a payment brings what a group owed down to nothing."""
    owed = {order_id: standing.owed for order_id, standing in before.items() if standing.owed}
    return bool(owed) and all(parts.get(order_id, 0) >= missing for order_id, missing in owed.items())

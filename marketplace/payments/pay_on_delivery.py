"""A buyer who meant to transfer money and pays in cash at the door instead."""

from sqlalchemy.orm import Session

from marketplace.ordering.models import OrderGroup, OrderStatus, PaymentMethod
from marketplace.ordering.order_lock import lock_group
from marketplace.payments.errors import NothingToPay
from marketplace.payments.standings import find_standings, whole_of


def can_pay_on_delivery(group: OrderGroup, captured: int) -> bool:
    """Return whether a group, its orders loaded, can still be paid in cash: placed, and nothing paid yet."""
    placed = any(order.status is OrderStatus.PLACED for order in group.orders)
    return group.payment_method is PaymentMethod.VIETQR and placed and captured == 0


def pay_on_delivery(session: Session, group_id: int) -> OrderGroup:
    """Have a group that waits for a transfer paid in cash instead; asked twice, it changes once.

    A transfer that comes all the same counts, and less is collected at the door. Locks: order group.
    Raises NothingToPay when money came in, or nothing is to be sent.
    """
    group = lock_group(session, group_id)
    if group.payment_method is PaymentMethod.CASH_ON_DELIVERY:
        return group
    standing = whole_of(find_standings(session, group.orders).values())
    if not can_pay_on_delivery(group, standing.captured):
        raise NothingToPay
    group.payment_method = PaymentMethod.CASH_ON_DELIVERY
    session.flush()
    return group

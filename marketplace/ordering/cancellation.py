"""Taking an order off: its goods go back to the shelf, whatever was paid is for payments to give back."""

from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.ordering import reservations, stock
from marketplace.ordering.allowance import give_back_when_settled
from marketplace.ordering.errors import NotCancelable
from marketplace.ordering.line_lots import give_back
from marketplace.ordering.models import CancelReason, Order, OrderStatus
from marketplace.ordering.news import OrderNews, tell
from marketplace.ordering.order_lock import lock_order
from marketplace.ordering.status import is_off, parcel_state, units_to_send
from marketplace.ordering.stock import Demand

TOLD = {
    CancelReason.CUSTOMER: (OrderNews.ORDER_TAKEN_BACK,),
    CancelReason.DECLINED: (OrderNews.ORDER_DECLINED,),
    CancelReason.INVENTORY: (OrderNews.ORDER_DECLINED,),
    CancelReason.UNPAID: (OrderNews.ORDER_DECLINED, OrderNews.ORDER_TAKEN_BACK),
    CancelReason.STAFF: (OrderNews.ORDER_DECLINED, OrderNews.ORDER_TAKEN_BACK),
    CancelReason.RECALLED: (OrderNews.ORDER_DECLINED,),
    CancelReason.EXPIRED: (),
    CancelReason.UNDELIVERED: (),
}
"""What is told of an order that was placed or paid; what was known before needs no letter."""


def may_cancel(order: Order) -> bool:
    """Return whether its buyer may still take an order back: before any of it was sent.

    The order comes with its lines and fulfillments.
    """
    return not is_off(order) and not order.fulfillments


def may_take_off(order: Order) -> bool:
    """Return whether an order can still be taken off: nothing of it is with a carrier or the buyer.

    The order comes with its fulfillments.
    """
    back = all(sending.came_back_at is not None for sending in order.fulfillments)
    return order.status is not OrderStatus.CANCELED and back


def cancel_order(
    session: Session, order_id: int, reason: CancelReason, at: datetime, words: str | None = None
) -> Order:
    """Take one order of a group off; the others stay. Canceling twice changes nothing more.

    What is held or promised for it returns to the shelf. Raises NotFound, or NotCancelable while
    something of it is with a carrier or the buyer. Locks: group, telephone, stock, register version.
    """
    order = lock_order(session, order_id)
    take_off(session, order, reason, at, words)
    return order


def take_off(
    session: Session, order: Order, reason: CancelReason, at: datetime, words: str | None = None
) -> None:
    """Take an order off that `lock_order` loaded; see `cancel_order`."""
    if order.status is OrderStatus.CANCELED:
        return
    if not may_take_off(order):
        raise NotCancelable(position=order.position, state=parcel_state(order))
    drafted = order.status is OrderStatus.DRAFT
    promised = _promised(order)
    order.status, order.canceled_at = OrderStatus.CANCELED, at
    order.cancel_reason, order.cancel_words = reason, words
    give_back_when_settled(session, order.group)
    if drafted:
        reservations.let_go(session, order.id)
    elif promised:
        reservations.lock_items(session, {demand.variant_id for demand in promised})
        give_back(session, order, at)
        stock.release(session, promised, at)
    for news in TOLD[reason]:
        if not drafted or news is not OrderNews.ORDER_TAKEN_BACK:
            tell(session, news, order.id, at)


def _promised(order: Order) -> list[Demand]:
    """Return the units of a placed order that still lie on the shelf for it."""
    left = units_to_send(order)
    return [Demand(order.id, line.variant_id, left[line.id]) for line in order.lines if line.id in left]

"""What doors call when an order moves and money moves with it: one transaction for both."""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.errors import NotFound
from marketplace.ordering import cancellation, completion, fulfillment, recalled, returns
from marketplace.ordering.after_sale_errors import InvalidCollected
from marketplace.ordering.after_sale_models import Return
from marketplace.ordering.models import CancelReason, Fulfillment, Order, OrderStatus, PaymentMethod
from marketplace.ordering.order_lock import lock_group, lock_order, lock_sending
from marketplace.ordering.status import units_to_send
from marketplace.payments.errors import MoneyWentBack, NotPaid
from marketplace.payments.ledger import earn, forgo
from marketplace.payments.models import RefundReason
from marketplace.payments.receipts import take_money
from marketplace.payments.refunds import owe_excess, owe_refund
from marketplace.payments.standings import standing_of


def cancel(
    session: Session, order_id: int, reason: CancelReason, at: datetime, words: str | None = None
) -> Order:
    """Take an order off and owe back what was paid for it; the other orders of the group stay as they are.

    Raises NotFound and NotCancelable.
    """
    order = cancellation.cancel_order(session, order_id, reason, at, words)
    _give_back(session, order, at)
    return order


def cause_of_cancellation(order: Order) -> str:
    """Return what refunds for a cancellation of an order are asked for by."""
    return f"order:{order.id}"


def ship(
    session: Session,
    order_id: int,
    quantities: Mapping[int, int] | None,
    carrier: str | None,
    tracking_number: str | None,
    at: datetime,
    *,
    position: int | None = None,
) -> Fulfillment:
    """Send an order, or units of it, that is paid or will be paid in cash.

    The money is looked for in what belongs to this order, whatever the payment's other orders do.
    Raises NotPaid, MoneyWentBack, and what `ordering.fulfillment.ship` raises.
    """
    _require_paid(session, order_id)
    return fulfillment.ship(session, order_id, quantities, carrier, tracking_number, at, position=position)


def deliver(session: Session, fulfillment_id: int, collected: int | None, at: datetime) -> Fulfillment:
    """Note that a sending arrived, the cash in đồng that the seller took for it, and what it earned.

    Raises NotFound, NotOnTheWay, and InvalidCollected, also for cash taken for an order paid otherwise.
    """
    order, _ = lock_sending(session, fulfillment_id)
    in_cash = order.group.payment_method is PaymentMethod.CASH_ON_DELIVERY
    if collected and not in_cash:
        raise InvalidCollected(field="collected", most=0)
    sending = fulfillment.mark_delivered(session, fulfillment_id, collected if in_cash else None, at)
    _take_cash(session, order, sending, at)
    earn(session, order.id, at)
    return sending


def hand_over(session: Session, order_id: int, collected: int | None, at: datetime) -> Fulfillment:
    """Give a pick-up order to its buyer, who may pay in cash now: sending and delivery in one.

    Raises what `ship` and `deliver` raise.
    """
    sending = ship(session, order_id, None, None, None, at)
    return deliver(session, sending.id, collected, at)


def came_back(session: Session, fulfillment_id: int, restock: bool, at: datetime) -> Fulfillment:
    """Note that the seller holds an undelivered sending again; what is not owed any more goes back.

    Raises NotFound and NotOnTheWay.
    """
    sending = fulfillment.came_back(session, fulfillment_id, restock, at)
    _settle_rest(session, sending.order_id, at)
    return sending


def cancel_rest(session: Session, order_id: int, at: datetime) -> Order:
    """Give up what cannot be sent of an order after all, and owe back what was paid for it.

    Raises NotFound and NotShippable.
    """
    order = fulfillment.cancel_rest(session, order_id, at)
    _settle_rest(session, order_id, at)
    return order


def take_recalled_off(session: Session, order_id: int, at: datetime) -> Order:
    """Take what a recall holds back off an order, and owe back what was paid for it.

    Raises NotFound.
    """
    order = recalled.take_recalled_off(session, order_id, at)
    _settle_rest(session, order_id, at)
    return order


def refund_return(session: Session, return_id: int, at: datetime) -> Return:
    """Owe back what was agreed for goods that came back, at most what was paid for them.

    Where less cash was noted than is given back, the commission of the goods that came back is not owed.
    Raises NotFound, and ReturnMovedOn when they have not come back.
    """
    order_id = session.scalar(sa.select(Return.order_id).where(Return.id == return_id))
    if order_id is None:
        raise NotFound
    order = lock_order(session, order_id)
    back = returns.mark_return_refunded(session, return_id, at)
    agreed, kept = back.refund_amount or 0, standing_of(session, order).kept
    owe_refund(session, order_id, min(agreed, kept), RefundReason.RETURNED, f"return:{return_id}", at)
    if kept < agreed and order.group.payment_method is PaymentMethod.CASH_ON_DELIVERY:
        session.flush()
        forgo(session, order, f"return:{return_id}", at)
    return back


def expire(session: Session, group_id: int, at: datetime) -> bool:
    """Cancel the draft orders of a group for which nothing is held, and owe back what was paid for them.

    Whoever calls has asked the gateway first. Returns whether anything was canceled.
    """
    if not completion.expire_draft(session, group_id, at):
        return False
    for order in lock_group(session, group_id).orders:
        _give_back(session, order, at)
    return True


def _require_paid(session: Session, order_id: int) -> None:
    order = lock_order(session, order_id)
    if order.group.payment_method is PaymentMethod.CASH_ON_DELIVERY:
        return
    standing = standing_of(session, order)
    if standing.owed:
        raise NotPaid(position=order.position, owed=standing.owed)
    if units_to_send(order) and standing.lessened >= standing.due > 0:
        raise MoneyWentBack(position=order.position)


def _take_cash(session: Session, order: Order, sending: Fulfillment, at: datetime) -> None:
    """Write down the cash of a sending; the seller gives back what it took beyond what was owed."""
    if not sending.collected:
        return
    cause = f"fulfillment:{sending.id}"
    take_money(
        session,
        order.group_id,
        PaymentMethod.CASH_ON_DELIVERY,
        cause,
        sending.collected,
        at,
        held_by_seller=True,
        order_id=order.id,
    )
    owe_excess(session, order.id, RefundReason.OVERPAID, cause, at)


def _settle_rest(session: Session, order_id: int, at: datetime) -> None:
    """Owe back what units that are not sent after all have cost, and credit the rest if it is delivered."""
    order = lock_order(session, order_id)
    if order.status is OrderStatus.CANCELED:
        _give_back(session, order, at)
        return
    due = standing_of(session, order).due
    owe_excess(session, order_id, RefundReason.OUT_OF_STOCK, f"rest:{order_id}:{due}", at)
    earn(session, order_id, at)


def _give_back(session: Session, order: Order, at: datetime) -> None:
    """Owe back all that was paid for a canceled order."""
    lacking = order.cancel_reason is CancelReason.INVENTORY
    reason = RefundReason.OUT_OF_STOCK if lacking else RefundReason.CANCELED
    owe_excess(session, order.id, reason, cause_of_cancellation(order), at)

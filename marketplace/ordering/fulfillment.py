"""What a seller does with a placed order: takes it on, packs it, sends it, whole or in parts.

Each step locks the order's group first. A step taken twice changes nothing more: steps know from the
order, from `position` or from a sending's own end that they were taken. What the buyer owes may fall with
`came_back` and `cancel_rest`; payments/settlement.py wraps whatever concerns money.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.errors import NotFound
from marketplace.ordering import stock, stock_sending
from marketplace.ordering.after_sale_errors import (
    InvalidCollected,
    NothingToShip,
    NotOnTheWay,
    NotShippable,
)
from marketplace.ordering.allowance import give_back_when_settled
from marketplace.ordering.cancellation import take_off
from marketplace.ordering.carriers import read_carrier, read_tracking_number
from marketplace.ordering.errors import InvalidQuantity, NotConfirmable
from marketplace.ordering.freezing import refuse_frozen
from marketplace.ordering.line_lots import assign_lots, give_back, mark_sent, unmark_sent
from marketplace.ordering.models import (
    CancelReason,
    Fulfillment,
    FulfillmentLine,
    Order,
    OrderStatus,
)
from marketplace.ordering.news import OrderNews, tell
from marketplace.ordering.order_lock import lock_order, lock_sending
from marketplace.ordering.reservations import lock_items
from marketplace.ordering.status import is_off, units_to_send
from marketplace.ordering.stock import Demand


def confirm_order(session: Session, order_id: int, at: datetime) -> Order:
    """Note that the seller takes an order on, in time or late; confirming twice changes nothing more.

    Raises NotFound, or NotConfirmable when the order is not placed (any more).
    """
    order = lock_order(session, order_id)
    if order.status is not OrderStatus.PLACED:
        raise NotConfirmable(position=order.position)
    if order.confirmed_at is None:
        order.confirmed_at = at
        give_back_when_settled(session, order.group)
        tell(session, OrderNews.ORDER_CONFIRMED, order.id, at)
    return order


def pack_order(session: Session, order_id: int, at: datetime) -> Order:
    """Note that an order stands ready, to be sent or, with pick-up, fetched: then its buyer is told.

    Its goods are taken from lots, first expired first. Raises NotFound, NotShippable, OrderFrozen,
    NoGoodLot and LotNotSendable.
    """
    order = lock_order(session, order_id)
    _check_confirmed(order)
    if order.packed_at is None:
        refuse_frozen(session, order)
        assign_lots(session, order, units_to_send(order), at)
        order.packed_at = at
        if order.pickup:
            tell(session, OrderNews.ORDER_READY, order.id, at)
    return order


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
    """Send units of an order by line, or all that are left; the delivery fee stays as it was.

    `position` is the number that the page showed for this sending: the one that is there already is
    returned as it is, and so is the last one when all units were sent before. Whether the money is there
    is asked by payments/settlement.py. Raises NotFound, NotShippable, NothingToShip, OrderFrozen,
    NoGoodLot, LotNotSendable, InvalidQuantity, InvalidCarrier and InvalidTrackingNumber.
    """
    carrier, tracking_number = read_carrier(carrier), read_tracking_number(tracking_number)
    order = lock_order(session, order_id)
    if position is not None and position <= len(order.fulfillments):
        return _at_position(order, position)
    _check_confirmed(order)
    left = units_to_send(order)
    if quantities is None and not left and order.fulfillments:
        return order.fulfillments[-1]
    lines = _choose(quantities, left)
    _take_lots(session, order, lines, at)
    sending = Fulfillment(
        position=len(order.fulfillments) + 1,
        carrier=carrier,
        tracking_number=tracking_number,
        shipped_at=at,
        lines=lines,
    )
    order.fulfillments.append(sending)
    session.flush()
    stock_sending.send_off(session, _demands(order, sending), _cause(sending), at)
    if not order.pickup:
        tell(session, OrderNews.ORDER_SHIPPED, order.id, at)
    return sending


def hand_over(session: Session, order_id: int, collected: int | None, at: datetime) -> Fulfillment:
    """Give a pick-up order to its buyer, who may pay now: sending and delivery in one.

    Raises what `ship` and `mark_delivered` raise.
    """
    sending = ship(session, order_id, None, None, None, at)
    return mark_delivered(session, sending.id, collected, at)


def mark_delivered(session: Session, fulfillment_id: int, collected: int | None, at: datetime) -> Fulfillment:
    """Note that a sending reached its buyer, and the cash in đồng that was collected for it.

    Raises NotFound, InvalidCollected, and NotOnTheWay when it met another end.
    """
    order, sending = lock_sending(session, fulfillment_id)
    if sending.delivered_at is not None:
        return sending
    if sending.failed_at is not None:
        raise NotOnTheWay
    if collected is not None and not 0 <= collected <= order.total:
        raise InvalidCollected(field="collected", most=order.total)
    sending.delivered_at, sending.collected = at, collected
    tell(session, OrderNews.ORDER_DELIVERED, order.id, at)
    return sending


def mark_failed(session: Session, fulfillment_id: int, at: datetime) -> Fulfillment:
    """Note that a sending could not be delivered and is on its way back.

    Raises NotFound, and NotOnTheWay when it was delivered.
    """
    order, sending = lock_sending(session, fulfillment_id)
    _note_failure(session, order, sending, at)
    return sending


def came_back(session: Session, fulfillment_id: int, restock: bool, at: datetime) -> Fulfillment:
    """Note that the seller holds a sending again that was not delivered.

    Good units (`restock`) lie on the shelf, promised to the order as before, to be sent once more or
    given up by `cancel_rest`. Lost or spoiled ones are taken off the order; when nothing else of it was
    sent or can be, the order is canceled whole. Raises NotFound and NotOnTheWay.
    """
    order, sending = lock_sending(session, fulfillment_id)
    _note_failure(session, order, sending, at)
    if sending.came_back_at is not None:
        return sending
    sending.came_back_at = at
    unmark_sent(session, order, {line.order_line_id: line.quantity for line in sending.lines})
    if restock:
        stock_sending.take_back_promised(session, _demands(order, sending), _cause(sending), at)
        return sending
    _take_units_off(order, {line.order_line_id: line.quantity for line in sending.lines})
    give_back(session, order, at, to_shelf=False)
    if is_off(order):
        take_off(session, order, CancelReason.UNDELIVERED, at)
    return sending


def cancel_rest(session: Session, order_id: int, at: datetime) -> Order:
    """Give up what cannot be sent of an order after all: its units can be sold again, the fee stays.

    When nothing was sent, or all of it came back, the order is canceled whole. Nothing left to send
    changes nothing. Raises NotFound and NotShippable.
    """
    order = lock_order(session, order_id)
    if order.status is OrderStatus.CANCELED:
        return order
    _check_confirmed(order)
    rest = units_to_send(order)
    if not rest:
        return order
    if not any(sending.came_back_at is None for sending in order.fulfillments):
        take_off(session, order, CancelReason.INVENTORY, at)
        return order
    leave_out(session, order, rest, at)
    return order


def leave_out(session: Session, order: Order, units: Mapping[int, int], at: datetime) -> None:
    """Take units of lines that were not sent off an order, others of which are; they can be sold again."""
    canceled_before = sum(line.canceled for line in order.lines)
    demands = [Demand(order.id, line.variant_id, units[line.id]) for line in order.lines if line.id in units]
    lock_items(session, {demand.variant_id for demand in demands})
    _take_units_off(order, units)
    give_back(session, order, at)
    stock.release(session, demands, at, cause=f"rest:{order.id}:{canceled_before}")
    tell(session, OrderNews.ORDER_SHORTENED, order.id, at)


def _check_confirmed(order: Order) -> None:
    if order.status is not OrderStatus.PLACED or order.confirmed_at is None:
        raise NotShippable(position=order.position)


def _at_position(order: Order, position: int) -> Fulfillment:
    """Return the sending that a page sent twice led to."""
    if position < 1:
        raise NotFound
    return order.fulfillments[position - 1]


def _choose(quantities: Mapping[int, int] | None, left: Mapping[int, int]) -> list[FulfillmentLine]:
    chosen = left if quantities is None else {line: units for line, units in quantities.items() if units}
    if not chosen:
        raise NothingToShip
    for line_id, units in chosen.items():
        if not 1 <= units <= left.get(line_id, 0):
            raise InvalidQuantity(field=f"line-{line_id}", most=left.get(line_id, 0))
    return [FulfillmentLine(order_line_id=line, quantity=units) for line, units in sorted(chosen.items())]


def _take_lots(session: Session, order: Order, lines: list[FulfillmentLine], at: datetime) -> None:
    """Have what is sent now taken from lots, which nothing recalled is, and note that it is sent."""
    refuse_frozen(session, order)
    packs = {line.id: line for line in order.lines}
    lock_items(session, {packs[line.order_line_id].variant_id for line in lines})
    units = {line.order_line_id: line.quantity for line in lines}
    assign_lots(session, order, units, at)
    mark_sent(session, order, units)


def _note_failure(session: Session, order: Order, sending: Fulfillment, at: datetime) -> None:
    if sending.delivered_at is not None:
        raise NotOnTheWay
    if sending.failed_at is None:
        sending.failed_at = at
        tell(session, OrderNews.DELIVERY_FAILED, order.id, at)


def _take_units_off(order: Order, units: Mapping[int, int]) -> None:
    for line in order.lines:
        line.canceled += units.get(line.id, 0)


def _demands(order: Order, sending: Fulfillment) -> list[Demand]:
    variants = {line.id: line.variant_id for line in order.lines}
    return [Demand(order.id, variants[line.order_line_id], line.quantity) for line in sending.lines]


def _cause(sending: Fulfillment) -> str:
    return f"fulfillment:{sending.id}"

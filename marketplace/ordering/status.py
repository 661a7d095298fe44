"""Where an order stands: derived from its status and its fulfillments, never stored.

Pure: an order comes with its lines, its fulfillments and their lines loaded.
"""

from collections.abc import Iterable
from enum import StrEnum

from marketplace.ordering.models import Fulfillment, Order, OrderLine, OrderStatus


class FulfillmentStatus(StrEnum):
    """How far an order is sent, in the field's own words."""

    UNFULFILLED = "unfulfilled"
    PARTIAL = "partial"
    FULFILLED = "fulfilled"
    DELIVERED = "delivered"
    CANCELED = "canceled"


class ParcelState(StrEnum):
    """Where a parcel stands, as buyers and sellers are told."""

    DRAFT = "draft"
    WAITING = "waiting"
    CONFIRMED = "confirmed"
    PACKED = "packed"
    PARTLY_SHIPPED = "partly_shipped"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    FAILED = "failed"
    CANCELED = "canceled"


def fulfillment_status(order: Order) -> FulfillmentStatus:
    """Return how far an order is sent; what the carrier brings back counts as not sent."""
    if is_off(order):
        return FulfillmentStatus.CANCELED
    sent = [one for one in order.fulfillments if one.failed_at is None and one.came_back_at is None]
    if not sent:
        return FulfillmentStatus.UNFULFILLED
    if any(_without(line, sent) for line in order.lines):
        return FulfillmentStatus.PARTIAL
    if all(one.delivered_at for one in sent):
        return FulfillmentStatus.DELIVERED
    return FulfillmentStatus.FULFILLED


def parcel_state(order: Order) -> ParcelState:
    """Return where a parcel stands, from what is on record of it."""
    if is_off(order):
        return ParcelState.CANCELED
    if order.status is OrderStatus.DRAFT:
        return ParcelState.DRAFT
    if order.fulfillments:
        return _state_on_the_way(order)
    if order.packed_at:
        return ParcelState.PACKED
    return ParcelState.CONFIRMED if order.confirmed_at else ParcelState.WAITING


def is_off(order: Order) -> bool:
    """Return whether nothing of an order is to be sent: canceled as a whole, or unit by unit."""
    return order.status is OrderStatus.CANCELED or all(line.canceled == line.quantity for line in order.lines)


def units_to_send(order: Order) -> dict[int, int]:
    """Return how many units of each line, by its id, are neither canceled nor with a carrier or the buyer.

    A sending that came back is to be sent again, or canceled. Lines with nothing left are not named.
    """
    out = [one for one in order.fulfillments if one.came_back_at is None]
    left = {line.id: _without(line, out) for line in order.lines}
    return {line_id: units for line_id, units in left.items() if units}


def units_out(order: Order) -> dict[int, int]:
    """Return how many units of each line, by its id, are with a carrier or the buyer, or were."""
    left = units_to_send(order)
    return {line.id: line.quantity - line.canceled - left.get(line.id, 0) for line in order.lines}


def amount_due(order: Order) -> int:
    """Return what the buyer owes for an order in đồng, paid or not: without the units that were canceled.

    The fee for sending is owed as long as anything is sent.
    """
    if is_off(order):
        return 0
    return order.total - sum(line.canceled * line.unit_price for line in order.lines)


def _state_on_the_way(order: Order) -> ParcelState:
    standing = [one for one in order.fulfillments if one.came_back_at is None]
    if not standing or any(one.failed_at for one in standing):
        return ParcelState.FAILED
    if units_to_send(order):
        return ParcelState.PARTLY_SHIPPED
    return ParcelState.DELIVERED if all(one.delivered_at for one in standing) else ParcelState.SHIPPED


def _without(line: OrderLine, sent: Iterable[Fulfillment]) -> int:
    """Return the units of a line that are neither canceled nor in one of these sendings."""
    within = (one.quantity for parcel in sent for one in parcel.lines if one.order_line_id == line.id)
    return line.quantity - line.canceled - sum(within)

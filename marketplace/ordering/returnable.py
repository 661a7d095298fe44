"""What of an order can be given back, and until when: the promise published on the page of returns.

Pure: an order comes with its lines, its sendings and their lines loaded, returns with their lines.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from marketplace import clock
from marketplace.ordering.after_sale_models import Return, ReturnReason, ReturnState
from marketplace.ordering.models import Fulfillment, Order

RETURN_DAYS = 7
"""Days after the day of delivery on which goods can be given back, as the operator publishes it."""
FRESH_HOURS = 24
"""Hours after delivery in which faults of fresh goods are to be told, as the operator publishes it."""
FRESH_SETS = (1, 2)
"""The sets of fresh food (thực phẩm tươi sống) by their number in annex I of Decision 26/2026/QĐ-TTg."""
SELLERS_FAULT = frozenset(ReturnReason) - {ReturnReason.CHANGED_MIND}


def returnable(
    order: Order,
    returns: Sequence[Return],
    fresh: Collection[int],
    at: datetime,
    recalled: Collection[int] = (),
) -> dict[int, int]:
    """Return by line how many delivered units can still be given back; lines with none are left out.

    `returns` are those of the order, `fresh` the variants that are fresh food. Lines in `recalled` are
    taken back as long as they are recalled, however long ago they were delivered.
    """
    delivered = [sending for sending in order.fulfillments if sending.delivered_at is not None]
    asked = [one for one in returns if one.state is not ReturnState.CANCELED]
    found: dict[int, int] = {}
    for line in order.lines:
        recall = line.id in recalled
        in_time = [one for one in delivered if recall or at < _end(one, fresh=line.variant_id in fresh)]
        left = units_of(delivered, line.id) - units_of(asked, line.id)
        if units := min(left, units_of(in_time, line.id)):
            found[line.id] = units
    return found


def last_day_for_return(order: Order, fresh: Collection[int] = ()) -> datetime | None:
    """Return the instant from which nothing of an order but fresh food can be given back.

    `fresh` are the variants that are fresh food; None before any delivery of other goods.
    """
    lines = {line.id for line in order.lines if line.variant_id not in fresh}
    return max((_end(sending, fresh=False) for sending in _delivered_with(order, lines)), default=None)


def last_moment_for_fresh(order: Order, fresh: Collection[int]) -> datetime | None:
    """Return the last moment for telling faults of an order's fresh food; None before any delivery of it."""
    lines = {line.id for line in order.lines if line.variant_id in fresh}
    ends = (_end(sending, fresh=True) for sending in _delivered_with(order, lines))
    return max((end - timedelta(microseconds=1) for end in ends), default=None)


def refund_for(order: Order, returns: Sequence[Return], asked: Return) -> int:
    """Return what is given back for a return in đồng: the price of its units.

    The fee is added when with it all that was delivered comes back by the seller's fault; `returns` are
    those of the order, the one asked for may be among them.
    """
    prices = {line.id: line.unit_price for line in order.lines}
    goods = sum(prices[line.order_line_id] * line.quantity for line in asked.lines)
    agreed = [one for one in returns if one.state not in {ReturnState.REQUESTED, ReturnState.CANCELED}]
    coming = [one for one in agreed if one.id != asked.id] + [asked]
    delivered = [sending for sending in order.fulfillments if sending.delivered_at is not None]
    faulty = all(one.reason in SELLERS_FAULT for one in coming)
    whole = all(units_of(delivered, line.id) == units_of(coming, line.id) for line in order.lines)
    return goods + (order.shipping_fee if faulty and whole else 0)


def units_of(of: Sequence[Fulfillment] | Sequence[Return], line_id: int) -> int:
    """Return how many units of an order line are in some sendings or returns."""
    return sum(line.quantity for one in of for line in one.lines if line.order_line_id == line_id)


def _delivered_with(order: Order, line_ids: Collection[int]) -> list[Fulfillment]:
    """Return the delivered sendings of an order that brought something of some of its lines."""
    delivered = [sending for sending in order.fulfillments if sending.delivered_at is not None]
    return [one for one in delivered if any(part.order_line_id in line_ids for part in one.lines)]


def _end(sending: Fulfillment, *, fresh: bool) -> datetime:
    """Return the first instant at which goods of a delivered sending cannot be given back any more."""
    delivered_at = sending.delivered_at or sending.shipped_at
    if fresh:
        return delivered_at + timedelta(hours=FRESH_HOURS, microseconds=1)
    return clock.start_of(clock.local_date(delivered_at) + timedelta(days=RETURN_DAYS + 1))

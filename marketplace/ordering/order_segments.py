"""How a seller's orders fall into the parts of its inbox, told by one SQL expression."""

from collections.abc import Sequence
from enum import StrEnum

import sqlalchemy as sa

from marketplace.ordering.after_sale_models import Return, ReturnState
from marketplace.ordering.models import Fulfillment, FulfillmentLine, Order, OrderLine, OrderStatus


class Segment(StrEnum):
    """A part of the inbox. Every order is in one of the first six; RETURNS cuts across them."""

    WAITING = "waiting"
    TO_PACK = "to_pack"
    TO_SHIP = "to_ship"
    ON_THE_WAY = "on_the_way"
    DONE = "done"
    CANCELED = "canceled"
    RETURNS = "returns"


OPEN_RETURNS = (ReturnState.REQUESTED, ReturnState.APPROVED, ReturnState.RECEIVED)
"""Returns that the seller still has to do with."""


def segments_of(*conditions: sa.ColumnElement[bool]) -> sa.Subquery:
    """Return for the orders that meet some conditions and were placed `order_id`, `segment` and `returns`.

    As ordering/status.py tells it of one order: what came back undelivered is to be sent again.
    """
    orders = sa.select(Order.id).where(*conditions)
    kept, out, asked = _kept(orders), _out(orders), _asked(orders)
    left = kept.c.units - sa.func.coalesce(out.c.units, 0)
    parts: Sequence[tuple[sa.ColumnElement[bool], Segment]] = (
        (sa.or_(Order.status == OrderStatus.CANCELED, kept.c.units == 0), Segment.CANCELED),
        (Order.confirmed_at.is_(None), Segment.WAITING),
        (sa.and_(left > 0, Order.packed_at.is_(None)), Segment.TO_PACK),
        (left > 0, Segment.TO_SHIP),
        (out.c.under_way > 0, Segment.ON_THE_WAY),
    )
    segment = sa.case(*((condition, part.value) for condition, part in parts), else_=Segment.DONE.value)
    return (
        sa.select(
            Order.id.label("order_id"),
            segment.label("segment"),
            asked.c.order_id.is_not(None).label("returns"),
        )
        .join(kept, kept.c.order_id == Order.id)
        .outerjoin(out, out.c.order_id == Order.id)
        .outerjoin(asked, asked.c.order_id == Order.id)
        .where(Order.placed_at.is_not(None), *conditions)
        .subquery("standing")
    )


def _kept(orders: sa.Select[int]) -> sa.Subquery:
    """Return by order the units that were not canceled."""
    units = sa.func.sum(OrderLine.quantity - OrderLine.canceled).label("units")
    of_orders = sa.select(OrderLine.order_id, units).where(OrderLine.order_id.in_(orders))
    return of_orders.group_by(OrderLine.order_id).subquery("kept")


def _out(orders: sa.Select[int]) -> sa.Subquery:
    """Return by order the units in sendings that did not come back, and how many are not delivered."""
    under_way = sa.func.sum(sa.case((Fulfillment.delivered_at.is_(None), FulfillmentLine.quantity), else_=0))
    return (
        sa.select(
            Fulfillment.order_id,
            sa.func.sum(FulfillmentLine.quantity).label("units"),
            under_way.label("under_way"),
        )
        .join(Fulfillment.lines)
        .where(Fulfillment.order_id.in_(orders), Fulfillment.came_back_at.is_(None))
        .group_by(Fulfillment.order_id)
        .subquery("out")
    )


def _asked(orders: sa.Select[int]) -> sa.Subquery:
    """Return the orders with a return that the seller still has to do with."""
    open_ones = sa.select(Return.order_id).where(Return.order_id.in_(orders), Return.state.in_(OPEN_RETURNS))
    return open_ones.distinct().subquery("asked")

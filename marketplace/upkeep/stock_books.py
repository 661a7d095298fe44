"""Whether stock figures are what movements, orders and holds make of them; quantities in sale units."""

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.ordering.models import (
    Fulfillment,
    FulfillmentLine,
    MovementKind,
    Order,
    OrderLine,
    OrderStatus,
    StockItem,
    StockMovement,
    StockReservation,
)
from marketplace.payments.books import Off

Sums = sa.Select[int, int]


def list_stock_faults(session: Session) -> Iterator[Off]:
    """Name the stock items whose shelf, promises or holds are not what led to them."""
    shelf = _moved({MovementKind.RECEIVED: 1, MovementKind.ADJUSTED: 1, MovementKind.SHIPPED: -1})
    promised = _moved({MovementKind.ALLOCATED: 1, MovementKind.RELEASED: -1, MovementKind.SHIPPED: -1})
    yield from _compare(session, "variant, on hand by movements", StockItem.on_hand, shelf)
    yield from _compare(session, "variant, allocated by movements", StockItem.allocated, promised)
    yield from _compare(session, "variant, allocated by orders", StockItem.allocated, _to_send())
    yield from _compare(session, "variant, reserved by holds", StockItem.reserved, _held())


def _compare(
    session: Session, what: str, figure: sa.ColumnElement[int] | sa.orm.InstrumentedAttribute[int], sums: Sums
) -> Iterator[Off]:
    made = sums.subquery()
    expected = sa.func.coalesce(made.c.units, 0)
    rows = (
        sa.select(StockItem.variant_id, expected, figure)
        .outerjoin(made, made.c.variant_id == StockItem.variant_id)
        .where(figure != expected)
        .order_by(StockItem.variant_id)
    )
    for variant_id, should, found in session.execute(rows):
        yield Off(what, variant_id, int(should), found)


def _moved(signs: dict[MovementKind, int]) -> Sums:
    signed = sa.case(
        *((StockMovement.kind == kind, StockMovement.quantity * sign) for kind, sign in signs.items()),
        else_=0,
    )
    return sa.select(StockMovement.variant_id, sa.func.sum(signed).label("units")).group_by(
        StockMovement.variant_id
    )


def _to_send() -> Sums:
    """Sum what placed orders still wait for: neither canceled, nor with a carrier or the buyer."""
    out = (
        sa.select(FulfillmentLine.order_line_id, sa.func.sum(FulfillmentLine.quantity).label("units"))
        .join(Fulfillment, Fulfillment.id == FulfillmentLine.fulfillment_id)
        .where(Fulfillment.came_back_at.is_(None))
        .group_by(FulfillmentLine.order_line_id)
        .subquery()
    )
    left = OrderLine.quantity - OrderLine.canceled - sa.func.coalesce(out.c.units, 0)
    return (
        sa.select(OrderLine.variant_id, sa.func.sum(left).label("units"))
        .join(Order, Order.id == OrderLine.order_id)
        .outerjoin(out, out.c.order_line_id == OrderLine.id)
        .where(Order.status == OrderStatus.PLACED)
        .group_by(OrderLine.variant_id)
    )


def _held() -> Sums:
    held = sa.func.sum(StockReservation.quantity).label("units")
    return sa.select(StockReservation.variant_id, held).group_by(StockReservation.variant_id)

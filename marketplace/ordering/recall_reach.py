"""Whom a recall reaches: orders open and sent, their buyers, the points that stock the goods."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.ordering.lot_models import LotStock, OrderFreeze, OrderLineLot, RecallTold
from marketplace.ordering.models import (
    Fulfillment,
    FulfillmentLine,
    Order,
    OrderGroup,
    OrderLine,
    OrderStatus,
)
from marketplace.sales_points.models import SalesPoint, SalesPointProduct
from marketplace.traceability.lots.models import Lot
from marketplace.traceability.recalls.models import Recall, RecallScope
from marketplace.traceability.recalls.touching import lots_of, products_of, variants_of


@dataclass(frozen=True, slots=True)
class Reach:
    """What a recall will touch: products, lots, units on shelves, open orders, buyers, and points."""

    products: int
    lots: int
    on_shelf: int
    open_orders: int
    buyers: int
    points: int


def measure(session: Session, scope: RecallScope, subject_id: int) -> Reach:
    """Return whom and what a recall would touch if it were ordered now."""
    orders = _touched(session, scope, subject_id).subquery()
    own_lots = lots_of(scope, subject_id)
    shelf = sa.select(sa.func.coalesce(sa.func.sum(LotStock.remaining), 0)).where(
        LotStock.lot_id.in_(own_lots)
    )
    counted = (
        sa.select(
            _count(products_of(scope, subject_id)),
            _count(own_lots),
            shelf.scalar_subquery(),
            sa.func.coalesce(sa.func.sum(sa.case((orders.c.open > 0, 1), else_=0)), 0),
            sa.func.count(sa.distinct(OrderGroup.buyer_phone)),
            _count(points_of(scope, subject_id)),
        )
        .select_from(orders)
        .join(Order, Order.id == orders.c.id)
        .join(OrderGroup, OrderGroup.id == Order.group_id)
    )
    return Reach(*session.execute(counted).one())


def list_touched(session: Session, recall: Recall) -> Sequence[int]:
    """Return the ids of the orders that a recall touches and that were not written to yet, oldest first."""
    orders = _touched(session, recall.scope, recall.subject_id).subquery()
    told = sa.exists().where(RecallTold.recall_id == recall.id, RecallTold.order_id == orders.c.id)
    return session.scalars(sa.select(orders.c.id).where(~told).order_by(orders.c.id)).all()


def points_of(scope: RecallScope, subject_id: int) -> sa.Select[Any]:
    """Return the ids of the sales points that stock what a recall is of."""
    stocked = SalesPointProduct.product_id.in_(products_of(scope, subject_id))
    open_ones = sa.select(SalesPoint.id).where(SalesPoint.closed_on.is_(None))
    return (
        sa.select(SalesPointProduct.sales_point_id)
        .where(stocked, SalesPointProduct.sales_point_id.in_(open_ones))
        .distinct()
    )


@dataclass(frozen=True, slots=True)
class Halt:
    """A recall in force that touches an order, and whether it holds the order back."""

    recall: Recall
    frozen: bool


def list_halts(session: Session, order_ids: Sequence[int]) -> dict[int, list[Halt]]:
    """Return the recalls in force that touch orders, by the order's id; the newest first."""
    wanted = (
        sa.select(RecallTold.order_id, Recall, OrderFreeze.frozen_at)
        .join(Recall, Recall.id == RecallTold.recall_id)
        .outerjoin(
            OrderFreeze,
            sa.and_(
                OrderFreeze.order_id == RecallTold.order_id, OrderFreeze.recall_id == RecallTold.recall_id
            ),
        )
        .where(RecallTold.order_id.in_(order_ids), Recall.lifted_at.is_(None))
        .order_by(Recall.ordered_at.desc(), Recall.id.desc())
    )
    found: dict[int, list[Halt]] = {}
    for order_id, recall, frozen_at in session.execute(wanted):
        found.setdefault(order_id, []).append(Halt(recall, frozen_at is not None))
    return found


def find_recalled_lines(session: Session, order: Order, recalls: Sequence[Recall]) -> set[int]:
    """Return the ids of an order's lines that some recalls touch.

    Of a lot these are the lines with units of it, and those of which nobody noted the lot.
    """
    found: set[int] = set()
    for recall in recalls:
        touched = sa.select(OrderLine.id).where(
            OrderLine.order_id == order.id,
            OrderLine.variant_id.in_(variants_of(recall.scope, recall.subject_id)),
        )
        if recall.scope is RecallScope.LOT:
            noted = sa.exists().where(OrderLineLot.order_line_id == OrderLine.id)
            lots = lots_of(recall.scope, recall.subject_id)
            touched = touched.where(sa.or_(~noted, noted.where(OrderLineLot.lot_id.in_(lots))))
        found.update(session.scalars(touched))
    return found


def _touched(session: Session, scope: RecallScope, subject_id: int) -> sa.Select[Any]:
    """Return `id` and `open` units of the orders that a recall touches.

    Of a lot these are the orders with units of it, those that would still be sent its pack, and those sent
    since it was made with units of which nobody noted the lot.
    """
    packs = variants_of(scope, subject_id)
    sent = _sent(packs)
    gone = sa.func.coalesce(sent.c.units, 0)
    left = OrderLine.quantity - OrderLine.canceled - gone
    sold = [OrderLine.variant_id.in_(packs), Order.status == OrderStatus.PLACED]
    columns: tuple[Any, ...] = (Order.id.label("id"), sa.func.sum(left).label("open"))
    lines = (
        sa.select(*columns)
        .join(OrderLine, OrderLine.order_id == Order.id)
        .outerjoin(sent, sent.c.line_id == OrderLine.id)
    )
    if scope is RecallScope.LOT:
        noted = _noted(packs, lots_of(scope, subject_id))
        lines = lines.outerjoin(noted, noted.c.line_id == OrderLine.id)
        unnoted = gone > sa.func.coalesce(noted.c.sent, 0)
        made_on = session.scalar(sa.select(Lot.made_on).where(Lot.id == subject_id))
        since = sent.c.last >= clock.start_of(made_on) if made_on else sa.false()
        sold.append(sa.or_(noted.c.touched > 0, left > 0, sa.and_(unnoted, since)))
    return (
        lines.where(*sold).group_by(Order.id).having(sa.func.sum(OrderLine.quantity - OrderLine.canceled) > 0)
    )


def _sent(packs: sa.Select[Any]) -> sa.Subquery:
    """Return how many units of each line are sent, as ordering/status.py counts, and when the last was."""
    return (
        sa.select(
            FulfillmentLine.order_line_id.label("line_id"),
            sa.func.sum(FulfillmentLine.quantity).label("units"),
            sa.func.max(Fulfillment.shipped_at).label("last"),
        )
        .join(Fulfillment, Fulfillment.id == FulfillmentLine.fulfillment_id)
        .join(OrderLine, OrderLine.id == FulfillmentLine.order_line_id)
        .where(OrderLine.variant_id.in_(packs), Fulfillment.came_back_at.is_(None))
        .group_by(FulfillmentLine.order_line_id)
        .subquery("sent")
    )


def _noted(packs: sa.Select[Any], lots: sa.Select[Any]) -> sa.Subquery:
    """Return how many sent units of each line have their lot noted, and how often it is one of some."""
    return (
        sa.select(
            OrderLineLot.order_line_id.label("line_id"),
            sa.func.sum(OrderLineLot.sent).label("sent"),
            sa.func.sum(sa.case((OrderLineLot.lot_id.in_(lots), 1), else_=0)).label("touched"),
        )
        .join(OrderLine, OrderLine.id == OrderLineLot.order_line_id)
        .where(OrderLine.variant_id.in_(packs))
        .group_by(OrderLineLot.order_line_id)
        .subquery("noted")
    )


def _count(ids: sa.Select[Any]) -> sa.ScalarSelect[int]:
    return sa.select(sa.func.count()).select_from(ids.subquery()).scalar_subquery()

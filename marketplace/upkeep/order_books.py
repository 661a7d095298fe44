"""Whether orders add up: lines, parcels, groups, commission, sendings, returns; amounts in đồng."""

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.ordering.after_sale_models import CommissionLine, Return, ReturnLine, ReturnState
from marketplace.ordering.commission import WHOLE
from marketplace.ordering.models import (
    Fulfillment,
    FulfillmentLine,
    Order,
    OrderGroup,
    OrderLine,
    OrderStatus,
    PaymentMethod,
    StockReservation,
)
from marketplace.payments.books import Check, Off

PLACED_AT_ONCE = [method for method in PaymentMethod if not method.paid_first]


def list_order_faults(session: Session) -> Iterator[Off]:
    """Name the orders whose figures or states contradict each other."""
    for what, rows in (*_totals(), *_commission(), *_sendings(), *_states()):
        for row in session.execute(rows):
            yield Off(what, row[0], int(row[1]), int(row[2]))


def _totals() -> Iterator[Check]:
    goods = sa.func.coalesce(sa.func.sum(OrderLine.total), 0)
    yield (
        "order, goods by lines",
        sa.select(Order.id, goods, Order.goods_total)
        .outerjoin(OrderLine, OrderLine.order_id == Order.id)
        .group_by(Order.id, Order.goods_total)
        .having(goods != Order.goods_total)
        .order_by(Order.id),
    )
    for what, column, of_order in (
        ("group, goods by orders", OrderGroup.goods_total, Order.goods_total),
        ("group, delivery by orders", OrderGroup.shipping_total, Order.shipping_fee),
    ):
        whole = sa.func.coalesce(sa.func.sum(of_order), 0)
        yield (
            what,
            sa.select(OrderGroup.id, whole, column)
            .outerjoin(Order, Order.group_id == OrderGroup.id)
            .group_by(OrderGroup.id, column)
            .having(whole != column)
            .order_by(OrderGroup.id),
        )


def _commission() -> Iterator[Check]:
    rounded = (CommissionLine.base * CommissionLine.rate + WHOLE // 2) // WHOLE
    frozen = sa.select(CommissionLine.order_line_id).order_by(CommissionLine.order_line_id)
    yield (
        "line, base of its commission",
        frozen.add_columns(OrderLine.total, CommissionLine.base)
        .join(OrderLine, OrderLine.id == CommissionLine.order_line_id)
        .where(OrderLine.total != CommissionLine.base),
    )
    yield (
        "line, commission at its rate",
        frozen.add_columns(rounded, CommissionLine.amount).where(rounded != CommissionLine.amount),
    )


def _sendings() -> Iterator[Check]:
    units = sa.func.sum(FulfillmentLine.quantity)
    sent = (
        sa.select(OrderLine.id)
        .join(FulfillmentLine, FulfillmentLine.order_line_id == OrderLine.id)
        .join(Fulfillment, Fulfillment.id == FulfillmentLine.fulfillment_id)
        .group_by(OrderLine.id, OrderLine.quantity, OrderLine.canceled)
        .order_by(OrderLine.id)
    )
    most = OrderLine.quantity - OrderLine.canceled
    yield (
        "line, units sent at most",
        sent.add_columns(most, units).where(Fulfillment.came_back_at.is_(None)).having(units > most),
    )
    back = (
        sa.select(ReturnLine.order_line_id, sa.func.sum(ReturnLine.quantity).label("units"))
        .join(Return, Return.id == ReturnLine.return_id)
        .where(Return.state != ReturnState.CANCELED)
        .group_by(ReturnLine.order_line_id)
        .subquery()
    )
    arrived = sa.func.coalesce(
        sa.func.sum(sa.case((Fulfillment.delivered_at.is_not(None), FulfillmentLine.quantity), else_=0)), 0
    )
    yield (
        "line, units returned at most",
        sa.select(back.c.order_line_id, arrived, back.c.units)
        .outerjoin(FulfillmentLine, FulfillmentLine.order_line_id == back.c.order_line_id)
        .outerjoin(Fulfillment, Fulfillment.id == FulfillmentLine.fulfillment_id)
        .group_by(back.c.order_line_id, back.c.units)
        .having(back.c.units > arrived)
        .order_by(back.c.order_line_id),
    )


def _states() -> Iterator[Check]:
    yield (
        "order canceled, sendings out",
        sa.select(Order.id, sa.literal(0), sa.func.count(Fulfillment.id))
        .join(Fulfillment, Fulfillment.order_id == Order.id)
        .where(Order.status == OrderStatus.CANCELED, Fulfillment.came_back_at.is_(None))
        .group_by(Order.id)
        .order_by(Order.id),
    )
    yield (
        "order not paid first, a draft",
        sa.select(Order.id, sa.literal(0), sa.literal(1))
        .join(OrderGroup, OrderGroup.id == Order.group_id)
        .where(Order.status == OrderStatus.DRAFT, OrderGroup.payment_method.in_(PLACED_AT_ONCE))
        .order_by(Order.id),
    )
    yield (
        "order no draft, units held",
        sa.select(Order.id, sa.literal(0), sa.func.sum(StockReservation.quantity))
        .join(StockReservation, StockReservation.order_id == Order.id)
        .where(Order.status != OrderStatus.DRAFT)
        .group_by(Order.id)
        .order_by(Order.id),
    )

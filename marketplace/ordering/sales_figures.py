"""What a producer sold: by month, product and province of the buyer, in units and whole đồng."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.catalogue.models import Product, Variant
from marketplace.ordering.after_sale_models import Return, ReturnLine, ReturnState
from marketplace.ordering.models import Order, OrderGroup, OrderLine, OrderStatus
from marketplace.places.models import AdminUnit

Key = TypeVar("Key", bound=Hashable)
_CAME_BACK = (ReturnState.RECEIVED, ReturnState.REFUNDED)


@dataclass(frozen=True, slots=True)
class Sold:
    """What was sold of a product in a month to a province; `amount` is the price of the goods in đồng."""

    month: date
    product_id: int
    product: str
    province: str
    units: int
    amount: int


def list_sold(session: Session, producer_id: int, months: Sequence[date]) -> list[Sold]:
    """Return what a producer sold in these months, each by its first day, in one statement.

    It counts placed orders by the day they were placed in Vietnam, without canceled and returned units.
    """
    lines = _lines(producer_id, months).subquery()
    totals = (
        sa.select(
            lines.c.month,
            lines.c.product_id,
            lines.c.product,
            lines.c.province,
            sa.func.sum(lines.c.units),
            sa.func.sum(lines.c.units * lines.c.unit_price),
        )
        .where(lines.c.units > 0)
        .group_by(lines.c.month, lines.c.product_id, lines.c.product, lines.c.province)
    )
    rows = [
        Sold(months[place], number, product, province, int(units), int(amount))
        for place, number, product, province, units, amount in session.execute(totals)
    ]
    return sorted(rows, key=lambda row: (row.month, row.product, row.product_id, row.province))


def by_month(rows: Sequence[Sold], months: Sequence[date]) -> list[tuple[date, int, int]]:
    """Return month, units and amount, months without sales included."""
    totals = dict(_summed(rows, lambda row: row.month))
    return [(month, *totals.get(month, (0, 0))) for month in months]


def by_product(rows: Sequence[Sold]) -> list[tuple[str, int, int]]:
    """Return product, units and amount, what brought most first."""
    return [(key[1], *sums) for key, sums in _summed(rows, lambda row: (row.product_id, row.product))]


def by_province(rows: Sequence[Sold]) -> list[tuple[str, int, int]]:
    """Return province, units and amount, what brought most first."""
    return [(province, *sums) for province, sums in _summed(rows, lambda row: row.province)]


def _summed(rows: Sequence[Sold], key: Callable[[Sold], Key]) -> list[tuple[Key, tuple[int, int]]]:
    sums: defaultdict[Key, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for row in rows:
        units, amount = sums[key(row)]
        sums[key(row)] = (units + row.units, amount + row.amount)
    return sorted(sums.items(), key=lambda one: (-one[1][1], str(one[0])))


def _lines(producer_id: int, months: Sequence[date]) -> sa.Select[int, int, str, str, int, int]:
    starts = [(Order.placed_at >= clock.start_of(month), place) for place, month in enumerate(months)]
    end = clock.start_of(clock.add_months(months[-1], 1))
    returned = _returned()
    return (
        sa.select(
            sa.case(*reversed(starts)).label("month"),
            Product.id.label("product_id"),
            Product.name.label("product"),
            AdminUnit.name.label("province"),
            (OrderLine.quantity - OrderLine.canceled - sa.func.coalesce(returned.c.units, 0)).label("units"),
            OrderLine.unit_price.label("unit_price"),
        )
        .join(Order, Order.id == OrderLine.order_id)
        .join(OrderGroup, OrderGroup.id == Order.group_id)
        .join(Variant, Variant.id == OrderLine.variant_id)
        .join(Product, Product.id == Variant.product_id)
        .join(_commune, _commune.c.id == OrderGroup.ship_commune_id)
        .join(AdminUnit, AdminUnit.id == _commune.c.parent_id)
        .outerjoin(returned, returned.c.order_line_id == OrderLine.id)
        .where(
            Order.producer_id == producer_id,
            Order.status == OrderStatus.PLACED,
            Order.placed_at >= clock.start_of(months[0]),
            Order.placed_at < end,
        )
    )


_commune = sa.select(AdminUnit.id, AdminUnit.parent_id).subquery("commune")


def _returned() -> sa.Subquery:
    return (
        sa.select(ReturnLine.order_line_id, sa.func.sum(ReturnLine.quantity).label("units"))
        .join(Return, Return.id == ReturnLine.return_id)
        .where(Return.state.in_(_CAME_BACK))
        .group_by(ReturnLine.order_line_id)
        .subquery("returned")
    )

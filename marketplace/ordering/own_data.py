"""What orders know of a buyer, and how long: two years after delivery, then only what was sold.

Sellers have to be able to answer for what they sold, so an erasure before then leaves orders alone and
says so. The two years are ours, until the owner's accountants name another period.
"""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from marketplace import clock
from marketplace.accounts.privacy import Subject, erasers, exporters
from marketplace.database import unit_of_work
from marketplace.ordering.models import Order, OrderGroup

DELIVERED_WITHIN = timedelta(days=60)
KEPT_FOR = timedelta(days=730)
KEPT_BECAUSE = (
    "đơn hàng, kèm tên, số điện thoại và địa chỉ nhận, trong 24 tháng sau khi giao, để người bán trả lời được"
    " về hàng đã bán"
)


def export_orders(session: Session, subject: Subject) -> list[dict[str, Any]]:
    """Return the orders that name a subject's telephone, with what was in them."""
    whole = selectinload(OrderGroup.orders).selectinload(Order.lines)
    named = sa.select(OrderGroup).where(_of(subject)).options(whole).order_by(OrderGroup.id)
    return [_told(group) for group in session.execute(named).scalars()]


def keep_orders(session: Session, subject: Subject, at: datetime) -> str | None:
    """Erase nothing, and say so where there are orders."""
    held = sa.select(OrderGroup.id).where(_of(subject)).limit(1)
    return KEPT_BECAUSE if session.execute(held).first() else None


def let_buyers_go() -> None:
    """Take names, telephones and addresses off orders that are old enough; a periodic duty."""
    old = OrderGroup.placed_at < clock.now() - DELIVERED_WITHIN - KEPT_FOR
    named = sa.update(OrderGroup).where(old, OrderGroup.buyer_phone != "")
    with unit_of_work() as session:
        session.execute(named.values(buyer_name="", buyer_phone="", ship_address="", note=None))


def _of(subject: Subject) -> sa.ColumnElement[bool]:
    if not subject.phone:
        return sa.false()
    return OrderGroup.buyer_phone == subject.phone


def _told(group: OrderGroup) -> dict[str, Any]:
    return {
        "number": group.number,
        "placed_at": group.placed_at.isoformat(),
        "name": group.buyer_name,
        "phone": group.buyer_phone,
        "address": f"{group.ship_address}, {group.ship_place}",
        "note": group.note,
        "total": group.total,
        "lines": [
            {"seller": order.seller_name, "product": line.product_name, "variant": line.variant_name}
            | {"quantity": line.quantity, "total": line.total}
            for order in group.orders
            for line in order.lines
        ],
    }


exporters["orders"] = export_orders
erasers["orders"] = keep_orders

"""What the marketplace keeps of a sale: agreed at checkout, line by line, and frozen there."""

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.ordering.after_sale_models import CommissionLine
from marketplace.ordering.models import Order

WHOLE = 10_000
"""A rate of 100 percent, in hundredths of a percent."""


def commission_on(base: int, rate: int) -> int:
    """Return the commission in đồng on so many đồng, halves rounded up; `rate` in hundredths of a percent."""
    return (base * rate + WHOLE // 2) // WHOLE


def freeze_commission(session: Session, orders: Iterable[Order], rate: int) -> None:
    """Write down the commission on orders, their lines saved; it is no part of what buyers pay."""
    rows = [
        {
            "order_line_id": line.id,
            "base": line.total,
            "rate": rate,
            "amount": commission_on(line.total, rate),
        }
        for order in orders
        for line in order.lines
    ]
    session.execute(sa.insert(CommissionLine), rows)

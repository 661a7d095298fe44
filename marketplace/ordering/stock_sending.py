"""Stock that leaves the shelf with a parcel and comes back: quantities in sale units, every change on record.

The cause of a movement names what led to it, once for each variant and kind.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.ordering import stock
from marketplace.ordering.models import MovementKind, StockItem
from marketplace.ordering.stock import Demand, StockLedgerBroken


def send_off(session: Session, demands: Collection[Demand], cause: str, at: datetime) -> None:
    """Take units that were promised to orders off the shelf.

    Raises StockLedgerBroken when fewer were promised: a defect, never a user's doing.
    """
    for variant_id, quantity in _by_item(demands):
        sent = session.execute(
            sa.update(StockItem)
            .where(StockItem.variant_id == variant_id, StockItem.allocated >= quantity)
            .values(on_hand=StockItem.on_hand - quantity, allocated=StockItem.allocated - quantity)
            .returning(StockItem.variant_id)
            .execution_options(synchronize_session=False)
        )
        if sent.first() is None:
            raise StockLedgerBroken(f"fewer than {quantity} units of variant {variant_id} were promised")
    stock.record(session, demands, MovementKind.SHIPPED, at, cause)


def take_back_promised(session: Session, demands: Collection[Demand], cause: str, at: datetime) -> None:
    """Put units that came back on the shelf, promised to their orders as before they were sent."""
    for variant_id, quantity in _by_item(demands):
        session.execute(
            sa.update(StockItem)
            .where(StockItem.variant_id == variant_id)
            .values(on_hand=StockItem.on_hand + quantity, allocated=StockItem.allocated + quantity)
            .execution_options(synchronize_session=False)
        )
    for kind in (MovementKind.RECEIVED, MovementKind.ALLOCATED):
        stock.record(session, demands, kind, at, cause)


def put_back(session: Session, demands: Collection[Demand], cause: str, at: datetime) -> None:
    """Put units that a buyer returned on the shelf, to be sold again."""
    changes: dict[int, tuple[int, int]] = {}
    for variant_id, quantity in _by_item(demands):
        after: int = session.execute(
            sa.update(StockItem)
            .where(StockItem.variant_id == variant_id)
            .values(on_hand=StockItem.on_hand + quantity)
            .returning(stock.AVAILABLE)
            .execution_options(synchronize_session=False)
        ).scalar_one()
        changes[variant_id] = (after - quantity, after)
    stock.record(session, demands, MovementKind.RECEIVED, at, cause)
    stock.tell(session, changes)


def _by_item(demands: Iterable[Demand]) -> list[tuple[int, int]]:
    """Return the quantities summed by stock item, in the order in which items are locked."""
    sums: defaultdict[int, int] = defaultdict(int)
    for demand in demands:
        sums[demand.variant_id] += demand.quantity
    return sorted(sums.items())

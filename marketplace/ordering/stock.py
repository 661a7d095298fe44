"""Stock: promised by one conditional statement, every change on record; quantities in sale units.

Locks are taken in one order everywhere: stock items by their variant, the register version last.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace import jobs
from marketplace.ordering.after_sale_models import BackInStockWish
from marketplace.ordering.errors import BelowPromised, OutOfStock
from marketplace.ordering.models import MovementKind, Order, StockItem, StockMovement
from marketplace.register import raise_version
from marketplace.upsert import insert_into

FEW = 5
BACK_JOB = "stock.back"
AVAILABLE = StockItem.on_hand - StockItem.allocated - StockItem.reserved


class StockState(StrEnum):
    """What pages say about stock."""

    IN_STOCK = "in_stock"
    FEW_LEFT = "few_left"
    SOLD_OUT = "sold_out"


class StockLedgerBroken(RuntimeError):
    """Stock figures that contradict the orders: a defect."""


@dataclass(frozen=True, slots=True)
class StockPhrase:
    """What pages say about stock; `left` is told only when few are left."""

    state: StockState
    left: int | None = None


@dataclass(frozen=True, slots=True)
class Demand:
    """So many units of a variant, promised or given back, for an order."""

    order_id: int
    variant_id: int
    quantity: int


def stock_phrase(available: int) -> StockPhrase:
    """Return what is said of so many units: the exact number only up to five."""
    if available <= 0:
        return StockPhrase(StockState.SOLD_OUT)
    if available <= FEW:
        return StockPhrase(StockState.FEW_LEFT, available)
    return StockPhrase(StockState.IN_STOCK)


def demands_of(order: Order) -> list[Demand]:
    """Return what an order, its lines loaded, needs of each variant."""
    return [Demand(order.id, line.variant_id, line.quantity) for line in order.lines]


def find_available(session: Session, variant_ids: Collection[int]) -> dict[int, int]:
    """Return how many units of each variant can be sold; a variant never stocked is left out."""
    rows = session.execute(
        sa.select(StockItem.variant_id, AVAILABLE.label("available")).where(
            StockItem.variant_id.in_(variant_ids)
        )
    )
    return {row.variant_id: row.available for row in rows}


def allocate(session: Session, demands: Collection[Demand], at: datetime) -> None:
    """Promise units to orders, all or nothing.

    Quantities of one stock item are summed first. Raises OutOfStock naming the first item that
    does not suffice; the unit of work is then to be given up.
    """
    left: dict[int, tuple[int, int]] = {}
    for variant_id, quantity in sorted(_summed_by_item(demands).items()):
        after = _change_allocated(session, variant_id, quantity, quantity <= AVAILABLE)
        if after is None:
            available = find_available(session, [variant_id]).get(variant_id, 0)
            raise OutOfStock(variant_id=variant_id, available=available)
        left[variant_id] = (after + quantity, after)
    record(session, demands, MovementKind.ALLOCATED, at)
    tell(session, left)


def release(session: Session, demands: Collection[Demand], at: datetime, *, cause: str | None = None) -> None:
    """Give promised units back to the shelf; the record allows it once per cause and variant.

    The cause is the order itself unless another is named.
    Raises StockLedgerBroken when fewer were promised: a defect, never a user's doing.
    """
    left: dict[int, tuple[int, int]] = {}
    for variant_id, quantity in sorted(_summed_by_item(demands).items()):
        after = _change_allocated(session, variant_id, -quantity, quantity <= StockItem.allocated)
        if after is None:
            raise StockLedgerBroken(f"fewer than {quantity} units of variant {variant_id} were promised")
        left[variant_id] = (after - quantity, after)
    record(session, demands, MovementKind.RELEASED, at, cause)
    tell(session, left)


def receive(
    session: Session, variant_id: int, quantity: int, reason: str, at: datetime, *, sample: bool = False
) -> None:
    """Put new units on the shelf; the first receipt makes the stock item.

    `sample` marks a figure made up for the demo.
    """
    received = session.execute(
        insert_into(session, StockItem)
        .values(variant_id=variant_id, on_hand=quantity, allocated=0, reserved=0, sample=sample)
        .on_conflict_do_update(
            index_elements=["variant_id"], set_={"on_hand": StockItem.on_hand + quantity, "sample": sample}
        )
        .returning(AVAILABLE)
    )
    available: int = received.scalar_one()
    _record_shelf(session, MovementKind.RECEIVED, variant_id, quantity, reason, at)
    tell(session, {variant_id: (available - quantity, available)})


def adjust(session: Session, variant_id: int, by: int, reason: str, at: datetime) -> None:
    """Correct the count on the shelf by a positive or negative number.

    Raises BelowPromised when less would be left than is promised to orders.
    """
    available: int | None = session.execute(
        sa.update(StockItem)
        .where(StockItem.variant_id == variant_id, AVAILABLE + by >= 0)
        .values(on_hand=StockItem.on_hand + by)
        .returning(AVAILABLE)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    if available is None:
        raise BelowPromised(variant_id=variant_id)
    _record_shelf(session, MovementKind.ADJUSTED, variant_id, by, reason, at)
    tell(session, {variant_id: (available - by, available)})


def _summed_by_item(demands: Iterable[Demand]) -> dict[int, int]:
    sums: defaultdict[int, int] = defaultdict(int)
    for demand in demands:
        sums[demand.variant_id] += demand.quantity
    return sums


def _change_allocated(
    session: Session, variant_id: int, by: int, suffices: sa.ColumnElement[bool]
) -> int | None:
    """Change what is promised, on a condition; return what can then be sold, or None if unmet."""
    after: int | None = session.execute(
        sa.update(StockItem)
        .where(StockItem.variant_id == variant_id, suffices)
        .values(allocated=StockItem.allocated + by)
        .returning(AVAILABLE)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    return after


def tell(session: Session, changes: Mapping[int, tuple[int, int]]) -> None:
    """Raise the register version when a product page would now say something else.

    Who asked to be told that a variant can be bought again is told by a job, once that is committed.
    """
    if any(stock_phrase(before) != stock_phrase(after) for before, after in changes.values()):
        raise_version(session)
    if back := [item for item, (before, after) in changes.items() if before <= 0 < after]:
        wished = sa.select(BackInStockWish.variant_id).where(BackInStockWish.variant_id.in_(back))
        for variant_id in session.scalars(wished.distinct().order_by(BackInStockWish.variant_id)):
            jobs.put(session, BACK_JOB, variant_id=variant_id)


def record(
    session: Session,
    demands: Iterable[Demand],
    kind: MovementKind,
    at: datetime,
    cause: str | None = None,
) -> None:
    """Write down movements for orders; the cause is the order itself unless another is named."""
    sums: defaultdict[tuple[int, int], int] = defaultdict(int)
    for demand in demands:
        sums[demand.order_id, demand.variant_id] += demand.quantity
    rows = [
        {
            "order_id": order_id,
            "variant_id": variant_id,
            "kind": kind,
            "quantity": quantity,
            "cause": cause or f"order:{order_id}",
            "at": at,
        }
        for (order_id, variant_id), quantity in sums.items()
    ]
    if rows:
        session.execute(sa.insert(StockMovement), rows)


def _record_shelf(
    session: Session, kind: MovementKind, variant_id: int, quantity: int, reason: str, at: datetime
) -> None:
    row = {"variant_id": variant_id, "kind": kind, "quantity": quantity, "reason": reason, "at": at}
    session.execute(sa.insert(StockMovement).values(**row))

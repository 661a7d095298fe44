"""Units held for draft orders while they are being paid; quantities in sale units.

A hold counts in `StockItem.reserved` while its row stands. Whoever changes a hold locks its stock item
first, items by variant ascending: the rows are the record, the figures of the item decide.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.database import db, unit_of_work
from marketplace.ordering.errors import HoldLost, OutOfStock
from marketplace.ordering.freezing import any_halted
from marketplace.ordering.models import MovementKind, Order, OrderStatus, StockItem, StockReservation
from marketplace.ordering.stock import (
    AVAILABLE,
    Demand,
    StockLedgerBroken,
    demands_of,
    find_available,
    record,
    tell,
)

HELD_FOR = timedelta(minutes=40)
"""How long a hold lasts, from checkout and from every sign of life of the buyer."""
HELD_AT_MOST = timedelta(hours=2)
"""How long after checkout a hold ends, whatever the buyer does."""
SWEPT_AT_ONCE = 200


def reserve(
    session: Session, demands: Collection[Demand], until: datetime, latest: datetime, at: datetime
) -> None:
    """Hold units for draft orders until a moment that may be moved up to `latest`, all or nothing.

    Quantities of one stock item are summed first, and its expired holds are let go of. Raises OutOfStock
    naming the first item that does not suffice; the unit of work is then to be given up.
    """
    release_expired(session, {demand.variant_id for demand in demands}, at)
    _hold(session, demands, until, latest)


def release_expired(
    session: Session, variant_ids: Collection[int], at: datetime, *, but_of: Collection[int] = ()
) -> int:
    """Let go of the holds on some stock items that have run out, except those of some orders.

    Return how many stock items that concerned. Nothing is locked where there are none; otherwise all
    items named, so that what is locked after them comes in order.
    """
    lapsed = sa.and_(
        StockReservation.variant_id.in_(variant_ids),
        StockReservation.expires_at <= at,
        StockReservation.order_id.not_in(but_of),
    )
    if session.execute(sa.select(StockReservation.id).where(lapsed).limit(1)).first() is None:
        return 0
    lock_items(session, variant_ids)
    return _drop(session, lapsed)


def sweep_holds() -> int:
    """Let go of holds that ran out, some at a time; a periodic duty. Return on how many items."""
    at = clock.now()
    lapsed = sa.select(StockReservation.variant_id).where(StockReservation.expires_at <= at)
    oldest = lapsed.order_by(StockReservation.expires_at).limit(SWEPT_AT_ONCE)
    db.session.rollback()
    items = set(db.session.scalars(oldest))
    if not items:
        return 0
    with unit_of_work() as session:
        return release_expired(session, items, at)


def extend_holds(session: Session, group_id: int, at: datetime) -> datetime | None:
    """Hold the goods of a group's draft orders a while longer, and take again what had run out.

    The row of the group must be locked. Return until when they are held, or None where it has no draft
    order. Raises HoldLost when goods are gone or recalled, or two hours have passed since checkout.
    """
    drafts = _list_drafts(session, group_id)
    if not drafts:
        return None
    latest = drafts[0].group.placed_at + HELD_AT_MOST
    until = min(at + HELD_FOR, latest)
    if until <= at:
        raise HoldLost
    demands = [demand for order in drafts for demand in demands_of(order)]
    if any_halted(session, {demand.variant_id for demand in demands}):
        raise HoldLost
    lock_items(session, {demand.variant_id for demand in demands})
    held = _extend(session, {order.id for order in drafts}, until)
    missing = [demand for demand in demands if (demand.order_id, demand.variant_id) not in held]
    try:
        if missing:
            reserve(session, missing, until, latest, at)
    except OutOfStock as refusal:
        raise HoldLost(**refusal.parameters) from refusal
    return until


def let_go(session: Session, order_id: int) -> None:
    """Let go of what is held for an order, if anything is."""
    own = StockReservation.order_id == order_id
    items = session.scalars(sa.select(StockReservation.variant_id).where(own)).all()
    if items:
        lock_items(session, items)
        _drop(session, own)


def allocate_held(session: Session, demands: Sequence[Demand], at: datetime) -> None:
    """Turn what is held for one order into a promise; what is held no longer is taken from the shelf.

    The stock items must be locked. Raises OutOfStock naming the first item that does not suffice; what
    was done here is then to be undone.
    """
    own = StockReservation.order_id.in_({demand.order_id for demand in demands})
    held = _take_rows(session, own)
    left: dict[int, tuple[int, int]] = {}
    for variant_id, quantity in _summed(demands):
        holding = held.pop(variant_id, 0)
        after = _change(
            session,
            variant_id,
            quantity <= AVAILABLE + holding,
            reserved=StockItem.reserved - holding,
            allocated=StockItem.allocated + quantity,
        )
        if after is None:
            raise _out_of_stock(session, variant_id, holding)
        left[variant_id] = (after + quantity - holding, after)
    record(session, demands, MovementKind.ALLOCATED, at)
    tell(session, left)


def lock_items(session: Session, variant_ids: Collection[int]) -> None:
    """Lock stock items in the order in which everybody does."""
    wanted = sa.select(StockItem.variant_id).where(StockItem.variant_id.in_(variant_ids))
    session.execute(wanted.order_by(StockItem.variant_id).with_for_update()).all()


def _hold(session: Session, demands: Collection[Demand], until: datetime, latest: datetime) -> None:
    left: dict[int, tuple[int, int]] = {}
    for variant_id, quantity in _summed(demands):
        after = _change(session, variant_id, quantity <= AVAILABLE, reserved=StockItem.reserved + quantity)
        if after is None:
            raise _out_of_stock(session, variant_id)
        left[variant_id] = (after + quantity, after)
    session.execute(sa.insert(StockReservation), _rows(demands, until, latest))
    tell(session, left)


def _rows(demands: Iterable[Demand], until: datetime, latest: datetime) -> list[dict[str, object]]:
    sums: defaultdict[tuple[int, int], int] = defaultdict(int)
    for demand in demands:
        sums[demand.order_id, demand.variant_id] += demand.quantity
    moments = {"expires_at": until, "latest": latest}
    return [
        {"order_id": order_id, "variant_id": variant_id, "quantity": quantity, **moments}
        for (order_id, variant_id), quantity in sums.items()
    ]


def _list_drafts(session: Session, group_id: int) -> Sequence[Order]:
    wanted = sa.select(Order).where(Order.group_id == group_id, Order.status == OrderStatus.DRAFT)
    whole = wanted.options(sa.orm.joinedload(Order.group), sa.orm.selectinload(Order.lines))
    return session.scalars(whole.order_by(Order.position)).all()


def _extend(session: Session, order_ids: Collection[int], until: datetime) -> set[tuple[int, int]]:
    """Move the end of holds that still stand; return for which orders and variants they do."""
    moved = session.execute(
        sa.update(StockReservation)
        .where(StockReservation.order_id.in_(order_ids))
        .values(expires_at=until)
        .returning(StockReservation.order_id, StockReservation.variant_id)
        .execution_options(synchronize_session=False)
    )
    return {(order_id, variant_id) for order_id, variant_id in moved}


def _drop(session: Session, which: sa.ColumnElement[bool]) -> int:
    """Delete holds, whose items must be locked, and give their units back to the shelf."""
    dropped = _take_rows(session, which)
    left: dict[int, tuple[int, int]] = {}
    for variant_id, quantity in sorted(dropped.items()):
        given_back = quantity <= StockItem.reserved
        after = _change(session, variant_id, given_back, reserved=StockItem.reserved - quantity)
        if after is None:
            raise StockLedgerBroken(f"fewer than {quantity} units of variant {variant_id} were held")
        left[variant_id] = (after - quantity, after)
    tell(session, left)
    return len(dropped)


def _take_rows(session: Session, which: sa.ColumnElement[bool]) -> dict[int, int]:
    """Delete holds and return how many units they held of each variant."""
    gone = session.execute(
        sa.delete(StockReservation)
        .where(which)
        .returning(StockReservation.variant_id, StockReservation.quantity)
        .execution_options(synchronize_session=False)
    )
    sums: defaultdict[int, int] = defaultdict(int)
    for variant_id, quantity in gone:
        sums[variant_id] += quantity
    return sums


def _change(
    session: Session, variant_id: int, suffices: sa.ColumnElement[bool], **figures: sa.ColumnElement[int]
) -> int | None:
    """Change figures of an item on a condition; return what can then be sold, or None if unmet."""
    after: int | None = session.execute(
        sa.update(StockItem)
        .where(StockItem.variant_id == variant_id, suffices)
        .values(**figures)
        .returning(AVAILABLE)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    return after


def _out_of_stock(session: Session, variant_id: int, holding: int = 0) -> OutOfStock:
    available = find_available(session, [variant_id]).get(variant_id, 0)
    return OutOfStock(variant_id=variant_id, available=available + holding)


def _summed(demands: Iterable[Demand]) -> list[tuple[int, int]]:
    """Return quantities summed by stock item, in the order in which items are locked."""
    sums: defaultdict[int, int] = defaultdict(int)
    for demand in demands:
        sums[demand.variant_id] += demand.quantity
    return sorted(sums.items())

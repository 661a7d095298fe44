"""Lots on the shelf, in sale units: what of a lot can be sent, and what a recall takes out of trade.

Lots stand beside the stock, which alone decides what is sold: sellers who make no lots go on as before.
Locks: stock items by pack, `LotStock` by lot, then the lots.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager

from marketplace import clock, jobs
from marketplace.database import unit_of_work
from marketplace.ordering import stock
from marketplace.ordering.lot_models import LotStock, OrderLineLot
from marketplace.ordering.models import StockItem, StockMovement
from marketplace.ordering.reservations import lock_items
from marketplace.ordering.stock_keeping import REASONS_COUNTED, StockReason
from marketplace.traceability.lots.errors import LotInUse
from marketplace.traceability.lots.models import Lot
from marketplace.traceability.recalls.touching import packs_of_lots

QUARANTINE_JOB = "lots.quarantine"


def shelve(session: Session, lot: Lot, at: datetime, *, add_to_stock: bool) -> LotStock | None:
    """Note that the packs of a new lot are on the shelf; material and lots of no one pack are not.

    `add_to_stock` puts them into stock as well, for who has not counted them there yet. Doing it twice
    changes nothing more. A lot that is recalled from the start is taken out of stock by a job.
    """
    if lot.variant_id is None:
        return None
    if (known := session.get(LotStock, lot.id)) is not None:
        return known
    shelved = LotStock(lot_id=lot.id, variant_id=lot.variant_id, remaining=int(lot.quantity), quarantined=0)
    session.add(shelved)
    session.flush()
    if add_to_stock and shelved.remaining:
        stock.receive(session, lot.variant_id, shelved.remaining, StockReason.PRODUCED.value, at)
    if lot.recalled_at is not None:
        jobs.put(session, QUARANTINE_JOB, lot_id=lot.id)
    return shelved


def unshelve(session: Session, lot: Lot, at: datetime, *, from_stock: bool) -> None:
    """Take a lot that was typed wrong off the shelf, all of it; `from_stock` takes its units out of stock.

    Raises LotInUse once units of it went anywhere, and BelowPromised.
    """
    lock_items(session, [lot.variant_id] if lot.variant_id else [])
    shelved = lock_shelves_of(session, [lot.id]).get(lot.id)
    if shelved is None:
        return
    taken = sa.select(OrderLineLot.lot_id).where(OrderLineLot.lot_id == lot.id).limit(1)
    if shelved.remaining != lot.quantity or shelved.quarantined or session.scalar(taken) is not None:
        raise LotInUse(lot_code=lot.code)
    if from_stock:
        stock.adjust(session, shelved.variant_id, -shelved.remaining, StockReason.MISCOUNTED.value, at)
    session.delete(shelved)
    session.flush()


def list_sendable(session: Session, variant_ids: Collection[int], day: date) -> dict[int, list[LotStock]]:
    """Return the lots of packs that can be sent on a day, by pack; first expired, first out."""
    found: defaultdict[int, list[LotStock]] = defaultdict(list)
    for one in session.scalars(_shelves(LotStock.variant_id.in_(variant_ids), LotStock.remaining > 0)):
        found[one.variant_id].append(one)
    return {pack: sendable_of(own, day) for pack, own in found.items()}


def sendable_of(shelves: Iterable[LotStock], day: date) -> list[LotStock]:
    """Return those that can be sent on a day; first expired, first out."""
    good = (one for one in shelves if one.remaining and is_sendable(one.lot, day))
    return sorted(good, key=lambda one: first_out(one.lot))


def is_sendable(lot: Lot, day: date) -> bool:
    """Whether a lot is neither recalled nor past its last day of use."""
    return lot.recalled_at is None and not lot.is_past_use(day)


def first_out(lot: Lot) -> tuple[date, date, int]:
    """Return what lots are sorted by: first expired, first out; those without an end last."""
    return lot.use_by or date.max, lot.made_on, lot.id


def lock_shelves(session: Session, variant_ids: Collection[int]) -> dict[int, list[LotStock]]:
    """Lock what lots have on the shelf of some packs; return it by pack."""
    found: defaultdict[int, list[LotStock]] = defaultdict(list)
    for one in _lock(session, LotStock.variant_id.in_(variant_ids)):
        found[one.variant_id].append(one)
    return found


def lock_shelves_of(session: Session, lot_ids: Collection[int]) -> dict[int, LotStock]:
    """Lock what some lots have on the shelf; return it by lot."""
    return {one.lot_id: one for one in _lock(session, LotStock.lot_id.in_(lot_ids))}


def change_remaining(session: Session, shelved: LotStock, by: int, at: datetime) -> None:
    """Put units of a lot on the shelf or take them off; the lot tells when none is left.

    What comes back of a recalled lot is taken out of stock by a job, once it is there.
    """
    shelved.remaining += by
    if by > 0 and shelved.lot.recalled_at is not None:
        jobs.put(session, QUARANTINE_JOB, lot_id=shelved.lot_id)
    if not shelved.remaining:
        shelved.lot.gone_at = at
    elif shelved.lot.gone_at is not None:
        shelved.lot.gone_at = None


def count_loose(session: Session, variant_id: int, shelves: Iterable[LotStock]) -> int:
    """Return how many units of a pack are in stock that are of no lot on record.

    What is left of a recalled lot was never counted there, or is promised to orders held back.
    """
    on_hand = session.scalar(sa.select(StockItem.on_hand).where(StockItem.variant_id == variant_id)) or 0
    return max(0, on_hand - sum(one.remaining for one in shelves if one.lot.recalled_at is None))


def quarantine(session: Session, lots: sa.Select[int], at: datetime) -> int:
    """Take recalled lots out of stock as far as no order was promised them; return how many units."""
    shelves, moved = _lock_with_stock(session, lots), 0
    free = stock.find_available(session, {one.variant_id for one in shelves})
    for one in shelves:
        units = min(one.remaining, max(0, free.get(one.variant_id, 0)))
        if units:
            stock.adjust(session, one.variant_id, -units, StockReason.RECALLED.value, at)
            one.remaining, one.quarantined = one.remaining - units, one.quarantined + units
            free[one.variant_id] -= units
            moved += units
    session.flush()
    return moved


@jobs.handler(QUARANTINE_JOB)
def quarantine_lot(lot_id: int) -> None:
    """Take what came back of a recalled lot out of stock."""
    with unit_of_work() as session:
        recalled = sa.select(Lot.id).where(Lot.id == lot_id, Lot.recalled_at.is_not(None))
        quarantine(session, recalled, clock.now())


def end_quarantine(session: Session, lots: sa.Select[int], at: datetime) -> None:
    """Put back into stock what recalls took out of it, of lots that none is in force of any more."""
    for one in _lock_with_stock(session, lots):
        if one.quarantined and one.lot.recalled_at is None:
            stock.adjust(session, one.variant_id, one.quarantined, StockReason.RECALL_LIFTED.value, at)
            one.remaining, one.quarantined = one.remaining + one.quarantined, 0
    session.flush()


def find_uncovered(session: Session, lots: sa.Select[int]) -> int:
    """Return how many units that orders were promised there are in some lots alone; locks the stock."""
    held: defaultdict[int, int] = defaultdict(int)
    for one in _lock_with_stock(session, lots):
        held[one.variant_id] += one.remaining
    items = sa.select(StockItem).where(StockItem.variant_id.in_(held))
    return sum(
        max(0, one.allocated + one.reserved - max(0, one.on_hand - held[one.variant_id]))
        for one in session.scalars(items.execution_options(populate_existing=True))
    )


def any_uncounted(session: Session, lots: sa.Select[int], since: datetime) -> bool:
    """Return whether units of some lots may be in stock unnoted.

    So it is while goods of a lot that was never on a shelf are on hand and nobody counted them since.
    """
    never = sa.select(Lot.id).where(Lot.id.in_(lots), ~sa.exists().where(LotStock.lot_id == Lot.id))
    counted = sa.exists().where(
        StockMovement.variant_id == StockItem.variant_id,
        StockMovement.reason.in_([reason.value for reason in REASONS_COUNTED]),
        StockMovement.at >= since,
    )
    unsure = sa.select(StockItem.variant_id).where(
        StockItem.variant_id.in_(packs_of_lots(never)), StockItem.on_hand > 0, ~counted
    )
    return session.scalar(unsure.limit(1)) is not None


def _lock_with_stock(session: Session, lots: sa.Select[int]) -> list[LotStock]:
    packs = sa.select(LotStock.variant_id).where(LotStock.lot_id.in_(lots)).distinct()
    lock_items(session, session.scalars(packs).all())
    return _lock(session, LotStock.lot_id.in_(lots))


def _lock(session: Session, which: sa.ColumnElement[bool]) -> list[LotStock]:
    locked = _shelves(which).with_for_update(of=LotStock).execution_options(populate_existing=True)
    return list(session.scalars(locked))


def _shelves(*which: sa.ColumnElement[bool]) -> sa.Select[LotStock]:
    wanted = sa.select(LotStock).join(LotStock.lot).where(*which)
    return wanted.options(contains_eager(LotStock.lot)).order_by(LotStock.lot_id)

"""What a recall does to orders and stock, as jobs: freeze what is open, quarantine lots, have buyers told.

Orders are taken some at a time, each time in a short unit of work with a rest after it, so that checkouts
are never kept waiting; doing it again writes to nobody twice. Locks: the recall, then order groups by id.
"""

import time
from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace import clock, jobs
from marketplace.accounts.permissions import Actor
from marketplace.database import db, unit_of_work
from marketplace.ordering import lots
from marketplace.ordering.after_sale_errors import NotCounted, PromisedToOrders
from marketplace.ordering.cancellation import take_off
from marketplace.ordering.freezing import find_halted
from marketplace.ordering.fulfillment import leave_out
from marketplace.ordering.lot_models import OrderFreeze, RecallTold
from marketplace.ordering.models import CancelReason, Order, OrderGroup, OrderStatus, StockItem
from marketplace.ordering.order_lock import lock_groups, lock_order
from marketplace.ordering.recall_reach import list_touched
from marketplace.ordering.recalled_lots import strip_lots
from marketplace.ordering.reservations import lock_items
from marketplace.ordering.restock_wishes import tell_of_wishes
from marketplace.ordering.status import units_to_send
from marketplace.register import raise_version
from marketplace.traceability.recalls import acts
from marketplace.traceability.recalls.errors import OfficeRecall
from marketplace.traceability.recalls.models import Recall, RecallScope
from marketplace.traceability.recalls.touching import lots_of, variants_of
from marketplace.upsert import insert_into

BUYERS_JOB = "recalls.buyers"
AT_ONCE = 100
REST_SECONDS = 0.1
"""As long as a checkout sleeps between two tries for SQLite's write lock; busy machines rest longer."""


@jobs.handler(acts.ORDERED_JOB)
def carry_out(recall_id: int) -> None:
    """Do to orders and stock what a recall asks for, as long as it is in force."""
    recall = _start(recall_id)
    if recall is None:
        return
    touched = list_touched(db.session(), recall)
    for first in range(0, len(touched), AT_ONCE):
        begun = time.monotonic()
        if not _take_on(recall, touched[first : first + AT_ONCE]):
            return
        time.sleep(max(REST_SECONDS, time.monotonic() - begun))
    with unit_of_work() as session:
        lots.quarantine(session, _lots(recall), clock.now())
        of_recall = sa.update(Recall).where(Recall.id == recall.id, Recall.done_at.is_(None))
        session.execute(of_recall.values(done_at=clock.now()))
        raise_version(session)


@jobs.handler(acts.LIFTED_JOB)
def undo(recall_id: int) -> None:
    """Let orders go on, and put back into stock what was taken out of it, once a recall is lifted."""
    with unit_of_work() as session:
        recall = session.get(Recall, recall_id)
        if recall is None or recall.in_force:
            return
        session.execute(sa.delete(OrderFreeze).where(OrderFreeze.recall_id == recall_id))
        lots.end_quarantine(session, _lots(recall), clock.now())
        tell_of_wishes(session, _variants(recall))
    told = (
        sa.select(RecallTold.order_id).where(RecallTold.recall_id == recall_id).order_by(RecallTold.order_id)
    )
    _have_told(recall_id, db.session.scalars(told).all())


def resume(
    session: Session, actor: Actor | None, recall_id: int, at: datetime, *, by_office: bool = True
) -> Recall:
    """Sell other lots again while a lot stays recalled: what is left of it leaves the stock first.

    Orders that waited go on. Raises NotCounted while nobody knows what is left of the lot,
    PromisedToOrders while other lots do not suffice for what was promised, OfficeRecall for a producer
    under a recall of the office, and what `acts.resume_sale` raises.
    """
    recall = acts.lock_packs(session, recall_id)
    if recall.by_office and not by_office:
        raise OfficeRecall(recall=recall.code)
    if lots.any_uncounted(session, _lots(recall), recall.ordered_at):
        raise NotCounted(recall=recall.code)
    if missing := lots.find_uncovered(session, _lots(recall)):
        raise PromisedToOrders(missing=missing)
    lots.quarantine(session, _lots(recall), at)
    resumed = acts.resume_sale(session, actor, recall_id, at)
    session.execute(sa.delete(OrderFreeze).where(OrderFreeze.recall_id == recall_id))
    tell_of_wishes(session, _variants(recall))
    return resumed


def take_recalled_off(session: Session, order_id: int, at: datetime) -> Order:
    """Take what must not be sent off an order, so that the rest of it can go; nothing else left, cancel it.

    Whoever calls settles the money. Raises NotFound.
    """
    order = lock_order(session, order_id)
    halted = find_halted(session, order)
    if order.status is not OrderStatus.PLACED or not halted:
        return order
    standing = any(sending.came_back_at is None for sending in order.fulfillments)
    if halted == units_to_send(order) and not standing:
        take_off(session, order, CancelReason.RECALLED, at)
    else:
        leave_out(session, order, halted, at)
    session.execute(sa.delete(OrderFreeze).where(OrderFreeze.order_id == order_id))
    return order


def _start(recall_id: int) -> Recall | None:
    """Wait for checkouts under way, which come before the recall, and take free units out of stock."""
    db.session.rollback()
    recall = db.session.get(Recall, recall_id)
    if recall is None or not recall.in_force:
        return None
    with unit_of_work() as session:
        stocked = sa.select(StockItem.variant_id).where(StockItem.variant_id.in_(_variants(recall)))
        lock_items(session, session.scalars(stocked).all())
        lots.quarantine(session, _lots(recall), clock.now())
    return recall


def _take_on(recall: Recall, order_ids: Sequence[int]) -> bool:
    """Freeze and write down some orders; say whether the recall is still in force."""
    at = clock.now()
    with unit_of_work() as session:
        if not acts.lock_recall(session, recall.id).in_force:
            return False
        packs = set(session.scalars(_variants(recall)))
        recalled = set(session.scalars(_lots(recall))) if recall.scope is RecallScope.LOT else set()
        wanted = sa.select(Order.group_id).where(Order.id.in_(order_ids))
        groups = lock_groups(session, OrderGroup.id.in_(wanted))
        orders = [order for group in groups for order in group.orders if order.id in set(order_ids)]
        frozen = [order for order in orders if _is_open(order, packs)]
        unpacked = strip_lots(session, frozen, recalled, packs)
        for order in frozen:
            if order.id in unpacked:
                order.packed_at = None
        _write(session, recall, frozen, orders, at)
        jobs.put_first(session, BUYERS_JOB, recall_id=recall.id, order_ids=list(order_ids), lifted=False)
    return True


def _is_open(order: Order, packs: Collection[int]) -> bool:
    left = units_to_send(order)
    return any(line.id in left and line.variant_id in packs for line in order.lines)


def _write(
    session: Session, recall: Recall, frozen: Collection[Order], told: Collection[Order], at: datetime
) -> None:
    for model, orders, moment in ((OrderFreeze, frozen, "frozen_at"), (RecallTold, told, "told_at")):
        rows = [{"order_id": order.id, "recall_id": recall.id, moment: at} for order in orders]
        if rows:
            session.execute(insert_into(session, model).values(rows).on_conflict_do_nothing())
    counted = {
        "buyers_told": Recall.buyers_told + len(told),
        "orders_frozen": Recall.orders_frozen + len(frozen),
    }
    session.execute(
        sa.update(Recall).where(Recall.id == recall.id).values(**counted),
        execution_options={"synchronize_session": False},
    )


def _have_told(recall_id: int, order_ids: Sequence[int]) -> None:
    for first in range(0, len(order_ids), AT_ONCE):
        with unit_of_work() as session:
            some = list(order_ids[first : first + AT_ONCE])
            jobs.put_first(session, BUYERS_JOB, recall_id=recall_id, order_ids=some, lifted=True)


def _lots(recall: Recall) -> sa.Select[int]:
    return lots_of(recall.scope, recall.subject_id)


def _variants(recall: Recall) -> sa.Select[int]:
    return variants_of(recall.scope, recall.subject_id)

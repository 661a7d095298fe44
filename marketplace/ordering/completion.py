"""Completing a checkout that is paid first: draft orders are placed once paid, or expire."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.ordering.cancellation import take_off
from marketplace.ordering.deadlines import confirm_by
from marketplace.ordering.errors import OutOfStock
from marketplace.ordering.freezing import any_halted
from marketplace.ordering.models import (
    CancelReason,
    Order,
    OrderGroup,
    OrderStatus,
    StockReservation,
)
from marketplace.ordering.news import OrderNews, tell, tell_of_placing
from marketplace.ordering.order_lock import lock_group
from marketplace.ordering.reservations import allocate_held, lock_items, release_expired
from marketplace.ordering.stock import demands_of

STALE_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Finalized:
    """What `finalize` did: ids of the orders it placed, and of those it canceled as it lacks the goods."""

    placed: list[int]
    out_of_stock: list[int]


def finalize(session: Session, group_id: int, at: datetime) -> Finalized:
    """Place the draft orders of a group that is paid; called again, nothing more happens.

    Holds become promises. Where a hold had run out its goods are taken again, and when somebody else
    bought them the order is canceled for want of stock, and so it is when they were recalled meanwhile:
    its money is then owed back. Orders that were canceled before stay so. Raises NotFound. Locks: group,
    stock, register version.
    """
    group = lock_group(session, group_id)
    done = Finalized([], [])
    drafts = _lock_drafts(session, group, at)
    for order in drafts:
        recalled = any_halted(session, {line.variant_id for line in order.lines})
        if not recalled and _place(session, order, at):
            done.placed.append(order.id)
        else:
            reason = CancelReason.RECALLED if recalled else CancelReason.INVENTORY
            take_off(session, order, reason, at)
            done.out_of_stock.append(order.id)
    if done.placed:
        tell_of_placing(session, group.id, done.placed, at)
    return done


def expire_draft(session: Session, group_id: int, at: datetime) -> bool:
    """Cancel the draft orders of a group once nothing is held for them; say whether that was so.

    Whoever calls has asked the gateway first: a payment under way never meets an expired draft unseen.
    """
    group = lock_group(session, group_id)
    drafts = [order for order in group.orders if order.status is OrderStatus.DRAFT]
    if not drafts or _is_held(session, drafts, at):
        return False
    lock_items(session, {line.variant_id for order in drafts for line in order.lines})
    for order in drafts:
        take_off(session, order, CancelReason.EXPIRED, at)
    tell(session, OrderNews.ORDER_EXPIRED, group.id, at)
    return True


def list_stale_drafts(session: Session, at: datetime) -> Sequence[int]:
    """Return groups with draft orders for which nothing is held any more, some at a time."""
    alive = sa.exists().where(StockReservation.order_id == Order.id, StockReservation.expires_at > at)
    stale = sa.select(Order.group_id).where(Order.status == OrderStatus.DRAFT, ~alive)
    return session.scalars(stale.distinct().order_by(Order.group_id).limit(STALE_AT_ONCE)).all()


def _lock_drafts(session: Session, group: OrderGroup, at: datetime) -> list[Order]:
    """Return the draft orders of a group, with the stock of all of them locked in order.

    Holds of others that have run out are let go of; those of the group itself still count for it.
    """
    drafts = [order for order in group.orders if order.status is OrderStatus.DRAFT]
    if drafts:
        items = {line.variant_id for order in drafts for line in order.lines}
        lock_items(session, items)
        release_expired(session, items, at, but_of={order.id for order in drafts})
    return drafts


def _place(session: Session, order: Order, at: datetime) -> bool:
    """Take the goods of a draft order, all or none, and place it if they are there."""
    try:
        with session.begin_nested():
            allocate_held(session, demands_of(order), at)
    except OutOfStock:
        return False
    order.status, order.placed_at, order.confirm_by = OrderStatus.PLACED, at, confirm_by(at)
    return True


def _is_held(session: Session, drafts: Sequence[Order], at: datetime) -> bool:
    held = sa.select(StockReservation.id).where(
        StockReservation.order_id.in_([order.id for order in drafts]), StockReservation.expires_at > at
    )
    return session.execute(held.limit(1)).first() is not None

"""What becomes of a placed order; the state of a parcel is derived, only its status is stored."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from marketplace.errors import NotFound
from marketplace.ordering import stock
from marketplace.ordering.allowance import give_allowance_back
from marketplace.ordering.errors import NotCancelable, NotConfirmable
from marketplace.ordering.models import Order, OrderGroup, OrderStatus


class ParcelState(StrEnum):
    """Where a parcel stands."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    CANCELED = "canceled"


def parcel_state(order: Order) -> ParcelState:
    """Return where a parcel stands, from what is on record of it."""
    if order.status is OrderStatus.CANCELED:
        return ParcelState.CANCELED
    return ParcelState.CONFIRMED if order.confirmed_at else ParcelState.WAITING


def cancel_order(session: Session, group_id: int, position: int, at: datetime) -> Order:
    """Take a parcel back for its buyer while the seller has not confirmed it.

    Its stock returns to the shelf; the other parcels stay. Cancelling twice changes nothing more.
    Raises NotFound, or NotCancelable once the seller has confirmed.
    """
    group, order = _lock(session, group_id, position)
    state = parcel_state(order)
    if state is ParcelState.CONFIRMED:
        raise NotCancelable(position=position)
    if state is ParcelState.WAITING:
        order.status, order.canceled_at = OrderStatus.CANCELED, at
        _give_back_when_settled(session, group)
        stock.release(session, stock.demands_of(order), at)
    return order


def confirm_order(session: Session, group_id: int, position: int, at: datetime) -> Order:
    """Note that the seller takes a parcel on; confirming twice changes nothing more.

    Raises NotFound, or NotConfirmable when the buyer has canceled it.
    """
    group, order = _lock(session, group_id, position)
    state = parcel_state(order)
    if state is ParcelState.CANCELED:
        raise NotConfirmable(position=position)
    if state is ParcelState.WAITING:
        order.confirmed_at = at
        _give_back_when_settled(session, group)
    return order


def _lock(session: Session, group_id: int, position: int) -> tuple[OrderGroup, Order]:
    """Load a group for changing: changes of its parcels wait for each other."""
    group = session.execute(
        sa.select(OrderGroup)
        .where(OrderGroup.id == group_id)
        .with_for_update()
        .options(selectinload(OrderGroup.orders).selectinload(Order.lines))
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if group is None:
        raise NotFound
    for order in group.orders:
        if order.position == position:
            return group, order
    raise NotFound


def _give_back_when_settled(session: Session, group: OrderGroup) -> None:
    """A group counts for its telephone number while one of its parcels waits for the seller."""
    if all(parcel_state(order) is not ParcelState.WAITING for order in group.orders):
        give_allowance_back(session, group)

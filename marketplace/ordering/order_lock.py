"""Loading an order for changing: the orders of one group wait for each other."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from marketplace.errors import NotFound
from marketplace.ordering.models import Fulfillment, Order, OrderGroup


def lock_group(session: Session, group_id: int) -> OrderGroup:
    """Load a group for changing, with its orders, their lines and sendings; raises NotFound."""
    return _lock(session, OrderGroup.id == group_id)


def lock_order(session: Session, order_id: int) -> Order:
    """Load an order with its lines, sendings and group, whose row is locked first; raises NotFound.

    The other orders of the group are loaded alike.
    """
    of_order = sa.select(Order.group_id).where(Order.id == order_id).scalar_subquery()
    group = _lock(session, OrderGroup.id == of_order)
    return next(order for order in group.orders if order.id == order_id)


def lock_sending(session: Session, fulfillment_id: int) -> tuple[Order, Fulfillment]:
    """Load a sending for changing, with its order as `lock_order` does; raises NotFound."""
    order_id = session.scalar(sa.select(Fulfillment.order_id).where(Fulfillment.id == fulfillment_id))
    if order_id is None:
        raise NotFound
    order = lock_order(session, order_id)
    return order, next(sending for sending in order.fulfillments if sending.id == fulfillment_id)


def lock_groups(session: Session, which: sa.ColumnElement[bool]) -> Sequence[OrderGroup]:
    """Load groups for changing as `lock_group` does, one after the other."""
    whole = selectinload(OrderGroup.orders).options(
        selectinload(Order.lines),
        selectinload(Order.fulfillments).selectinload(Fulfillment.lines),
    )
    locked = sa.select(OrderGroup).where(which).order_by(OrderGroup.id).with_for_update().options(whole)
    groups = session.scalars(locked.execution_options(populate_existing=True)).all()
    for group in groups:
        for order in group.orders:
            set_committed_value(order, "group", group)
    return groups


def _lock(session: Session, which: sa.ColumnElement[bool]) -> OrderGroup:
    found = lock_groups(session, which)
    if not found:
        raise NotFound
    return found[0]

"""Which goods have to be gathered from the shelves, and for which orders."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from marketplace.errors import NotFound
from marketplace.ordering.models import Fulfillment, Order
from marketplace.ordering.order_segments import Segment, segments_of

MOST_AT_ONCE = 100
"""As many orders as fit on the paper of one round through the shelves."""


def list_to_gather(session: Session, producer_id: int) -> Sequence[Order]:
    """Return a producer's orders that are to be packed or sent, the longest waiting first.

    Groups, lines and sendings are loaded.
    """
    standing = segments_of(Order.producer_id == producer_id)
    wanted = (
        _whole()
        .join(standing, standing.c.order_id == Order.id)
        .where(standing.c.segment.in_([Segment.TO_PACK.value, Segment.TO_SHIP.value]))
        .order_by(Order.placed_at, Order.id)
    )
    return session.scalars(wanted.limit(MOST_AT_ONCE)).all()


def list_chosen(session: Session, producer_id: int, order_ids: Collection[int]) -> Sequence[Order]:
    """Return some of a producer's orders, oldest first, as `list_to_gather` does.

    Raises NotFound when one of them is not there, or another producer's.
    """
    chosen = set(order_ids)
    wanted = _whole().where(
        Order.id.in_(chosen), Order.producer_id == producer_id, Order.placed_at.is_not(None)
    )
    found = session.scalars(wanted.order_by(Order.placed_at, Order.id)).all()
    if len(found) != len(chosen):
        raise NotFound(orders=sorted(chosen))
    return found


def _whole() -> sa.Select[Order]:
    sendings = selectinload(Order.fulfillments).selectinload(Fulfillment.lines)
    return sa.select(Order).options(joinedload(Order.group), selectinload(Order.lines), sendings)

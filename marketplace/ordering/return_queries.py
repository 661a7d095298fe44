"""What a seller reads of returns: those that wait for it, and those that are settled."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from marketplace.errors import NotFound
from marketplace.ordering.after_sale_models import Return, ReturnLine
from marketplace.ordering.models import Order
from marketplace.ordering.order_segments import OPEN_RETURNS

MOST_SETTLED = 30


def list_open_returns(session: Session, producer_id: int) -> Sequence[Return]:
    """Return a producer's returns that it still has to do with, the oldest first, with goods and orders."""
    wanted = _of(producer_id).where(Return.state.in_(OPEN_RETURNS)).order_by(Return.asked_at, Return.id)
    return session.scalars(wanted).all()


def list_settled_returns(session: Session, producer_id: int) -> Sequence[Return]:
    """Return a producer's newest returns that are settled, as `list_open_returns` does."""
    wanted = _of(producer_id).where(Return.state.not_in(OPEN_RETURNS)).order_by(Return.id.desc())
    return session.scalars(wanted.limit(MOST_SETTLED)).all()


def order_of_return(session: Session, producer_id: int, return_id: int) -> int:
    """Return the order that a return of a producer belongs to; raises NotFound for those of others."""
    wanted = sa.select(Return.order_id).join(Return.order)
    found = session.scalar(wanted.where(Return.id == return_id, Order.producer_id == producer_id))
    if found is None:
        raise NotFound(given_back=return_id)
    return found


def _of(producer_id: int) -> sa.Select[Return]:
    return (
        sa.select(Return)
        .join(Return.order)
        .where(Order.producer_id == producer_id)
        .options(
            selectinload(Return.lines).joinedload(ReturnLine.line),
            joinedload(Return.order).joinedload(Order.group),
        )
    )

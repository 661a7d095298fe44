"""Lots that are made while a recall is in force: they are recalled from the start."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Product
from marketplace.producers.models import Producer
from marketplace.traceability.recalls.models import Recall


def is_new_lot_recalled(session: Session, producer_id: int, product_id: int | None) -> bool:
    """Return whether a recall in force touches a lot of a producer's goods that is about to be made.

    Producer and product are locked first, in the order of `order_recall`: a recall that is ordered
    meanwhile waits until it sees the lot. What a lot is made of is asked where its inputs are read.
    """
    _lock(session, sa.select(Producer.id).where(Producer.id == producer_id))
    touching = [Recall.producer_id == producer_id]
    if product_id is not None:
        _lock(session, sa.select(Product.id).where(Product.id == product_id))
        touching.append(Recall.product_id == product_id)
    in_force = sa.select(Recall.id).where(Recall.lifted_at.is_(None), sa.or_(*touching))
    return session.scalar(in_force.limit(1)) is not None


def _lock(session: Session, wanted: sa.Select[int]) -> None:
    session.execute(wanted.with_for_update(read=True)).all()

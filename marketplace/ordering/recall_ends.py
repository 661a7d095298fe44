"""Whom the end of a recall is told to: nobody whose goods another recall in force still touches."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.ordering.lot_models import RecallTold
from marketplace.ordering.recall_reach import list_touched
from marketplace.traceability.recalls.models import Recall
from marketplace.traceability.recalls.touching import products_of


def list_cleared(session: Session, recall: Recall, order_ids: Sequence[int]) -> list[int]:
    """Return which of some orders were written to of a recall and are touched by no other in force."""
    written = sa.select(RecallTold.order_id).where(
        RecallTold.recall_id == recall.id,
        RecallTold.order_id.in_(order_ids),
        RecallTold.written_at.is_not(None),
    )
    others = _others(session, recall)
    told = sa.select(RecallTold.order_id).where(RecallTold.recall_id.in_([one.id for one in others]))
    held = set(session.scalars(told.where(RecallTold.order_id.in_(order_ids))))
    for other in others:
        if other.done_at is None:
            held.update(list_touched(session, other))
    return [order_id for order_id in session.scalars(written) if order_id not in held]


def list_still_recalled(session: Session, recall: Recall) -> set[int]:
    """Return the ids of the products of a recall that another recall in force touches."""
    products = set(session.scalars(products_of(recall.scope, recall.subject_id)))
    still: set[int] = set()
    for other in _others(session, recall):
        still.update(products & set(session.scalars(products_of(other.scope, other.subject_id))))
    return still


def _others(session: Session, recall: Recall) -> Sequence[Recall]:
    return session.scalars(sa.select(Recall).where(Recall.lifted_at.is_(None), Recall.id != recall.id)).all()

"""Inspections of one producer, as it sees them itself."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from marketplace.certification.oversight.models import Inspection
from marketplace.errors import NotFound

MOST_SHOWN = 100


def list_inspections_of(session: Session, producer_id: int) -> Sequence[Inspection]:
    """Return a producer's inspections with findings and product, the newest first."""
    newest = _of(producer_id).order_by(Inspection.inspected_on.desc(), Inspection.id.desc())
    return session.execute(newest.limit(MOST_SHOWN)).unique().scalars().all()


def list_open_inspections_of(session: Session, producer_id: int) -> Sequence[Inspection]:
    """Return a producer's inspections that are not closed, with findings and product, those due first."""
    wanted = _of(producer_id).where(Inspection.closed_on.is_(None))
    due_first = wanted.order_by(Inspection.answer_by, Inspection.id)
    return session.execute(due_first.limit(MOST_SHOWN)).unique().scalars().all()


def get_own_inspection(session: Session, inspection_id: int, producer_id: int) -> Inspection:
    """Return an inspection of a producer with findings, product and office; raises NotFound."""
    wanted = _of(producer_id).where(Inspection.id == inspection_id).options(joinedload(Inspection.unit))
    inspection: Inspection | None = session.execute(wanted).unique().scalar_one_or_none()
    if inspection is None:
        raise NotFound
    return inspection


def _of(producer_id: int) -> sa.Select[Any]:
    shown = (joinedload(Inspection.findings), joinedload(Inspection.product))
    return sa.select(Inspection).where(Inspection.producer_id == producer_id).options(*shown)

"""What recalls leave in the chains of lots: one event when a lot is recalled, one when it no longer is."""

import time
import uuid
from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace import clock, jobs
from marketplace.database import db, unit_of_work
from marketplace.traceability.events.models import BizStep, Disposition
from marketplace.traceability.events.recording import EventFacts, find_event, record_event
from marketplace.traceability.lots.models import Lot
from marketplace.traceability.recalls.models import Recall
from marketplace.traceability.recalls.touching import lots_of, recalled_lots

CHAINS_JOB = "recalls.chains"
AT_ONCE = 50
REST_SECONDS = 0.1
"""So that writers of orders find their turn between two batches; busy machines rest longer."""


@jobs.handler(CHAINS_JOB)
def write_chains(recall_id: int, lifted: bool) -> None:
    """Add the event of a recall, or of its end, to the chain of every lot it touches; never twice."""
    db.session.rollback()
    recall = db.session.get_one(Recall, recall_id)
    lots = sorted(db.session.scalars(lots_of(recall.scope, recall.subject_id)))
    for first in range(0, len(lots), AT_ONCE):
        begun = time.monotonic()
        with unit_of_work() as session:
            _add(session, recall, lots[first : first + AT_ONCE], lifted)
        time.sleep(max(REST_SECONDS, time.monotonic() - begun))


def _add(session: Session, recall: Recall, lot_ids: Sequence[int], lifted: bool) -> None:
    still = set(session.scalars(sa.select(Lot.id).where(Lot.id.in_(lot_ids), Lot.id.in_(recalled_lots()))))
    for lot_id in lot_ids:
        event_id = _event_id(recall, lot_id, lifted)
        if find_event(session, lot_id, event_id) is None:
            facts = _facts(recall, event_id, lifted, lot_id in still)
            record_event(session, lot_id, facts, clock.now(), None)


def _facts(recall: Recall, event_id: str, lifted: bool, recalled: bool) -> EventFacts:
    words = f"Thôi thu hồi {recall.code}" if lifted else f"Thu hồi {recall.code}"
    return EventFacts(
        biz_step=BizStep.HOLDING,
        event_time=_when(recall, lifted),
        event_id=event_id,
        disposition=Disposition.RECALLED if recalled or not lifted else Disposition.SELLABLE_NOT_ACCESSIBLE,
        words=words,
    )


def _when(recall: Recall, lifted: bool) -> datetime:
    return (recall.lifted_at or recall.ordered_at) if lifted else recall.ordered_at


def _event_id(recall: Recall, lot_id: int, lifted: bool) -> str:
    """Return the one identity that the event has, so that doing it again adds nothing."""
    what = "lifted" if lifted else "ordered"
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{recall.code}/{lot_id}/{what}')}"

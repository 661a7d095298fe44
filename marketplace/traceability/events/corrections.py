"""Taking an event back: it stays, a declaration says that it is wrong, and another may stand in its place."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.errors import NotFound
from marketplace.traceability.events.errors import EventTakenBack
from marketplace.traceability.events.models import ErrorReason, TraceEvent
from marketplace.traceability.events.recording import (
    EventFacts,
    append,
    find_event,
    lock_chain,
    new_event_id,
    record_event,
)

_REPEATED = (
    "kind",
    "action",
    "biz_step",
    "disposition",
    "event_time",
    "time_zone_offset",
    "site_id",
    "zone_id",
    "place_words",
    "quantity",
    "uom",
)
"""What a declaration says once more of the event that it takes back."""


@dataclass(frozen=True, slots=True)
class Correction:
    """The declaration that an event is wrong, and the event that stands in its place, if any."""

    declaration: TraceEvent
    instead: TraceEvent | None


def declare_wrong(
    session: Session,
    lot_id: int,
    event_id: str,
    reason: ErrorReason,
    at: datetime,
    by: int | None,
    instead: EventFacts | None = None,
    declaration_id: str | None = None,
) -> Correction:
    """Add the declaration that an event of a lot is wrong, and what is true instead (EPCIS 2.0, 7.4.1.4).

    The event that a lot began with stands, and so do declarations. Raises NotFound, EventTakenBack,
    and what `record_event` raises.
    """
    head = lock_chain(session, lot_id)
    wrong = _get_event(session, lot_id, event_id)
    if wrong.position == 1 or wrong.declares_wrong_id is not None or _is_taken_back(session, wrong):
        raise EventTakenBack(position=wrong.position)
    declaration = TraceEvent(
        **{name: getattr(wrong, name) for name in _REPEATED},
        lot_id=lot_id,
        event_id=declaration_id or new_event_id(),
        details={},
        declares_wrong_id=wrong.id,
        error_reason=reason,
        recorded_at=at,
        recorded_by=by,
    )
    append(session, declaration, head)
    later = record_event(session, lot_id, instead, at, by, corrects_id=wrong.id) if instead else None
    return Correction(declaration, later)


def _get_event(session: Session, lot_id: int, event_id: str) -> TraceEvent:
    found = find_event(session, lot_id, event_id)
    if found is None:
        raise NotFound(event=event_id)
    return found


def _is_taken_back(session: Session, event: TraceEvent) -> bool:
    declared = sa.select(TraceEvent.id).where(TraceEvent.declares_wrong_id == event.id)
    return session.execute(declared).first() is not None

"""Recording what happened to a lot: one more event at the end of its chain, and never twice the same."""

import re
import uuid
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from marketplace.errors import NotFound
from marketplace.text import one_line
from marketplace.traceability.events.attached import bind_files
from marketplace.traceability.events.chain import hash_of, statement_of
from marketplace.traceability.events.errors import EventDiffers, InvalidEvent
from marketplace.traceability.events.models import Action, BizStep, Disposition, EventKind, TraceEvent
from marketplace.traceability.lots.models import Lot, LotPaper, MeasureUnit

LOCAL_OFFSET = "+07:00"
AHEAD = timedelta(minutes=10)
"""How far the clock of a telephone may be ahead of ours."""
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
"""No event here is older; instants near the ends of the calendar cannot be told in local time."""
LONGEST_WORDS, LONGEST_PLACE, LONGEST_ID, LONGEST_DETAILS = 500, 200, 120, 20_000
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[!-~]+")
_OFFSET = re.compile(r"[+-](?:0\d|1[0-4]):[0-5]\d")
_STEP = Decimal("0.001")


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFacts:
    """What is to be recorded of an event; the fields are those of TraceEvent.

    Without an `event_id` the event gets one of its own. Whoever may have to send an event twice gives it
    one. `action` is None for a transformation, and for nothing else.
    """

    biz_step: BizStep
    event_time: datetime
    kind: EventKind = EventKind.OBJECT
    action: Action | None = Action.OBSERVE
    event_id: str | None = None
    disposition: Disposition | None = None
    time_zone_offset: str = LOCAL_OFFSET
    site_id: int | None = None
    zone_id: int | None = None
    place_words: str | None = None
    words: str | None = None
    quantity: Decimal | None = None
    uom: MeasureUnit | None = None
    details: dict[str, Any] = field(default_factory=dict)
    paper_id: int | None = None
    picture_id: int | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a lot's chain: how many events it has, and the hash of the last."""

    length: int
    hash: str | None


def new_event_id() -> str:
    """Return an identity for an event that has none yet."""
    return f"urn:uuid:{uuid.uuid4()}"


def record_event(
    session: Session,
    lot_id: int,
    facts: EventFacts,
    at: datetime,
    recorded_by: int | None,
    *,
    corrects_id: int | None = None,
) -> TraceEvent:
    """Add an event to a lot's chain; the same event sent again is the one that is there.

    `corrects_id` is the event that it stands in the place of. Raises NotFound for no such lot,
    InvalidEvent, and EventDiffers for an identity that stands for another event of the lot.
    """
    head = lock_chain(session, lot_id)
    event = TraceEvent(
        lot_id=lot_id,
        recorded_at=at,
        recorded_by=recorded_by,
        corrects_id=corrects_id,
        **_checked(facts, at),
    )
    bind_files(session, event)
    if (known := find_event(session, lot_id, event.event_id)) is not None:
        return _same(known, event)
    _check_paper(session, event)
    return append(session, event, head)


def lock_chain(session: Session, lot_id: int) -> Head:
    """Have every other recorder of a lot wait, and return the end of its chain; raises NotFound."""
    end = sa.select(Lot.chain_length, Lot.chain_hash).where(Lot.id == lot_id)
    found = session.execute(end.with_for_update()).one_or_none()
    if found is None:
        raise NotFound(lot=lot_id)
    return Head(*found)


def find_event(session: Session, lot_id: int, event_id: str) -> TraceEvent | None:
    """Return the event of a lot that has an identity, or None."""
    wanted = sa.select(TraceEvent).where(TraceEvent.lot_id == lot_id, TraceEvent.event_id == event_id)
    return session.execute(wanted).scalar_one_or_none()


def append(session: Session, event: TraceEvent, head: Head) -> TraceEvent:
    """Put an event after the end of a chain that the caller has locked; raises EventDiffers."""
    event.position, event.previous_hash = head.length + 1, head.hash
    event.hash = hash_of(event)
    try:
        with session.begin_nested():
            session.add(event)
            session.flush()
    except IntegrityError as error:
        raise EventDiffers(event_id=event.event_id) from error
    end = {"chain_length": event.position, "chain_hash": event.hash}
    session.execute(sa.update(Lot).where(Lot.id == event.lot_id).values(end))
    return event


def _same(known: TraceEvent, event: TraceEvent) -> TraceEvent:
    if statement_of(known) != statement_of(event):
        raise EventDiffers(event_id=event.event_id)
    return known


def _checked(facts: EventFacts, at: datetime) -> dict[str, Any]:
    """Return the columns of an event; raises InvalidEvent naming the fact that cannot be."""
    columns = asdict(facts)
    columns["event_id"] = _event_id(facts.event_id)
    columns["words"] = _line("words", facts.words, LONGEST_WORDS)
    columns["place_words"] = _line("place_words", facts.place_words, LONGEST_PLACE)
    columns["quantity"] = _quantity(facts)
    if (facts.kind is EventKind.TRANSFORMATION) != (facts.action is None):
        raise InvalidEvent(field="action")
    if facts.event_time.tzinfo is None or not EARLIEST <= facts.event_time <= at + AHEAD:
        raise InvalidEvent(field="event_time")
    if not _OFFSET.fullmatch(facts.time_zone_offset):
        raise InvalidEvent(field="time_zone_offset")
    if len(str(facts.details)) > LONGEST_DETAILS:
        raise InvalidEvent(field="details")
    return columns


def _event_id(text: str | None) -> str:
    if text is None:
        return new_event_id()
    if len(text) > LONGEST_ID or not _URI.fullmatch(text):
        raise InvalidEvent(field="event_id")
    return text


def _line(name: str, text: str | None, longest: int) -> str | None:
    line = one_line(text)
    if len(line) > longest:
        raise InvalidEvent(field=name, most=longest)
    return line or None


def _quantity(facts: EventFacts) -> Decimal | None:
    if (facts.quantity is None) != (facts.uom is None):
        raise InvalidEvent(field="uom")
    if facts.quantity is None:
        return None
    if not 0 < facts.quantity < 10**11 or facts.quantity != facts.quantity.quantize(_STEP):
        raise InvalidEvent(field="quantity")
    return facts.quantity


def _check_paper(session: Session, event: TraceEvent) -> None:
    if event.paper_id is None:
        return
    paper = session.get(LotPaper, event.paper_id)
    if paper is None or paper.lot_id != event.lot_id:
        raise InvalidEvent(field="paper_id")

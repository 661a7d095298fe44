"""The chain of a lot's events: the text that is hashed, and whether a chain is whole.

Whoever copies the text of an event into a file, each line ended by a newline, gets its hash from
`sha256sum`; the line `previous` holds the hash of the event before, so that no event can be changed, taken
out or exchanged without every later hash changing with it.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from marketplace.traceability.chains import find_break
from marketplace.traceability.events.models import TraceEvent
from marketplace.traceability.hashed_text import digest, write_instant, write_lines, write_number

FORM = "phien-cho-ocop event 1"

Lines = Iterator[tuple[str, object]]


def statement_of(event: TraceEvent) -> str:
    """Return what an event says, a fact a line and none for absent ones, without its place in the chain."""
    return write_lines(_said(event))


def canonical_text(event: TraceEvent) -> str:
    """Return the text that is hashed: the place in the chain, then what the event says."""
    place = (
        ("lot", event.lot_id),
        ("position", event.position),
        ("previous", event.previous_hash),
        ("recorded", write_instant(event.recorded_at)),
    )
    return f"{FORM}\n{write_lines(place)}{statement_of(event)}"


def hash_of(event: TraceEvent) -> str:
    """Return the SHA-256 of the canonical text in UTF-8, as 64 hexadecimal digits."""
    return digest(canonical_text(event))


def first_broken(
    events: Sequence[TraceEvent], length: int | None = None, last_hash: str | None = None
) -> int | None:
    """Return the first position at which a lot's events are no whole chain, or None if they are.

    `length` and `last_hash` are what the lot itself keeps of the end of its chain; without them a cut end
    cannot show.
    """
    if length is None and events:
        length, last_hash = len(events), events[-1].hash

    def expected(event: TraceEvent) -> str | None:
        return hash_of(event) if event.lot_id == events[0].lot_id else None

    return find_break(events, expected, length or 0, last_hash)


def _said(event: TraceEvent) -> Lines:
    yield "event", event.event_id
    yield "kind", event.kind.value
    yield "action", event.action.value if event.action else None
    yield "step", event.biz_step.value
    yield "disposition", event.disposition.value if event.disposition else None
    yield "time", f"{write_instant(event.event_time)} {event.time_zone_offset}"
    yield "site", event.site_id
    yield "zone", event.zone_id
    yield "place", event.place_words
    yield "words", event.words
    yield "quantity", write_number(event.quantity)
    yield "unit", event.uom.value if event.uom else None
    yield "details", _json(event.details)
    yield "paper", event.paper_id
    yield "picture", event.picture_id
    yield "declares-wrong", event.declares_wrong_id
    yield "because", event.error_reason.value if event.error_reason else None
    yield "corrects", event.corrects_id


def _json(details: dict[str, Any]) -> str | None:
    if not details:
        return None
    return json.dumps(details, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)

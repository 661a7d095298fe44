"""The chain of a lot's events: the text that is hashed, and whether a chain is whole.

Whoever copies the text of an event into a file, each line ended by a newline, gets its hash from
`sha256sum`; the line `previous` holds the hash of the event before, so that no event can be changed, taken
out or exchanged without every later hash changing with it.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from marketplace.traceability.events.models import TraceEvent

FORM = "phien-cho-ocop event 1"
_ONE_LINE = str.maketrans({"\\": "\\\\", "\n": "\\n", "\r": "\\r"})

Lines = Iterator[tuple[str, object]]


def statement_of(event: TraceEvent) -> str:
    """Return what an event says, a fact a line and none for absent ones, without its place in the chain."""
    return _written(_said(event))


def canonical_text(event: TraceEvent) -> str:
    """Return the text that is hashed: the place in the chain, then what the event says."""
    place = (
        ("lot", event.lot_id),
        ("position", event.position),
        ("previous", event.previous_hash),
        ("recorded", _instant(event.recorded_at)),
    )
    return f"{FORM}\n{_written(iter(place))}{statement_of(event)}"


def hash_of(event: TraceEvent) -> str:
    """Return the SHA-256 of the canonical text in UTF-8, as 64 hexadecimal digits."""
    return hashlib.sha256(canonical_text(event).encode()).hexdigest()


def first_broken(
    events: Iterable[TraceEvent], length: int | None = None, last_hash: str | None = None
) -> int | None:
    """Return the first position at which a lot's events are no whole chain, or None if they are.

    A position that is missing is the broken one. `length` and `last_hash` are what the lot itself keeps of
    the end of its chain; without them a cut end cannot show.
    """
    position, previous, lot_id = 0, None, None
    for position, event in enumerate(events, start=1):
        lot_id = lot_id or event.lot_id
        if (event.lot_id, event.position, event.previous_hash) != (lot_id, position, previous):
            return position
        if event.hash != hash_of(event):
            return position
        previous = event.hash
    if length is None:
        return None
    if position != length:
        return min(position, length) + 1
    return None if previous == last_hash else position


def _said(event: TraceEvent) -> Lines:
    yield "event", event.event_id
    yield "kind", event.kind.value
    yield "action", event.action.value if event.action else None
    yield "step", event.biz_step.value
    yield "disposition", event.disposition.value if event.disposition else None
    yield "time", f"{_instant(event.event_time)} {event.time_zone_offset}"
    yield "site", event.site_id
    yield "zone", event.zone_id
    yield "place", event.place_words
    yield "words", event.words
    yield "quantity", _number(event.quantity)
    yield "unit", event.uom.value if event.uom else None
    yield "details", _json(event.details)
    yield "paper", event.paper_id
    yield "picture", event.picture_id
    yield "declares-wrong", event.declares_wrong_id
    yield "because", event.error_reason.value if event.error_reason else None
    yield "corrects", event.corrects_id


def _written(lines: Lines) -> str:
    return "".join(
        f"{name}: {str(value).translate(_ONE_LINE)}\n" for name, value in lines if value is not None
    )


def _instant(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z"


def _number(quantity: Decimal | None) -> str | None:
    return None if quantity is None else f"{quantity.normalize():f}"


def _json(details: dict[str, Any]) -> str | None:
    if not details:
        return None
    return json.dumps(details, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)

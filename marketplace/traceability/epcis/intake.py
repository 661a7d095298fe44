"""Recording what a document says: each event in its own lot, a correction with what it corrects."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.errors import MarketplaceError
from marketplace.traceability.codes.trace_code import TraceCode
from marketplace.traceability.epcis.asking import list_recorded
from marketplace.traceability.epcis.errors import MOST_FAULTS
from marketplace.traceability.epcis.reading import ReadEvent, read_events
from marketplace.traceability.epcis.schema import Fault
from marketplace.traceability.epcis.writing import write_events
from marketplace.traceability.events.corrections import declare_wrong
from marketplace.traceability.events.errors import EventDiffers
from marketplace.traceability.events.models import ErrorReason, TraceEvent
from marketplace.traceability.events.recording import EventFacts, find_event, record_event

Places = Mapping[str, Mapping[str, int]]
Key = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Intake:
    """What events are recorded with: the lots by their codes, and the columns of places by their URIs."""

    session: Session
    lots: Mapping[TraceCode, int]
    places: Places
    at: datetime
    site_url: str

    def record(self, events: Sequence[ReadEvent]) -> list[Fault]:
        """Record events in their order and return what is wrong with them, as far as fifty."""
        known = self._known(events)
        instead = self._replacements(events, known)
        with_another = {one.path for one in instead.values()}
        faults: list[Fault] = []
        for event in events:
            if event.path in with_another or len(faults) == MOST_FAULTS:
                continue
            try:
                with self.session.begin_nested():
                    if event.declared_wrong is None:
                        self._record(event, known.get(self._key(event)))
                    else:
                        self._take_back(event, event.declared_wrong, instead.get(event.path))
            except MarketplaceError as refusal:
                faults.append(Fault(event.path, _said(refusal)))
        return faults

    def _key(self, event: ReadEvent) -> Key:
        return self.lots[event.lot], event.event_id

    def _known(self, events: Sequence[ReadEvent]) -> dict[Key, TraceEvent]:
        keys = {self._key(event) for event in events}
        lots, identities = {lot for lot, _ in keys}, {identity for _, identity in keys}
        return {(one.lot_id, one.event_id): one for one in list_recorded(self.session, lots, identities)}

    def _replacements(
        self, events: Sequence[ReadEvent], known: Mapping[Key, TraceEvent]
    ) -> dict[str, ReadEvent]:
        """Return which new event stands in the place of which declared one, by the declaration's path.

        It is the first that the declaration names of the same lot; all others are events like any.
        """
        said = {self._key(event): event for event in events if event.declared_wrong is None}
        instead: dict[str, ReadEvent] = {}
        taken = set(known)
        for event in events:
            keys = [(self.lots[event.lot], one) for one in event.corrected_by]
            key = next((one for one in keys if one in said and one not in taken), None)
            if key is not None and event.declared_wrong is not None and taken.isdisjoint(keys):
                taken.add(key)
                instead[event.path] = said[key]
        return instead

    def _record(self, event: ReadEvent, known: TraceEvent | None) -> None:
        if known is not None and known.hash == event.hash:
            if self._facts(event) != self._exported(known):
                raise EventDiffers(event_id=event.event_id)
            return
        corrects_id = known.corrects_id if known is not None else None
        record_event(
            self.session, self.lots[event.lot], self._facts(event), self.at, None, corrects_id=corrects_id
        )

    def _take_back(self, event: ReadEvent, reason: ErrorReason, instead: ReadEvent | None) -> None:
        """Declare an event wrong; of one that is so already, only what stands in its place may be new."""
        lot_id = self.lots[event.lot]
        facts = self._facts(instead) if instead is not None else None
        wrong = find_event(self.session, lot_id, event.event_id)
        if wrong is None or not self._is_there(
            TraceEvent.declares_wrong_id == wrong.id, TraceEvent.error_reason == reason
        ):
            declare_wrong(self.session, lot_id, event.event_id, reason, self.at, None, instead=facts)
        elif facts is not None:
            corrects_id = None if self._is_there(TraceEvent.corrects_id == wrong.id) else wrong.id
            record_event(self.session, lot_id, facts, self.at, None, corrects_id=corrects_id)

    def _is_there(self, *conditions: sa.ColumnElement[bool]) -> bool:
        return self.session.execute(sa.select(TraceEvent.id).where(*conditions)).first() is not None

    def _exported(self, known: TraceEvent) -> EventFacts | None:
        """Return the facts of a recorded event as they come in again from our own document."""
        written = write_events([known], (), self.site_url)
        again, _ = read_events({"epcisBody": {"eventList": written}})
        return self._facts(again[0]) if again else None

    def _facts(self, event: ReadEvent) -> EventFacts:
        """Return what is to be recorded; a place of nobody's here stays as the words that name it."""
        place: Mapping[str, Any] = self.places.get(event.place or "", {})
        words = event.place_words or (event.place if not place else None)
        return EventFacts(
            event_id=event.event_id,
            kind=event.kind,
            action=event.action,
            biz_step=event.biz_step,
            disposition=event.disposition,
            event_time=event.event_time,
            time_zone_offset=event.time_zone_offset,
            place_words=words,
            words=event.words,
            quantity=event.quantity,
            uom=event.uom,
            details=event.details,
            **place,
        )


def _said(refusal: MarketplaceError) -> str:
    named = ", ".join(f"{name}: {value}" for name, value in refusal.parameters.items())
    return f"{refusal.code} ({named})" if named else refusal.code

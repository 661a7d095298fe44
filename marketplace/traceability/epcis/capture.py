"""Taking in documents of events: all of a document or nothing, and each event once."""

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from marketplace.catalogue.models import Product
from marketplace.errors import MarketplaceError
from marketplace.traceability.codes.trace_code import TraceCode
from marketplace.traceability.epcis.models import EpcisCapture
from marketplace.traceability.epcis.names import site_uri, zone_uri
from marketplace.traceability.epcis.reading import ReadEvent, read_events
from marketplace.traceability.epcis.schema import Fault, find_faults
from marketplace.traceability.events.corrections import declare_wrong
from marketplace.traceability.events.models import TraceEvent
from marketplace.traceability.events.recording import EventFacts, find_event, record_event
from marketplace.traceability.lots.models import Lot
from marketplace.traceability.zones.models import MaterialZone, Site

MOST_EVENTS = 500
MOST_FAULTS = 50


class CaptureRefused(MarketplaceError):
    """A document that cannot be kept; `faults` name what is wrong with which member, as far as fifty."""

    code = "epcis_document_refused"
    status = 400

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = list(faults)[:MOST_FAULTS]
        super().__init__(count=len(self.faults))


def read_document(body: bytes) -> list[ReadEvent]:
    """Return the events of a document in JSON, read before any transaction; raises CaptureRefused."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise CaptureRefused([Fault("", f"no JSON: {error}")]) from error
    if faults := find_faults(document):
        raise CaptureRefused(faults)
    if len(document["epcisBody"]["eventList"]) > MOST_EVENTS:
        raise CaptureRefused([Fault("/epcisBody/eventList", f"at most {MOST_EVENTS} events are expected")])
    events, faults = read_events(document)
    if faults:
        raise CaptureRefused(faults)
    return events


def capture(
    session: Session, producer_id: int, body: bytes, events: list[ReadEvent], at: datetime, site_url: str
) -> EpcisCapture:
    """Record the events of a document about lots of a producer; the same document again is the one before.

    Raises CaptureRefused, and then nothing of the document is kept.
    """
    digest = hashlib.sha256(body).hexdigest()
    if (known := _find_by_digest(session, producer_id, digest)) is not None:
        return known
    lots = _lots(session, producer_id, {event.lot for event in events})
    if faults := [_no_such_lot(event) for event in events if event.lot not in lots]:
        raise CaptureRefused(faults)
    places = _places(session, producer_id, site_url)
    faults = []
    replacements = {one for event in events for one in event.corrected_by}
    by_id = {event.event_id: event for event in events}
    for event in events:
        if event.event_id in replacements and event.declared_wrong is None:
            continue
        try:
            with session.begin_nested():
                _record(session, lots[event.lot], event, by_id, places, at)
        except MarketplaceError as refusal:
            faults.append(Fault(event.path, _said(refusal)))
    if faults:
        raise CaptureRefused(faults)
    return _keep(session, producer_id, digest, len(events), at)


def find_capture(session: Session, producer_id: int, code: str) -> EpcisCapture | None:
    """Return a capture of a producer by its code, or None."""
    own = sa.select(EpcisCapture).where(EpcisCapture.producer_id == producer_id, EpcisCapture.code == code)
    return session.execute(own).scalar_one_or_none()


def _record(
    session: Session,
    lot_id: int,
    event: ReadEvent,
    by_id: Mapping[str, ReadEvent],
    places: Mapping[str, Mapping[str, int]],
    at: datetime,
) -> None:
    if event.declared_wrong is None:
        known = find_event(session, event.event_id)
        if known is not None and known.lot_id == lot_id and known.hash == event.hash:
            return
        record_event(session, lot_id, _facts(event, places), at, recorded_by=None)
        return
    if _is_declared(session, event):
        return
    instead = next((by_id[one] for one in event.corrected_by if one in by_id), None)
    declare_wrong(
        session,
        lot_id,
        event.event_id,
        event.declared_wrong,
        at,
        None,
        instead=_facts(instead, places) if instead else None,
    )


def _is_declared(session: Session, event: ReadEvent) -> bool:
    """Return whether an event was taken back before, for the same reason."""
    wrong = aliased(TraceEvent)
    declared = (
        sa.select(TraceEvent.id)
        .join(wrong, wrong.id == TraceEvent.declares_wrong_id)
        .where(wrong.event_id == event.event_id, TraceEvent.error_reason == event.declared_wrong)
    )
    return session.execute(declared).first() is not None


def _facts(event: ReadEvent, places: Mapping[str, Mapping[str, int]]) -> EventFacts:
    """Return what is to be recorded; a place of nobody's here stays as the words that name it."""
    place: Mapping[str, Any] = places.get(event.place or "", {})
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


def _lots(session: Session, producer_id: int, codes: set[TraceCode]) -> dict[TraceCode, int]:
    """Return the lots that codes name, as far as they are the producer's."""
    found = session.execute(
        sa.select(Lot.id, Lot.code, Product.gtin, Product.trace_token)
        .join(Product, Product.id == Lot.product_id)
        .where(Lot.producer_id == producer_id, Lot.code.in_({code.lot for code in codes}))
    )
    lots = {}
    for lot_id, code, gtin, token in found:
        lots[TraceCode(gtin=gtin, lot=code)] = lots[TraceCode(token=token, lot=code)] = lot_id
    return lots


def _places(session: Session, producer_id: int, site_url: str) -> dict[str, dict[str, int]]:
    """Return the columns that stand for the producer's sites and zones, by their URIs."""
    sites = session.execute(sa.select(Site).where(Site.producer_id == producer_id)).scalars()
    zones = session.execute(sa.select(MaterialZone).where(MaterialZone.producer_id == producer_id)).scalars()
    return {site_uri(site, site_url): {"site_id": site.id} for site in sites} | {
        zone_uri(zone, site_url): {"zone_id": zone.id} for zone in zones
    }


def _no_such_lot(event: ReadEvent) -> Fault:
    return Fault(event.path, f"there is no lot {event.lot.path} of yours: make it in the workspace first")


def _said(refusal: MarketplaceError) -> str:
    named = ", ".join(f"{name}: {value}" for name, value in refusal.parameters.items())
    return f"{refusal.code} ({named})" if named else refusal.code


def _find_by_digest(session: Session, producer_id: int, digest: str) -> EpcisCapture | None:
    return session.execute(
        sa.select(EpcisCapture).where(EpcisCapture.producer_id == producer_id, EpcisCapture.digest == digest)
    ).scalar_one_or_none()


def _keep(session: Session, producer_id: int, digest: str, events: int, at: datetime) -> EpcisCapture:
    kept = EpcisCapture(
        code=secrets.token_hex(16), producer_id=producer_id, digest=digest, events=events, captured_at=at
    )
    session.add(kept)
    session.flush()
    return kept

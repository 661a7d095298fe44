"""Taking in documents of events: all of a document or nothing, and each event once."""

import hashlib
import secrets
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Product
from marketplace.traceability.codes.trace_code import TraceCode
from marketplace.traceability.epcis.errors import MOST_FAULTS, CaptureRefused
from marketplace.traceability.epcis.intake import Intake
from marketplace.traceability.epcis.models import EpcisCapture
from marketplace.traceability.epcis.names import site_uri, zone_uri
from marketplace.traceability.epcis.reading import ReadEvent, read_events
from marketplace.traceability.epcis.schema import Fault, find_faults
from marketplace.traceability.epcis.weighing import load_document
from marketplace.traceability.events.recording import lock_chain
from marketplace.traceability.lots.models import Lot
from marketplace.traceability.zones.models import MaterialZone, Site


def read_document(body: bytes) -> list[ReadEvent]:
    """Return the events of a document in JSON, read before any transaction; raises CaptureRefused."""
    document = load_document(body)
    if faults := find_faults(document, MOST_FAULTS):
        raise CaptureRefused(faults)
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
    lots = _lots(session, producer_id, {event.lot for event in events})
    for lot_id in sorted({lots[event.lot] for event in events if event.lot in lots}):
        lock_chain(session, lot_id)
    if (known := _find_by_digest(session, producer_id, digest)) is not None:
        return known
    if faults := [_no_such_lot(event) for event in events if event.lot not in lots]:
        raise CaptureRefused(faults)
    intake = Intake(session, lots, _places(session, producer_id, site_url), at, site_url)
    if faults := intake.record(events):
        raise CaptureRefused(faults)
    return _keep(session, producer_id, digest, len(events), at)


def find_capture(session: Session, producer_id: int, code: str) -> EpcisCapture | None:
    """Return a capture of a producer by its code, or None."""
    own = sa.select(EpcisCapture).where(EpcisCapture.producer_id == producer_id, EpcisCapture.code == code)
    return session.execute(own).scalar_one_or_none()


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


def _find_by_digest(session: Session, producer_id: int, digest: str) -> EpcisCapture | None:
    return session.execute(
        sa.select(EpcisCapture).where(EpcisCapture.producer_id == producer_id, EpcisCapture.digest == digest)
    ).scalar_one_or_none()


def _keep(session: Session, producer_id: int, digest: str, events: int, at: datetime) -> EpcisCapture:
    """Keep that a document was captured; one without events has no chain to wait at, and may be there."""
    kept = EpcisCapture(
        code=secrets.token_hex(16), producer_id=producer_id, digest=digest, events=events, captured_at=at
    )
    try:
        with session.begin_nested():
            session.add(kept)
            session.flush()
    except IntegrityError:
        if (known := _find_by_digest(session, producer_id, digest)) is not None:
            return known
        raise
    return kept

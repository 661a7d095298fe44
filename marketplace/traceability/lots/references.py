"""Where else a product or a lot is on record; addresses are shown and never fetched."""

import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.accounts import journal
from marketplace.accounts.permissions import Actor
from marketplace.errors import NotFound
from marketplace.producers.models import Producer
from marketplace.producers.profile import scope_of
from marketplace.text import one_line
from marketplace.traceability.lots.errors import InvalidPortal
from marketplace.traceability.lots.models import ExternalReference, Lot, Portal
from marketplace.traceability.lots.own_goods import get_own_goods

MOST_REFERENCES = 12
LONGEST_REFERENCE, LONGEST_URL = 120, 300
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9\-]*[a-z0-9])?\.)+[a-z]{2,}", re.IGNORECASE)
_ADDRESS = re.compile(r"[!-~]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceFacts:
    """What is to be recorded of a reference; the fields are those of ExternalReference."""

    portal: Portal
    reference: str
    url: str | None = None


def add_reference(
    session: Session,
    actor: Actor | None,
    producer: Producer,
    product_id: int,
    lot: Lot | None,
    facts: ReferenceFacts,
    at: datetime,
) -> ExternalReference:
    """Note where else a product, or one lot of it, is on record; noted again it gets the new address.

    Raises InvalidPortal, also for more than twelve of a product, and NotFound for goods of others.
    """
    get_own_goods(session, producer.id, product_id, None, None)
    if lot is not None and lot.product_id != product_id:
        raise NotFound(lot=lot.id)
    name, url = _read_name(facts.reference), read_url(facts.url)
    known = list_references(session, product_id)
    of_lot = lot.id if lot else None
    said = (facts.portal, name, of_lot)
    one = next((one for one in known if (one.portal, one.reference, one.lot_id) == said), None)
    if one is None and len(known) >= MOST_REFERENCES:
        raise InvalidPortal(field="reference", most=MOST_REFERENCES)
    if one is None:
        one = ExternalReference(product_id=product_id, lot_id=of_lot, portal=facts.portal, reference=name)
        session.add(one)
    one.url = url
    _record(session, actor, producer, one, "add", at)
    return one


def remove_reference(
    session: Session, actor: Actor, producer: Producer, reference: ExternalReference, at: datetime
) -> None:
    """Note no longer where else something is on record."""
    _record(session, actor, producer, reference, "remove", at)
    session.delete(reference)
    session.flush()


def list_references(session: Session, product_id: int) -> list[ExternalReference]:
    """Return the references of a product and of all its lots."""
    own = sa.select(ExternalReference).where(ExternalReference.product_id == product_id)
    return list(session.scalars(own.order_by(ExternalReference.id)))


def get_own_reference(session: Session, reference_id: int, product_id: int) -> ExternalReference:
    """Return a reference of a product; raises NotFound for those of others."""
    own = sa.select(ExternalReference).where(
        ExternalReference.id == reference_id, ExternalReference.product_id == product_id
    )
    found = session.scalar(own)
    if found is None:
        raise NotFound(reference=reference_id)
    return found


def read_url(text: str | None) -> str | None:
    """Return an https address of a named host without name and password; raises InvalidPortal."""
    if not (text or "").strip():
        return None
    url = (text or "").strip()
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise InvalidPortal(field="url") from error
    sound = parts.scheme == "https" and parts.username is None and port in {None, 443}
    if not (sound and _HOST.fullmatch(parts.hostname or "") and _ADDRESS.fullmatch(url)):
        raise InvalidPortal(field="url")
    if len(url) > LONGEST_URL:
        raise InvalidPortal(field="url", most=LONGEST_URL)
    return url


def _read_name(text: str) -> str:
    name = one_line(text)
    if not 0 < len(name) <= LONGEST_REFERENCE:
        raise InvalidPortal(field="reference")
    return name


def _record(
    session: Session, actor: Actor | None, producer: Producer, one: ExternalReference, deed: str, at: datetime
) -> None:
    session.flush()
    data = {"product_id": one.product_id, "portal_code": one.portal.value}
    scope = scope_of(producer)
    journal.record(session, actor, f"reference:{deed}", "reference", one.id, scope, at=at, data=data)

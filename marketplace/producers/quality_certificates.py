"""Quality certificates that a producer shows: VietGAP, organic, HACCP and the like, with their validity."""

from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from marketplace import clock
from marketplace.accounts import journal
from marketplace.accounts.permissions import Actor
from marketplace.errors import NotFound
from marketplace.media.pictures import Encoded, keep, owner_of
from marketplace.media.unused import erase_when_unused
from marketplace.producers.errors import InvalidQualityCertificate
from marketplace.producers.models import Producer, QualityCertificate, QualityKind
from marketplace.producers.profile import scope_of
from marketplace.text import one_line

MOST_CERTIFICATES = 30
LONGEST_TITLE, LONGEST_NUMBER, LONGEST_ISSUER = 120, 60, 160
LONGEST_VALIDITY = timedelta(days=3660)
"""Ten years: no such certificate holds longer, so a later day is a slip of the pen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityFacts:
    """What stands on a quality certificate; `title` names one of another kind."""

    kind: QualityKind
    number: str
    issuer: str
    valid_until: date
    valid_from: date | None = None
    title: str | None = None


def read_kind(text: str) -> QualityKind:
    """Return a kind of certificate by its short name; raises InvalidQualityCertificate."""
    try:
        return QualityKind(text)
    except ValueError as error:
        raise InvalidQualityCertificate(field="kind") from error


def read_line(field: str, text: str, longest: int) -> str:
    """Return one line that is not empty; raises InvalidQualityCertificate."""
    line = one_line(text)
    if not 0 < len(line) <= longest:
        raise InvalidQualityCertificate(field=field)
    return line


def add_certificate(
    session: Session,
    actor: Actor,
    producer: Producer,
    facts: QualityFacts,
    at: datetime,
    photograph: Encoded | None = None,
) -> QualityCertificate:
    """Show another certificate; one of the same kind and number is the same and is corrected.

    Raises InvalidQualityCertificate, also for more than thirty.
    """
    held = list_certificates(session, producer.id)
    known = next((one for one in held if (one.kind, one.number) == (facts.kind, facts.number)), None)
    if known is not None:
        change_certificate(session, actor, producer, known, facts, at, photograph)
        return known
    if len(held) >= MOST_CERTIFICATES:
        raise InvalidQualityCertificate(field="kind", most=MOST_CERTIFICATES)
    certificate = QualityCertificate(producer_id=producer.id, **_checked(facts, clock.local_date(at)))
    session.add(certificate)
    _set_photograph(session, producer, certificate, photograph, at)
    _record(session, actor, "quality_certificate:add", producer, certificate, at)
    return certificate


def change_certificate(
    session: Session,
    actor: Actor,
    producer: Producer,
    certificate: QualityCertificate,
    facts: QualityFacts,
    at: datetime,
    photograph: Encoded | None = None,
) -> None:
    """Correct what is shown of a certificate; without a new photograph the old one stays.

    Raises InvalidQualityCertificate.
    """
    for column, value in _checked(facts, clock.local_date(at)).items():
        setattr(certificate, column, value)
    _set_photograph(session, producer, certificate, photograph, at)
    _record(session, actor, "quality_certificate:change", producer, certificate, at)


def remove_certificate(
    session: Session, actor: Actor, producer: Producer, certificate: QualityCertificate, at: datetime
) -> None:
    """Show a certificate no longer; its photograph is erased."""
    _record(session, actor, "quality_certificate:remove", producer, certificate, at)
    photograph = certificate.picture
    session.delete(certificate)
    if photograph is not None:
        erase_when_unused(session, photograph)


def list_certificates(session: Session, producer_id: int) -> list[QualityCertificate]:
    """Return the certificates of a producer, those that hold longest first."""
    own = _with_picture().where(QualityCertificate.producer_id == producer_id)
    ordered = own.order_by(QualityCertificate.valid_until.desc(), QualityCertificate.id)
    return list(session.execute(ordered).scalars())


def get_certificate(session: Session, producer_id: int, certificate_id: int) -> QualityCertificate:
    """Return a certificate of a producer; raises NotFound for those of others."""
    own = _with_picture().where(
        QualityCertificate.id == certificate_id, QualityCertificate.producer_id == producer_id
    )
    found = session.execute(own).scalar_one_or_none()
    if found is None:
        raise NotFound(certificate=certificate_id)
    return found


def _with_picture() -> sa.Select[QualityCertificate]:
    return sa.select(QualityCertificate).options(joinedload(QualityCertificate.picture))


def _set_photograph(
    session: Session,
    producer: Producer,
    certificate: QualityCertificate,
    photograph: Encoded | None,
    at: datetime,
) -> None:
    if photograph is None:
        return
    before = certificate.picture if certificate.picture_id else None
    certificate.picture = keep(session, photograph, owner_of("producer", producer.id), at)
    if before is not None:
        erase_when_unused(session, before)


def _checked(facts: QualityFacts, day: date) -> dict[str, object]:
    if not facts.number:
        raise InvalidQualityCertificate(field="number")
    if not facts.issuer:
        raise InvalidQualityCertificate(field="issuer")
    if (facts.kind is QualityKind.OTHER) != bool(facts.title):
        raise InvalidQualityCertificate(field="title")
    if facts.valid_from and facts.valid_from > facts.valid_until:
        raise InvalidQualityCertificate(field="valid_until")
    if facts.valid_until > day + LONGEST_VALIDITY:
        raise InvalidQualityCertificate(field="valid_until")
    return asdict(facts)


def _record(
    session: Session,
    actor: Actor,
    action: str,
    producer: Producer,
    certificate: QualityCertificate,
    at: datetime,
) -> None:
    session.flush()
    data = {"kind": certificate.kind, "valid_until": certificate.valid_until}
    journal.record(
        session,
        actor,
        action,
        "quality_certificate",
        certificate.id,
        scope_of(producer),
        at=at,
        data=data,
    )

"""The shelf of evidence that a producer keeps: pieces are put on it once and used again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from marketplace import clock
from marketplace.accounts import journal
from marketplace.accounts.permissions import Actor
from marketplace.catalogue.models import Product
from marketplace.certification.dossiers.errors import EvidenceInUse, InvalidEvidence, TooManyEvidence
from marketplace.certification.dossiers.evidence_models import (
    EvidenceFile,
    EvidenceKind,
    EvidenceUse,
    OwnPage,
)
from marketplace.certification.dossiers.models import Dossier
from marketplace.certification.dossiers.own_pages import KIND_OF, TITLE_OF
from marketplace.database import db
from marketplace.errors import NotFound
from marketplace.media import documents, pictures
from marketplace.media.unused import erase_when_unused
from marketplace.producers.models import Producer
from marketplace.producers.profile import scope_of
from marketplace.text import one_line

MOST_EVIDENCE = 300
LONGEST_TITLE, LONGEST_NUMBER = 160, 60
EARLIEST, LATEST = date(1950, 1, 1), date(2100, 1, 1)

File = documents.Examined | pictures.Encoded


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceFacts:
    """What a producer says of a piece of evidence; the fields are those of EvidenceFile."""

    kind: EvidenceKind
    title: str
    number: str | None = None
    issued_on: date | None = None
    valid_until: date | None = None


def add_evidence(
    session: Session, actor: Actor, producer: Producer, facts: EvidenceFacts, file: File, at: datetime
) -> EvidenceFile:
    """Put a piece on a producer's shelf; the same file sent again is the same piece.

    Raises InvalidEvidence and TooManyEvidence.
    """
    columns = _checked(facts, clock.local_date(at))
    _lock_shelf(session, producer)
    known = list_evidence(producer.id)
    for piece in known:
        if piece.digest == file.digest:
            return piece
    if len(known) >= MOST_EVIDENCE:
        raise TooManyEvidence(field="file", most=MOST_EVIDENCE)
    owner = pictures.owner_of("producer", producer.id)
    piece = EvidenceFile(producer_id=producer.id, digest=file.digest, **columns)
    if isinstance(file, documents.Examined):
        piece.document = documents.keep(session, file, owner, at)
    else:
        piece.picture = pictures.keep(session, file, owner, at)
    return _put(session, actor, producer, piece, at)


def page_evidence(
    session: Session, actor: Actor, producer: Producer, product: Product, page: OwnPage, at: datetime
) -> EvidenceFile:
    """Return the piece that stands for a page of a product on this market, putting it on the shelf once.

    The caller has made sure that the page is there.
    """
    _lock_shelf(session, producer)
    kept = _with_file().where(EvidenceFile.product_id == product.id, EvidenceFile.own_page == page)
    if (found := session.scalar(kept)) is not None:
        return found
    facts = {"kind": KIND_OF[page], "title": TITLE_OF[page], "own_page": page, "product_id": product.id}
    return _put(session, actor, producer, EvidenceFile(producer_id=producer.id, **facts), at)


def remove_evidence(
    session: Session, actor: Actor, producer: Producer, evidence: EvidenceFile, at: datetime
) -> None:
    """Take a piece off the shelf and out of drafts, its file with it.

    Raises EvidenceInUse for one that was ever handed in.
    """
    _lock_users(session, evidence)
    session.refresh(evidence, ["handed_in"], with_for_update=True)
    if evidence.handed_in:
        raise EvidenceInUse
    document, picture = evidence.document, evidence.picture
    _note(session, actor, producer, evidence, "remove", at)
    session.execute(sa.delete(EvidenceUse).where(EvidenceUse.evidence_id == evidence.id))
    session.delete(evidence)
    session.flush()
    if document is not None:
        documents.erase(session, document)
    if picture is not None:
        erase_when_unused(session, picture)


def list_evidence(producer_id: int) -> Sequence[EvidenceFile]:
    """Return what is on a producer's shelf with its files, the newest first."""
    own = _with_file().where(EvidenceFile.producer_id == producer_id)
    return db.session.scalars(own.order_by(EvidenceFile.id.desc())).all()


def get_own_evidence(session: Session, evidence_id: int, producer_id: int) -> EvidenceFile:
    """Return a piece of a producer with its file; raises NotFound for those of others."""
    own = (EvidenceFile.id == evidence_id, EvidenceFile.producer_id == producer_id)
    found = session.scalar(_with_file().where(*own).execution_options(populate_existing=True))
    if found is None:
        raise NotFound(evidence=evidence_id)
    return found


def _with_file() -> sa.Select[EvidenceFile]:
    return sa.select(EvidenceFile).options(
        joinedload(EvidenceFile.document), joinedload(EvidenceFile.picture)
    )


def _lock_shelf(session: Session, producer: Producer) -> None:
    """Let what is put on one shelf come one after the other, so that nothing is there twice."""
    one = sa.select(Producer.id).where(Producer.id == producer.id)
    session.execute(one.with_for_update(key_share=True))


def _lock_users(session: Session, evidence: EvidenceFile) -> None:
    """Wait for dossiers that are being handed in with a piece: they come before it."""
    users = sa.select(EvidenceUse.dossier_id).where(EvidenceUse.evidence_id == evidence.id)
    locked = sa.select(Dossier.id).where(Dossier.id.in_(users)).order_by(Dossier.id).with_for_update()
    session.execute(locked).all()


def _put(
    session: Session, actor: Actor, producer: Producer, piece: EvidenceFile, at: datetime
) -> EvidenceFile:
    piece.added_by, piece.added_at = actor.person_id, at
    session.add(piece)
    session.flush()
    _note(session, actor, producer, piece, "add", at)
    return piece


def _checked(facts: EvidenceFacts, day: date) -> dict[str, Any]:
    issued_on, valid_until = facts.issued_on, facts.valid_until
    if issued_on is not None and not EARLIEST <= issued_on <= day:
        raise InvalidEvidence(field="issued_on")
    if valid_until is not None and not (issued_on or EARLIEST) <= valid_until < LATEST:
        raise InvalidEvidence(field="valid_until")
    title = _line("title", facts.title, LONGEST_TITLE)
    if title is None:
        raise InvalidEvidence(field="title")
    number = _line("number", facts.number, LONGEST_NUMBER)
    return {
        "kind": facts.kind,
        "title": title,
        "number": number,
        "issued_on": issued_on,
        "valid_until": valid_until,
    }


def _line(field: str, text: str | None, longest: int) -> str | None:
    line = one_line(text)
    if len(line) > longest:
        raise InvalidEvidence(field=field, most=longest)
    return line or None


def _note(
    session: Session, actor: Actor, producer: Producer, piece: EvidenceFile, verb: str, at: datetime
) -> None:
    data = {"kind": piece.kind, "file_hash": piece.digest}
    scope = scope_of(producer)
    journal.record(session, actor, f"evidence:{verb}", "evidence_file", piece.id, scope, at=at, data=data)

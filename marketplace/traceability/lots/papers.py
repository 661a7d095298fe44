"""Papers that speak of a lot: inspections and laboratory reports, as a PDF or a photograph."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from marketplace import clock
from marketplace.accounts import journal
from marketplace.accounts.permissions import Actor
from marketplace.catalogue.models import Product, Publication
from marketplace.database import Base
from marketplace.errors import NotFound
from marketplace.media import documents, pictures
from marketplace.media.models import Document, Picture
from marketplace.media.unused import erase_when_unused
from marketplace.producers.models import Producer
from marketplace.producers.profile import scope_of
from marketplace.text import one_line
from marketplace.traceability.lots.errors import InvalidPaper, PaperInUse
from marketplace.traceability.lots.models import Lot, LotPaper, PaperKind

MOST_PAPERS = 30
LONGEST_TITLE = LONGEST_ISSUER = 160
LONGEST_NUMBER, LONGEST_WORDS = 60, 500
EARLIEST = date(2000, 1, 1)
TIME_TO_REMOVE = timedelta(hours=24)
"""A slip is seen within a day; later what the public has read of a lot is evidence."""

File = documents.Examined | pictures.Encoded


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperFacts:
    """What stands on a paper; the fields are those of LotPaper."""

    kind: PaperKind
    title: str
    issuer: str
    issued_on: date
    number: str | None = None
    passed: bool | None = None
    words: str | None = None


def add_paper(
    session: Session,
    actor: Actor | None,
    producer: Producer,
    lot: Lot,
    facts: PaperFacts,
    file: File,
    at: datetime,
) -> LotPaper:
    """Put a paper to a lot; the same file sent again for it is the same paper.

    Raises InvalidPaper, also for more than thirty.
    """
    columns = _checked(facts, clock.local_date(at))
    known = list_papers(session, lot.id)
    for paper in known:
        if _digest_of(paper) == file.digest:
            return paper
    if len(known) >= MOST_PAPERS:
        raise InvalidPaper(field="file", most=MOST_PAPERS)
    owner = pictures.owner_of("producer", producer.id)
    paper = LotPaper(lot_id=lot.id, **columns)
    if isinstance(file, documents.Examined):
        paper.document = documents.keep(session, file, owner, at)
    else:
        paper.picture = pictures.keep(session, file, owner, at)
    session.add(paper)
    _record(session, actor, producer, paper, "add", at)
    return paper


def remove_paper(
    session: Session, actor: Actor, producer: Producer, lot: Lot, paper: LotPaper, at: datetime
) -> None:
    """Take a paper away and erase its file; raises PaperInUse for one that has to stay."""
    session.refresh(lot, ["printed_at", "recalled_at"], with_for_update=True)
    product = session.get(Product, lot.product_id) if lot.product_id else None
    if must_keep_papers(lot, product, at) or _is_named(session, paper):
        raise PaperInUse
    document, picture = paper.document, paper.picture
    _record(session, actor, producer, paper, "remove", at)
    session.delete(paper)
    session.flush()
    if document is not None:
        documents.erase(session, document)
    if picture is not None:
        erase_when_unused(session, picture)


def must_keep_papers(lot: Lot, product: Product | None, at: datetime) -> bool:
    """Say whether the papers of a lot are evidence by an instant, which its maker cannot take away.

    They are once its code was printed, while it is recalled, and a day after it was made if its product has
    ever been on public view. `product` is that of the lot.
    """
    if lot.printed_at is not None or lot.recalled_at is not None:
        return True
    public = product is not None and product.publication is not Publication.DRAFT
    return public and at - lot.created_at > TIME_TO_REMOVE


def list_papers(session: Session, lot_id: int) -> list[LotPaper]:
    """Return the papers of a lot with their files, the oldest first."""
    own = _with_file().where(LotPaper.lot_id == lot_id)
    return list(session.scalars(own.order_by(LotPaper.issued_on, LotPaper.id)))


def get_own_paper(session: Session, paper_id: int, lot: Lot) -> LotPaper:
    """Return a paper of a lot; raises NotFound for those of others."""
    found = session.scalar(_with_file().where(LotPaper.id == paper_id, LotPaper.lot_id == lot.id))
    if found is None:
        raise NotFound(paper=paper_id)
    return found


def _with_file() -> sa.Select[LotPaper]:
    return sa.select(LotPaper).options(joinedload(LotPaper.document), joinedload(LotPaper.picture))


def _digest_of(paper: LotPaper) -> str | None:
    file: Document | Picture | None = paper.document or paper.picture
    return file.digest if file else None


def _is_named(session: Session, paper: LotPaper) -> bool:
    """Say whether anything refers to a paper: events do, in a room that this one does not know."""
    table = LotPaper.__table__
    columns = (one for any_table in Base.metadata.tables.values() for one in any_table.columns)
    named = [one for one in columns if any(key.column.table is table for key in one.foreign_keys)]
    held = [sa.exists().where(column == paper.id) for column in named]
    return bool(session.scalar(sa.select(sa.or_(sa.false(), *held))))


def _checked(facts: PaperFacts, day: date) -> dict[str, Any]:
    if not EARLIEST <= facts.issued_on <= day:
        raise InvalidPaper(field="issued_on")
    return {
        "kind": facts.kind,
        "title": _required("title", facts.title, LONGEST_TITLE),
        "issuer": _required("issuer", facts.issuer, LONGEST_ISSUER),
        "number": _line("number", facts.number, LONGEST_NUMBER),
        "words": _line("words", facts.words, LONGEST_WORDS),
        "issued_on": facts.issued_on,
        "passed": facts.passed,
    }


def _line(field: str, text: str | None, longest: int) -> str | None:
    line = one_line(text)
    if len(line) > longest:
        raise InvalidPaper(field=field, most=longest)
    return line or None


def _required(field: str, text: str, longest: int) -> str:
    line = _line(field, text, longest)
    if line is None:
        raise InvalidPaper(field=field)
    return line


def _record(
    session: Session, actor: Actor | None, producer: Producer, paper: LotPaper, deed: str, at: datetime
) -> None:
    session.flush()
    data = {"lot_id": paper.lot_id, "kind": paper.kind}
    scope = scope_of(producer)
    journal.record(session, actor, f"lot_paper:{deed}", "lot_paper", paper.id, scope, at=at, data=data)

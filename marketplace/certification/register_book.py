"""The public register (sổ chứng nhận): every certificate and decision for ever, found and counted."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import TypeVarTuple

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from marketplace.catalogue.models import Product
from marketplace.certification.models import Certificate, Decision
from marketplace.database import db
from marketplace.errors import NotFound
from marketplace.text import fold, slugify

ENTRIES_PER_PAGE = 50

Row = TypeVarTuple("Row")


class EntryState(StrEnum):
    """What the register tells of a certificate; `state_on` tells it in more detail."""

    ALIVE = "hieu_luc"
    LAPSED = "het_han"
    SUPERSEDED = "thay_the"
    REVOKED = "thu_hoi"
    UNDATED = "khong_ro"


@dataclass(frozen=True, kw_only=True, slots=True)
class EntryFilter:
    """What is looked for; `province_ids` None means everywhere, empty nowhere."""

    words: str = ""
    state: EntryState | None = None
    stars: int | None = None
    year: int | None = None
    province_ids: frozenset[int] | None = None


@dataclass(frozen=True, slots=True)
class EntryPage:
    """One page of the register, and how many entries there are by state, whichever state is asked for."""

    entries: Sequence[Certificate]
    counts: dict[EntryState, int]
    total: int
    page: int
    pages: int


def entry_state(day: date) -> sa.ColumnElement[str]:
    """Return the SQL expression of a certificate's state on a day, as `state_on` has it."""
    end = sa.func.coalesce(Certificate.extended_until, Certificate.valid_until)
    replaced = sa.and_(Certificate.superseded_on <= day, Certificate.superseded_on <= end)
    return sa.case(
        (Certificate.revoked_on <= day, EntryState.REVOKED.value),
        (Certificate.valid_until.is_(None), EntryState.UNDATED.value),
        (replaced, EntryState.SUPERSEDED.value),
        (end >= day, EntryState.ALIVE.value),
        else_=EntryState.LAPSED.value,
    )


def list_entries(wanted: EntryFilter, day: date, page: int = 1) -> EntryPage:
    """Return a page of entries, newest first; a page beyond the last is empty."""
    counts = count_by_state(replace(wanted, state=None), day)
    total = counts[wanted.state] if wanted.state else sum(counts.values())
    found = _ordered(_matching(sa.select(Certificate), wanted, day))
    start = (page - 1) * ENTRIES_PER_PAGE
    entries = db.session.scalars(found.offset(start).limit(ENTRIES_PER_PAGE)).all()
    return EntryPage(entries, counts, total, page, max(1, -(-total // ENTRIES_PER_PAGE)))


def list_all_entries(wanted: EntryFilter, day: date) -> Sequence[Certificate]:
    """Return every entry that is looked for, newest first."""
    return db.session.scalars(_ordered(_matching(sa.select(Certificate), wanted, day))).all()


def count_by_state(wanted: EntryFilter, day: date) -> dict[EntryState, int]:
    """Return how many entries there are in each state."""
    state = entry_state(day).label("state")
    counted = _matching(sa.select(state, sa.func.count()), wanted, day).group_by(state)
    found = {EntryState(name): number for name, number in db.session.execute(counted)}
    return {state: found.get(state, 0) for state in EntryState}


def list_years() -> list[int]:
    """Return the years in which certificates were given, newest first."""
    years = sa.select(Certificate.year).where(Certificate.year.is_not(None)).distinct()
    return sorted((year for year in db.session.scalars(years) if year is not None), reverse=True)


def get_certificate(code: str) -> Certificate:
    """Return a certificate with product, producer, decision and regulation; raise NotFound."""
    certificate = db.session.scalar(_with_facts(sa.select(Certificate)).where(Certificate.code == code))
    if certificate is None:
        raise NotFound(certificate=code)
    return certificate


def list_certificates_of(product_id: int) -> Sequence[Certificate]:
    """Return every certificate of a product with decision and regulation, oldest row first."""
    found = sa.select(Certificate).where(Certificate.product_id == product_id).order_by(Certificate.id)
    return db.session.scalars(
        found.options(joinedload(Certificate.decision), joinedload(Certificate.regulation))
    ).all()


def find_decision(code: str) -> Decision | None:
    """Return a decision with its regulation, if there is one of this code."""
    return db.session.scalar(
        sa.select(Decision).where(Decision.code == code).options(joinedload(Decision.regulation))
    )


def list_certificates_under(decision_id: int) -> Sequence[Certificate]:
    """Return the certificates that a decision gave, in the order of the register."""
    found = _with_facts(sa.select(Certificate)).where(Certificate.decision_id == decision_id)
    return db.session.scalars(found.order_by(Certificate.id)).all()


def _with_facts(found: sa.Select[Certificate]) -> sa.Select[Certificate]:
    product = joinedload(Certificate.product)
    return found.options(
        product.joinedload(Product.producer),
        product.joinedload(Product.province),
        joinedload(Certificate.decision),
        joinedload(Certificate.regulation),
    )


def _ordered(found: sa.Select[Certificate]) -> sa.Select[Certificate]:
    return _with_facts(found).order_by(
        Certificate.year.desc().nulls_last(), Certificate.issued_on.desc().nulls_last(), Certificate.id
    )


def _matching(found: sa.Select[*Row], wanted: EntryFilter, day: date) -> sa.Select[*Row]:
    found = found.join(Product, Product.id == Certificate.product_id)
    found = found.outerjoin(Decision, Decision.id == Certificate.decision_id)
    if wanted.state is not None:
        found = found.where(entry_state(day) == wanted.state.value)
    if wanted.stars is not None:
        found = found.where(Certificate.stars == wanted.stars)
    if wanted.year is not None:
        found = found.where(Certificate.year == wanted.year)
    if wanted.province_ids is not None:
        found = found.where(Product.province_id.in_(wanted.province_ids))
    return found.where(_words_match(wanted.words)) if wanted.words.strip() else found


def _words_match(words: str) -> sa.ColumnElement[bool]:
    """Match all words in names and places; what holds a digit also in codes and decision numbers."""
    named = sa.and_(*(Product.words_folded.contains(word, autoescape=True) for word in fold(words).split()))
    code = slugify(words)
    if not any(sign.isdigit() for sign in code):
        return named
    return sa.or_(
        named,
        Certificate.code.contains(code, autoescape=True),
        Decision.code.contains(code, autoescape=True),
    )

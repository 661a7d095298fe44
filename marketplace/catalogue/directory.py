"""The directory of producers: who makes what, found by name, form and place."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from marketplace.catalogue.models import Product, Publication, live_stars
from marketplace.database import db
from marketplace.errors import NotFound
from marketplace.producers.matching import name_key
from marketplace.producers.models import (
    LegalForm,
    Producer,
    ProducerAlias,
    ProducerPicture,
    QualityCertificate,
)
from marketplace.text import fold

PRODUCERS_PER_PAGE = 30


@dataclass(frozen=True, kw_only=True, slots=True)
class ProducerFilter:
    """What is looked for; None and empty mean everything."""

    words: str = ""
    legal_form: LegalForm | None = None
    province_id: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A producer with the number of its products on view, and of those with stars on the day."""

    producer: Producer
    products: int
    starred: int


@dataclass(frozen=True, slots=True)
class DirectoryPage:
    """One page of the directory, and how many producers there are of each form."""

    entries: Sequence[Entry]
    forms: dict[LegalForm | None, int]
    total: int
    page: int
    pages: int


def list_producers(wanted: ProducerFilter, day: date, page: int = 1) -> DirectoryPage:
    """Return a page of producers: those with living stars first, those without products last."""
    forms = count_by_form(replace(wanted, legal_form=None))
    total = forms.get(wanted.legal_form, 0) if wanted.legal_form else sum(forms.values())
    entries = _entries(wanted, day, (page - 1) * PRODUCERS_PER_PAGE)
    return DirectoryPage(entries, forms, total, page, max(1, -(-total // PRODUCERS_PER_PAGE)))


def _entries(wanted: ProducerFilter, day: date, start: int) -> list[Entry]:
    made = _made(day)
    products, starred = (sa.func.coalesce(made.c[name], 0) for name in ("products", "starred"))
    found = (
        sa.select(Producer, products, starred)
        .outerjoin(made, made.c.producer_id == Producer.id)
        .where(*_conditions(wanted))
        .options(joinedload(Producer.commune), joinedload(Producer.province))
        .order_by(starred.desc(), products == 0, Producer.name_key, Producer.id)
    )
    rows = db.session.execute(found.offset(start).limit(PRODUCERS_PER_PAGE))
    return [Entry(producer, made_in_all, with_stars) for producer, made_in_all, with_stars in rows]


def _made(day: date) -> sa.Subquery:
    return (
        sa.select(
            Product.producer_id,
            sa.func.count().label("products"),
            sa.func.count(live_stars(day)).label("starred"),
        )
        .where(Product.publication == Publication.PUBLISHED)
        .group_by(Product.producer_id)
        .subquery()
    )


def count_by_form(wanted: ProducerFilter) -> dict[LegalForm | None, int]:
    """Return how many producers there are of each legal form; None is where no source tells it."""
    counted = sa.select(Producer.legal_form, sa.func.count()).where(*_conditions(wanted))
    return dict(db.session.execute(counted.group_by(Producer.legal_form)).all())


def _conditions(wanted: ProducerFilter) -> list[sa.ColumnElement[bool]]:
    held: list[sa.ColumnElement[bool]] = []
    if wanted.legal_form is not None:
        held.append(Producer.legal_form == wanted.legal_form)
    if wanted.province_id is not None:
        held.append(Producer.province_id == wanted.province_id)
    if wanted.words.strip():
        held.append(_named(wanted.words))
    return held


def _named(words: str) -> sa.ColumnElement[bool]:
    """Match names and other spellings that hold all the words, abbreviations written out or not."""
    spellings = {tuple(fold(words).split()), tuple(name_key(words).split())} - {()}
    aliases = sa.select(ProducerAlias.producer_id)
    return sa.or_(
        *(_holds(Producer.name_key.expression, spelling) for spelling in spellings),
        *(
            Producer.id.in_(aliases.where(_holds(ProducerAlias.name_key.expression, spelling)))
            for spelling in spellings
        ),
    )


def _holds(column: sa.ColumnElement[str], words: tuple[str, ...]) -> sa.ColumnElement[bool]:
    return sa.and_(*(column.contains(word, autoescape=True) for word in words))


def get_producer(slug: str) -> Producer:
    """Return a producer with today's commune and province, certificates and pictures; raise NotFound."""
    wanted = (
        sa.select(Producer)
        .where(Producer.slug == slug)
        .options(
            joinedload(Producer.commune),
            joinedload(Producer.province),
            joinedload(Producer.certificates).joinedload(QualityCertificate.picture),
            joinedload(Producer.pictures).joinedload(ProducerPicture.picture),
        )
    )
    producer = db.session.scalars(wanted).unique().one_or_none()
    if producer is None:
        raise NotFound(producer=slug)
    return producer

"""Registering producers and remembering the spellings they are known by."""

from collections.abc import Mapping
from itertools import chain, count
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace import text
from marketplace.producers.legal_forms import form_of_name, form_of_type
from marketplace.producers.matching import name_key
from marketplace.producers.models import FormerProducer, Producer, ProducerAlias

SLUG_LENGTH = 110


def register_producer(
    session: Session,
    name: str,
    *,
    printed_type: str | None = None,
    location: Mapping[str, Any] | None = None,
    **facts: Any,
) -> Producer:
    """Put a producer into the register under a slug of its own.

    The legal form follows from the type that the source prints, else from the name. `location`
    holds the columns of `Located`, `facts` further columns of Producer.
    """
    name = text.clean(name)
    producer = Producer(
        id=_unused_number(session),
        slug=free_slug(session, name, location or {}),
        name=name,
        name_key=name_key(name),
        legal_form=form_of_type(printed_type or "") or form_of_name(name),
        printed_type=printed_type,
        **(location or {}),
        **facts,
    )
    session.add(producer)
    session.flush()
    return producer


def free_slug(session: Session, name: str, location: Mapping[str, Any]) -> str:
    """Return the name's slug; of namesakes the later ones add their district or province, then a number."""
    stem = text.slugify(name)[:SLUG_LENGTH].strip("-") or "chu-the"
    place = text.slugify(location.get("printed_district") or location.get("printed_province") or "")
    longer = f"{stem[: SLUG_LENGTH - 30]}-{place}".strip("-")
    numbered = (f"{longer[: SLUG_LENGTH - 5]}-{number}" for number in count(2))
    return next(slug for slug in chain((stem, longer), numbered) if not _is_taken(session, slug))


def _is_taken(session: Session, slug: str) -> bool:
    """Say whether a producer has a slug, or had it before it was merged into another."""
    held = (sa.select(model.id).where(model.slug == slug) for model in (Producer, FormerProducer))
    return any(session.scalar(one) is not None for one in held)


def _unused_number(session: Session) -> int | None:
    """Return an id where SQLite by itself would give a merged producer's once more; None elsewhere.

    Deeds of the journal name producers by their ids for ever.
    """
    if session.get_bind().dialect.name != "sqlite":
        return None
    last = session.scalar(sa.select(sa.func.max(Producer.id))) or 0
    former = session.scalar(sa.select(sa.func.max(FormerProducer.number))) or 0
    return former + 1 if former > last else None


def add_spelling(session: Session, producer: Producer, name: str) -> bool:
    """Remember another spelling of a producer's name; say whether it was new."""
    name = text.clean(name)
    known = sa.select(ProducerAlias.id).where(
        ProducerAlias.producer_id == producer.id, ProducerAlias.name == name
    )
    if name == producer.name or session.scalar(known) is not None:
        return False
    session.add(ProducerAlias(producer_id=producer.id, name=name, name_key=name_key(name)))
    session.flush()
    return True

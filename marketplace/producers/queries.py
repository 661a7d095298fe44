"""Questions about producers."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.producers.models import FormerProducer, Producer


def find_by_slug(session: Session, slug: str) -> Producer | None:
    """Return the producer of a slug, its own or that of one that was merged into it; None for no such."""
    wanted = sa.or_(Producer.slug == slug, Producer.id.in_(_heirs_of(slug)))
    return session.scalar(sa.select(Producer).where(wanted))


def find_heir(session: Session, slug: str) -> str | None:
    """Return the slug of the producer that the one of a slug was merged into; None for all others."""
    return session.scalar(sa.select(Producer.slug).where(Producer.id.in_(_heirs_of(slug))))


def _heirs_of(slug: str) -> sa.Select[int]:
    return sa.select(FormerProducer.producer_id).where(FormerProducer.slug == slug)

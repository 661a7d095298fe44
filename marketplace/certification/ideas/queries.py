"""Questions about ideas: a producer's own, and what stands of them by state."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from marketplace.certification.ideas.models import ProductIdea
from marketplace.errors import NotFound
from marketplace.producers.models import Producer


def whole_idea() -> tuple[ORMOption, ...]:
    """Return the options that load all that the page of an idea shows."""
    return (
        joinedload(ProductIdea.producer).options(joinedload(Producer.province), joinedload(Producer.commune)),
        joinedload(ProductIdea.product),
        joinedload(ProductIdea.commune),
        joinedload(ProductIdea.province),
        joinedload(ProductIdea.plan),
        selectinload(ProductIdea.ticks),
        selectinload(ProductIdea.steps),
    )


def get_own_idea(session: Session, idea_id: int, producer_id: int, *shown: ORMOption) -> ProductIdea:
    """Return an idea of a producer with what is `shown` of it; raises NotFound."""
    wanted = sa.select(ProductIdea).where(ProductIdea.id == idea_id, ProductIdea.producer_id == producer_id)
    loaded = wanted.options(*shown).execution_options(populate_existing=True)
    idea = session.execute(loaded).unique().scalar_one_or_none()
    if idea is None:
        raise NotFound(idea=idea_id)
    return idea


def list_ideas_of(session: Session, producer_id: int) -> Sequence[ProductIdea]:
    """Return the ideas of a producer with plans and roadmaps, the newest first."""
    wanted = (
        sa.select(ProductIdea)
        .where(ProductIdea.producer_id == producer_id)
        .options(joinedload(ProductIdea.plan), selectinload(ProductIdea.steps))
        .order_by(ProductIdea.year.desc(), ProductIdea.id.desc())
    )
    return session.scalars(wanted).unique().all()

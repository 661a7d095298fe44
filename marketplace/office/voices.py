"""Reviews and questions that were reported: those of an officer's units, in the query.

What belongs to a producer that the officer is a member of is not the officer's to judge.
"""

from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from marketplace.accounts.permissions import Actor
from marketplace.catalogue.models import Product
from marketplace.errors import NotFound
from marketplace.office.tenancy import Reach
from marketplace.reviews.models import Question, Review, ReviewPicture, Shown

AT_ONCE = 100
Kind = TypeVar("Kind", Review, Question)


def reported_voices(reach: Reach, kind: type[Kind], shown: Shown = Shown.REPORTED) -> sa.Select[Any]:
    """Return the statement of the reviews or questions that wait, or were hidden, in the units."""
    return (
        sa.select(kind)
        .join(Product, Product.id == kind.product_id)
        .where(kind.shown == shown, reach.products())
        .order_by(kind.reported_at, kind.id)
    )


def list_voices(session: Session, reach: Reach, kind: type[Kind], shown: Shown) -> list[Kind]:
    """Return the reviews or questions that stand so, with their products, those reported first on top."""
    wanted = reported_voices(reach, kind, shown).options(joinedload(kind.product)).limit(AT_ONCE)
    return list(session.execute(wanted).scalars())


def review_in_reach(session: Session, actor: Actor, review_id: int) -> Review:
    """Return a review of the units that was ever reported, with its photographs; raises NotFound."""
    pictures = selectinload(Review.pictures).joinedload(ReviewPicture.picture)
    return _only(session, _ever_reported(actor, Review, review_id).options(pictures))


def question_in_reach(session: Session, actor: Actor, question_id: int) -> Question:
    """Return a question of the units that was ever reported; raises NotFound."""
    return _only(session, _ever_reported(actor, Question, question_id))


def _ever_reported(actor: Actor, kind: type[Kind], number: int) -> sa.Select[Kind]:
    return (
        sa.select(kind)
        .join(Product, Product.id == kind.product_id)
        .where(kind.id == number, kind.reported_at.is_not(None), Reach.of(actor).products())
        .options(joinedload(kind.product).joinedload(Product.producer))
    )


def _only(session: Session, wanted: sa.Select[Kind]) -> Kind:
    voice: Kind | None = session.execute(
        wanted.execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if voice is None:
        raise NotFound
    return voice

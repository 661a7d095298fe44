"""Ideas of the producers in an officer's units: what waits, what was taken in, and one of them.

What belongs to a producer that the officer is a member of is not the officer's to judge.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager, joinedload
from sqlalchemy.orm.interfaces import ORMOption

from marketplace.accounts.permissions import Actor
from marketplace.certification.ideas.models import BusinessPlan, IdeaState, PlanState, ProductIdea
from marketplace.errors import NotFound
from marketplace.office.tenancy import Reach

AT_ONCE = 200


class Shelf(StrEnum):
    """The parts of the list, as they stand in its address."""

    WAITING = "cho"
    PLANS = "phuong-an"
    ACCEPTED = "da-nhan"
    POTENTIAL = "tiem-nang"
    RETURNED = "tra-lai"
    OVER = "khong-lam"


_ON: dict[Shelf, sa.ColumnElement[bool]] = {
    Shelf.WAITING: ProductIdea.state == IdeaState.SUBMITTED,
    Shelf.PLANS: sa.and_(
        ProductIdea.state == IdeaState.ACCEPTED,
        ProductIdea.plan.has(BusinessPlan.state == PlanState.SUBMITTED),
    ),
    Shelf.ACCEPTED: ProductIdea.state == IdeaState.ACCEPTED,
    Shelf.POTENTIAL: sa.and_(ProductIdea.state == IdeaState.ACCEPTED, ProductIdea.potential.is_(True)),
    Shelf.RETURNED: ProductIdea.state == IdeaState.RETURNED,
    Shelf.OVER: ProductIdea.state.in_((IdeaState.DECLINED, IdeaState.WITHDRAWN)),
}
"""What lies on each shelf; an idea may lie on several."""


def ideas_in(reach: Reach) -> sa.ColumnElement[bool]:
    """Return whether an idea is the actor's to judge."""
    places = sa.or_(ProductIdea.province_id.in_(reach.provinces), ProductIdea.commune_id.in_(reach.communes))
    strangers = ProductIdea.producer_id.not_in(reach.own_producers)
    return sa.and_(sa.true() if reach.everywhere else places, strangers)


def waiting_ideas(reach: Reach, shelf: Shelf) -> sa.Select[Any]:
    """Return the statement of what lies on a shelf, what was handed in first on top."""
    wanted = sa.select(ProductIdea).where(_ON[shelf], ideas_in(reach))
    return wanted.order_by(ProductIdea.submitted_at, ProductIdea.id)


def list_shelf(
    session: Session, reach: Reach, shelf: Shelf, year: int | None, most: int = AT_ONCE
) -> Sequence[ProductIdea]:
    """Return what lies on a shelf, of one year or of all, with producers, communes and plans."""
    shown = (
        joinedload(ProductIdea.producer),
        joinedload(ProductIdea.commune),
        joinedload(ProductIdea.province),
        joinedload(ProductIdea.plan),
    )
    wanted = waiting_ideas(reach, shelf).options(*shown).limit(most)
    if year is not None:
        wanted = wanted.where(ProductIdea.year == year)
    return session.scalars(wanted).all()


def list_waiting_slips(session: Session, reach: Reach, most: int) -> Sequence[ProductIdea]:
    """Return the ideas and plans that wait for an answer, what has waited longest on top."""
    waits = sa.or_(_ON[Shelf.WAITING], _ON[Shelf.PLANS])
    since = sa.case((_ON[Shelf.WAITING], ProductIdea.submitted_at), else_=BusinessPlan.submitted_at)
    wanted = (
        sa.select(ProductIdea)
        .outerjoin(ProductIdea.plan)
        .where(waits, ideas_in(reach))
        .options(joinedload(ProductIdea.producer), contains_eager(ProductIdea.plan))
        .order_by(since, ProductIdea.id)
        .limit(most)
    )
    return session.scalars(wanted).all()


def waits_since(idea: ProductIdea) -> datetime:
    """Return since when an idea, or its plan that is loaded with it, waits for an answer."""
    plan = idea.plan
    if plan is not None and plan.state is PlanState.SUBMITTED and plan.submitted_at is not None:
        return plan.submitted_at
    return idea.submitted_at


def count_shelves(session: Session, reach: Reach, year: int | None) -> dict[Shelf, int]:
    """Return how much lies on each shelf, of one year or of all, in one statement."""
    counts = (sa.func.count().filter(condition) for condition in _ON.values())
    wanted = sa.select(*counts).select_from(ProductIdea).where(ideas_in(reach))
    if year is not None:
        wanted = wanted.where(ProductIdea.year == year)
    return dict(zip(_ON, session.execute(wanted).one(), strict=True))


def list_years(session: Session, reach: Reach) -> list[int]:
    """Return the years that there are ideas of, the newest first."""
    wanted = sa.select(ProductIdea.year).where(ideas_in(reach)).distinct()
    return sorted(session.scalars(wanted), reverse=True)


def idea_in_reach(session: Session, actor: Actor, idea_id: int, *shown: ORMOption) -> ProductIdea:
    """Return an idea of the actor's units with what is `shown` of it; raises NotFound."""
    wanted = (
        sa.select(ProductIdea)
        .where(ProductIdea.id == idea_id, ideas_in(Reach.of(actor)))
        .options(*shown)
        .execution_options(populate_existing=True)
    )
    idea = session.execute(wanted).unique().scalar_one_or_none()
    if idea is None:
        raise NotFound(idea=idea_id)
    return idea

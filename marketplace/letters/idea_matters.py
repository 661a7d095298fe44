"""What letters about ideas tell of: the office's answer as it stands when they are sent."""

from collections.abc import Callable
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from marketplace.certification.ideas.models import IdeaState, PlanState, ProductIdea
from marketplace.web.idea_words import IDEA_CHECKS
from marketplace.web.post import Letter

Facts: TypeAlias = dict[str, Any]
ANSWERED = {IdeaState.ACCEPTED, IdeaState.RETURNED, IdeaState.DECLINED}


def tell_of_answer(session: Session, idea_id: int) -> Facts | None:
    """Return what the answer to an idea says; None once it was handed in again or withdrawn."""
    idea = _find(session, idea_id)
    if idea is None or idea.state not in ANSWERED:
        return None
    open_lines = [str(IDEA_CHECKS[tick.check]) for tick in idea.ticks if not tick.holds]
    return {**_facts_of(idea), "answer": idea.state.value, "words": idea.words or "", "lines": open_lines}


def tell_of_plan(session: Session, idea_id: int) -> Facts | None:
    """Return what the answer to a business plan says; None once it was handed in again."""
    idea = _find(session, idea_id)
    plan = idea.plan if idea else None
    if idea is None or plan is None or plan.state not in {PlanState.APPROVED, PlanState.RETURNED}:
        return None
    return {**_facts_of(idea), "answer": plan.state.value, "words": plan.words or ""}


def tell_of_roadmap(session: Session, idea_id: int) -> Facts | None:
    """Return what a roadmap says; None where no step is left to be done."""
    idea = _find(session, idea_id)
    steps = [step for step in idea.steps if step.done_on is None] if idea else []
    return {**_facts_of(idea), "steps": steps} if idea and steps else None


def _find(session: Session, idea_id: int) -> ProductIdea | None:
    shown = (
        joinedload(ProductIdea.producer),
        joinedload(ProductIdea.plan),
        selectinload(ProductIdea.ticks),
        selectinload(ProductIdea.steps),
    )
    wanted = sa.select(ProductIdea).where(ProductIdea.id == idea_id).options(*shown)
    return session.execute(wanted.execution_options(populate_existing=True)).scalar_one_or_none()


def _facts_of(idea: ProductIdea) -> Facts:
    return {
        "idea": idea.name,
        "number": idea.slip_number,
        "year": idea.year,
        "shop": f"/gian-hang/{idea.producer.slug}/y-tuong/{idea.id}",
    }


MATTERS: dict[Letter, Callable[[Session, int], Facts | None]] = {
    Letter.IDEA_ANSWERED: tell_of_answer,
    Letter.PLAN_ANSWERED: tell_of_plan,
    Letter.ROADMAP_MADE: tell_of_roadmap,
}

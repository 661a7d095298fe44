"""Business plans (phương án sản xuất kinh doanh): producers write them, the office approves or returns."""

from dataclasses import fields
from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.accounts.permissions import Actor
from marketplace.catalogue.listing_words import LONGEST_NOTE, tidied
from marketplace.certification.ideas.errors import PlanIncomplete, PlanMovedOn
from marketplace.certification.ideas.facts import PlanFacts, tidy_plan, unwritten
from marketplace.certification.ideas.models import BusinessPlan, PlanState, ProductIdea
from marketplace.certification.ideas.states import EDITABLE_PLANS, claim_plan, move_plan, note, refuse_own


def save_plan(
    session: Session, actor: Actor, idea: ProductIdea, facts: PlanFacts, at: datetime
) -> BusinessPlan:
    """Keep the business plan of an accepted idea, whole or not; the first time begins it.

    Raises IdeaMovedOn, InvalidPlan, and PlanMovedOn while the office has it.
    """
    told = tidy_plan(facts)
    plan = claim_plan(session, idea)
    if plan is None:
        plan = BusinessPlan(idea_id=idea.id, state=PlanState.DRAFT)
        session.add(plan)
        note(session, actor, idea, "plan_begun", at)
    elif plan.state not in EDITABLE_PLANS:
        raise PlanMovedOn(state=plan.state.value)
    for field in fields(told):
        setattr(plan, field.name, getattr(told, field.name))
    plan.changed_at = at
    session.flush()
    return plan


def submit_plan(session: Session, actor: Actor, idea: ProductIdea, at: datetime) -> BusinessPlan:
    """Hand the business plan in; raises PlanIncomplete naming what is still to be written, PlanMovedOn."""
    plan = claim_plan(session, idea)
    missing = unwritten(plan) if plan and plan.state in EDITABLE_PLANS else ()
    if missing:
        raise PlanIncomplete(fields=missing)
    plan = move_plan(session, actor, idea, PlanState.SUBMITTED, at)
    plan.submitted_at, plan.answered_at = at, None
    session.flush()
    return plan


def take_plan_back(session: Session, actor: Actor, idea: ProductIdea, at: datetime) -> BusinessPlan:
    """Take a business plan back that waits for its answer; raises PlanMovedOn."""
    plan = move_plan(session, actor, idea, PlanState.DRAFT, at)
    plan.submitted_at = None
    session.flush()
    return plan


def approve_plan(session: Session, actor: Actor, idea: ProductIdea, words: str, at: datetime) -> BusinessPlan:
    """Approve a business plan; raises PlanMovedOn, ConflictOfDuty and InvalidWords."""
    return _answer(session, actor, idea, PlanState.APPROVED, tidied("words", words, LONGEST_NOTE), at)


def return_plan(session: Session, actor: Actor, idea: ProductIdea, words: str, at: datetime) -> BusinessPlan:
    """Return a business plan with words that say why; raises as `approve_plan`, InvalidWords for none."""
    said = tidied("words", words, LONGEST_NOTE, required=True)
    return _answer(session, actor, idea, PlanState.RETURNED, said, at)


def _answer(
    session: Session, actor: Actor, idea: ProductIdea, to: PlanState, words: str | None, at: datetime
) -> BusinessPlan:
    refuse_own(actor, idea)
    plan = move_plan(session, actor, idea, to, at)
    plan.words, plan.answered_at = words, at
    session.flush()
    return plan

"""The ways of an idea and of its business plan: which state follows which, with the row locked."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.accounts import journal
from marketplace.accounts.errors import ConflictOfDuty
from marketplace.accounts.permissions import Actor
from marketplace.accounts.roles import Scope, ScopeKind
from marketplace.certification.ideas.errors import IdeaMovedOn, PlanMovedOn
from marketplace.certification.ideas.models import BusinessPlan, IdeaState, PlanState, ProductIdea

MOVES: dict[IdeaState, frozenset[IdeaState]] = {
    IdeaState.SUBMITTED: frozenset(
        {IdeaState.RETURNED, IdeaState.ACCEPTED, IdeaState.DECLINED, IdeaState.WITHDRAWN}
    ),
    IdeaState.RETURNED: frozenset({IdeaState.SUBMITTED, IdeaState.WITHDRAWN}),
    IdeaState.ACCEPTED: frozenset({IdeaState.WITHDRAWN}),
    IdeaState.DECLINED: frozenset(),
    IdeaState.WITHDRAWN: frozenset(),
}
"""What may become of an idea."""

PLAN_MOVES: dict[PlanState, frozenset[PlanState]] = {
    PlanState.DRAFT: frozenset({PlanState.SUBMITTED}),
    PlanState.SUBMITTED: frozenset({PlanState.DRAFT, PlanState.RETURNED, PlanState.APPROVED}),
    PlanState.RETURNED: frozenset({PlanState.SUBMITTED}),
    PlanState.APPROVED: frozenset(),
}
"""What may become of a business plan; back to a draft is its producer taking it back."""

EDITABLE_PLANS = frozenset({PlanState.DRAFT, PlanState.RETURNED})


def move_idea(session: Session, actor: Actor, idea: ProductIdea, to: IdeaState, at: datetime) -> None:
    """Bring an idea into a state and note it; raises IdeaMovedOn where that does not follow."""
    claim_idea(session, idea)
    if to not in MOVES[idea.state]:
        raise IdeaMovedOn(state=idea.state.value)
    idea.state = to
    note(session, actor, idea, to.value, at)


def move_plan(session: Session, actor: Actor, idea: ProductIdea, to: PlanState, at: datetime) -> BusinessPlan:
    """Bring the business plan of an idea into a state, note it and return it; raises PlanMovedOn."""
    plan = claim_plan(session, idea)
    if plan is None or to not in PLAN_MOVES[plan.state]:
        raise PlanMovedOn(state=plan.state.value if plan else None)
    plan.state = to
    note(session, actor, idea, f"plan_{to.value}", at)
    return plan


def claim_idea(session: Session, idea: ProductIdea, *wanted: IdeaState) -> None:
    """Lock an idea and read its state anew; raises IdeaMovedOn where it is in none of those wanted."""
    session.flush()
    session.execute(sa.select(ProductIdea.id).where(ProductIdea.id == idea.id).with_for_update())
    session.refresh(idea, ["state", "slip_number", "potential", "product_id"])
    if wanted and idea.state not in wanted:
        raise IdeaMovedOn(state=idea.state.value)


def claim_plan(session: Session, idea: ProductIdea) -> BusinessPlan | None:
    """Lock an accepted idea and return its business plan as it now is, None where there is none yet.

    Raises IdeaMovedOn for an idea that was not accepted.
    """
    claim_idea(session, idea, IdeaState.ACCEPTED)
    wanted = sa.select(BusinessPlan).where(BusinessPlan.idea_id == idea.id)
    return session.scalar(wanted.execution_options(populate_existing=True))


def refuse_own(actor: Actor, idea: ProductIdea) -> None:
    """Refuse whoever is a member of the producer as its judge; raises ConflictOfDuty."""
    if any(
        held.scope.kind is ScopeKind.PRODUCER and held.scope.id == idea.producer_id
        for held in actor.memberships
    ):
        raise ConflictOfDuty


def note(session: Session, actor: Actor, idea: ProductIdea, verb: str, at: datetime) -> None:
    """Write a deed about an idea into the journal."""
    org = Scope(ScopeKind.PRODUCER, idea.producer_id)
    data = {"state": idea.state.value, "year": idea.year}
    journal.record(session, actor, f"idea:{verb}", "product_idea", idea.id, org, at=at, data=data)

"""Ideas of producers for tests, brought into any state by the actions themselves."""

from typing import Any

from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.accounts.roles import Role, Scope, ScopeKind
from marketplace.certification.ideas.actions import submit_idea, withdraw_idea
from marketplace.certification.ideas.answers import Tick, Ticks, accept_idea, turn_away
from marketplace.certification.ideas.facts import IdeaFacts, PlanFacts
from marketplace.certification.ideas.models import IdeaCheck, IdeaState, PlanState, ProductIdea
from marketplace.certification.ideas.plans import approve_plan, return_plan, save_plan, submit_plan
from marketplace.producers.models import Producer
from tests.factories.accounts import a_member, a_person, an_actor
from tests.factories.listings import the_owner

ALL_HOLD: Ticks = {check: Tick(True) for check in IdeaCheck}


def idea_facts(**changes: Any) -> IdeaFacts:
    """Describe marmalade of the peel of pomelos, of the set of worked fruit."""
    facts: dict[str, Any] = {
        "name": "Mứt vỏ bưởi",
        "set_number": 7,
        "year": 2026,
        "origin": "Vỏ bưởi xưa nay bỏ đi.",
        "material": "Bưởi của 12 hộ trong xã.",
        "market": "Khách du lịch, chợ OCOP.",
        **changes,
    }
    return IdeaFacts(**facts)


def plan_facts(**changes: Any) -> PlanFacts:
    """Describe a plan that says something everywhere."""
    facts: dict[str, Any] = {
        "goals": "2 tấn mứt, 3 sao",
        "materials": "20 tấn bưởi trong xã",
        "technology": "Lò sấy 200 kg",
        "labour": "8 người trong xã",
        "market": "Chợ OCOP, siêu thị tỉnh",
        "schedule": "Tháng 3 mua lò, tháng 6 bán",
        "own_capital": 200_000_000,
        "borrowed": 100_000_000,
        **changes,
    }
    return PlanFacts(**facts)


def an_officer_of(session: Session, producer: Producer) -> Any:
    """Return an actor who serves the commune of a producer."""
    assert producer.commune_id
    scope = Scope(ScopeKind.ADMIN_UNIT, producer.commune_id)
    person = a_member(session, scope, Role.COMMUNE_OFFICER, a_person(session, "Lê Văn Xã"))
    return an_actor(person, (scope, Role.COMMUNE_OFFICER))


def an_idea(
    session: Session, producer: Producer, state: IdeaState = IdeaState.ACCEPTED, **changes: Any
) -> ProductIdea:
    """Write an idea of a producer that has a commune, in a state."""
    owner, officer, at = the_owner(producer), an_officer_of(session, producer), clock.now()
    idea = submit_idea(session, _person_of(session, owner), producer, idea_facts(**changes), at)
    if state is IdeaState.ACCEPTED:
        accept_idea(session, officer, idea, ALL_HOLD, "", at)
    elif state in {IdeaState.RETURNED, IdeaState.DECLINED}:
        turn_away(session, officer, idea, state, {}, "Mời ghi rõ vùng nguyên liệu.", at)
    elif state is IdeaState.WITHDRAWN:
        withdraw_idea(session, officer, idea, at)
    return idea


def _person_of(session: Session, owner: Any) -> Any:
    """Return an actor whose person is on record, with the memberships of another."""
    return an_actor(a_person(session), *((held.scope, held.role) for held in owner.memberships))


def a_plan(session: Session, idea: ProductIdea, state: PlanState = PlanState.SUBMITTED) -> None:
    """Write the business plan of an accepted idea, in a state."""
    producer, at = session.get_one(Producer, idea.producer_id), clock.now()
    owner, officer = the_owner(producer), an_officer_of(session, producer)
    save_plan(session, owner, idea, plan_facts(), at)
    if state is not PlanState.DRAFT:
        submit_plan(session, owner, idea, at)
    if state is PlanState.APPROVED:
        approve_plan(session, officer, idea, "", at)
    elif state is PlanState.RETURNED:
        return_plan(session, officer, idea, "Mời ghi rõ tiến độ.", at)

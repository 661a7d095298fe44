"""Ideas at the desk of the commune: what a slip, its checklist and its roadmap have to be, and who judges."""

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.accounts.errors import ConflictOfDuty
from marketplace.accounts.journal import Deed
from marketplace.accounts.permissions import Actor
from marketplace.accounts.roles import Role, Scope, ScopeKind
from marketplace.catalogue.listing_words import LONGEST_NAME
from marketplace.catalogue.models import Product
from marketplace.certification.ideas.actions import begin_product, name_product, submit_idea
from marketplace.certification.ideas.answers import Tick, accept_idea, mark_potential, turn_away
from marketplace.certification.ideas.errors import (
    ChecksFailed,
    ChecksMissing,
    InvalidIdea,
    InvalidPlan,
    InvalidStep,
    PlaceUnknown,
    PlanIncomplete,
    TooManySteps,
)
from marketplace.certification.ideas.facts import MONEY
from marketplace.certification.ideas.models import IdeaCheck, IdeaState, RoadmapStep
from marketplace.certification.ideas.plans import save_plan, submit_plan
from marketplace.certification.ideas.roadmap import (
    LATEST,
    LONGEST_STEP,
    MOST_STEPS,
    StepFacts,
    add_steps,
    finish_step,
    hand_over,
    remove_step,
)
from marketplace.certification.ideas.slips import slip_code
from marketplace.database import db, unit_of_work
from marketplace.errors import NotFound
from marketplace.producers.models import Producer
from tests.certification import test_ideas
from tests.factories.accounts import a_person, an_actor
from tests.factories.catalogue import a_product
from tests.factories.ideas import ALL_HOLD, an_idea, an_officer_of, idea_facts, plan_facts
from tests.factories.producers import a_producer

NEXT_YEAR = date(2027, 1, 1)
producer = test_ideas.producer


def owner_of(session: Session, producer: Producer) -> Actor:
    return an_actor(a_person(session), (Scope(ScopeKind.PRODUCER, producer.id), Role.OWNER))


def a_step(**changes: Any) -> StepFacts:
    facts: dict[str, Any] = {"words": "In nhãn", "due_on": NEXT_YEAR, **changes}
    return StepFacts(**facts)


def journal() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Deed.action).order_by(Deed.seq)))


def test_an_idea_is_handed_to_a_commune(producer: Producer) -> None:
    with unit_of_work() as session, pytest.raises(PlaceUnknown):
        nowhere = a_producer(session, "HTX Chưa rõ xã")
        submit_idea(session, owner_of(session, nowhere), nowhere, idea_facts(), clock.now())


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"name": " "}, ("name",)),
        ({"name": "x" * (LONGEST_NAME + 1)}, ("name",)),
        ({"year": 2025}, ("year",)),
        ({"year": 2028}, ("year",)),
        ({"market": "", "set_number": 27, "name": ""}, ("name", "set_number", "market")),
    ],
)
def test_every_wrong_field_of_a_slip_is_named_in_its_order(
    producer: Producer, changes: dict[str, Any], wrong: tuple[str, ...]
) -> None:
    with unit_of_work() as session, pytest.raises(InvalidIdea) as refused:
        submit_idea(session, owner_of(session, producer), producer, idea_facts(**changes), clock.now())
    assert refused.value.parameters["fields"] == wrong


def test_a_text_of_a_plan_has_an_end(producer: Producer) -> None:
    with unit_of_work() as session:
        idea, told = an_idea(session, producer), plan_facts(goals="x" * 20_000)
        with pytest.raises(InvalidPlan) as refused:
            save_plan(session, owner_of(session, producer), idea, told, clock.now())
    assert refused.value.parameters["fields"] == ("goals",)


def test_a_plan_is_handed_in_with_some_money(producer: Producer) -> None:
    with unit_of_work() as session:
        idea, owner, at = an_idea(session, producer), owner_of(session, producer), clock.now()
        save_plan(session, owner, idea, plan_facts(**dict.fromkeys(MONEY, 0)), at)
        with pytest.raises(PlanIncomplete) as refused:
            submit_plan(session, owner, idea, at)
        assert refused.value.parameters["fields"] == ("own_capital",)
        save_plan(session, owner, idea, plan_facts(**{**dict.fromkeys(MONEY, 0), MONEY[-1]: 1}), at)
        submit_plan(session, owner, idea, at)


def test_a_slip_bears_the_numbers_of_its_units_as_far_as_they_are_known(producer: Producer) -> None:
    with unit_of_work() as session:
        waiting = an_idea(session, producer, IdeaState.SUBMITTED)
        session.refresh(waiting, ["province", "commune"])
        waiting.province.code, waiting.commune.code = "42", None
        assert slip_code(waiting) == "…/PĐK-42-…-2026"
        waiting.commune.code = "18406"
        accept_idea(session, an_officer_of(session, producer), waiting, ALL_HOLD, "", clock.now())
        assert slip_code(waiting) == "01/PĐK-42-18406-2026"


def test_no_slip_is_taken_in_on_a_checklist_with_gaps(producer: Producer) -> None:
    def answered(**changes: Tick | None) -> dict[IdeaCheck, Tick]:
        ticks = {**ALL_HOLD, **{IdeaCheck[name]: tick for name, tick in changes.items()}}
        return {check: tick for check, tick in ticks.items() if tick}

    with unit_of_work() as session:
        idea, officer = an_idea(session, producer, IdeaState.SUBMITTED), an_officer_of(session, producer)
        for missing in (answered(IDENTITY=None), answered(IDENTITY=Tick(False))):
            with pytest.raises(ChecksMissing) as refused:
                accept_idea(session, officer, idea, missing, "", clock.now())
            assert refused.value.parameters["checks"] == [IdeaCheck.IDENTITY]
        with pytest.raises(ChecksFailed) as failed:
            copied = answered(OWN_IDEA=Tick(False, "Chép của HTX khác"))
            accept_idea(session, officer, idea, copied, "", clock.now())
        assert failed.value.parameters["checks"] == [IdeaCheck.OWN_IDEA]
        assert idea.state.value == "submitted"
        accept_idea(session, officer, idea, answered(IDENTITY=Tick(False, "Bổ sung sau")), "", clock.now())
        assert idea.state.value == "accepted"


def test_an_officer_judges_no_idea_of_the_own_cooperative(producer: Producer) -> None:
    with unit_of_work() as session:
        waiting = an_idea(session, producer, IdeaState.SUBMITTED)
        taken = an_idea(session, producer, name="Rượu mận")
        [step] = add_steps(session, an_officer_of(session, producer), taken, [a_step()], clock.now())
        own, at = owner_of(session, producer), clock.now()
        for judge in (
            lambda: accept_idea(session, own, waiting, ALL_HOLD, "", at),
            lambda: turn_away(session, own, waiting, IdeaState.DECLINED, {}, "Vì", at),
            lambda: mark_potential(session, own, taken, True, at),
            lambda: add_steps(session, own, taken, [a_step()], at),
            lambda: remove_step(session, own, taken, step.id, at),
            lambda: hand_over(session, own, taken, at),
        ):
            with pytest.raises(ConflictOfDuty):
                judge()


def test_an_accepted_idea_becomes_one_product(producer: Producer) -> None:
    with unit_of_work() as session:
        idea, owner, at = an_idea(session, producer), owner_of(session, producer), clock.now()
        begun = begin_product(session, owner, idea, producer, at)
        assert (begun.name, idea.product_id) == ("Mứt vỏ bưởi", begun.id)
        assert begin_product(session, owner, idea, producer, at).id == begun.id
        other = a_product(session, "Mứt gừng", producer=producer)
        name_product(session, owner, idea, other, at)
        assert idea.product_id == other.id
    assert journal().count("idea:named") == 2
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Product)) == 2


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"words": " "}, "words"),
        ({"words": "x" * (LONGEST_STEP + 1)}, "words"),
        ({"criterion": "99.9"}, "criterion"),
        ({"due_on": date(2026, 11, 21) + LATEST + timedelta(days=1)}, "due_on"),
        ({"due_on": date(2026, 11, 21) - LATEST - timedelta(days=1)}, "due_on"),
    ],
)
def test_a_step_that_cannot_be_is_refused(producer: Producer, changes: dict[str, Any], field: str) -> None:
    with unit_of_work() as session:
        idea, officer = an_idea(session, producer), an_officer_of(session, producer)
        with pytest.raises(InvalidStep) as refused:
            add_steps(session, officer, idea, [a_step(), a_step(**changes)], clock.now())
    assert refused.value.parameters == {"field": field}
    assert db.session.scalars(sa.select(RoadmapStep.id)).all() == [], "all are added or none"


def test_a_roadmap_has_an_end(producer: Producer) -> None:
    with unit_of_work() as session:
        idea, officer, at = an_idea(session, producer), an_officer_of(session, producer), clock.now()
        add_steps(session, officer, idea, [a_step()] * MOST_STEPS, at)
        with pytest.raises(TooManySteps) as refused:
            add_steps(session, officer, idea, [a_step()], at)
        assert refused.value.parameters == {"most": MOST_STEPS}


def test_a_roadmap_is_handed_over_once_it_says_something(producer: Producer) -> None:
    with unit_of_work() as session:
        idea, officer, at = an_idea(session, producer), an_officer_of(session, producer), clock.now()
        with pytest.raises(NotFound):
            hand_over(session, officer, idea, at)
        [step] = add_steps(session, officer, idea, [a_step()], at)
        hand_over(session, officer, idea, at)
        finish_step(session, officer, idea, step.id, date(2026, 11, 20), at)
        finish_step(session, officer, idea, step.id, None, at)
        assert step.done_on is None
        remove_step(session, officer, idea, step.id, at)
        with pytest.raises(NotFound):
            finish_step(session, officer, idea, step.id, None, at)
    verbs = ["steps_added", "roadmap_told", "step_done", "step_reopened", "step_removed"]
    assert journal()[-5:] == [f"idea:{verb}" for verb in verbs]


def test_a_step_of_another_idea_is_not_theirs(producer: Producer) -> None:
    with unit_of_work() as session:
        idea, other = an_idea(session, producer), an_idea(session, producer, name="Rượu mận")
        officer, at = an_officer_of(session, producer), clock.now()
        [step] = add_steps(session, officer, other, [a_step()], at)
        with pytest.raises(NotFound):
            finish_step(session, officer, idea, step.id, None, at)
        with pytest.raises(NotFound):
            remove_step(session, officer, idea, step.id, at)


def test_a_set_that_is_unsure_knows_no_criterion(producer: Producer) -> None:
    with unit_of_work() as session:
        idea, officer = an_idea(session, producer, set_number=None), an_officer_of(session, producer)
        with pytest.raises(InvalidStep):
            add_steps(session, officer, idea, [a_step(criterion="1.1")], clock.now())
        assert add_steps(session, officer, idea, [a_step()], clock.now())

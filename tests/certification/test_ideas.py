"""Ideas and their business plans: what follows what, numbers in the book, and whose data it is."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.accounts.journal import Deed
from marketplace.accounts.privacy import erase, export, subject_of
from marketplace.catalogue.errors import InvalidWords
from marketplace.certification.ideas.actions import (
    MOST_A_YEAR,
    begin_product,
    name_product,
    resubmit_idea,
    submit_idea,
    withdraw_idea,
)
from marketplace.certification.ideas.answers import (
    Tick,
    accept_idea,
    mark_potential,
    save_ticks,
    turn_away,
)
from marketplace.certification.ideas.errors import (
    IdeaMovedOn,
    IdeaRepeated,
    InvalidIdea,
    InvalidPlan,
    InvalidStep,
    PlanIncomplete,
    PlanMovedOn,
    TooManyIdeas,
)
from marketplace.certification.ideas.facts import MONEY, WRITTEN, PlanFacts
from marketplace.certification.ideas.models import (
    BusinessPlan,
    IdeaCheck,
    IdeaState,
    PlanState,
    ProductIdea,
)
from marketplace.certification.ideas.plans import (
    approve_plan,
    return_plan,
    save_plan,
    submit_plan,
    take_plan_back,
)
from marketplace.certification.ideas.roadmap import (
    LONGEST_STEP,
    StepFacts,
    add_steps,
    finish_step,
    rubric_of_set,
    suggest_steps,
)
from marketplace.certification.rubrics.gates import missing_gates
from marketplace.certification.rubrics.sheet import fill_sheet
from marketplace.database import db, unit_of_work
from marketplace.errors import NotFound
from marketplace.producers.models import Producer
from tests.factories.accounts import a_person
from tests.factories.catalogue import a_product, a_set
from tests.factories.ideas import ALL_HOLD, a_plan, an_idea, an_officer_of, idea_facts, plan_facts
from tests.factories.listings import the_owner
from tests.factories.places import make_commune, make_province
from tests.factories.producers import a_producer

Deeds = dict[str, Callable[[Session, ProductIdea], object]]

FOLLOWS = {
    "submitted": {
        "check": "submitted",
        "accept": "accepted",
        "return": "returned",
        "decline": "declined",
        "withdraw": "withdrawn",
    },
    "returned": {"resubmit": "submitted", "withdraw": "withdrawn"},
    "accepted": {
        "withdraw": "withdrawn",
        "potential": "accepted",
        "product": "accepted",
        "plan": "accepted",
        "step": "accepted",
    },
    "declined": {},
    "withdrawn": {},
}
"""What follows in which state: written down a second time on purpose."""
PLAN_FOLLOWS = {
    None: {"save": "draft"},
    "draft": {"save": "draft", "submit": "submitted"},
    "submitted": {"take back": "draft", "approve": "approved", "return": "returned"},
    "returned": {"save": "returned", "submit": "submitted"},
    "approved": {},
}


@pytest.fixture
def producer(app: Flask) -> Producer:
    """A producer in a commune."""
    with unit_of_work() as session:
        province = make_province(session)
        commune = make_commune(session, "Hương Đô", province)
        a_set(session)
        return a_producer(session, province_id=province.id, commune_id=commune.id)


def deeds_of(session: Session, producer: Producer) -> Deeds:
    """Return all that can be done with an idea, by name."""
    owner, officer, at = the_owner(producer), an_officer_of(session, producer), clock.now()
    person = a_person(session).id
    step = StepFacts(words="In nhãn", due_on=date(2027, 1, 1))
    owner = type(owner)(person, owner.memberships, owner.level, owner.strong_until)
    return {
        "check": lambda s, i: save_ticks(s, officer, i, {}, at),
        "accept": lambda s, i: accept_idea(s, officer, i, ALL_HOLD, "", at),
        "return": lambda s, i: turn_away(s, officer, i, IdeaState.RETURNED, {}, "Vì", at),
        "decline": lambda s, i: turn_away(s, officer, i, IdeaState.DECLINED, {}, "Vì", at),
        "withdraw": lambda s, i: withdraw_idea(s, owner, i, at),
        "resubmit": lambda s, i: resubmit_idea(s, owner, i, idea_facts(), at),
        "potential": lambda s, i: mark_potential(s, officer, i, True, at),
        "product": lambda s, i: begin_product(s, owner, i, s.get_one(Producer, producer.id), at),
        "plan": lambda s, i: save_plan(s, owner, i, PlanFacts(), at),
        "step": lambda s, i: add_steps(s, officer, i, [step], at),
    }


def plan_deeds(session: Session, producer: Producer) -> Deeds:
    """Return all that can be done with the plan of an accepted idea, by name."""
    owner, officer, at = the_owner(producer), an_officer_of(session, producer), clock.now()
    return {
        "save": lambda s, i: save_plan(s, owner, i, plan_facts(), at),
        "submit": lambda s, i: submit_plan(s, owner, i, at),
        "take back": lambda s, i: take_plan_back(s, owner, i, at),
        "approve": lambda s, i: approve_plan(s, officer, i, "", at),
        "return": lambda s, i: return_plan(s, officer, i, "Vì", at),
    }


@pytest.mark.parametrize("state", list(IdeaState))
def test_what_follows_each_state(state: IdeaState, producer: Producer) -> None:
    for name in sorted({deed for deeds in FOLLOWS.values() for deed in deeds}):
        with unit_of_work() as session:
            deed = deeds_of(session, producer)[name]
            idea = an_idea(session, producer, state)
            expected = FOLLOWS[state.value].get(name)
            if expected is None:
                with pytest.raises(IdeaMovedOn):
                    deed(session, idea)
                expected = state.value
            else:
                deed(session, idea)
            assert (name, idea.state.value) == (name, expected)
            session.rollback()


@pytest.mark.parametrize("state", [None, *PlanState])
def test_what_follows_each_state_of_a_plan(state: PlanState | None, producer: Producer) -> None:
    for name in sorted({deed for deeds in PLAN_FOLLOWS.values() for deed in deeds}):
        with unit_of_work() as session:
            deed = plan_deeds(session, producer)[name]
            idea = an_idea(session, producer)
            if state is not None:
                a_plan(session, idea, state)
            expected = PLAN_FOLLOWS[state.value if state else None].get(name)
            if expected is None:
                with pytest.raises(PlanMovedOn):
                    deed(session, idea)
                expected = state.value if state else None
            else:
                deed(session, idea)
            kept = session.scalar(sa.select(BusinessPlan.state).where(BusinessPlan.idea_id == idea.id))
            assert (name, kept.value if kept else None) == (name, expected)
            session.rollback()


def test_numbers_follow_each_other_even_when_two_officers_answer_at_once(
    app: Flask, producer: Producer
) -> None:
    with unit_of_work() as session:
        ideas = [an_idea(session, producer, IdeaState.SUBMITTED, name=f"Mứt {n}").id for n in range(6)]
        officer = an_officer_of(session, producer)
    ready = Barrier(len(ideas))

    def accept(number: int) -> None:
        with app.app_context(), clock.stopped(clock.now()):
            ready.wait()
            with unit_of_work() as session:
                idea = session.get_one(ProductIdea, number)
                accept_idea(session, officer, idea, ALL_HOLD, "", clock.now())

    db.session.rollback()
    with ThreadPoolExecutor(len(ideas)) as pool:
        list(pool.map(accept, ideas))
    numbers = db.session.scalars(sa.select(ProductIdea.slip_number)).all()
    assert sorted(number or 0 for number in numbers) == [1, 2, 3, 4, 5, 6]


def test_of_two_slips_of_one_name_at_once_one_is_taken(app: Flask, producer: Producer) -> None:
    with unit_of_work() as session:
        person = a_person(session).id
    owner = the_owner(producer)
    owner = type(owner)(person, owner.memberships, owner.level, owner.strong_until)
    number, ready, at = producer.id, Barrier(4), clock.now()

    def submit(name: str) -> str:
        with app.app_context():
            ready.wait()
            try:
                with unit_of_work() as session:
                    submit_idea(session, owner, session.get_one(Producer, number), idea_facts(name=name), at)
            except IdeaRepeated:
                return "repeated"
            return "taken"

    db.session.rollback()
    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(submit, ["Mứt bưởi", "mứt bưởi", "MỨT BƯỞI", "Mut buoi"]))
    assert sorted(told) == ["repeated"] * 3 + ["taken"]


def test_a_year_takes_so_many_ideas(producer: Producer) -> None:
    with unit_of_work() as session:
        for number in range(MOST_A_YEAR):
            an_idea(session, producer, IdeaState.SUBMITTED, name=f"Mứt {number}")
        with pytest.raises(TooManyIdeas):
            an_idea(session, producer, IdeaState.SUBMITTED, name="Mứt nữa")
        an_idea(session, producer, IdeaState.SUBMITTED, name="Mứt nữa", year=2027)


def test_given_up_ideas_may_come_again(producer: Producer) -> None:
    with unit_of_work() as session:
        an_idea(session, producer, IdeaState.DECLINED)
        an_idea(session, producer, IdeaState.WITHDRAWN)
        assert an_idea(session, producer).slip_number == 1


@pytest.mark.parametrize("number", [0, 27])
def test_there_are_26_sets(number: int, producer: Producer) -> None:
    with unit_of_work() as session, pytest.raises(InvalidIdea):
        an_idea(session, producer, set_number=number)


@pytest.mark.parametrize("name", WRITTEN)
def test_a_plan_is_handed_in_whole(name: str, producer: Producer) -> None:
    with unit_of_work() as session:
        idea, owner = an_idea(session, producer), the_owner(producer)
        save_plan(session, owner, idea, plan_facts(**{name: " "}), clock.now())
        with pytest.raises(PlanIncomplete) as refused:
            submit_plan(session, owner, idea, clock.now())
        assert refused.value.parameters["fields"] == (name,)


@pytest.mark.parametrize("name", MONEY)
@pytest.mark.parametrize("amount", [-1, 10**12 + 1])
def test_amounts_that_cannot_be_are_refused(name: str, amount: int, producer: Producer) -> None:
    with unit_of_work() as session, pytest.raises(InvalidPlan) as refused:
        save_plan(
            session,
            the_owner(producer),
            an_idea(session, producer),
            plan_facts(**{name: amount}),
            clock.now(),
        )
    assert refused.value.parameters["fields"] == (name,)


def test_words_of_the_checklist_have_an_end(producer: Producer) -> None:
    with unit_of_work() as session:
        idea = an_idea(session, producer, IdeaState.SUBMITTED)
        ticks = {IdeaCheck.IDENTITY: Tick(False, "x" * 301)}
        with pytest.raises(InvalidWords):
            save_ticks(session, an_officer_of(session, producer), idea, ticks, clock.now())


@pytest.mark.parametrize("stars", [3, 4, 5])
def test_steps_of_all_sets_are_the_marks_that_nothing_reaches_yet(stars: int, producer: Producer) -> None:
    with unit_of_work() as session:
        idea = an_idea(session, producer)
        for number in range(1, 27):
            idea.set_number = number
            rubric = rubric_of_set(number)
            assert rubric is not None
            wanted = {gate.criterion.code for gate in missing_gates(fill_sheet(rubric, {}), stars)}
            offered = suggest_steps(idea, [], stars)
            assert {one.criterion.code for one in offered} == wanted
            assert all(0 < len(one.words) <= LONGEST_STEP for one in offered)
        session.rollback()


def test_a_step_names_a_criterion_of_its_set_and_is_done_on_a_day_that_was(producer: Producer) -> None:
    with unit_of_work() as session:
        idea, officer, at = an_idea(session, producer), an_officer_of(session, producer), clock.now()
        day = date(2027, 1, 1)
        with pytest.raises(InvalidStep):
            add_steps(session, officer, idea, [StepFacts(words="a", due_on=day, criterion="99.9")], at)
        [step] = add_steps(session, officer, idea, [StepFacts(words="a", due_on=day)], at)
        with pytest.raises(InvalidStep):
            finish_step(session, officer, idea, step.id, date(2026, 11, 22), at)
        assert not step.is_late(day)
        assert step.is_late(date(2027, 1, 2))
        finish_step(session, officer, idea, step.id, date(2026, 11, 21), at)
        assert not step.is_late(date(2027, 1, 2))


def test_only_an_own_product_is_named(producer: Producer) -> None:
    with unit_of_work() as session:
        idea, at = an_idea(session, producer), clock.now()
        other = a_product(session, "Mứt gừng", producer=a_producer(session, "HTX Khác"))
        with pytest.raises(NotFound):
            name_product(session, the_owner(producer), idea, other, at)


def test_every_deed_is_in_the_journal(producer: Producer) -> None:
    with unit_of_work() as session:
        an_idea(session, producer, IdeaState.WITHDRAWN)
        a_plan(session, an_idea(session, producer), PlanState.APPROVED)
    db.session.rollback()
    noted = db.session.scalars(
        sa.select(Deed.action).where(Deed.subject_type == "product_idea").order_by(Deed.seq)
    )
    assert sorted(noted) == [
        "idea:accepted",
        "idea:plan_approved",
        "idea:plan_begun",
        "idea:plan_submitted",
        "idea:submitted",
        "idea:submitted",
        "idea:withdrawn",
    ]


def test_people_get_what_they_wrote_and_it_stays(producer: Producer) -> None:
    def told_of(number: int) -> Any:
        with unit_of_work() as session:
            subject = subject_of(session, str(number))
            return export(session, subject, clock.now())["ideas"]

    with unit_of_work() as session:
        idea, officer, at = an_idea(session, producer), an_officer_of(session, producer), clock.now()
        add_steps(session, officer, idea, [StepFacts(words="In nhãn", due_on=date(2027, 1, 1))], at)
        owner, answered = idea.submitted_by, idea.answered_by
        stranger = a_person(session).id
    assert told_of(owner)["handed_in"][0]["name"] == "Mứt vỏ bưởi"
    assert told_of(answered or 0)["answered"][0]["slip_number"] == 1
    assert told_of(officer.person_id) == {"steps": [{"words": "In nhãn", "due_on": "2027-01-01"}]}
    assert told_of(stranger) == {}
    json.dumps(told_of(owner))
    with unit_of_work() as session:
        kept = erase(session, subject_of(session, str(owner)), clock.now())
        assert "phiếu ý tưởng" in kept["ideas"]
        assert "ideas" not in erase(session, subject_of(session, str(stranger)), clock.now())

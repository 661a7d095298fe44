"""Letters about ideas: both forms of each, and none about what has moved on meanwhile."""

from datetime import date

import pytest
from flask import Flask

from marketplace import clock
from marketplace.accounts.models import Person
from marketplace.certification.ideas.models import IdeaState, PlanState, ProductIdea
from marketplace.certification.ideas.roadmap import StepFacts, add_steps, finish_step
from marketplace.database import unit_of_work
from marketplace.letters.outbox import Kept
from marketplace.producers.models import Producer
from marketplace.web.post import Letter, send_to_members
from tests.factories.ideas import a_plan, an_idea, an_officer_of
from tests.factories.office import Desk, a_desk
from tests.signin.browsing import letters, write


@pytest.fixture
def desk(app: Flask) -> Desk:
    """A desk whose owner is reached by short message too."""
    found: Desk = write(a_desk)
    with unit_of_work() as session:
        session.get_one(Person, found.owner.id).phone = "0933444555"
    return found


def sent(app: Flask, desk: Desk, letter: Letter, idea_id: int) -> list[Kept]:
    """Leave a letter about an idea behind and return both of its forms, the short one last."""
    with unit_of_work() as session:
        send_to_members(session, letter, desk.producer, clock.now(), idea_id)
    found = sorted(letters(app), key=lambda one: one.by_phone)
    for one in found:
        assert one.body.strip()
        assert "None" not in one.body
        assert one.by_phone or one.subject
    return found


def idea_in(desk: Desk, state: IdeaState) -> int:
    with unit_of_work() as session:
        return an_idea(session, session.get_one(Producer, desk.producer), state).id


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (IdeaState.ACCEPTED, "vào danh sách năm 2026, số 1"),
        (IdeaState.RETURNED, "cần bổ sung rồi nộp lại"),
        (IdeaState.DECLINED, "không được nhận trong năm 2026"),
    ],
)
def test_each_answer_has_both_forms(state: IdeaState, told: str, app: Flask, desk: Desk) -> None:
    number = idea_in(desk, state)
    by_mail, short = sent(app, desk, Letter.IDEA_ANSWERED, number)
    assert told in by_mail.body
    assert f"/y-tuong/{number}" in short.body


@pytest.mark.parametrize("state", [IdeaState.SUBMITTED, IdeaState.WITHDRAWN])
def test_what_moved_on_is_not_told(state: IdeaState, app: Flask, desk: Desk) -> None:
    assert sent(app, desk, Letter.IDEA_ANSWERED, idea_in(desk, state)) == []
    assert sent(app, desk, Letter.IDEA_ANSWERED, 999) == []


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (PlanState.APPROVED, "đã được duyệt"),
        (PlanState.RETURNED, "trả lại để viết thêm"),
        (PlanState.SUBMITTED, ""),
    ],
)
def test_plans_are_told_of_once_they_are_answered(
    state: PlanState, told: str, app: Flask, desk: Desk
) -> None:
    number = idea_in(desk, IdeaState.ACCEPTED)
    assert sent(app, desk, Letter.PLAN_ANSWERED, number) == []
    with unit_of_work() as session:
        a_plan(session, session.get_one(ProductIdea, number), state)
    found = sent(app, desk, Letter.PLAN_ANSWERED, number)
    assert [told in one.body for one in found[:1]] == [True] * bool(told)


def test_a_roadmap_is_told_of_while_something_is_left(app: Flask, desk: Desk) -> None:
    number = idea_in(desk, IdeaState.ACCEPTED)
    assert sent(app, desk, Letter.ROADMAP_MADE, number) == []
    assert sent(app, desk, Letter.ROADMAP_MADE, 999) == []
    with unit_of_work() as session:
        idea, at = session.get_one(ProductIdea, number), clock.now()
        officer = an_officer_of(session, session.get_one(Producer, desk.producer))
        [step] = add_steps(session, officer, idea, [StepFacts(words="In nhãn", due_on=date(2027, 1, 1))], at)
        step_id = step.id
    by_mail, short = sent(app, desk, Letter.ROADMAP_MADE, number)
    assert "01/01/2027: In nhãn" in by_mail.body
    assert "01/01/2027" in short.body
    with unit_of_work() as session:
        idea = session.get_one(ProductIdea, number)
        finish_step(session, officer, idea, step_id, date(2026, 11, 21), clock.now())
    assert len(sent(app, desk, Letter.ROADMAP_MADE, number)) == 2

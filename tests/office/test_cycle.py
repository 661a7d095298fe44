"""The yearly cycle at the office: six steps counted by hand, and nothing of other units."""

from datetime import date, datetime
from typing import Any

import pytest
from flask import Flask

from marketplace import clock
from marketplace.certification.dossiers.models import DossierState
from marketplace.certification.ideas.answers import mark_potential
from marketplace.certification.ideas.models import IdeaState, PlanState
from marketplace.certification.ideas.roadmap import StepFacts, add_steps, finish_step
from marketplace.database import unit_of_work
from marketplace.producers.models import Producer
from marketplace.programme.fact_models import (
    EventKind,
    EventReach,
    TradeEvent,
    TradeEventParticipant,
    TrainingAttendance,
    TrainingSession,
)
from tests.factories.dossiers import a_dossier, a_dossier_product
from tests.factories.ideas import a_plan, an_idea, an_officer_of
from tests.factories.office import Desk
from tests.factories.producers import a_producer
from tests.pages import Visited, squeeze
from tests.signin.browsing import Browser

PATH = "/van-phong/chu-trinh"


def steps_of(page: Visited) -> list[dict[str, str]]:
    """Return the figures of each step by their words."""
    return [
        dict(
            zip(
                (squeeze(one.get_text()) for one in step.select("dt")),
                (squeeze(one.get_text()) for one in step.select("dd")),
                strict=True,
            )
        )
        for step in page.soup.select("ol.board > li")
    ]


@pytest.fixture
def year(desk: Desk) -> None:
    """Fill 2026 of the desk's commune, with one idea of the year after."""
    at, recorded = clock.now(), {"source": "Sổ", "recorded_by": desk.officer.id, "recorded_at": clock.now()}
    with unit_of_work() as session:
        producer = session.get_one(Producer, desk.producer)
        officer = an_officer_of(session, producer)
        for state in (IdeaState.SUBMITTED, IdeaState.RETURNED, IdeaState.DECLINED, IdeaState.WITHDRAWN):
            an_idea(session, producer, state, name=f"Mứt {state.value}")
        an_idea(session, producer, IdeaState.SUBMITTED, year=2027)
        first, second = (an_idea(session, producer, name=f"Trà {number}") for number in (1, 2))
        a_plan(session, first, PlanState.APPROVED)
        a_plan(session, second, PlanState.SUBMITTED)
        a_plan(session, an_idea(session, producer, name="Trà 3"), PlanState.DRAFT)
        mark_potential(session, officer, first, True, at)
        days = (date(2026, 11, 20), date(2026, 11, 20), date(2026, 12, 1))
        steps = add_steps(session, officer, first, [StepFacts(words="Việc", due_on=day) for day in days], at)
        finish_step(session, officer, first, steps[0].id, date(2026, 11, 19), at)
        training = TrainingSession(
            unit_id=desk.province, topic="Nhãn", held_on=date(2026, 3, 1), officials=3, **recorded
        )
        facts: dict[str, Any] = {"name": "Hội chợ", "kind": EventKind.FAIR, "reach": EventReach.IN_PROVINCE}
        event = TradeEvent(unit_id=desk.province, started_on=date(2026, 9, 1), **facts, **recorded)
        earlier = TradeEvent(unit_id=desk.province, started_on=date(2025, 9, 1), **facts, **recorded)
        session.add_all([training, event, earlier])
        session.flush()
        other = a_producer(session, "HTX Nơi Khác")
        for guest in (producer.id, other.id):
            session.add(TrainingAttendance(session_id=training.id, producer_id=guest))
            session.add(TradeEventParticipant(event_id=event.id, producer_id=guest))
        session.add(TradeEventParticipant(event_id=earlier.id, producer_id=producer.id))


@pytest.mark.usefixtures("year")
def test_six_steps_are_counted(office: Browser) -> None:
    page = office.open(PATH)
    publicity, ideas, plans, work, evaluation, promotion = steps_of(page)
    assert publicity == {"Lớp": "1", "Cơ sở đã dự": "1"}
    assert ideas == {"Đã đăng ký": "6", "Chờ xem": "1", "Đã nhận": "3"}
    assert plans == {"Đã nộp": "2", "Chờ duyệt": "1", "Đã duyệt": "1"}
    assert work == {"Sản phẩm tiềm năng": "1", "Việc trong lộ trình": "3", "Đã xong": "1", "Quá hạn": "1"}
    assert evaluation == {"Đã nộp": "0", "Đang xét": "0", "Được công nhận": "0", "Không được công nhận": "0"}
    assert promotion == {"Sự kiện": "1", "Cơ sở đã dự": "1"}
    assert page.texts("tbody tr") == ["xã Hương Đô 6 3 1 0 0"]
    assert steps_of(office.open(f"{PATH}?nam=2027"))[1]["Đã đăng ký"] == "1"
    assert steps_of(office.open(f"{PATH}?nam=2025"))[5] == {"Sự kiện": "1", "Cơ sở đã dự": "1"}


@pytest.mark.parametrize("asked", ["1999", "x", "9999"])
def test_another_year_than_there_is_shows_this_one(asked: str, office: Browser) -> None:
    assert office.open(f"{PATH}?nam={asked}").heading == "Chu trình OCOP năm 2026"


def test_dossiers_count_in_the_year_in_which_they_were_handed_in(desk: Desk, app: Flask) -> None:
    with unit_of_work() as session:
        for number, (state, at) in enumerate(
            [
                (DossierState.SUBMITTED, clock.now()),
                (DossierState.FORWARDED, datetime(2026, 1, 1, tzinfo=clock.VIETNAM)),
                (DossierState.SUBMITTED, datetime(2025, 12, 31, 23, tzinfo=clock.VIETNAM)),
                (DossierState.DRAFT, None),
            ]
        ):
            a_dossier(session, a_dossier_product(session, f"Cam {number}"), state).submitted_at = at
    browser = Browser(app)
    browser.enter_as(desk.administrator)
    page = browser.open(PATH)
    assert steps_of(page)[4]["Đã nộp"] == "2"
    assert steps_of(page)[4]["Đang xét"] == "2"
    assert steps_of(browser.open(f"{PATH}?nam=2025"))[4]["Đã nộp"] == "1"


@pytest.mark.usefixtures("year")
def test_other_units_and_own_producers_are_not_counted(desk: Desk, app: Flask) -> None:
    stranger = Browser(app)
    stranger.enter_as(desk.stranger)
    page = stranger.open(PATH)
    assert {figure for step in steps_of(page) for figure in step.values()} == {"0"}
    assert page.texts("tbody tr") == []
    owner = Browser(app)
    owner.enter_as(desk.owner)
    owner.open(PATH, 404)

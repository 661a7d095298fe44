"""What commune, province and ministry write of a dossier, and what they cannot leave out."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from marketplace.accounts.permissions import Actor
from marketplace.certification.dossiers.errors import InvalidDossier, MissingPieces, SheetLocked, TooLate
from marketplace.certification.dossiers.ministry_deeds import record_ministry_answer, send_to_ministry
from marketplace.certification.dossiers.missing import Missing, MissingKind
from marketplace.certification.dossiers.models import (
    AdvisoryReport,
    CommuneFinding,
    CommuneLetter,
    Dossier,
    DossierKind,
    DossierState,
    MinistryFile,
    Topic,
)
from marketplace.certification.dossiers.office_deeds import (
    Advice,
    accept_dossier,
    ask_completion,
    forward_dossier,
    record_finding,
    report_advice,
    return_dossier,
)
from marketplace.certification.dossiers.queries import count_by_state
from marketplace.certification.dossiers.sheet_models import SheetLevel
from marketplace.certification.dossiers.sheets import Marks, find_sheet, read_sheet, rubric_of, write_sheet
from marketplace.certification.errors import UnknownStop
from marketplace.certification.rubrics.stars import Outcome
from marketplace.database import db, unit_of_work
from marketplace.errors import NotFound
from tests.factories.dossiers import (
    a_dossier,
    a_dossier_product,
    a_round,
    choices_for,
    find_all,
    the_officer,
)
from tests.factories.places import make_province

NOON = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)
TODAY = date(2026, 11, 21)
ADVICE = Advice(group="Sở NN&MT", words="Đủ điều kiện.", reported_on=TODAY, visited_on=TODAY)


def at_desk(session: Session, state: DossierState, **facts: Any) -> tuple[Dossier, Actor]:
    """Return a dossier in a state and an officer of its province."""
    dossier = a_dossier(session, state=state, **facts)
    return dossier, the_officer(session, dossier)


def forward(
    session: Session,
    officer: Actor,
    dossier: Dossier,
    samples: int | None = 5,
    letter: str = "12/TTr",
    day: date = TODAY,
) -> None:
    forward_dossier(session, officer, dossier, letter, day, samples, NOON)


def test_a_commune_forwards_with_findings_letter_and_samples(app: Flask) -> None:
    with unit_of_work() as session:
        dossier, officer = at_desk(session, DossierState.SUBMITTED)
        find_all(session, officer, dossier, NOON)
        forward(session, officer, dossier, samples=6, letter=" 12/TTr-UBND ")
        letter = db.session.get(CommuneLetter, dossier.id)
        assert letter is not None
        assert (letter.number, letter.written_on, letter.written_by) == (
            "12/TTr-UBND",
            TODAY,
            officer.person_id,
        )
        assert (dossier.samples, dossier.due_on) == (6, None)
        assert {
            finding.topic
            for finding in db.session.scalars(
                sa.select(CommuneFinding).where(CommuneFinding.dossier_id == dossier.id)
            ).all()
        } == set(Topic)


@pytest.mark.parametrize("samples", [None, 0, 4, 1001])
def test_five_samples_come_with_goods(app: Flask, samples: int | None) -> None:
    with unit_of_work() as session:
        dossier, officer = at_desk(session, DossierState.SUBMITTED)
        find_all(session, officer, dossier, NOON)
        with pytest.raises(MissingPieces) as refusal:
            forward(session, officer, dossier, samples)
        assert refusal.value.pieces == (Missing(MissingKind.SAMPLES),)


@pytest.mark.parametrize("samples", [None, 0, 7])
def test_no_samples_come_with_services(app: Flask, samples: int | None) -> None:
    """Rule R11."""
    with unit_of_work() as session:
        product = a_dossier_product(session, set_number=26)
        dossier, officer = at_desk(session, DossierState.SUBMITTED, product=product)
        find_all(session, officer, dossier, NOON)
        forward(session, officer, dossier, samples)
        assert (dossier.state, dossier.samples) == (DossierState.FORWARDED, None)


def test_every_topic_has_to_hold(app: Flask) -> None:
    with unit_of_work() as session:
        dossier, officer = at_desk(session, DossierState.SUBMITTED)
        record_finding(session, officer, dossier, Topic.MATERIAL, True, "Trồng tại xã.", NOON)
        record_finding(session, officer, dossier, Topic.LABOUR, False, "Chưa rõ.", NOON)
        with pytest.raises(MissingPieces) as refusal:
            forward(session, officer, dossier, letter=" ")
        pieces = [(piece.kind.value, piece.code) for piece in refusal.value.pieces]
        assert pieces == [("finding", "labour"), ("finding", "idea"), ("finding", "identity"), ("letter", "")]
        find_all(session, officer, dossier, NOON)
        forward(session, officer, dossier)


def test_a_finding_is_written_anew_and_with_words(app: Flask) -> None:
    with unit_of_work() as session:
        dossier, officer = at_desk(session, DossierState.SUBMITTED)
        record_finding(session, officer, dossier, Topic.IDEA, False, "Chưa rõ.", NOON)
        record_finding(session, officer, dossier, Topic.IDEA, True, "Ý tưởng của HTX.", NOON)
        [finding] = db.session.scalars(
            sa.select(CommuneFinding).where(CommuneFinding.dossier_id == dossier.id)
        ).all()
        assert (finding.holds, finding.words) == (True, "Ý tưởng của HTX.")
        for words in (" ", "x" * 1001):
            with pytest.raises(InvalidDossier):
                record_finding(session, officer, dossier, Topic.IDEA, True, words, NOON)


@pytest.mark.parametrize("day", [TODAY - timedelta(days=1), TODAY + timedelta(days=1)])
def test_a_letter_is_written_between_hand_in_and_now(app: Flask, day: date) -> None:
    with unit_of_work() as session:
        dossier, officer = at_desk(session, DossierState.SUBMITTED)
        find_all(session, officer, dossier, NOON)
        with pytest.raises(InvalidDossier) as refusal:
            forward(session, officer, dossier, day=day)
        assert refusal.value.parameters["field"] == "written_on"


@pytest.mark.parametrize("words", ["", "x" * 2001])
def test_nothing_is_returned_or_asked_without_reasons(app: Flask, words: str) -> None:
    with unit_of_work() as session:
        submitted, officer = at_desk(session, DossierState.SUBMITTED)
        with pytest.raises(InvalidDossier):
            return_dossier(session, officer, submitted, words, NOON)
        forwarded, officer = at_desk(session, DossierState.FORWARDED)
        with pytest.raises(InvalidDossier):
            ask_completion(session, officer, forwarded, words, TODAY + timedelta(days=5), NOON)


def test_completion_is_asked_by_a_day_to_come(app: Flask) -> None:
    with unit_of_work() as session:
        dossier, officer = at_desk(session, DossierState.ACCEPTED)
        with pytest.raises(InvalidDossier):
            ask_completion(session, officer, dossier, "Bổ sung.", TODAY, NOON)
        ask_completion(session, officer, dossier, "Bổ sung.", TODAY + timedelta(days=1), NOON)
        assert (dossier.state, dossier.due_on) == ("needs_completion", TODAY + timedelta(days=1))


@pytest.mark.parametrize(
    ("kind", "due_on"), [(DossierKind.UPGRADE, date(2027, 2, 28)), (DossierKind.REASSESS, date(2027, 1, 5))]
)
def test_who_is_evaluated_again_is_answered_within_45_days(
    app: Flask, kind: DossierKind, due_on: date
) -> None:
    with unit_of_work() as session:
        product = a_dossier_product(session, stars=3)
        dossier, officer = at_desk(session, DossierState.FORWARDED, product=product, kind=kind)
        taken = a_round(session, dossier.province_id)
        accept_dossier(session, officer, dossier, taken, NOON)
        assert (dossier.round_id, dossier.due_on) == (taken.id, due_on)


def test_the_round_decides_by_when_where_it_comes_first(app: Flask) -> None:
    with unit_of_work() as session:
        product = a_dossier_product(session, stars=3)
        dossier, officer = at_desk(session, DossierState.FORWARDED, product=product)
        soon = a_round(session, dossier.province_id, decided_by=date(2026, 12, 30), intake_until=TODAY)
        accept_dossier(session, officer, dossier, soon, NOON)
        assert dossier.due_on == date(2026, 12, 30)


def test_a_round_takes_what_was_proposed_in_time_and_of_its_province(app: Flask) -> None:
    with unit_of_work() as session:
        dossier, officer = at_desk(session, DossierState.FORWARDED)
        over = a_round(session, dossier.province_id, intake_until=TODAY - timedelta(days=1))
        with pytest.raises(TooLate) as refusal:
            accept_dossier(session, officer, dossier, over, NOON)
        assert refusal.value.parameters == {"closes": TODAY - timedelta(days=1)}
        other = a_round(session, make_province(session, "Quảng Trị").id)
        with pytest.raises(NotFound):
            accept_dossier(session, officer, dossier, other, NOON)
        last = a_round(session, dossier.province_id, intake_until=TODAY)
        accept_dossier(session, officer, dossier, last, NOON + timedelta(days=20))


def test_advisers_report_with_a_sheet_of_their_own(app: Flask) -> None:
    with unit_of_work() as session:
        dossier, officer = at_desk(session, DossierState.ACCEPTED)
        choices: dict[str, int | None] = {**choices_for(rubric_of(dossier), 3)}
        marks = Marks(choices=choices, words={"1.1": "Đã xem vườn."})
        report_advice(session, officer, dossier, ADVICE, NOON, marks)
        report = db.session.get(AdvisoryReport, dossier.id)
        assert report is not None
        assert (report.group, report.visited_on, report.recorded_by) == ("Sở NN&MT", TODAY, officer.person_id)
        row = find_sheet(session, dossier.id, SheetLevel.ADVISORY)
        assert row is not None
        assert row.signed_at == NOON
        with pytest.raises(SheetLocked):
            write_sheet(session, dossier, SheetLevel.ADVISORY, marks, officer.person_id, NOON)


def test_advisers_need_no_sheet_but_a_whole_one(app: Flask) -> None:
    with unit_of_work() as session:
        dossier, officer = at_desk(session, DossierState.ACCEPTED)
        savepoint = session.begin_nested()
        with pytest.raises(MissingPieces) as refusal:
            report_advice(session, officer, dossier, ADVICE, NOON, Marks(choices={"1.1": 1}))
        assert len(refusal.value.pieces) == 31
        savepoint.rollback()
        report_advice(session, officer, dossier, replace(ADVICE, visited_on=None), NOON)
        assert find_sheet(session, dossier.id, SheetLevel.ADVISORY) is None


def test_a_finding_that_ends_the_scoring_makes_a_sheet_whole(app: Flask) -> None:
    with unit_of_work() as session:
        dossier, officer = at_desk(session, DossierState.ACCEPTED)
        report_advice(session, officer, dossier, ADVICE, NOON, Marks(stops={1: "Giấy giả."}))
        row = find_sheet(session, dossier.id, SheetLevel.ADVISORY)
        assert row is not None
        assert [(stop.number, stop.words) for stop in row.stops] == [(1, "Giấy giả.")]
        assert read_sheet(row, rubric_of(dossier)).complete


def test_stops_are_written_in_place_of_those_before(app: Flask) -> None:
    with unit_of_work() as session:
        dossier, officer = at_desk(session, DossierState.ACCEPTED)

        def stops_after(marks: Marks) -> dict[int, str | None]:
            row = write_sheet(session, dossier, SheetLevel.ADVISORY, marks, officer.person_id, NOON)
            return {one.number: one.words for one in row.stops}

        assert stops_after(Marks(stops={1: "Một", 2: ""})) == {1: "Một", 2: None}
        assert stops_after(Marks(choices={"1.1": 1})) == {1: "Một", 2: None}
        assert stops_after(Marks(stops={2: "Hai"})) == {2: "Hai"}
        assert stops_after(Marks(stops={})) == {}
        with pytest.raises(UnknownStop):
            stops_after(Marks(stops={99: "Không có"}))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"group": " "}, "group"),
        ({"words": ""}, "words"),
        ({"reported_on": TODAY + timedelta(days=1)}, "reported_on"),
        ({"visited_on": TODAY - timedelta(days=1)}, "visited_on"),
    ],
)
def test_advice_that_cannot_be_is_refused(app: Flask, changes: dict[str, Any], field: str) -> None:
    with unit_of_work() as session:
        dossier, officer = at_desk(session, DossierState.ACCEPTED)
        with session.no_autoflush, pytest.raises(InvalidDossier) as refusal:
            report_advice(session, officer, dossier, replace(ADVICE, **changes), NOON)
        assert refusal.value.parameters["field"] == field


@pytest.mark.parametrize(
    ("points", "state", "stars", "outcome"),
    [
        (Decimal(90), DossierState.AT_MINISTRY, 5, Outcome.PROPOSED),
        (Decimal("89.99"), DossierState.SENT_BACK, 4, Outcome.RECOGNISED),
        (Decimal(70), DossierState.SENT_BACK, 4, Outcome.RECOGNISED),
        (Decimal("69.99"), DossierState.SENT_BACK, 3, Outcome.RECOGNISED),
        (Decimal("49.99"), DossierState.SENT_BACK, 2, Outcome.NOT_RECOGNISED),
        (None, DossierState.SENT_BACK, 5, Outcome.PROPOSED),
    ],
)
def test_the_ministry_sends_back_what_has_fewer_than_90_points(
    app: Flask, points: Decimal | None, state: DossierState, stars: int, outcome: Outcome
) -> None:
    """Rule R6: five stars are the ministry's alone; with its points the province gives three or four."""
    with unit_of_work() as session:
        dossier, officer = at_desk(session, DossierState.AT_MINISTRY)
        record_ministry_answer(session, officer, dossier, points, " Đã xem. ", TODAY, NOON)
        assert (dossier.state, dossier.stars, dossier.outcome) == (state, stars, outcome)
        kept = db.session.get(MinistryFile, dossier.id)
        assert kept is not None
        assert (kept.points, kept.answered_on, kept.words) == (points, TODAY, "Đã xem.")
        assert (dossier.points == points) is (state is DossierState.SENT_BACK and points is not None)


@pytest.mark.parametrize(
    ("points", "day", "field"),
    [
        (Decimal("90.001"), TODAY, "points"),
        (Decimal(101), TODAY, "points"),
        (Decimal(-1), TODAY, "points"),
        (Decimal("NaN"), TODAY, "points"),
        (Decimal(95), TODAY - timedelta(days=1), "answered_on"),
        (Decimal(95), TODAY + timedelta(days=1), "answered_on"),
    ],
)
def test_an_answer_that_cannot_be_is_refused(app: Flask, points: Decimal, day: date, field: str) -> None:
    with unit_of_work() as session:
        dossier, officer = at_desk(session, DossierState.AT_MINISTRY)
        with pytest.raises(InvalidDossier) as refusal:
            record_ministry_answer(session, officer, dossier, points, "", day, NOON)
        assert refusal.value.parameters["field"] == field


@pytest.mark.parametrize("day", [TODAY - timedelta(days=1), TODAY + timedelta(days=1)])
def test_a_dossier_is_sent_between_its_result_and_now(app: Flask, day: date) -> None:
    with unit_of_work() as session:
        dossier, officer = at_desk(session, DossierState.PROPOSED)
        with pytest.raises(InvalidDossier):
            send_to_ministry(session, officer, dossier, "45/TTr", day, NOON)
        with pytest.raises(InvalidDossier):
            send_to_ministry(session, officer, dossier, " ", TODAY, NOON)


@pytest.mark.parametrize("named", [None, date(2027, 2, 1)])
def test_the_ministry_decides_with_its_round_or_on_the_day_it_named(app: Flask, named: date | None) -> None:
    with unit_of_work() as session:
        dossier, officer = at_desk(session, DossierState.PROPOSED)
        with pytest.raises(InvalidDossier) as refusal:
            send_to_ministry(session, officer, dossier, "45/TTr", TODAY, NOON, TODAY - timedelta(days=1))
        assert refusal.value.parameters["field"] == "due_on"
        send_to_ministry(session, officer, dossier, "45/TTr", TODAY, NOON, named)
        assert dossier.due_on == (named or date(2027, 3, 29))
        record_ministry_answer(session, officer, dossier, Decimal(95), "", TODAY, NOON)
        assert dossier.due_on == (named or date(2027, 3, 29)), "until its decision is here"
        record_ministry_answer(session, officer, dossier, Decimal(80), "", TODAY, NOON)
        assert dossier.due_on is None


def test_dossiers_are_counted_by_state(app: Flask) -> None:
    with unit_of_work() as session:
        for state in (DossierState.DRAFT, DossierState.DRAFT, DossierState.SUBMITTED):
            a_dossier(session, state=state)
    assert count_by_state() == {DossierState.DRAFT: 2, DossierState.SUBMITTED: 1}
    assert count_by_state(Dossier.state == DossierState.SUBMITTED) == {DossierState.SUBMITTED: 1}

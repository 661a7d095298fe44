"""Handing a dossier in: what must be there, what is frozen then, and who comes too early or twice."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.accounts.permissions import Actor
from marketplace.certification.dossiers.actions import submit_dossier, withdraw_dossier
from marketplace.certification.dossiers.editing import ReportFacts, save_choices, save_report
from marketplace.certification.dossiers.errors import (
    InvalidDossier,
    MissingPieces,
    NoRubric,
    NotEditable,
    TooEarly,
    WrongState,
)
from marketplace.certification.dossiers.evidence_models import EvidenceFile, EvidenceUse
from marketplace.certification.dossiers.laying import lay_to, take_from
from marketplace.certification.dossiers.missing import Missing, MissingKind
from marketplace.certification.dossiers.models import Dossier, DossierKind, DossierState
from marketplace.certification.dossiers.queries import get_own_dossier
from marketplace.certification.dossiers.sheet_models import SheetLevel
from marketplace.certification.dossiers.sheets import find_sheet, rubric_of
from marketplace.certification.dossiers.standing import standing_of
from marketplace.certification.dossiers.working_days import load_holidays
from marketplace.certification.errors import UnknownCriterion, UnknownOption
from marketplace.certification.rubrics.shipped import ChangedRubric
from marketplace.database import db, unit_of_work
from marketplace.errors import InvalidInput
from marketplace.producers.models import Producer
from tests.catalogue.statements import counted_statements
from tests.factories.dossiers import (
    REPORT,
    a_dossier,
    a_dossier_product,
    an_evidence,
    evidence_file,
    fill_dossier,
    the_owner,
)

NOON = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)
Spoil = Callable[[Session, Actor, Dossier], None]


def ready(session: Session) -> tuple[Dossier, Actor]:
    """Return a draft with all that it needs, and its owner."""
    product = a_dossier_product(session)
    owner = the_owner(session, product)
    dossier = a_dossier(session, product, actor=owner)
    fill_dossier(session, owner, dossier)
    return dossier, owner


def test_what_is_handed_in_is_frozen(app: Flask) -> None:
    with unit_of_work() as session:
        load_holidays(session)
        dossier, owner = ready(session)
        submit_dossier(session, owner, dossier, NOON)
        assert (dossier.state, dossier.submitted_at) == (DossierState.SUBMITTED, NOON)
        assert dossier.due_on == date(2026, 12, 14)
        assert dossier.rubric_digest == rubric_of(dossier).digest
        sheet = find_sheet(session, dossier.id, SheetLevel.SELF)
        assert sheet is not None
        assert sheet.signed_at == NOON
        assert set(session.scalars(sa.select(EvidenceFile.handed_in))) == {True}


def test_a_rubric_that_changed_since_is_noticed(app: Flask) -> None:
    with unit_of_work() as session:
        dossier, owner = ready(session)
        submit_dossier(session, owner, dossier, NOON)
        dossier.rubric_digest = "0" * 64
        session.flush()
        with pytest.raises(ChangedRubric):
            rubric_of(dossier)
        dossier.rubric_digest, dossier.set_number = None, 27
        with pytest.raises(NoRubric):
            rubric_of(dossier)
        session.expire(dossier)


def test_the_digest_stays_that_of_the_first_time(app: Flask) -> None:
    later = NOON + timedelta(days=30)
    with unit_of_work() as session:
        product = a_dossier_product(session)
        owner = the_owner(session, product)
        dossier = a_dossier(session, product, DossierState.RETURNED, actor=owner)
        frozen = dossier.rubric_digest
        submit_dossier(session, owner, dossier, later)
        assert (dossier.rubric_digest, dossier.submitted_at, dossier.since) == (frozen, NOON, later)
        assert dossier.due_on == date(2027, 1, 11)


def test_a_dossier_completed_goes_back_to_the_province(app: Flask) -> None:
    with unit_of_work() as session:
        product = a_dossier_product(session)
        owner = the_owner(session, product)
        dossier = a_dossier(session, product, DossierState.NEEDS_COMPLETION, actor=owner)
        save_choices(session, owner, dossier, {"1.1": 1}, {}, NOON)
        sheet = find_sheet(session, dossier.id, SheetLevel.SELF)
        assert sheet is not None
        assert sheet.signed_at is None
        submit_dossier(session, owner, dossier, NOON)
        assert (dossier.state, dossier.due_on, dossier.samples) == (DossierState.FORWARDED, None, 5)
        assert sheet.signed_at == NOON


def without_choice(session: Session, owner: Actor, dossier: Dossier) -> None:
    save_choices(session, owner, dossier, {"1.2": None}, {}, NOON)


def without_evidence(session: Session, owner: Actor, dossier: Dossier) -> None:
    use = session.scalars(sa.select(EvidenceUse).where(EvidenceUse.dossier_id == dossier.id)).all()
    for one in use:
        if one.criterion == "4.1":
            take_from(session, owner, dossier, one.criterion, one.evidence_id, NOON)


def with_evidence_run_out(session: Session, owner: Actor, dossier: Dossier) -> None:
    without_evidence(session, owner, dossier)
    producer = session.get_one(Producer, dossier.producer_id)
    old = an_evidence(session, producer, owner, file=evidence_file("Cũ"), valid_until=date(2026, 11, 20))
    lay_to(session, owner, dossier, "4.1", old, NOON)


def without_facts(session: Session, owner: Actor, dossier: Dossier) -> None:
    save_report(session, owner, dossier, replace(REPORT, representative=" ", local_workers=None), NOON)


@pytest.mark.parametrize(
    ("spoil", "missing"),
    [
        (without_choice, [Missing(MissingKind.CHOICE, "1.2")]),
        (without_evidence, [Missing(MissingKind.EVIDENCE, "4.1")]),
        (with_evidence_run_out, [Missing(MissingKind.EVIDENCE, "4.1")]),
        (
            without_facts,
            [Missing(MissingKind.FACT, "representative"), Missing(MissingKind.FACT, "local_workers")],
        ),
    ],
)
def test_every_piece_that_is_missing_is_named(app: Flask, spoil: Spoil, missing: list[Missing]) -> None:
    with unit_of_work() as session:
        dossier, owner = ready(session)
        spoil(session, owner, dossier)
        with pytest.raises(MissingPieces) as refusal:
            submit_dossier(session, owner, dossier, NOON)
        assert list(refusal.value.pieces) == missing
        assert (dossier.state, dossier.rubric_digest) == (DossierState.DRAFT, None)
        assert set(session.scalars(sa.select(EvidenceFile.handed_in))) == {False}


def test_evidence_that_runs_out_on_the_day_is_still_good(app: Flask) -> None:
    with unit_of_work() as session:
        dossier, owner = ready(session)
        without_evidence(session, owner, dossier)
        producer = session.get_one(Producer, dossier.producer_id)
        last = an_evidence(session, producer, owner, file=evidence_file("Cũ"), valid_until=date(2026, 11, 21))
        lay_to(session, owner, dossier, "4.1", last, NOON)
        submit_dossier(session, owner, dossier, NOON)


def test_an_empty_draft_lacks_everything(app: Flask) -> None:
    with unit_of_work() as session:
        dossier = a_dossier(session)
        with pytest.raises(MissingPieces) as refusal:
            submit_dossier(session, the_owner(session, dossier.product), dossier, NOON)
        kinds = [piece.kind for piece in refusal.value.pieces]
        assert kinds.count(MissingKind.CHOICE) == len(list(rubric_of(dossier).leaves()))
        assert MissingKind.EVIDENCE not in kinds
        assert "changes" not in {piece.code for piece in refusal.value.pieces}


@pytest.mark.parametrize("kind", [DossierKind.UPGRADE, DossierKind.REASSESS])
def test_who_is_evaluated_again_says_what_changed(app: Flask, kind: DossierKind) -> None:
    with unit_of_work() as session:
        product = a_dossier_product(session, stars=3)
        owner = the_owner(session, product)
        dossier = a_dossier(session, product, kind=kind, actor=owner)
        fill_dossier(session, owner, dossier)
        save_report(session, owner, dossier, replace(REPORT, changes="", profit=None), NOON)
        with pytest.raises(MissingPieces) as refusal:
            submit_dossier(session, owner, dossier, NOON)
        assert {piece.code for piece in refusal.value.pieces} == {"changes", "profit"}


@pytest.mark.parametrize(
    ("day", "opens"),
    [(date(2026, 10, 21), date(2026, 10, 22)), (date(2026, 10, 22), None), (date(2027, 4, 19), None)],
)
def test_a_product_is_evaluated_again_from_180_days_before_the_end(
    app: Flask, day: date, opens: date | None
) -> None:
    """Rule R4; who is later than 120 days before it is taken in late."""
    at = clock.start_of(day)
    with unit_of_work() as session:
        product = a_dossier_product(session, stars=3)
        owner = the_owner(session, product)
        dossier = a_dossier(session, product, kind=DossierKind.REASSESS, actor=owner, at=at)
        fill_dossier(session, owner, dossier, at=at)
        if opens is None:
            submit_dossier(session, owner, dossier, at)
            return
        with pytest.raises(TooEarly) as refusal:
            submit_dossier(session, owner, dossier, at)
        assert refusal.value.parameters == {"opens": opens}
        withdraw_dossier(session, owner, dossier, at)
        upgrade = a_dossier(session, product, kind=DossierKind.UPGRADE, actor=owner, at=at)
        fill_dossier(session, owner, upgrade, at=at)
        submit_dossier(session, owner, upgrade, at)


def test_the_regulation_is_that_of_the_day_it_is_handed_in(app: Flask) -> None:
    """Rule R9: a draft that lay longer than a regulation did is judged by the next."""
    with unit_of_work() as session:
        dossier, owner = ready(session)
        dossier.regulation = "1489/2025"
        session.flush()
        submit_dossier(session, owner, dossier, NOON)
        assert dossier.regulation == "26/2026"
        assert rubric_of(dossier).number == dossier.set_number


def test_handing_in_twice_is_refused(app: Flask) -> None:
    with unit_of_work() as session:
        dossier, owner = ready(session)
        submit_dossier(session, owner, dossier, NOON)
        with pytest.raises(WrongState):
            submit_dossier(session, owner, dossier, NOON)


def test_another_tab_changes_nothing_any_more(app: Flask) -> None:
    """A page that was open before the dossier was handed in is refused whatever it sends."""
    with unit_of_work() as session:
        dossier, owner = ready(session)
        submit_dossier(session, owner, dossier, NOON)
        piece = session.scalars(sa.select(EvidenceFile)).one()
        deeds: list[Callable[[], Any]] = [
            lambda: save_choices(session, owner, dossier, {"1.1": 1}, {}, NOON),
            lambda: save_report(session, owner, dossier, REPORT, NOON),
            lambda: lay_to(session, owner, dossier, "1.1", piece, NOON),
            lambda: take_from(session, owner, dossier, "4.1", piece.id, NOON),
        ]
        for deed in deeds:
            with pytest.raises(NotEditable) as refusal:
                deed()
            assert refusal.value.parameters == {"state": DossierState.SUBMITTED}


def test_words_stand_beside_a_choice_or_nowhere(app: Flask) -> None:
    with unit_of_work() as session:
        product = a_dossier_product(session)
        owner = the_owner(session, product)
        dossier = a_dossier(session, product, actor=owner)
        save_choices(session, owner, dossier, {"1.1": 1}, {"1.1": "Tại xã", "1.2": "Chưa chọn"}, NOON)
        save_choices(session, owner, dossier, {"1.1": None}, {"1.1": "Bỏ"}, NOON)
        save_choices(session, owner, dossier, {"1.2": 1, "1.3": None}, {}, NOON)
        sheet = find_sheet(session, dossier.id, SheetLevel.SELF)
        assert sheet is not None
        assert [(one.criterion, one.option, one.words) for one in sheet.choices] == [("1.2", 1, None)]


def test_two_tabs_keep_what_the_other_wrote(app: Flask) -> None:
    with unit_of_work() as session:
        dossier, owner = ready(session)
        save_choices(session, owner, dossier, {"1.1": 1}, {"1.1": "Trang thứ nhất."}, NOON)
        save_choices(session, owner, dossier, {"1.2": 1}, {}, NOON)
        sheet = find_sheet(session, dossier.id, SheetLevel.SELF)
        assert sheet is not None
        kept = {one.criterion: (one.option, one.words) for one in sheet.choices}
        assert (kept["1.1"], kept["1.2"]) == ((1, "Trang thứ nhất."), (1, None))


@pytest.mark.parametrize(
    ("choices", "words", "error"),
    [
        ({"9.9": 1}, {}, UnknownCriterion),
        ({"1.1": 99}, {}, UnknownOption),
        ({"1.1": 1}, {"1.1": "x" * 501}, InvalidDossier),
    ],
)
def test_choices_that_cannot_be_are_refused(
    app: Flask, choices: dict[str, int], words: dict[str, str], error: type[InvalidInput]
) -> None:
    with unit_of_work() as session:
        dossier, owner = ready(session)
        with pytest.raises(error):
            save_choices(session, owner, dossier, choices, words, NOON)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("representative", "x" * 121),
        ("materials", "x" * 10_001),
        ("founded_on", date(2026, 11, 22)),
        ("workers", -1),
        ("workers", 2_000_000),
        ("revenue", -1),
        ("revenue", 10**16),
        ("profit", -(10**16)),
        ("local_workers", 19),
    ],
)
def test_facts_that_cannot_be_are_refused(app: Flask, field: str, value: Any) -> None:
    with unit_of_work() as session:
        dossier, owner = ready(session)
        with pytest.raises(InvalidDossier) as refusal:
            save_report(session, owner, dossier, replace(REPORT, **{field: value}), NOON)
        assert refusal.value.parameters["field"] == field


def test_facts_are_kept_as_they_were_written(app: Flask) -> None:
    with unit_of_work() as session:
        dossier, owner = ready(session)
        facts = ReportFacts(representative="  Trần  Văn A ", materials="Một\n\n\n\nHai ", profit=-5)
        save_report(session, owner, dossier, facts, NOON)
        report = get_own_dossier(session, dossier.id, dossier.producer_id).report
        assert report is not None
        assert (report.representative, report.materials, report.profit) == ("Trần Văn A", "Một\n\nHai", -5)
        assert report.workers is None


def test_a_loss_counts_as_told(app: Flask) -> None:
    with unit_of_work() as session:
        product = a_dossier_product(session, stars=3)
        owner = the_owner(session, product)
        dossier = a_dossier(session, product, kind=DossierKind.REASSESS, actor=owner)
        fill_dossier(session, owner, dossier)
        save_report(session, owner, dossier, replace(REPORT, profit=0, revenue=0), NOON)
        submit_dossier(session, owner, dossier, NOON)


def test_reasons_for_taking_back_are_kept_and_bounded(app: Flask) -> None:
    with unit_of_work() as session:
        dossier, owner = ready(session)
        with pytest.raises(InvalidDossier):
            withdraw_dossier(session, owner, dossier, NOON, "x" * 2001)
        withdraw_dossier(session, owner, dossier, NOON, "Chưa đủ mẫu.")
        again = get_own_dossier(session, dossier.id, dossier.producer_id)
        assert (again.steps[-1].state, again.steps[-1].words) == ("withdrawn", "Chưa đủ mẫu.")
        assert (again.submitted_at, again.rubric_digest) == (None, None)


def test_the_way_to_the_next_star_is_told_at_any_time(app: Flask) -> None:
    with unit_of_work() as session:
        dossier, owner = ready(session)
        dossier = get_own_dossier(session, dossier.id, dossier.producer_id)
        now = standing_of(dossier, date(2026, 11, 21))
        assert (now.verdict.stars, now.missing, now.run_out) == (4, (), ())
        assert now.next_star is not None
        assert now.next_star.stars == 5
        assert now.next_star.with_gates.stars == 5
        assert set(now.evidence) == {leaf.code for leaf in rubric_of(dossier).leaves()} & set(now.evidence)
        gate = now.next_star.gates[0]
        save_choices(session, owner, dossier, {gate.criterion.code: gate.option.number}, {}, NOON)
        later = standing_of(dossier, date(2026, 11, 21))
        assert later.verdict.points == now.verdict.points + gate.adds


def test_a_standing_costs_few_statements(app: Flask) -> None:
    with unit_of_work() as session:
        dossier, _ = ready(session)
    whole = get_own_dossier(db.session(), dossier.id, dossier.producer_id)
    with counted_statements() as said:
        standing_of(whole, date(2026, 11, 21))
    assert len(said) <= 4

"""Decisions from results: two people, stars that nobody types in, and dossiers that close with them."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import selectinload

from marketplace import clock
from marketplace.accounts.errors import NotPermitted, ReauthenticationNeeded
from marketplace.accounts.models import Person
from marketplace.accounts.permissions import Actor
from marketplace.accounts.roles import Role, Scope, ScopeKind
from marketplace.catalogue.models import Product, Publication
from marketplace.certification.councils.models import Minutes, MinutesSignature, SessionDossier
from marketplace.certification.decisions.confirming import confirm_results, read_notice_number
from marketplace.certification.decisions.drafts import withdraw_paper
from marketplace.certification.decisions.errors import (
    DecidedTooEarly,
    EvaluatedHere,
    InvalidNoticeNumber,
    MinistryStars,
    NotFromPaper,
    NotFromResults,
    NumberTaken,
    ProposalNotFinal,
    ResultsDoNotHold,
    ResultsMoved,
    SessionOpen,
    WrongList,
)
from marketplace.certification.decisions.from_results import draft_from_ministry, draft_from_session
from marketplace.certification.decisions.paper_decisions import confirm_paper, draft_decision
from marketplace.certification.decisions.paper_models import PaperAward, PaperDecision, PaperKind, PaperState
from marketplace.certification.decisions.result_checks import check_results
from marketplace.certification.decisions.results import list_results
from marketplace.certification.decisions.to_ministry import pass_to_ministry
from marketplace.certification.dossiers.errors import InConflict
from marketplace.certification.dossiers.ministry_deeds import record_ministry_answer, send_to_ministry
from marketplace.certification.dossiers.models import Dossier, DossierState, DossierStep
from marketplace.certification.dossiers.sheet_models import SheetChoice, SheetRow
from marketplace.certification.errors import (
    AuthorCannotConfirm,
    InvalidDecisionNumber,
    IssuedInFuture,
    MemberCannotAward,
    NothingAwarded,
    OtherDayOnRecord,
    PaperClosed,
    SeveralAuthorities,
)
from marketplace.certification.models import Certificate, Decision
from marketplace.certification.rubrics.stars import Outcome
from marketplace.database import db, unit_of_work
from marketplace.register import current_version
from tests.factories import accounts
from tests.factories.certification import a_certificate, a_decision
from tests.factories.decisions import Held, a_held_session, officer_of
from tests.factories.deeds import deeds
from tests.factories.dossier_desk import in_conflict
from tests.factories.dossiers import a_dossier, a_dossier_product, the_officer
from tests.factories.places import make_province

DAY = date(2026, 11, 21)
NUMBER = "3021/QĐ-UBND"


@pytest.fixture
def held(app: Flask) -> Held:
    """A closed session: one product of four stars, one of three, one of two."""
    with unit_of_work() as session:
        return a_held_session(session, 4, 3, 2)


def draft(
    held: Held, *positions: int, kind: PaperKind = PaperKind.RECOGNITION, actor: Actor | None = None
) -> int:
    chosen = frozenset(held.dossiers[position] for position in positions)
    with unit_of_work() as session:
        drafting = actor or held.officer
        return draft_from_session(session, drafting, held.session, kind, chosen, clock.now()).id


def second(held: Held) -> Actor:
    with unit_of_work() as session:
        return officer_of(session, held.province)


def confirm(held: Held, paper: int, actor: Actor | None = None, **changes: Any) -> PaperDecision:
    facts = {"number": NUMBER, "decided_on": DAY, **changes}
    confirming = actor or second(held)
    with unit_of_work() as session:
        return confirm_results(session, confirming, paper, at=clock.now(), **facts)


def dossier(number: int) -> Dossier:
    db.session.rollback()
    return db.session.get_one(Dossier, number, populate_existing=True)


def count(model: type[Any]) -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def test_a_draft_takes_stars_and_points_from_the_session_and_says_nothing(held: Held) -> None:
    db.session.rollback()
    before = current_version()
    paper = draft(held, 0, 1)
    db.session.rollback()
    assert current_version() == before
    kept = db.session.get_one(PaperDecision, paper)
    assert (kept.kind, kept.number, kept.decided_on) == (PaperKind.RECOGNITION, None, None)
    awards = db.session.scalars(sa.select(PaperAward).order_by(PaperAward.id)).all()
    assert [(one.dossier_id, one.stars, one.points) for one in awards] == [
        (held.dossiers[0], 4, Decimal("89.00")),
        (held.dossiers[1], 3, Decimal("69.00")),
    ]
    assert (count(Decision), count(Certificate)) == (0, 0)
    assert dossier(held.dossiers[0]).state is DossierState.EVALUATED
    assert len(deeds("paper_decision:draft")) == 1


def test_confirming_writes_decision_certificates_and_closes_the_dossiers(held: Held) -> None:
    paper, person = draft(held, 0, 1), second(held)
    db.session.rollback()
    before = current_version()
    confirm(held, paper, person)
    db.session.rollback()
    assert current_version() == before + 1
    decision = db.session.scalars(sa.select(Decision)).one()
    assert (decision.number, decision.decided_on) == (NUMBER, DAY)
    assert decision.authority_name == "Uỷ ban nhân dân tỉnh Hà Tĩnh"
    given = db.session.scalars(sa.select(Certificate).order_by(Certificate.stars)).all()
    assert [(one.stars, one.issued_on, one.valid_until) for one in given] == [
        (3, DAY, date(2029, 11, 21)),
        (4, DAY, date(2029, 11, 21)),
    ]
    product = db.session.get_one(Product, held.products[0])
    assert (product.live_stars(DAY), product.decision_checked) == (4, True)
    for number, stars in zip(held.dossiers, (4, 3), strict=False):
        assert (dossier(number).state, dossier(number).granted) == (DossierState.RECOGNISED, stars)
    words = sa.select(DossierStep.words).where(DossierStep.state == DossierState.RECOGNISED)
    assert set(db.session.scalars(words)) == {NUMBER}
    assert len(deeds("certificate:award")) == 2
    assert dossier(held.dossiers[2]).state is DossierState.EVALUATED


def test_a_session_may_end_in_several_decisions(held: Held) -> None:
    first, other = draft(held, 0), draft(held, 1)
    confirm(held, first)
    with pytest.raises(NumberTaken):
        confirm(held, other)
    confirm(held, other, number="3022/QĐ-UBND")
    assert count(Decision) == 2


def test_below_three_stars_there_is_a_notice_and_no_certificate(held: Held) -> None:
    """R7."""
    paper = draft(held, 2, kind=PaperKind.NOTICE)
    with pytest.raises(InvalidNoticeNumber):
        confirm(held, paper, number="125")
    confirm(held, paper, number=" 125 / TB-UBND")
    kept = db.session.get_one(PaperDecision, paper, populate_existing=True)
    assert (kept.number, kept.state, kept.decision_id) == ("125/TB-UBND", PaperState.CONFIRMED, None)
    assert (count(Decision), count(Certificate)) == (0, 0)
    closed = dossier(held.dossiers[2])
    assert (closed.state, closed.granted) == (DossierState.NOT_RECOGNISED, None)


def test_what_has_stars_and_what_has_none_do_not_mix(held: Held) -> None:
    with pytest.raises(WrongList):
        draft(held, 0, 2)
    with pytest.raises(WrongList):
        draft(held, 0, kind=PaperKind.NOTICE)
    with pytest.raises(WrongList):
        draft(held, 2)


def test_five_stars_are_never_the_provinces(app: Flask) -> None:
    """R6: what comes to 90 points is proposed; nothing of it can be drafted, nor read off a paper of ours."""
    with unit_of_work() as session:
        held = a_held_session(session, 5)
    with pytest.raises(ResultsMoved):
        draft(held, 0)
    with pytest.raises(MinistryStars), unit_of_work() as session:
        draft_decision(session, held.officer, held.province, NUMBER, DAY, {held.products[0]: 5}, clock.now())


def test_a_number_of_the_ministry_is_not_the_provinces(held: Held) -> None:
    with pytest.raises(SeveralAuthorities):
        confirm(held, draft(held, 0), number="4000/QĐ-BNNMT")


def test_a_session_under_way_gives_nothing(app: Flask) -> None:
    with unit_of_work() as session:
        held = a_held_session(session, 4, closed=False)
    assert dossier(held.dossiers[0]).state is DossierState.EVALUATED
    with pytest.raises(SessionOpen):
        draft(held, 0)


def test_certificates_keep_the_points_that_they_rest_on(held: Held) -> None:
    confirm(held, draft(held, 0))
    decided = dossier(held.dossiers[0])
    wanted = sa.select(Certificate.points).where(Certificate.product_id == decided.product_id)
    assert db.session.scalars(wanted.order_by(Certificate.id.desc())).first() == decided.points


def test_a_result_is_drafted_once_and_again_when_given_up(held: Held) -> None:
    paper = draft(held, 0)
    with pytest.raises(ResultsMoved):
        draft(held, 0, 1)
    with unit_of_work() as session:
        withdraw_paper(session, held.officer, paper, clock.now())
    again = draft(held, 0)
    confirm(held, again)
    with pytest.raises(ResultsMoved):
        draft(held, 0)
    with pytest.raises(PaperClosed):
        confirm(held, paper)
    with pytest.raises(PaperClosed):
        confirm(held, again)


def test_nothing_chosen_and_what_is_not_there_are_refused(held: Held) -> None:
    with pytest.raises(NothingAwarded):
        draft(held)
    with pytest.raises(ResultsMoved), unit_of_work() as session:
        kind = PaperKind.RECOGNITION
        draft_from_session(session, held.officer, held.session, kind, frozenset({999_999}), clock.now())
    with pytest.raises(NotPermitted), unit_of_work() as session:
        chosen = frozenset(held.dossiers[:1])
        draft_from_session(session, held.officer, 999_999, PaperKind.RECOGNITION, chosen, clock.now())


def test_who_drafted_does_not_confirm_and_strangers_do_neither(held: Held) -> None:
    paper = draft(held, 0)
    with pytest.raises(AuthorCannotConfirm):
        confirm(held, paper, held.officer)
    with unit_of_work() as session:
        stranger = officer_of(session, make_province(session, "Quảng Trị").id)
        commune = the_officer(session, session.get_one(Dossier, held.dossiers[0]), Role.COMMUNE_OFFICER)
    for actor in (stranger, commune):
        with pytest.raises(NotPermitted):
            confirm(held, paper, actor)
        with pytest.raises(NotPermitted):
            draft(held, 1, actor=actor)
    assert dossier(held.dossiers[0]).state is DossierState.EVALUATED


def test_a_member_of_the_producer_neither_drafts_confirms_nor_withdraws(held: Held) -> None:
    paper, confirming = draft(held, 0), second(held)
    with unit_of_work() as session:
        for number, actor in ((0, confirming), (1, held.officer)):
            producer = session.get_one(Dossier, held.dossiers[number]).producer_id
            person = session.get_one(Person, actor.person_id)
            accounts.a_member(session, Scope(ScopeKind.PRODUCER, producer), Role.STAFF, person)
    with pytest.raises(MemberCannotAward):
        confirm(held, paper, confirming)
    with pytest.raises(MemberCannotAward), unit_of_work() as session:
        withdraw_paper(session, confirming, paper, clock.now())
    with pytest.raises(MemberCannotAward):
        draft(held, 1)


def test_who_is_in_conflict_over_a_dossier_decides_nothing_about_it(held: Held) -> None:
    paper, confirming = draft(held, 0), second(held)
    with unit_of_work() as session:
        in_conflict(session, confirming.person_id, held.dossiers[0])
        in_conflict(session, held.officer.person_id, held.dossiers[1])
    with pytest.raises(InConflict):
        confirm(held, paper, confirming)
    with pytest.raises(InConflict), unit_of_work() as session:
        withdraw_paper(session, confirming, paper, clock.now())
    with pytest.raises(InConflict):
        draft(held, 1)
    draft(held, 1, actor=confirming)
    confirm(held, paper)


def test_confirming_asks_who_it_is(held: Held) -> None:
    office = Scope(ScopeKind.ADMIN_UNIT, held.province)
    weak = accounts.an_actor(second(held).person_id, (office, Role.PROVINCE_OFFICER), strong=False)
    with pytest.raises(ReauthenticationNeeded):
        confirm(held, draft(held, 0), weak)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"number": "3021"}, InvalidDecisionNumber),
        ({"decided_on": DAY + timedelta(days=1)}, IssuedInFuture),
        ({"decided_on": DAY - timedelta(days=1)}, DecidedTooEarly),
    ],
)
def test_number_and_day_are_those_of_the_signed_paper(
    changes: dict[str, Any], refusal: type[Exception], held: Held
) -> None:
    with pytest.raises(refusal):
        confirm(held, draft(held, 0), **changes)


def test_a_number_on_record_is_not_given_again(held: Held) -> None:
    with unit_of_work() as session:
        product = a_dossier_product(session)
        a_certificate(session, product, 3, decision=a_decision(session, NUMBER, decided_on=DAY))
        a_decision(session, "3022/QĐ-UBND", decided_on=date(2026, 2, 1))
    paper = draft(held, 0)
    with pytest.raises(NumberTaken):
        confirm(held, paper)
    with pytest.raises(OtherDayOnRecord):
        confirm(held, paper, number="3022/QĐ-UBND")


def found(paper: int) -> dict[str, tuple[bool, bool]]:
    db.session.rollback()
    wanted = sa.select(PaperDecision).options(selectinload(PaperDecision.awards))
    kept = db.session.execute(wanted.where(PaperDecision.id == paper)).scalar_one()
    results = list_results(db.session(), Dossier.id.in_([one.dossier_id for one in kept.awards]))
    return {one.what.value: (one.fine, one.stops) for one in check_results(db.session(), kept, results)}


def test_a_machine_finds_all_well(held: Held) -> None:
    assert found(draft(held, 0, 1)) == dict.fromkeys(
        ("points", "stars", "minutes", "producers", "certificates"), (True, False)
    )


def stopped(held: Held, paper: int) -> list[str]:
    with pytest.raises(ResultsDoNotHold) as refused:
        confirm(held, paper)
    return list(refused.value.parameters["found"])


def test_points_changed_behind_the_council_are_found(held: Held) -> None:
    paper = draft(held, 0)
    with unit_of_work() as session:
        session.get_one(Dossier, held.dossiers[0]).points = Decimal(88)
    assert stopped(held, paper) == ["points"]
    with unit_of_work() as session:
        session.execute(sa.update(PaperAward).values(points=Decimal(88)))
        session.execute(sa.update(SessionDossier).values(points=Decimal(88)))
    assert stopped(held, paper) == ["points"]


def test_stars_changed_behind_the_council_are_found(held: Held) -> None:
    paper = draft(held, 1)
    with unit_of_work() as session:
        session.get_one(Dossier, held.dossiers[1]).stars = 4
        session.execute(sa.update(PaperAward).values(stars=4))
    assert stopped(held, paper) == ["stars"]
    with unit_of_work() as session:
        session.execute(sa.update(SessionDossier).values(stars=4, by_gates=4, by_points=4))
    assert stopped(held, paper) == ["stars"]


def test_stars_that_the_dossier_has_no_more_are_found(held: Held) -> None:
    paper = draft(held, 0)
    with unit_of_work() as session:
        session.get_one(Dossier, held.dossiers[0]).stars = 3
    assert stopped(held, paper) == ["stars"]


@pytest.mark.parametrize(
    "changes",
    [
        {"state": DossierState.PROPOSED, "outcome": Outcome.PROPOSED},
        {"state": DossierState.WITHDRAWN},
        {"outcome": Outcome.PROPOSED},
    ],
    ids=["proposed", "withdrawn", "worth a proposal"],
)
def test_a_dossier_that_moved_on_behind_the_draft_is_found(held: Held, changes: dict[str, Any]) -> None:
    paper = draft(held, 0)
    with unit_of_work() as session:
        session.execute(sa.update(Dossier).where(Dossier.id == held.dossiers[0]).values(**changes))
    assert stopped(held, paper) == ["points", "stars", "producers"]
    assert count(Certificate) == 0


def test_a_sheet_changed_behind_its_member_is_found(held: Held) -> None:
    paper = draft(held, 0)
    with unit_of_work() as session:
        sheets = sa.select(SheetRow.id).where(SheetRow.dossier_id == held.dossiers[0])
        session.execute(
            sa.update(SheetChoice)
            .where(SheetChoice.sheet_id.in_(sheets), SheetChoice.criterion == "1.1")
            .values(option=1)
        )
    assert "points" in stopped(held, paper)
    with unit_of_work() as session:
        session.execute(sa.update(SheetRow).where(SheetRow.member_id.is_not(None)).values(signed_at=None))
    assert stopped(held, paper) == ["points", "stars"]


def test_without_minutes_nothing_is_confirmed(app: Flask) -> None:
    with unit_of_work() as session:
        held = a_held_session(session, 4, signers=2)
    paper = draft(held, 0)
    assert found(paper)["minutes"] == (False, False)
    with unit_of_work() as session:
        session.execute(sa.delete(MinutesSignature))
        session.execute(sa.delete(Minutes))
    assert stopped(held, paper) == ["minutes"]


def test_a_product_that_changed_hands_is_found(held: Held) -> None:
    paper, other = draft(held, 0), draft(held, 1)
    with unit_of_work() as session:
        session.get_one(Product, held.products[0]).producer_id = session.get_one(
            Product, held.products[1]
        ).producer_id
        session.get_one(Product, held.products[1]).publication = Publication.WITHDRAWN
    assert stopped(held, paper) == ["producers"]
    assert stopped(held, other) == ["producers"]


def test_a_certificate_of_elsewhere_is_told_of_and_stops_nothing(held: Held) -> None:
    paper = draft(held, 0)
    with unit_of_work() as session:
        a_certificate(session, session.get_one(Product, held.products[0]), 3)
    assert found(paper)["certificates"] == (False, False)
    confirm(held, paper)
    old, new = db.session.scalars(sa.select(Certificate).order_by(Certificate.id)).all()
    assert (old.superseded_by_id, old.superseded_on) == (new.id, DAY)


def test_the_two_ways_do_not_cross(held: Held) -> None:
    """A result that waits is not decided by a paper, a draft from results not confirmed as one."""
    awards = {held.products[0]: 3}
    with pytest.raises(EvaluatedHere), unit_of_work() as session:
        draft_decision(session, held.officer, held.province, NUMBER, DAY, awards, clock.now())
    with unit_of_work() as session:
        number, day = "12/QĐ-UBND", DAY - timedelta(days=30)
        paper = draft_decision(session, held.officer, held.province, number, day, awards, clock.now()).id
    with pytest.raises(NotFromResults):
        confirm(held, paper)
    drafted = draft(held, 1)
    with pytest.raises(NotFromPaper), unit_of_work() as session:
        confirm_paper(session, officer_of(session, held.province), drafted, clock.now())


def at_ministry(points: str | None) -> tuple[Dossier, Actor]:
    with unit_of_work() as session:
        held = a_held_session(session, 5)
        lying = session.get_one(Dossier, held.dossiers[0])
        send_to_ministry(session, held.officer, lying, "45/TTr-UBND", DAY, clock.now())
        if points is not None:
            record_ministry_answer(
                session, held.officer, lying, Decimal(points), "Kết quả của hội đồng.", DAY, clock.now()
            )
        return lying, held.officer


@pytest.mark.parametrize(("points", "stars"), [("89.99", 4), ("69.99", 3)])
def test_what_the_ministry_sends_back_the_province_may_recognise(points: str, stars: int, app: Flask) -> None:
    back, officer = at_ministry(points)
    kind, chosen = PaperKind.RECOGNITION, frozenset({back.id})
    with unit_of_work() as session:
        paper = draft_from_ministry(session, officer, back.province_id, kind, chosen, clock.now()).id
    assert found(paper) == dict.fromkeys(("points", "stars", "producers", "certificates"), (True, False))
    with unit_of_work() as session:
        confirming = officer_of(session, back.province_id)
        confirm_results(session, confirming, paper, NUMBER, DAY, clock.now())
    assert (dossier(back.id).state, dossier(back.id).granted) == (DossierState.RECOGNISED, stars)
    assert db.session.get_one(Product, back.product_id).live_stars(DAY) == stars


def test_unscored_by_the_ministry_is_evaluated_again(app: Flask) -> None:
    back, officer = at_ministry(None)
    with unit_of_work() as session:
        record_ministry_answer(session, officer, back, None, "Thiếu hợp đồng.", DAY, clock.now())
    with pytest.raises(ResultsMoved), unit_of_work() as session:
        kind, chosen = PaperKind.RECOGNITION, frozenset({back.id})
        draft_from_ministry(session, officer, back.province_id, kind, chosen, clock.now())


def test_five_stars_of_the_ministry_close_the_dossier(app: Flask) -> None:
    lying, officer = at_ministry("93.5")
    awards = {lying.product_id: 5}
    with unit_of_work() as session:
        number = "4123/QĐ-BNNMT"
        paper = draft_decision(session, officer, lying.province_id, number, DAY, awards, clock.now()).id
    with unit_of_work() as session:
        confirm_paper(session, officer_of(session, lying.province_id), paper, clock.now())
    assert (dossier(lying.id).state, dossier(lying.id).granted) == (DossierState.RECOGNISED, 5)
    assert db.session.get_one(Product, lying.product_id).live_stars(DAY) == 5
    wanted = sa.select(Certificate.points).where(Certificate.product_id == lying.product_id)
    assert db.session.scalars(wanted).all() == [Decimal("93.50")], "as the ministry told them"


def test_to_the_ministry_goes_what_the_last_session_proposed_once_it_is_closed(app: Flask) -> None:
    with unit_of_work() as session:
        first = a_held_session(session, 5)
        sent = session.get_one(Dossier, first.dossiers[0])
        pass_to_ministry(session, first.officer, sent, "45/TTr-UBND", DAY, clock.now())
        record_ministry_answer(session, first.officer, sent, None, "Trả hồ sơ", DAY, clock.now())
        again = a_held_session(session, 5, dossiers=[sent], closed=False)
    assert dossier(again.dossiers[0]).state is DossierState.PROPOSED
    with pytest.raises(ProposalNotFinal), unit_of_work() as session:
        waiting = session.get_one(Dossier, again.dossiers[0])
        pass_to_ministry(session, again.officer, waiting, "46/TTr-UBND", DAY, clock.now())
    assert dossier(again.dossiers[0]).state is DossierState.PROPOSED


def test_what_no_session_proposed_does_not_go_to_the_ministry(app: Flask) -> None:
    with unit_of_work() as session:
        number = a_dossier(session, state=DossierState.PROPOSED).id
    with pytest.raises(ProposalNotFinal), unit_of_work() as session:
        waiting = session.get_one(Dossier, number)
        pass_to_ministry(session, the_officer(session, waiting), waiting, "45/TTr", DAY, clock.now())
    assert dossier(number).state is DossierState.PROPOSED


def test_an_older_decision_of_the_ministry_leaves_the_dossier_there(app: Flask) -> None:
    lying, officer = at_ministry("93.5")
    with unit_of_work() as session:
        number, day = "4123/QĐ-BNNMT", DAY - timedelta(days=1)
        awards = {lying.product_id: 5}
        paper = draft_decision(session, officer, lying.province_id, number, day, awards, clock.now()).id
    with unit_of_work() as session:
        confirm_paper(session, officer_of(session, lying.province_id), paper, clock.now())
    assert dossier(lying.id).state is DossierState.AT_MINISTRY
    wanted = sa.select(Certificate.points).where(Certificate.product_id == lying.product_id)
    assert db.session.scalars(wanted).all() == [None], "the ministry's points are of another evaluation"


def test_the_database_says_again_what_a_draft_is(held: Held) -> None:
    paper = draft(held, 0)
    for broken in (
        {"number": "1/QĐ-UBND"},
        {"kind": PaperKind.PAPER},
        {"state": PaperState.CONFIRMED, "confirmed_by": second(held).person_id, "closed_at": clock.now()},
    ):
        with pytest.raises(IntegrityError), unit_of_work() as session:
            session.execute(sa.update(PaperDecision).where(PaperDecision.id == paper).values(**broken))


@pytest.mark.parametrize("number", ["", "TB-UBND", "12/tb", "12/TB-", "x" * 70])
def test_what_is_no_number_of_a_notice(number: str) -> None:
    with pytest.raises(InvalidNoticeNumber):
        read_notice_number(number)


def test_only_results_can_be_drafted_from(app: Flask) -> None:
    with unit_of_work() as session:
        waiting = a_dossier(session, state=DossierState.ADVISED)
        officer = officer_of(session, waiting.province_id)
        with pytest.raises(ResultsMoved):
            draft_from_ministry(
                session, officer, waiting.province_id, PaperKind.NOTICE, frozenset({waiting.id}), clock.now()
            )

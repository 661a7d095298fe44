"""Blind scoring: who may score what, what is seen when, and what the sheets come to."""

from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import clock
from marketplace.accounts.journal import Deed
from marketplace.accounts.models import Membership
from marketplace.accounts.permissions import Actor
from marketplace.accounts.roles import Role, Scope, ScopeKind, SignInLevel
from marketplace.certification.councils.closing import close_dossier, discuss
from marketplace.certification.councils.conflicts import declare_conflict, settle_conflicts
from marketplace.certification.councils.errors import (
    ConflictedMember,
    DiscussionNeeded,
    NoQuorum,
    OnlyLeader,
    ReasonMissing,
    ResultClosed,
    ScoresNothing,
    SessionNotScoring,
    SheetIncomplete,
    SheetSigned,
    SheetsOpen,
    SheetsStillBlind,
)
from marketplace.certification.councils.models import Conflict, Position, SessionDossier
from marketplace.certification.councils.reveal import count_signed, list_open_sheets
from marketplace.certification.councils.scoring import save_sheet, sign_sheet
from marketplace.certification.councils.sessions import excuse_member
from marketplace.certification.dossiers.models import Dossier, DossierState
from marketplace.certification.dossiers.sheet_models import SheetRow
from marketplace.certification.dossiers.sheets import Marks
from marketplace.certification.errors import UnknownCriterion, UnknownOption
from marketplace.certification.rubrics.stars import Outcome
from marketplace.database import db, unit_of_work
from marketplace.errors import MarketplaceError, NotFound
from tests.factories import accounts
from tests.factories.councils import Chamber, a_chamber, all_marks, row_of


def do(deed: Any, *arguments: Any, **facts: Any) -> Any:
    with unit_of_work() as session:
        return deed(session, *arguments, **facts)


def refused(refusal: type[MarketplaceError], deed: Any, *arguments: Any) -> MarketplaceError:
    with pytest.raises(refusal) as told, unit_of_work() as session:
        deed(session, *arguments)
    return told.value


def case_of(chamber: Chamber) -> SessionDossier:
    found: SessionDossier = row_of(
        db.session(), SessionDossier, session_id=chamber.session, dossier_id=chamber.dossier
    )
    db.session.rollback()
    return found


def seen(chamber: Chamber) -> list[int | None]:
    rows = list_open_sheets(db.session(), chamber.session, chamber.dossier)
    db.session.rollback()
    return [row.member_id for row in rows]


def close(chamber: Chamber, number: int = 0, words: str = "") -> Any:
    actor = chamber.member_now(number)
    return do(close_dossier, actor, chamber.session, chamber.dossier, words, clock.now())


def test_sheets_open_by_themselves_with_the_last_and_no_sooner(app: Flask) -> None:
    chamber = a_chamber()
    for number in range(5):
        assert seen(chamber) == []
        assert case_of(chamber).revealed_at is None
        chamber.sheet(number)
        assert chamber.sign(number) is (number == 4)
    assert seen(chamber) == chamber.members
    assert case_of(chamber).revealed_at == clock.now()


def test_only_a_count_is_told_while_scoring_is_blind(app: Flask) -> None:
    chamber = a_chamber(dossiers=2)
    chamber.score(0, 1, 2)
    chamber.sheet(3)
    assert count_signed(db.session(), chamber.session) == {chamber.dossier: 3}


def test_the_journal_knows_no_mark_before_all_are_in(app: Flask) -> None:
    chamber = a_chamber()
    chamber.score(0, 1, 2, 3, c1_1=1)
    told = sa.select(Deed.data).where(Deed.action.like("council:%"))
    assert not [data for data in db.session.scalars(told) if "choice" in data or "stops" in data]
    db.session.rollback()
    chamber.score(4)
    revealed = db.session.scalars(sa.select(Deed.data).where(Deed.action == "council:reveal")).all()
    assert len(revealed) == 5
    assert sum('"1.1:1"' in data for data in revealed) == 4


def test_a_sheet_is_signed_whole_and_once_and_is_locked_then(app: Flask) -> None:
    chamber = a_chamber()
    actor, at = chamber.member_now(0), clock.now()
    where = (actor, chamber.session, chamber.dossier)
    refused(SheetIncomplete, sign_sheet, *where, at)
    do(save_sheet, *where, Marks(choices={"1.1": 1}), at)
    assert refused(SheetIncomplete, sign_sheet, *where, at).parameters["missing"] == len(all_marks()) - 1
    do(save_sheet, *where, Marks(choices=all_marks()), at)
    do(sign_sheet, *where, at)
    refused(SheetSigned, sign_sheet, *where, at)
    refused(SheetSigned, save_sheet, *where, Marks(choices={"1.1": 1}), at)


def test_a_sheet_that_ended_at_a_finding_is_whole(app: Flask) -> None:
    chamber = a_chamber()
    where = (chamber.member_now(0), chamber.session, chamber.dossier)
    do(save_sheet, *where, Marks(choices={"1.1": 1}, stops={1: "Giấy giả"}), clock.now())
    assert do(sign_sheet, *where, clock.now()) is False


def test_marks_that_the_rubric_does_not_know_are_refused(app: Flask) -> None:
    chamber = a_chamber()
    where = (chamber.member_now(0), chamber.session, chamber.dossier)
    refused(UnknownCriterion, save_sheet, *where, Marks(choices={"99": 1}), clock.now())
    refused(UnknownOption, save_sheet, *where, Marks(choices={"1.1": 99}), clock.now())


def test_nobody_scores_without_a_seat(app: Flask) -> None:
    chamber, other = a_chamber(), a_chamber()
    stranger = accounts.an_actor(99_999)
    password_only = accounts.an_actor(
        chamber.people[0],
        (Scope(ScopeKind.COUNCIL, chamber.council), Role.COUNCIL_MEMBER),
        level=SignInLevel.PASSWORD,
    )
    for actor in (stranger, chamber.officer_now(), other.member_now(0), password_only):
        for deed in (save_sheet, sign_sheet):
            marks = (Marks(choices=all_marks()),) if deed is save_sheet else ()
            refused(NotFound, deed, actor, chamber.session, chamber.dossier, *marks, clock.now())


def test_a_secretary_scores_nothing(app: Flask) -> None:
    chamber = a_chamber((Position.CHAIR, Position.MEMBER, Position.SECRETARY))
    with pytest.raises(ScoresNothing):
        chamber.sheet(2)
    chamber.score(0, 1)
    assert seen(chamber) == chamber.members[:2]


def test_nothing_is_scored_before_the_session_begins(app: Flask) -> None:
    chamber = a_chamber(opened=False)
    with pytest.raises(SessionNotScoring):
        chamber.sheet(0)


def test_a_declared_conflict_takes_the_sheet_and_the_right_to_score(app: Flask) -> None:
    chamber = a_chamber()
    chamber.score(0, 1, 2, 3)
    own = (chamber.member_now(3), chamber.session, chamber.dossier, chamber.members[3])
    refused(ReasonMissing, declare_conflict, *own, " ", clock.now())
    do(declare_conflict, *own, "Em ruột của giám đốc", clock.now())
    with pytest.raises(ConflictedMember):
        chamber.sheet(3)
    with pytest.raises(ConflictedMember):
        chamber.sign(3)
    chamber.score(4)
    assert seen(chamber) == [chamber.members[number] for number in (0, 1, 2, 4)]


def test_the_last_awaited_member_in_conflict_opens_the_sheets(app: Flask) -> None:
    chamber = a_chamber()
    chamber.score(0, 1, 2, 3)
    office = (chamber.officer_now(), chamber.session, chamber.dossier, chamber.members[4])
    do(declare_conflict, *office, "Là cổ đông", clock.now())
    assert len(seen(chamber)) == 4


def test_nobody_is_left_out_for_what_they_scored(app: Flask) -> None:
    chamber = a_chamber()
    chamber.score(0, 1, 2, 3, 4)
    office = (chamber.officer_now(), chamber.session, chamber.dossier, chamber.members[4])
    refused(SheetsOpen, declare_conflict, *office, "Là cổ đông", clock.now())
    leader = (chamber.member_now(0), chamber.session, chamber.dossier)
    do(discuss, *leader, "Xem lại mục 2.3", clock.now())
    refused(SheetsOpen, declare_conflict, *office, "Là cổ đông", clock.now())
    member = (chamber.member_now(1), chamber.session, chamber.dossier, chamber.members[4])
    refused(NotFound, declare_conflict, *member, "Là cổ đông", clock.now())


def test_the_accounts_tell_of_conflicts_too(app: Flask) -> None:
    chamber = a_chamber()
    with unit_of_work() as session:
        producer = Scope(ScopeKind.PRODUCER, chamber.producer)
        accounts.a_member(session, producer, Role.STAFF, chamber.people[4])
    with pytest.raises(ConflictedMember):
        chamber.sheet(4)
    chamber.score(0, 1, 2, 3)
    assert len(seen(chamber)) == 4
    [kept] = db.session.scalars(sa.select(Conflict)).all()
    assert (kept.member_id, kept.words) == (chamber.members[4], "")


def test_a_conflict_that_comes_up_last_is_settled_when_the_page_finds_it(app: Flask) -> None:
    chamber = a_chamber()
    chamber.score(0, 1, 2, 3)
    with unit_of_work() as session:
        commune = Scope(ScopeKind.ADMIN_UNIT, chamber.commune)
        accounts.a_member(session, commune, Role.COMMUNE_OFFICER, chamber.people[4])
    do(settle_conflicts, chamber.member_now(4), chamber.session, chamber.dossier, clock.now())
    assert len(seen(chamber)) == 4


def test_too_few_members_open_nothing(app: Flask) -> None:
    chamber = a_chamber()
    for number in (2, 3, 4):
        own = (chamber.member_now(number), chamber.session, chamber.dossier, chamber.members[number])
        do(declare_conflict, *own, "Có phần vốn", clock.now())
    chamber.score(0, 1)
    assert seen(chamber) == []
    with pytest.raises(SheetsStillBlind):
        close(chamber)


def test_quorum_lost_after_the_sheets_were_open_closes_nothing(app: Flask) -> None:
    chamber = a_chamber()
    chamber.score(0, 1, 2, 3, 4)
    for number in (2, 3, 4):
        own = (chamber.member_now(number), chamber.session, chamber.dossier, chamber.members[number])
        do(declare_conflict, *own, "Có phần vốn", clock.now())
    with pytest.raises(NoQuorum):
        close(chamber)


def test_the_chair_closes_the_result_once(app: Flask) -> None:
    chamber = a_chamber()
    chamber.score(0, 1, 2, 3, c1_1=1)
    with pytest.raises(SheetsStillBlind):
        close(chamber)
    chamber.score(4)
    with pytest.raises(OnlyLeader):
        close(chamber, 1)
    found = close(chamber)
    case, dossier = case_of(chamber), row_of(db.session(), Dossier, id=chamber.dossier)
    assert (case.points, case.spread) == (found.verdict.points, found.spread)
    assert (dossier.points, dossier.stars, dossier.outcome) == (case.points, case.stars, case.outcome)
    assert dossier.state is (
        DossierState.PROPOSED if case.outcome is Outcome.PROPOSED else DossierState.EVALUATED
    )
    db.session.rollback()
    with pytest.raises(ResultClosed):
        close(chamber)
    with pytest.raises(ResultClosed):
        chamber.sheet(0)


def test_ninety_points_at_the_province_are_proposed_and_never_recognised(app: Flask) -> None:
    chamber = a_chamber()
    chamber.score(0, 1, 2, 3, 4)
    found = close(chamber)
    assert (found.verdict.points, found.verdict.outcome) == (Decimal(100), Outcome.PROPOSED)
    dossier = row_of(db.session(), Dossier, id=chamber.dossier)
    assert (dossier.state, dossier.granted) == (DossierState.PROPOSED, None)


def test_a_deputy_closes_where_the_chair_may_not(app: Flask) -> None:
    chamber = a_chamber()
    own = (chamber.member_now(0), chamber.session, chamber.dossier, chamber.members[0])
    do(declare_conflict, *own, "Góp vốn", clock.now())
    chamber.score(1, 2, 3, 4)
    with pytest.raises(ConflictedMember):
        close(chamber, 0)
    close(chamber, 1)


def test_sheets_far_apart_are_talked_over_or_the_reason_is_written(app: Flask) -> None:
    chamber = a_chamber()
    chamber.score(0, 1, 2, 3)
    low = dict.fromkeys(all_marks(), 1)
    actor = chamber.member_now(4)
    do(save_sheet, actor, chamber.session, chamber.dossier, Marks(choices=low), clock.now())
    chamber.sign(4)
    with pytest.raises(DiscussionNeeded) as told:
        close(chamber)
    assert told.value.parameters["limit"] == 10
    assert close(chamber, words="Đã nghe thành viên thứ năm giải thích.").spread > 10
    assert case_of(chamber).words == "Đã nghe thành viên thứ năm giải thích."


def test_a_discussion_makes_scoring_blind_again_and_keeps_the_old_sheets(app: Flask) -> None:
    chamber = a_chamber()
    leader = (chamber.member_now(0), chamber.session, chamber.dossier)
    chamber.score(0, 1, 2, 3, c1_1=1)
    refused(SheetsStillBlind, discuss, *leader, "Xem lại", clock.now())
    chamber.score(4)
    refused(ReasonMissing, discuss, *leader, "", clock.now())
    refused(OnlyLeader, discuss, chamber.member_now(1), *leader[1:], "Xem lại", clock.now())
    do(discuss, *leader, "Mục 1.1 hiểu khác nhau", clock.now())
    assert seen(chamber) == []
    for number in range(4):
        chamber.sheet(number)
        assert seen(chamber) == []
        chamber.sign(number)
    chamber.sign(4)
    assert len(seen(chamber)) == 5
    assert close(chamber).verdict.points == 100
    revealed = db.session.scalars(sa.select(Deed.data).where(Deed.action == "council:reveal")).all()
    assert len(revealed) == 10
    assert sum('"1.1:1"' in data for data in revealed) == 4


def test_who_is_not_there_does_not_keep_the_others_waiting(app: Flask) -> None:
    chamber = a_chamber()
    chamber.score(0, 1, 2, 3)
    chamber.sheet(4)
    do(excuse_member, chamber.officer_now(), chamber.session, chamber.members[4], clock.now())
    assert seen(chamber) == chamber.members[:4]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(SheetRow)) == 4


def test_the_roles_of_a_seat_come_and_go_with_it(app: Flask) -> None:
    chamber = a_chamber()
    held = sa.select(Membership.role).where(Membership.scope_id == chamber.council)
    of_council = held.where(Membership.scope_kind == ScopeKind.COUNCIL)
    assert db.session.scalars(of_council).all() == [Role.COUNCIL_MEMBER] * 5


def test_an_actor_without_the_role_finds_no_seat(app: Flask) -> None:
    chamber = a_chamber()
    former = Actor(chamber.people[0].id, level=SignInLevel.TWO_FACTOR)
    refused(NotFound, sign_sheet, former, chamber.session, chamber.dossier, clock.now())

"""Councils, their agendas and their minutes, rule by rule."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import clock
from marketplace.accounts import privacy
from marketplace.accounts.errors import NotPermitted, ReauthenticationNeeded
from marketplace.accounts.journal import Deed
from marketplace.accounts.models import Membership
from marketplace.accounts.roles import SITE, Role, Scope, ScopeKind
from marketplace.certification.councils.agenda import cancel_session, put_dossier, take_out_dossier
from marketplace.certification.councils.closing import close_dossier, discuss
from marketplace.certification.councils.conflicts import declare_conflict, settle_conflicts
from marketplace.certification.councils.errors import (
    BeforeCouncilAlready,
    ConflictedMember,
    CouncilEnded,
    CouncilMeets,
    NotReadyForCouncil,
    ReasonMissing,
    ResultClosed,
    SessionNotPlanned,
    SessionNotScoring,
    SheetsOpen,
    SheetsToComplete,
)
from marketplace.certification.councils.founding import (
    Founding,
    end_council,
    found_council,
    release_member,
    seat_member,
)
from marketplace.certification.councils.minutes import (
    close_session,
    find_minutes,
    sign_minutes,
    write_minutes,
)
from marketplace.certification.councils.minutes_text import propose_minutes
from marketplace.certification.councils.models import (
    Conflict,
    Council,
    CouncilMember,
    CouncilSession,
    Minutes,
    Position,
    Seat,
    SessionDossier,
)
from marketplace.certification.councils.queries import get_session, list_ready_dossiers
from marketplace.certification.councils.reveal import count_conflicts
from marketplace.certification.councils.scoring import save_sheet, sign_sheet
from marketplace.certification.councils.sessions import (
    Planning,
    call_member,
    excuse_member,
    plan_session,
)
from marketplace.certification.dossiers.models import Dossier, DossierState, EvaluationRound
from marketplace.certification.dossiers.sheets import Marks
from marketplace.database import db, unit_of_work
from marketplace.errors import MarketplaceError, NotFound
from tests.factories import accounts
from tests.factories.councils import Chamber, a_chamber, row_of


def do(deed: Any, *arguments: Any) -> Any:
    with unit_of_work() as session:
        return deed(session, *arguments, clock.now())


def refused(refusal: type[MarketplaceError], deed: Any, *arguments: Any) -> MarketplaceError:
    with pytest.raises(refusal) as told:
        do(deed, *arguments)
    return told.value


def closed(chamber: Chamber) -> Chamber:
    """Score and close everything before a session, have the minutes signed by all, and end it."""
    numbers = range(len(chamber.people))
    for dossier in chamber.dossiers:
        chamber.score(*numbers, dossier=dossier)
        do(close_dossier, chamber.member_now(0), chamber.session, dossier, "")
    do(write_minutes, chamber.member_now(0), chamber.session, "Biên bản")
    for number in numbers:
        do(sign_minutes, chamber.member_now(number), chamber.session, 1)
    do(close_session, chamber.member_now(0), chamber.session)
    return chamber


def test_only_the_own_province_sets_a_council_up(app: Flask) -> None:
    chamber, other = a_chamber(), a_chamber()
    told = Founding(name="Hội đồng", decision_number="9/QĐ", decided_on=clock.today())
    refused(NotPermitted, found_council, chamber.officer_now(), other.province, told)
    weak = accounts.an_actor(
        chamber.officer,
        (Scope(ScopeKind.ADMIN_UNIT, chamber.province), Role.PROVINCE_OFFICER),
        strong=False,
    )
    refused(ReauthenticationNeeded, found_council, weak, chamber.province, told)
    with unit_of_work() as session:
        administrator = accounts.an_administrator(session)
    actor = accounts.an_actor(administrator, (SITE, Role.ADMINISTRATOR))
    assert do(found_council, actor, other.province, told).unit_id == other.province


def test_a_council_ends_when_nothing_is_before_it(app: Flask) -> None:
    chamber = a_chamber()
    officer = chamber.officer_now()
    assert refused(CouncilMeets, end_council, officer, chamber.council).parameters["sessions"] == 1
    closed(chamber)
    do(end_council, officer, chamber.council)
    held = sa.select(Membership).where(Membership.scope_kind == ScopeKind.COUNCIL)
    assert db.session.scalars(held).all() == []
    assert row_of(db.session(), Council, id=chamber.council).ended_on == clock.today()
    db.session.rollback()
    refused(CouncilEnded, end_council, officer, chamber.council)
    plan = Planning(meets_at=clock.now(), place="Phòng B")
    refused(CouncilEnded, plan_session, officer, chamber.council, plan)


def test_a_member_whose_role_was_taken_before_leaves_all_the_same(app: Flask) -> None:
    chamber = closed(a_chamber())
    with unit_of_work() as session:
        session.execute(sa.delete(Membership).where(Membership.person_id == chamber.people[4].id))
    do(release_member, chamber.officer_now(), chamber.council, chamber.members[4])
    assert row_of(db.session(), CouncilMember, id=chamber.members[4]).left_on == clock.today()
    db.session.rollback()
    refused(NotFound, release_member, chamber.officer_now(), chamber.council, chamber.members[4])
    seats = db.session.scalar(sa.select(sa.func.count()).select_from(Seat))
    assert seats == 5, "who sat in a session that is over stays on record there"


def test_who_left_finds_no_session_though_another_council_has_them(app: Flask) -> None:
    chamber, other = a_chamber(opened=False), a_chamber(opened=False)
    person = chamber.people[4]
    at = clock.now()
    with unit_of_work() as session:
        seat_member(session, other.officer_now(), other.council, person.id, Position.MEMBER, "Sở", at)
    do(release_member, chamber.officer_now(), chamber.council, chamber.members[4])
    actor = accounts.an_actor(person, (Scope(ScopeKind.COUNCIL, other.council), Role.COUNCIL_MEMBER))
    with pytest.raises(NotFound):
        get_session(db.session(), actor, chamber.session)


def test_a_session_belongs_to_a_round_of_its_own_province(app: Flask) -> None:
    chamber, other = a_chamber(), a_chamber()
    with unit_of_work() as session:
        day = clock.today()
        rounds = [
            EvaluationRound(unit_id=unit, year=2026, number=1, intake_until=day, decided_by=day)
            for unit in (chamber.province, other.province)
        ]
        session.add_all(rounds)
    plans = [Planning(meets_at=clock.now(), place="Phòng B", round_id=one.id) for one in rounds]
    planned = do(plan_session, chamber.officer_now(), chamber.council, plans[0])
    assert (planned.round_id, planned.number) == (rounds[0].id, 2)
    refused(NotFound, plan_session, chamber.officer_now(), chamber.council, plans[1])


def test_a_session_of_the_next_year_is_its_first(app: Flask) -> None:
    chamber = a_chamber()
    plan = Planning(meets_at=clock.now() + timedelta(days=60), place="Phòng B")
    planned = do(plan_session, chamber.officer_now(), chamber.council, plan)
    assert (planned.year, planned.number) == (2027, 1)


def test_dossiers_wait_until_a_session_takes_them(app: Flask) -> None:
    chamber = a_chamber(dossiers=2, opened=False)
    assert list_ready_dossiers(db.session(), chamber.province) == []
    db.session.rollback()
    do(cancel_session, chamber.officer_now(), chamber.session)
    waiting = list_ready_dossiers(db.session(), chamber.province)
    assert [one.id for one in waiting] == chamber.dossiers
    db.session.rollback()
    refused(NotFound, cancel_session, chamber.officer_now(), chamber.session)


def test_a_session_under_way_is_not_given_up(app: Flask) -> None:
    chamber = a_chamber()
    refused(SessionNotPlanned, cancel_session, chamber.officer_now(), chamber.session)


def test_what_is_not_through_with_its_advisers_comes_before_no_council(app: Flask) -> None:
    chamber = a_chamber(opened=False)
    where = (chamber.officer_now(), chamber.session, chamber.dossier)
    refused(BeforeCouncilAlready, put_dossier, *where)
    do(take_out_dossier, *where, "Chờ")
    with unit_of_work() as session:
        session.get_one(Dossier, chamber.dossier).state = DossierState.ACCEPTED
    told = refused(NotReadyForCouncil, put_dossier, *where)
    assert str(told.parameters["number"]).startswith("HS-2026-")
    refused(NotFound, take_out_dossier, *where, "Chờ")


def test_sheets_that_are_open_are_not_got_rid_of(app: Flask) -> None:
    chamber = a_chamber()
    where = (chamber.officer_now(), chamber.session, chamber.dossier)
    chamber.score(0, 1, 2, 3, 4)
    refused(SheetsOpen, take_out_dossier, *where, "Không ưng")
    for number in (2, 3, 4):
        own = (chamber.member_now(number), chamber.session, chamber.dossier, chamber.members[number])
        do(declare_conflict, *own, "Góp vốn")
    do(take_out_dossier, *where, "Không đủ người chấm")
    assert row_of(db.session(), Dossier, id=chamber.dossier).state is DossierState.ADVISED


def test_who_does_not_sign_anew_after_a_discussion_holds_no_dossier_for_ever(app: Flask) -> None:
    chamber = a_chamber()
    where = (chamber.officer_now(), chamber.session, chamber.dossier)
    chamber.score(0, 1, 2, 3, 4)
    do(discuss, chamber.member_now(0), chamber.session, chamber.dossier, "Xem lại")
    for number in range(4):
        chamber.sign(number)
    refused(ReasonMissing, take_out_dossier, *where, " ")
    do(take_out_dossier, *where, "Một thành viên không ký lại")
    assert row_of(db.session(), Dossier, id=chamber.dossier).state is DossierState.ADVISED
    told = sa.select(Deed.data).where(Deed.action == "council:reveal")
    assert len(db.session.scalars(told).all()) == 5, "the journal keeps the sheets as they were open"


def test_what_has_a_result_stays(app: Flask) -> None:
    chamber = a_chamber()
    chamber.score(0, 1, 2, 3, 4)
    do(close_dossier, chamber.member_now(0), chamber.session, chamber.dossier, "")
    where = (chamber.session, chamber.dossier)
    refused(ResultClosed, take_out_dossier, chamber.officer_now(), *where, "Không ưng")
    own = (chamber.member_now(4), *where, chamber.members[4])
    refused(ResultClosed, declare_conflict, *own, "Góp vốn")
    with unit_of_work() as session:
        accounts.a_member(session, Scope(ScopeKind.PRODUCER, chamber.producer), Role.STAFF, chamber.people[4])
    do(settle_conflicts, chamber.member_now(4), *where)
    assert db.session.scalars(sa.select(Conflict)).all() == []


def test_a_conflict_is_written_down_once_and_before_the_session_too(app: Flask) -> None:
    chamber = a_chamber(opened=False)
    own = (chamber.member_now(4), chamber.session, chamber.dossier, chamber.members[4])
    do(declare_conflict, *own, "Góp vốn")
    do(declare_conflict, *own, "Góp vốn, lần nữa")
    [kept] = db.session.scalars(sa.select(Conflict)).all()
    assert kept.words == "Góp vốn"
    db.session.rollback()
    refused(NotFound, declare_conflict, *own[:3], 99_999, "Góp vốn")


def test_a_chair_found_in_conflict_closes_nothing(app: Flask) -> None:
    chamber = a_chamber()
    chamber.score(0, 1, 2, 3, 4)
    with unit_of_work() as session:
        accounts.an_owner(session, chamber.producer, chamber.people[0])
    refused(ConflictedMember, close_dossier, chamber.member_now(0), chamber.session, chamber.dossier, "")
    do(close_dossier, chamber.member_now(1), chamber.session, chamber.dossier, "")
    assert count_conflicts(db.session(), chamber.session) == {
        chamber.dossier: frozenset({chamber.members[0]})
    }


def test_sheets_that_few_ended_at_a_finding_close_nothing(app: Flask) -> None:
    chamber = a_chamber()
    chamber.score(0, 1, 2, 3)
    last = (chamber.member_now(4), chamber.session, chamber.dossier)
    do(save_sheet, *last, Marks(choices={"1.1": 1}, stops={1: "Giấy giả"}))
    do(sign_sheet, *last)
    leader = (chamber.member_now(0), chamber.session, chamber.dossier)
    refused(SheetsToComplete, close_dossier, *leader, "Giữ")


def test_reasons_are_kept_whole_or_refused(app: Flask) -> None:
    chamber = a_chamber()
    chamber.score(0, 1, 2, 3, 4)
    leader = (chamber.member_now(0), chamber.session, chamber.dossier)
    for number in range(2):
        do(discuss, *leader, f"{number}" * 998)
        for one in range(5):
            chamber.sign(one)
    refused(ReasonMissing, discuss, *leader, "thêm chữ nữa")
    case = row_of(db.session(), SessionDossier, session_id=chamber.session, dossier_id=chamber.dossier)
    assert len(case.words) == 998 * 2 + 1


def test_nobody_is_absent_from_what_is_over_or_called_twice(app: Flask) -> None:
    chamber, planned = a_chamber(), a_chamber(opened=False)
    officer = planned.officer_now()
    do(call_member, officer, planned.session, planned.members[0])
    assert len(db.session.scalars(sa.select(Seat).where(Seat.session_id == planned.session)).all()) == 5
    db.session.rollback()
    refused(NotFound, call_member, officer, planned.session, chamber.members[0])
    refused(NotFound, excuse_member, officer, planned.session, chamber.members[0])
    do(excuse_member, officer, planned.session, planned.members[4])
    closed(chamber)
    refused(SessionNotScoring, excuse_member, chamber.officer_now(), chamber.session, chamber.members[4])


def test_who_scored_before_a_discussion_is_not_absent_after_it(app: Flask) -> None:
    chamber = a_chamber()
    chamber.score(0, 1, 2, 3, 4)
    do(discuss, chamber.member_now(0), chamber.session, chamber.dossier, "Xem lại")
    with pytest.raises(MarketplaceError) as told:
        do(excuse_member, chamber.officer_now(), chamber.session, chamber.members[4])
    assert told.value.code == "absent_has_signed"


def test_minutes_are_proposed_from_what_is_on_record(app: Flask) -> None:
    chamber = a_chamber((Position.CHAIR, Position.MEMBER, Position.MEMBER), dossiers=3)
    first, second, _third = chamber.dossiers
    own = (chamber.member_now(2), chamber.session, first, chamber.members[2])
    do(declare_conflict, *own, "Góp vốn")
    chamber.score(0, 1, dossier=first, c1_1=1)
    do(close_dossier, chamber.member_now(0), chamber.session, first, "Đã nghe\nchủ thể trình bày")
    for number in range(3):
        where = (chamber.member_now(number), chamber.session, second)
        do(save_sheet, *where, Marks(choices={"1.1": 1}, stops={1: "Giấy giả"}))
        do(sign_sheet, *where)
    do(close_dossier, chamber.member_now(0), chamber.session, second, "")
    held = get_session(db.session(), chamber.officer_now(), chamber.session)
    text = propose_minutes(held, count_conflicts(db.session(), chamber.session))
    assert "- Số phiếu: 2 trên 3 thành viên chấm." in text
    assert "- Không chấm vì có liên quan: Thành viên 3." in text
    assert "- Thảo luận: Đã nghe chủ thể trình bày" in text
    assert "- Kết luận: hồ sơ bị loại, không đề nghị công nhận." in text
    assert "- Chưa có kết quả." in text
    assert "13:00 ngày 21/11/2026, tại Phòng họp A." in text


def test_no_version_of_minutes_is_ever_changed(app: Flask) -> None:
    chamber = a_chamber()
    refused(NotFound, sign_minutes, chamber.member_now(0), 99_999, 1)
    closed(chamber)
    kept = find_minutes(db.session(), chamber.session)
    assert kept is not None
    assert kept.version == 1
    db.session.rollback()
    refused(SessionNotScoring, write_minutes, chamber.member_now(0), chamber.session, "Bản khác")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Minutes)) == 1


def test_members_are_told_what_councils_know_of_them_and_nothing_of_others(app: Flask) -> None:
    chamber = closed(a_chamber())
    at = clock.now()
    with unit_of_work() as session:
        subject = privacy.subject_of(session, str(chamber.people[1].id))
        known = privacy.export(session, subject, at)["councils"]
    assert [row["id"] for row in known["seats"]] == [chamber.members[1]]
    assert {row["member_id"] for row in known["sheets"]} == {chamber.members[1]}
    sheets = {row["id"] for row in known["sheets"]}
    assert {row["sheet_id"] for row in known["choices"]} == sheets
    assert len(known["minutes_signed"]) == 1
    with unit_of_work() as session:
        buyer = accounts.a_person(session)
    with unit_of_work() as session:
        subject = privacy.subject_of(session, str(buyer.id))
        assert privacy.export(session, subject, at)["councils"] == {}
        assert "councils" not in privacy.erase(session, subject, at)
    with unit_of_work() as session:
        subject = privacy.subject_of(session, str(chamber.people[1].id))
        assert "phiếu chấm" in privacy.erase(session, subject, at)["councils"]
    assert row_of(db.session(), CouncilSession, id=chamber.session).closed_at is not None

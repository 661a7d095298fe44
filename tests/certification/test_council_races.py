"""Members and officers who do something to one dossier at the same moment."""

from datetime import timedelta
from functools import partial
from threading import Event
from time import sleep
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import clock
from marketplace.certification.councils.agenda import put_dossier
from marketplace.certification.councils.closing import close_dossier, discuss
from marketplace.certification.councils.conflicts import declare_conflict
from marketplace.certification.councils.founding import release_member
from marketplace.certification.councils.minutes import sign_minutes, write_minutes
from marketplace.certification.councils.models import (
    CouncilSession,
    Minutes,
    MinutesSignature,
    Position,
    Seat,
    SessionDossier,
)
from marketplace.certification.councils.planning import plan_once
from marketplace.certification.councils.scoring import save_sheet, sign_sheet
from marketplace.certification.councils.sessions import (
    Planning,
    call_member,
    excuse_member,
    open_session,
    plan_session,
)
from marketplace.certification.dossiers.models import Dossier, DossierState, DossierStep
from marketplace.certification.dossiers.sheet_models import SheetRow
from marketplace.certification.dossiers.sheets import Marks
from marketplace.database import db, unit_of_work
from tests.accounts.conftest import race as race  # noqa: PLC0414 - pytest finds it by this name
from tests.factories.councils import Chamber, a_chamber, all_marks, row_of

Race = Any


def deed(action: Any, *arguments: Any) -> Any:
    at = clock.now()
    return lambda session: action(session, *arguments, at)


def one_into_the_other(first: Any, second: Any) -> tuple[Any, Any]:
    """Have the second deed begin when the first is done but not yet committed, where both may be begun."""
    under_way = Event()

    def linger(session: Any) -> None:
        first(session)
        under_way.set()
        sleep(0.3)

    def follow(session: Any) -> None:
        under_way.wait(0.5)
        second(session)

    return linger, follow


def case_of(chamber: Chamber) -> SessionDossier:
    db.session.rollback()
    found: SessionDossier = row_of(
        db.session(), SessionDossier, session_id=chamber.session, dossier_id=chamber.dossier
    )
    return found


@pytest.mark.parametrize("round_number", range(3))
def test_of_the_last_two_signatures_one_opens_the_sheets(app: Flask, race: Race, round_number: int) -> None:
    chamber = a_chamber()
    chamber.score(0, 1, 2)
    chamber.sheet(3)
    chamber.sheet(4)
    signs = [deed(sign_sheet, chamber.member_now(n), chamber.session, chamber.dossier) for n in (3, 4)]
    assert race(*signs) == ["done", "done"]
    assert case_of(chamber).revealed_at is not None


def test_one_sheet_is_signed_once_by_two_tabs(app: Flask, race: Race) -> None:
    chamber = a_chamber()
    chamber.sheet(0)
    sign = deed(sign_sheet, chamber.member_now(0), chamber.session, chamber.dossier)
    assert race(sign, sign) == ["SheetSigned", "done"]


def test_two_tabs_begin_one_sheet(app: Flask, race: Race) -> None:
    chamber = a_chamber()
    save = partial(save_sheet, marks=Marks(choices={"1.1": 1}), at=clock.now())
    where = (chamber.member_now(0), chamber.session, chamber.dossier)
    assert race(*[lambda session: save(session, *where)] * 2) == ["done", "done"]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(SheetRow)) == 1


def test_what_is_saved_while_the_sheet_is_signed_is_in_it_or_refused(app: Flask, race: Race) -> None:
    chamber = a_chamber()
    chamber.sheet(0)
    where = (chamber.member_now(0), chamber.session, chamber.dossier)
    marks = Marks(choices=all_marks(c1_1=1))
    results = race(deed(sign_sheet, *where), lambda session: save_sheet(session, *where, marks, clock.now()))
    assert results in (["done", "done"], ["SheetSigned", "done"])


def test_the_last_signature_meets_a_conflict_of_another(app: Flask, race: Race) -> None:
    chamber = a_chamber()
    chamber.score(0, 1, 2)
    chamber.sheet(3)
    own = (chamber.member_now(4), chamber.session, chamber.dossier, chamber.members[4], "Góp vốn")
    results = race(
        deed(sign_sheet, chamber.member_now(3), chamber.session, chamber.dossier),
        deed(declare_conflict, *own),
    )
    assert results == ["done", "done"]
    assert case_of(chamber).revealed_at is not None


def test_a_result_is_closed_once_or_talked_over(app: Flask, race: Race) -> None:
    chamber = a_chamber()
    chamber.score(0, 1, 2, 3, 4)
    where = (chamber.member_now(0), chamber.session, chamber.dossier)
    assert race(*[deed(close_dossier, *where, "")] * 2) == ["ResultClosed", "done"]
    steps = sa.select(DossierStep.state).where(DossierStep.dossier_id == chamber.dossier)
    assert db.session.scalars(steps).all().count(DossierState.PROPOSED) == 1
    other = a_chamber()
    other.score(0, 1, 2, 3, 4)
    where = (other.member_now(0), other.session, other.dossier)
    results = race(deed(close_dossier, *where, ""), deed(discuss, *where, "Xem lại"))
    assert results in (["ResultClosed", "done"], ["SheetsStillBlind", "done"])


def test_a_session_begins_once(app: Flask, race: Race) -> None:
    chamber = a_chamber(opened=False)
    begin = deed(open_session, chamber.officer_now(), chamber.session)
    assert race(begin, begin) == ["SessionNotPlanned", "done"]
    steps = (
        sa.select(sa.func.count()).select_from(DossierStep).where(DossierStep.dossier_id == chamber.dossier)
    )
    assert db.session.scalar(steps) == 1


def test_no_session_begins_with_somebody_who_leaves(app: Flask, race: Race) -> None:
    chamber = a_chamber((Position.CHAIR, Position.MEMBER, Position.MEMBER), opened=False)
    officer = chamber.officer_now()
    begin = deed(open_session, officer, chamber.session)
    leave = deed(release_member, officer, chamber.council, chamber.members[0])
    results = race(*one_into_the_other(begin, leave))
    assert results in (["MemberInSession", "done"], ["NoLeader", "done"])


def test_a_member_is_called_before_leaving_or_not_at_all(app: Flask, race: Race) -> None:
    chamber = a_chamber(opened=False)
    officer = chamber.officer_now()
    with unit_of_work() as session:
        excuse_member(session, officer, chamber.session, chamber.members[4], clock.now())
    call = deed(call_member, officer, chamber.session, chamber.members[4])
    leave = deed(release_member, officer, chamber.council, chamber.members[4])
    results = race(*one_into_the_other(call, leave))
    assert results in (["NotFound", "done"], ["done", "done"])
    seat = sa.select(Seat.member_id).where(Seat.member_id == chamber.members[4])
    assert db.session.scalars(seat).all() == []


def test_a_dossier_comes_before_one_session(app: Flask, race: Race) -> None:
    chamber = a_chamber(opened=False)
    with unit_of_work() as session:
        session.execute(sa.delete(SessionDossier))
    with unit_of_work() as session:
        plan = Planning(meets_at=clock.now() + timedelta(days=1), place="Phòng B")
        later = plan_session(session, chamber.officer_now(), chamber.council, plan, clock.now())
    puts = [
        deed(put_dossier, chamber.officer_now(), number, chamber.dossier)
        for number in (chamber.session, later.id)
    ]
    assert race(*puts) == ["BeforeCouncilAlready", "done"]


def test_sessions_planned_at_once_have_numbers_of_their_own(app: Flask, race: Race) -> None:
    chamber = a_chamber(opened=False)
    plan = Planning(meets_at=clock.now() + timedelta(days=1), place="Phòng B")
    assert race(*[deed(plan_session, chamber.officer_now(), chamber.council, plan)] * 2) == ["done", "done"]
    numbers = sa.select(CouncilSession.number).where(CouncilSession.council_id == chamber.council)
    assert sorted(db.session.scalars(numbers)) == [1, 2, 3]


def test_a_session_sent_by_two_taps_is_planned_once(app: Flask, race: Race) -> None:
    chamber = a_chamber(opened=False)
    plan = Planning(meets_at=clock.now() + timedelta(days=1), place=" Phòng  B ")
    tap = deed(plan_once, chamber.officer_now(), chamber.council, plan)
    assert race(tap, tap) == ["done", "done"]
    numbers = sa.select(CouncilSession.number).where(CouncilSession.council_id == chamber.council)
    assert sorted(db.session.scalars(numbers)) == [1, 2]


def test_minutes_sent_by_two_taps_are_one_version(app: Flask, race: Race) -> None:
    chamber = a_chamber()
    chamber.score(0, 1, 2, 3, 4)
    chair = chamber.member_now(0)
    with unit_of_work() as session:
        close_dossier(session, chair, chamber.session, chamber.dossier, "", clock.now())
    tap = deed(write_minutes, chair, chamber.session, "Biên bản")
    assert race(tap, tap) == ["done", "done"]
    assert db.session.scalars(sa.select(Minutes.version)).all() == [1]


def test_a_signature_stands_under_what_was_read(app: Flask, race: Race) -> None:
    chamber = a_chamber()
    chamber.score(0, 1, 2, 3, 4)
    chair = chamber.member_now(0)
    with unit_of_work() as session:
        close_dossier(session, chair, chamber.session, chamber.dossier, "", clock.now())
    with unit_of_work() as session:
        write_minutes(session, chair, chamber.session, "Biên bản thứ nhất", clock.now())
    results = race(
        deed(write_minutes, chair, chamber.session, "Biên bản thứ hai"),
        deed(sign_minutes, chamber.member_now(1), chamber.session, 1),
    )
    assert results in (["done", "done"], ["MinutesChanged", "done"])
    signed = db.session.scalars(sa.select(MinutesSignature.version)).all()
    assert signed in ([1], [])


def test_states_hang_together_after_all(app: Flask) -> None:
    chamber = a_chamber()
    chamber.score(0, 1, 2, 3, 4)
    dossier = row_of(db.session(), Dossier, id=chamber.dossier)
    assert dossier.state is DossierState.IN_COUNCIL

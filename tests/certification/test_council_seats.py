"""Who is left in a session under way, who comes back to a seat, and what the office keeps away from."""

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import clock
from marketplace.accounts.models import Membership
from marketplace.certification.councils.agenda import cancel_session, put_dossier, take_out_dossier
from marketplace.certification.councils.closing import close_dossier
from marketplace.certification.councils.conflicts import declare_conflict
from marketplace.certification.councils.errors import (
    ConflictedMember,
    NoLeader,
    NoQuorum,
    PlaceFixed,
    SeatedAlready,
)
from marketplace.certification.councils.founding import release_member, seat_member
from marketplace.certification.councils.models import (
    Conflict,
    CouncilMember,
    CouncilSession,
    Position,
    Seat,
    SessionState,
)
from marketplace.certification.councils.scoring import sign_sheet
from marketplace.certification.councils.sessions import call_member, excuse_member, open_session
from marketplace.certification.dossiers.models import Dossier, DossierState
from marketplace.database import db, unit_of_work
from marketplace.errors import MarketplaceError
from tests.factories.councils import Chamber, a_chamber, row_of

ONE_LEADER = (Position.CHAIR, Position.MEMBER, Position.MEMBER)


def do(deed: Any, *arguments: Any) -> Any:
    with unit_of_work() as session:
        return deed(session, *arguments, clock.now())


def refused(refusal: type[MarketplaceError], deed: Any, *arguments: Any) -> MarketplaceError:
    with pytest.raises(refusal) as told:
        do(deed, *arguments)
    return told.value


def seated(chamber: Chamber) -> list[int]:
    rows = sa.select(Seat.member_id).where(Seat.session_id == chamber.session).order_by(Seat.member_id)
    found = list(db.session.scalars(rows))
    db.session.rollback()
    return found


def take_role(chamber: Chamber, number: int) -> None:
    with unit_of_work() as session:
        session.execute(sa.delete(Membership).where(Membership.person_id == chamber.people[number].id))


def again(chamber: Chamber, number: int, position: Position, agency: str) -> tuple[Any, ...]:
    return (chamber.officer_now(), chamber.council, chamber.people[number].id, position, agency)


def involve_officer(chamber: Chamber, dossier: int | None = None) -> None:
    with unit_of_work() as session:
        session.get_one(Dossier, dossier or chamber.dossier).created_by = chamber.officer.id


def test_no_session_shrinks_to_those_who_please(app: Flask) -> None:
    chamber = a_chamber()
    officer = chamber.officer_now()
    for number in (4, 3):
        do(excuse_member, officer, chamber.session, chamber.members[number])
    told = refused(NoQuorum, excuse_member, officer, chamber.session, chamber.members[2])
    assert (told.parameters["scorers"], told.parameters["seats"]) == (2, 5)
    assert seated(chamber) == chamber.members[:3]


def test_who_was_sent_away_counts_as_a_seat_of_the_council_still(app: Flask) -> None:
    chamber = a_chamber()
    officer = chamber.officer_now()
    for number in (4, 3):
        do(excuse_member, officer, chamber.session, chamber.members[number])
        do(release_member, officer, chamber.council, chamber.members[number])
    told = refused(NoQuorum, excuse_member, officer, chamber.session, chamber.members[2])
    assert told.parameters["seats"] == 5


def test_who_is_left_is_enough_over_each_dossier_without_a_result(app: Flask) -> None:
    chamber = a_chamber(dossiers=2)
    second = chamber.dossiers[1]
    for number in (3, 4):
        own = (chamber.member_now(number), chamber.session, second, chamber.members[number])
        do(declare_conflict, *own, "Góp vốn")
    where = (chamber.officer_now(), chamber.session, chamber.members[2])
    told = refused(NoQuorum, excuse_member, *where)
    assert (told.parameters["scorers"], told.parameters["seats"]) == (2, 4)
    do(take_out_dossier, chamber.officer_now(), chamber.session, second, "Không đủ người chấm")
    do(excuse_member, *where)


def test_a_session_keeps_somebody_who_leads(app: Flask) -> None:
    chamber = a_chamber(ONE_LEADER)
    officer = chamber.officer_now()
    refused(NoLeader, excuse_member, officer, chamber.session, chamber.members[0])
    own = (chamber.member_now(0), chamber.session, chamber.dossier, chamber.members[0])
    do(declare_conflict, *own, "Góp vốn")
    chamber.score(1, 2)
    do(close_dossier, chamber.member_now(1), chamber.session, chamber.dossier, "")
    refused(NoLeader, excuse_member, officer, chamber.session, chamber.members[0])
    assert seated(chamber) == chamber.members


def test_who_lost_the_role_in_mid_session_comes_back_to_the_seat(app: Flask) -> None:
    chamber = a_chamber()
    refused(SeatedAlready, seat_member, *again(chamber, 4, Position.MEMBER, "Sở 5"))
    chamber.score(0, 1, 2, 3)
    take_role(chamber, 4)
    do(seat_member, *again(chamber, 4, Position.MEMBER, "Sở 5"))
    assert seated(chamber) == chamber.members
    chamber.sheet(4)
    assert do(sign_sheet, chamber.member_now(4), chamber.session, chamber.dossier) is True


def test_who_sat_in_what_has_begun_keeps_position_and_agency(app: Flask) -> None:
    chamber = a_chamber()
    take_role(chamber, 4)
    told = refused(PlaceFixed, seat_member, *again(chamber, 4, Position.SECRETARY, "Sở 5"))
    assert told.parameters["field"] == "position"
    told = refused(PlaceFixed, seat_member, *again(chamber, 4, Position.MEMBER, "Sở khác"))
    assert told.parameters["field"] == "agency"
    with unit_of_work() as session:
        held = session.get_one(CouncilSession, chamber.session)
        held.state, held.closed_at = SessionState.CLOSED, clock.now()
    refused(PlaceFixed, seat_member, *again(chamber, 4, Position.SECRETARY, "Sở 5"))
    do(seat_member, *again(chamber, 4, Position.MEMBER, "Sở 5"))


def test_nobody_comes_back_as_something_else_while_the_council_scores(app: Flask) -> None:
    chamber = a_chamber()
    officer = chamber.officer_now()
    do(excuse_member, officer, chamber.session, chamber.members[4])
    do(release_member, officer, chamber.council, chamber.members[4])
    refused(PlaceFixed, seat_member, *again(chamber, 4, Position.SECRETARY, "Sở 5"))


def test_before_any_session_began_a_place_may_change(app: Flask) -> None:
    chamber = a_chamber(opened=False)
    do(release_member, chamber.officer_now(), chamber.council, chamber.members[4])
    assert seated(chamber) == chamber.members[:4]
    do(seat_member, *again(chamber, 4, Position.SECRETARY, "Sở khác"))
    member = row_of(db.session(), CouncilMember, id=chamber.members[4])
    assert (member.position, member.agency, member.left_on) == (Position.SECRETARY, "Sở khác", None)
    db.session.rollback()
    do(call_member, chamber.officer_now(), chamber.session, chamber.members[4])


def test_an_officer_who_has_to_do_with_a_dossier_keeps_it_from_no_session(app: Flask) -> None:
    chamber = a_chamber(dossiers=2, opened=False)
    involve_officer(chamber, chamber.dossiers[1])
    officer = chamber.officer_now()
    where = (officer, chamber.session, chamber.dossiers[1])
    refused(ConflictedMember, take_out_dossier, *where, "Chờ")
    refused(ConflictedMember, cancel_session, officer, chamber.session)
    refused(ConflictedMember, excuse_member, officer, chamber.session, chamber.members[4])
    refused(ConflictedMember, declare_conflict, *where, chamber.members[4], "Là cổ đông")
    assert db.session.scalars(sa.select(Conflict)).all() == []
    db.session.rollback()
    do(take_out_dossier, officer, chamber.session, chamber.dossier, "Chờ")
    do(put_dossier, officer, chamber.session, chamber.dossier)
    assert seated(chamber) == chamber.members


def test_an_officer_puts_no_dossier_forward_that_they_have_to_do_with(app: Flask) -> None:
    chamber = a_chamber(opened=False)
    where = (chamber.officer_now(), chamber.session, chamber.dossier)
    do(take_out_dossier, *where, "Chờ")
    involve_officer(chamber)
    refused(ConflictedMember, put_dossier, *where)
    assert row_of(db.session(), Dossier, id=chamber.dossier).state is DossierState.ADVISED


def test_a_conflict_over_what_has_a_result_hinders_no_absence(app: Flask) -> None:
    chamber = a_chamber(dossiers=2)
    chamber.score(0, 1, 2, 3)
    own = (chamber.member_now(4), chamber.session, chamber.dossier, chamber.members[4])
    do(declare_conflict, *own, "Góp vốn")
    do(close_dossier, chamber.member_now(0), chamber.session, chamber.dossier, "")
    involve_officer(chamber)
    do(excuse_member, chamber.officer_now(), chamber.session, chamber.members[4])
    assert seated(chamber) == chamber.members[:4]


def test_a_session_that_too_few_sit_in_does_not_begin(app: Flask) -> None:
    chamber = a_chamber(opened=False)
    for number in (2, 3, 4):
        do(excuse_member, chamber.officer_now(), chamber.session, chamber.members[number])
    told = refused(NoQuorum, open_session, chamber.officer_now(), chamber.session)
    assert (told.parameters["scorers"], told.parameters["seats"]) == (2, 5)

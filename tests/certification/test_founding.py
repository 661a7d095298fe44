"""Setting councils up: what the decision must say, who can be seated, and which councils whom are shown."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import clock
from marketplace.accounts.permissions import Actor
from marketplace.accounts.roles import SITE, Role
from marketplace.certification.councils.agenda import put_dossier, take_out_dossier
from marketplace.certification.councils.errors import InvalidCouncil, MemberInSession, NothingToScore
from marketplace.certification.councils.founding import (
    Founding,
    find_person_to_seat,
    found_council,
    release_member,
    seat_member,
)
from marketplace.certification.councils.models import Council, CouncilMember, Position
from marketplace.certification.councils.queries import (
    get_council,
    get_session,
    list_councils,
    list_rounds_to_decide,
    list_sessions,
)
from marketplace.certification.councils.sessions import Planning, open_session, plan_session
from marketplace.certification.dossiers.models import EvaluationRound
from marketplace.database import db, unit_of_work
from marketplace.errors import NotFound
from tests.certification.test_councils import closed, do, refused
from tests.factories import accounts
from tests.factories.councils import Chamber, a_chamber


def administrator() -> Actor:
    with unit_of_work() as session:
        person = accounts.an_administrator(session)
    return accounts.an_actor(person, (SITE, Role.ADMINISTRATOR))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"decision_number": ""}, "decision_number"),
        ({"decided_on": timedelta(days=1)}, "decided_on"),
        ({"spread_limit": Decimal("0.5")}, "spread_limit"),
        ({"spread_limit": Decimal(101)}, "spread_limit"),
    ],
)
def test_what_the_decision_says_is_held_to_reason(app: Flask, changes: dict[str, Any], field: str) -> None:
    chamber = a_chamber(opened=False)
    told = {"name": "Hội đồng", "decision_number": "9/QĐ-UBND", "decided_on": clock.today(), **changes}
    if field == "decided_on":
        told["decided_on"] = clock.today() + changes["decided_on"]
    refusal = refused(
        InvalidCouncil, found_council, chamber.officer_now(), chamber.province, Founding(**told)
    )
    assert refusal.parameters == {"field": field}
    assert db.session.scalars(sa.select(Council.id)).all() == [chamber.council]


def test_nobody_touches_a_council_of_another_province(app: Flask) -> None:
    chamber, other = a_chamber(opened=False), a_chamber(opened=False)
    stranger, at = other.officer_now(), clock.now()
    plan = Planning(meets_at=at, place="Phòng B")
    refused(NotFound, plan_session, stranger, chamber.council, plan)
    refused(NotFound, release_member, stranger, chamber.council, chamber.members[4])
    for mixed in (other.dossier, 99_999):
        refused(NotFound, put_dossier, chamber.officer_now(), chamber.session, mixed)
    refused(NotFound, open_session, stranger, chamber.session)


def test_who_can_be_seated_is_found_by_address_or_number_while_the_account_lives(app: Flask) -> None:
    with unit_of_work() as session:
        known, gone = accounts.a_person(session, "Lê Thị Sáu"), accounts.a_person(session, "Trần Bảy")
        known.email, gone.email = "sau@example.vn", "bay@example.vn"
        gone.disabled_at = clock.now()

    def found(**identity: str | None) -> int | None:
        person = find_person_to_seat(db.session(), identity)
        return person.id if person else None

    assert found(email="sau@example.vn") == known.id
    assert found(email="bay@example.vn") is None
    assert found(email="khong@example.vn") is None


def test_who_sits_in_a_session_under_way_stays(app: Flask) -> None:
    chamber = a_chamber()
    refused(MemberInSession, release_member, chamber.officer_now(), chamber.council, chamber.members[4])
    assert db.session.get_one(CouncilMember, chamber.members[4]).left_on is None


def test_a_session_with_nothing_before_it_does_not_begin(app: Flask) -> None:
    chamber = a_chamber(opened=False)
    do(take_out_dossier, chamber.officer_now(), chamber.session, chamber.dossier, "Chờ kiểm nghiệm")
    refused(NothingToScore, open_session, chamber.officer_now(), chamber.session)


def test_offices_are_shown_their_councils_and_members_their_sessions(app: Flask) -> None:
    chamber, other = a_chamber(), a_chamber()
    session = db.session()

    def councils(actor: Actor) -> set[int]:
        return {one.id for one in list_councils(session, actor)}

    def sessions(actor: Actor, *of: Chamber) -> set[int]:
        return {one.id for one in list_sessions(session, actor, [each.council for each in of] or None)}

    officer, member, everywhere = chamber.officer_now(), chamber.member_now(3), administrator()
    assert councils(officer) == {chamber.council}
    assert councils(member) == set()
    assert councils(everywhere) >= {chamber.council, other.council}
    assert sessions(officer) == sessions(member) == {chamber.session}
    assert sessions(everywhere, other) == {other.session}
    assert sessions(officer, other) == set()
    assert [one.id for one in get_council(session, officer, chamber.council).members] == chamber.members
    assert get_session(session, member, chamber.session).id == chamber.session
    for actor in (other.officer_now(), member):
        with pytest.raises(NotFound):
            get_council(session, actor, chamber.council)
    with pytest.raises(NotFound):
        get_session(session, other.member_now(3), chamber.session)


def test_councils_at_work_stand_before_those_that_ended(app: Flask) -> None:
    chamber = closed(a_chamber())
    told = Founding(name="Hội đồng mới", decision_number="90/QĐ-UBND", decided_on=clock.today())
    newer = do(found_council, chamber.officer_now(), chamber.province, told)
    listed = list_councils(db.session(), chamber.officer_now())
    assert [one.id for one in listed] == [newer.id, chamber.council]


def test_rounds_past_their_day_are_not_offered_to_a_session(app: Flask) -> None:
    chamber, other, day = a_chamber(opened=False), a_chamber(opened=False), clock.today()
    with unit_of_work() as session:
        for unit, number, days in (
            (chamber.province, 1, -1),
            (chamber.province, 2, 30),
            (chamber.province, 3, 0),
            (other.province, 1, 5),
        ):
            ends = day + timedelta(days=days)
            session.add(
                EvaluationRound(unit_id=unit, year=2026, number=number, intake_until=ends, decided_by=ends)
            )
    offered = list_rounds_to_decide(db.session(), chamber.province, day)
    assert [one.number for one in offered] == [3, 2]


def test_a_seat_names_the_agency_it_is_for(app: Flask) -> None:
    chamber = a_chamber(opened=False)
    with unit_of_work() as session:
        person = accounts.a_person(session, "Người thứ sáu").id
    refusal = refused(
        InvalidCouncil, seat_member, chamber.officer_now(), chamber.council, person, Position.MEMBER, " "
    )
    assert refusal.parameters == {"field": "agency"}

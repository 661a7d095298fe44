"""Memberships: who gives and takes roles, and what stays true whoever does."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.accounts import placement, recovery
from marketplace.accounts.errors import (
    AlreadyMember,
    ConflictOfDuty,
    InvalidRole,
    LastOwner,
    LinkRefused,
    NotPermitted,
    OwnGrant,
    ReauthenticationNeeded,
)
from marketplace.accounts.identity import Identity
from marketplace.accounts.invitations import (
    accept_invitation,
    find_invitation,
    invite,
    list_invitations,
    withdraw_invitation,
)
from marketplace.accounts.memberships import (
    find_membership,
    grant_membership,
    list_members,
    withdraw_membership,
)
from marketplace.accounts.models import Membership, Person
from marketplace.accounts.people import disable_person, enable_person, get_person
from marketplace.accounts.permissions import Actor
from marketplace.accounts.roles import ROLES_OF, SITE, Role, Scope, ScopeKind
from marketplace.accounts.sessions import actor_of, find_sign_in
from marketplace.database import db, unit_of_work
from marketplace.errors import NotFound
from tests.accounts.conftest import Race
from tests.factories.accounts import (
    a_member,
    a_person,
    an_actor,
    an_administrator,
    an_owner,
    signed_in,
)
from tests.factories.places import make_commune, make_province
from tests.factories.producers import a_producer

ONE, TWO = Scope(ScopeKind.PRODUCER, 1), Scope(ScopeKind.PRODUCER, 2)
COUNCIL = Scope(ScopeKind.COUNCIL, 1)
BINH = Identity(email="binh@example.vn")


def admin_of(session: Session) -> Actor:
    return an_actor(an_administrator(session), (SITE, Role.ADMINISTRATOR))


def membership_of(person: Person, scope: Scope) -> Membership:
    found = find_membership(db.session(), person.id, scope)
    assert found is not None
    return found


def test_an_owner_takes_somebody_in_and_their_sign_ins_end(app: Flask) -> None:
    with unit_of_work() as session:
        owner, newcomer = an_owner(session, 1), a_person(session)
        entry = signed_in(session, newcomer)
        actor = an_actor(owner, (ONE, Role.OWNER))
        grant_membership(session, actor, newcomer.id, ONE, Role.STAFF, clock.now())
    assert find_sign_in(db.session(), entry.token, clock.now()) is None
    assert [(one.person.id, one.role) for one in list_members(db.session(), ONE)] == [
        (owner.id, Role.OWNER),
        (newcomer.id, Role.STAFF),
    ]


def test_nobody_gives_a_role_they_may_not(app: Flask) -> None:
    with unit_of_work() as session:
        owner, person = an_owner(session, 1), a_person(session)
    staff = an_actor(owner, (ONE, Role.STAFF))
    mine = an_actor(owner, (ONE, Role.OWNER))
    cases = [
        (staff, ONE, Role.STAFF, NotPermitted),
        (mine, TWO, Role.STAFF, NotPermitted),
        (mine, SITE, Role.ADMINISTRATOR, NotPermitted),
        (mine, COUNCIL, Role.COUNCIL_MEMBER, NotPermitted),
        (mine, ONE, Role.ADMINISTRATOR, InvalidRole),
        (an_actor(owner, (ONE, Role.OWNER), strong=False), ONE, Role.STAFF, ReauthenticationNeeded),
        (Actor(owner.id, mine.memberships, strong_until=mine.strong_until), ONE, Role.STAFF, NotPermitted),
    ]
    for actor, scope, role, refusal in cases:
        with pytest.raises(refusal), unit_of_work() as session:
            grant_membership(session, actor, person.id, scope, role, clock.now())
        with pytest.raises(refusal), unit_of_work() as session:
            invite(session, actor, scope, role, BINH, clock.now())


def test_nobody_gives_themselves_a_role(app: Flask) -> None:
    with unit_of_work() as session:
        admin = admin_of(session)
    with pytest.raises(OwnGrant), unit_of_work() as session:
        grant_membership(session, admin, admin.person_id, ONE, Role.OWNER, clock.now())
    with unit_of_work() as session:
        token = invite(session, admin, ONE, Role.OWNER, BINH, clock.now())
    with pytest.raises(OwnGrant), unit_of_work() as session:
        accept_invitation(session, admin, token, clock.now())


def test_an_administrator_gives_every_role_once(app: Flask) -> None:
    with unit_of_work() as session:
        admin = admin_of(session)
        for kind, roles in ROLES_OF.items():
            for role in roles:
                scope = SITE if kind is ScopeKind.SITE else Scope(kind, 77)
                person = a_person(session)
                grant_membership(session, admin, person.id, scope, role, clock.now())
                with pytest.raises(AlreadyMember):
                    grant_membership(session, admin, person.id, scope, role, clock.now())
    with pytest.raises(NotPermitted), unit_of_work() as session:
        grant_membership(session, admin, 999, ONE, Role.STAFF, clock.now())


def test_the_database_knows_which_roles_go_with_which_scope(app: Flask) -> None:
    with pytest.raises(sa.exc.IntegrityError), unit_of_work() as session:
        a_member(session, ONE, Role.ADMINISTRATOR)


def test_the_last_owner_cannot_leave_nor_become_staff(app: Flask) -> None:
    with unit_of_work() as session:
        admin, owner = admin_of(session), an_owner(session, 1)
        other = an_owner(session, 1, a_person(session, disabled_at=clock.now()))
        an_owner(session, 2)
        kept = find_membership(session, owner.id, ONE)
    assert kept is not None
    for actor in (an_actor(owner, (ONE, Role.OWNER)), admin):
        with pytest.raises(LastOwner), unit_of_work() as session:
            withdraw_membership(session, actor, kept.id, clock.now())
    with pytest.raises(LastOwner), unit_of_work() as session:
        grant_membership(session, admin, owner.id, ONE, Role.STAFF, clock.now())
    with pytest.raises(LastOwner), unit_of_work() as session:
        disable_person(session, admin, owner.id, clock.now())
    with unit_of_work() as session:
        session.get_one(Person, other.id).disabled_at = None
    with unit_of_work() as session:
        grant_membership(session, admin, owner.id, ONE, Role.STAFF, clock.now())
        withdraw_membership(session, an_actor(owner), kept.id, clock.now())
    assert [one.person_id for one in list_members(db.session(), ONE)] == [other.id]


def test_of_two_owners_who_leave_at_once_one_stays(app: Flask, race: Race) -> None:
    with unit_of_work() as session:
        owners = [an_owner(session, 1), an_owner(session, 1)]
        kept = [find_membership(session, owner.id, ONE) for owner in owners]
    now = clock.now()
    acts = [
        lambda s, o=owner, m=one: withdraw_membership(s, an_actor(o), m.id, now)
        for owner, one in zip(owners, kept, strict=True)
    ]
    assert race(*acts) == ["LastOwner", "done"]


def test_of_two_administrators_who_disable_each_other_one_stays(app: Flask, race: Race) -> None:
    with unit_of_work() as session:
        admins = [admin_of(session), admin_of(session)]
    now, (one, other) = clock.now(), admins
    results = race(
        lambda s: disable_person(s, one, other.person_id, now),
        lambda s: disable_person(s, other, one.person_id, now),
    )
    assert results == ["LastOwner", "done"]


def test_a_withdrawn_role_is_gone_at_once(app: Flask) -> None:
    with unit_of_work() as session:
        owner, staff = an_owner(session, 1), a_member(session, ONE, Role.STAFF)
        an_owner(session, 1)
        entry = signed_in(session, owner)
        token = invite(session, an_actor(owner, (ONE, Role.OWNER)), ONE, Role.STAFF, BINH, clock.now())
        kept = find_membership(session, owner.id, ONE)
    assert kept is not None
    for actor in (an_actor(staff, (ONE, Role.STAFF)), an_actor(a_stranger(), (TWO, Role.OWNER))):
        with pytest.raises(NotPermitted), unit_of_work() as session:
            withdraw_membership(session, actor, kept.id, clock.now())
    with unit_of_work() as session:
        withdraw_membership(session, admin_of(session), kept.id, clock.now())
    assert find_sign_in(db.session(), entry.token, clock.now()) is None
    assert find_invitation(db.session(), token, clock.now()) is None
    with pytest.raises(NotPermitted), unit_of_work() as session:
        withdraw_membership(session, admin_of(session), kept.id, clock.now())


def a_stranger() -> Person:
    with unit_of_work() as session:
        return a_person(session)


def test_an_invitation_is_taken_once_and_the_cookie_changes(app: Flask) -> None:
    with unit_of_work() as session:
        owner, guest = an_owner(session, 1), a_person(session)
        entry, other = signed_in(session, guest), signed_in(session, guest)
        token = invite(session, an_actor(owner, (ONE, Role.OWNER)), ONE, Role.STAFF, BINH, clock.now())
    found = find_invitation(db.session(), token, clock.now())
    assert found is not None
    assert (found.scope, found.role, found.email) == (ONE, Role.STAFF, "binh@example.vn")
    assert list_invitations(db.session(), ONE, clock.now()) == [found]
    assert find_invitation(db.session(), token, clock.now() + timedelta(hours=72)) is None
    here = find_sign_in(db.session(), entry.token, clock.now())
    assert here is not None
    with unit_of_work() as session:
        joined = accept_invitation(session, actor_of(here), token, clock.now())
    assert joined.token is not None
    for old in (entry.token, other.token):
        assert find_sign_in(db.session(), old, clock.now()) is None
    here = find_sign_in(db.session(), joined.token, clock.now())
    assert here is not None
    assert actor_of(here).scope_ids(ScopeKind.PRODUCER, Role.STAFF) == {1}
    with pytest.raises(LinkRefused), unit_of_work() as session:
        accept_invitation(session, an_actor(a_person(session)), token, clock.now())


def test_an_invitation_taken_by_two_at_once_is_taken_once(app: Flask, race: Race) -> None:
    with unit_of_work() as session:
        admin, guests = admin_of(session), [a_person(session), a_person(session)]
        token = invite(session, admin, ONE, Role.OWNER, BINH, clock.now())
    now = clock.now()
    results = race(*[lambda s, g=g: accept_invitation(s, an_actor(g), token, now) for g in guests])
    assert results == ["LinkRefused", "done"]


def test_an_invitation_can_be_taken_back(app: Flask) -> None:
    with unit_of_work() as session:
        owner = an_owner(session, 1)
        actor = an_actor(owner, (ONE, Role.OWNER))
        token = invite(session, actor, ONE, Role.STAFF, BINH, clock.now())
        offer = find_invitation(session, token, clock.now())
    assert offer is not None
    for stranger, number in ((an_actor(9), offer.id), (actor, 99)):
        with pytest.raises(NotPermitted), unit_of_work() as session:
            withdraw_invitation(session, stranger, number, clock.now())
    with unit_of_work() as session:
        withdraw_invitation(session, actor, offer.id, clock.now())
    with pytest.raises(LinkRefused), unit_of_work() as session:
        accept_invitation(session, an_actor(owner), token, clock.now())


def test_officers_do_not_trade_in_their_own_unit(app: Flask) -> None:
    with unit_of_work() as session:
        admin = admin_of(session)
        province, elsewhere = make_province(session), make_province(session, "Nghệ An")
        commune = make_commune(session, "Hương Đô", province)
        producer = a_producer(session, commune_id=commune.id)
        unplaced = a_producer(session, "HTX Đâu Đó")
        htx = Scope(ScopeKind.PRODUCER, producer.id)
        nowhere = Scope(ScopeKind.PRODUCER, unplaced.id)
        offices = [Scope(ScopeKind.ADMIN_UNIT, unit.id) for unit in (province, commune, elsewhere)]
    roles = (Role.PROVINCE_OFFICER, Role.COMMUNE_OFFICER, Role.PROVINCE_OFFICER)
    for office, role in zip(offices, roles, strict=True):
        for trade in (htx, nowhere):
            conflict = trade == nowhere or office != offices[2]
            for first, second in (
                ((office, role), (trade, Role.OWNER)),
                ((trade, Role.STAFF), (office, role)),
            ):
                with unit_of_work() as session:
                    person = a_member(session, *first)
                try:
                    with unit_of_work() as session:
                        grant_membership(session, admin, person.id, *second, clock.now())
                except ConflictOfDuty:
                    assert conflict
                else:
                    assert not conflict
    with unit_of_work() as session:
        member = a_member(session, COUNCIL, Role.COUNCIL_MEMBER)
        grant_membership(session, admin, member.id, htx, Role.OWNER, clock.now())
        assert placement.units_around(session, COUNCIL) == frozenset()


def test_officers_of_the_province_reach_what_lies_in_it(app: Flask) -> None:
    with unit_of_work() as session:
        province, elsewhere = make_province(session), make_province(session, "Nghệ An")
        commune = make_commune(session, "Hương Đô", province)
        producer = a_producer(session, commune_id=commune.id)
        htx = Scope(ScopeKind.PRODUCER, producer.id)
        staff, person, officer = a_member(session, htx, Role.STAFF), a_person(session), a_person(session)
        colleague = a_member(session, Scope(ScopeKind.ADMIN_UNIT, commune.id), Role.COMMUNE_OFFICER)
    here = an_actor(officer, (Scope(ScopeKind.ADMIN_UNIT, province.id), Role.PROVINCE_OFFICER))
    there = an_actor(officer, (Scope(ScopeKind.ADMIN_UNIT, elsewhere.id), Role.PROVINCE_OFFICER))
    below = an_actor(officer, (Scope(ScopeKind.ADMIN_UNIT, commune.id), Role.COMMUNE_OFFICER))
    office = Scope(ScopeKind.ADMIN_UNIT, commune.id)
    with unit_of_work() as session:
        grant_membership(session, here, person.id, htx, Role.OWNER, clock.now())
        grant_membership(session, here, a_person(session).id, office, Role.COMMUNE_OFFICER, clock.now())
    for actor, scope, role in (
        (there, htx, Role.OWNER),
        (below, htx, Role.OWNER),
        (here, office, Role.PROVINCE_OFFICER),
        (here, COUNCIL, Role.COUNCIL_MEMBER),
    ):
        with pytest.raises(NotPermitted), unit_of_work() as session:
            grant_membership(session, actor, a_person(session).id, scope, role, clock.now())
    with unit_of_work() as session:
        for actor in (here, below):
            assert recovery.reset_in_person(session, actor, staff.id, clock.now())
    for actor, number in ((there, staff.id), (here, colleague.id), (below, a_stranger().id)):
        with pytest.raises(NotPermitted), unit_of_work() as session:
            recovery.reset_in_person(session, actor, number, clock.now())


def test_a_disabled_person_is_out_at_once(app: Flask) -> None:
    with unit_of_work() as session:
        admin, person = admin_of(session), a_person(session)
        entry = signed_in(session, person)
    for actor, number in ((an_actor(person), admin.person_id), (admin, admin.person_id)):
        with pytest.raises(NotPermitted), unit_of_work() as session:
            disable_person(session, actor, number, clock.now())
    weak = an_actor(admin.person_id, (SITE, Role.ADMINISTRATOR), strong=False)
    with pytest.raises(ReauthenticationNeeded), unit_of_work() as session:
        disable_person(session, weak, person.id, clock.now())
    with pytest.raises(NotFound), unit_of_work() as session:
        disable_person(session, admin, 999, clock.now())
    with unit_of_work() as session:
        disable_person(session, admin, person.id, clock.now())
    assert find_sign_in(db.session(), entry.token, clock.now()) is None
    with unit_of_work() as session:
        revived = signed_in(session, person)
    assert find_sign_in(db.session(), revived.token, clock.now()) is None
    with pytest.raises(NotPermitted), unit_of_work() as session:
        grant_membership(session, admin, person.id, ONE, Role.STAFF, clock.now())
    with unit_of_work() as session:
        enable_person(session, admin, person.id, clock.now())
    assert get_person(db.session(), person.id).disabled_at is None

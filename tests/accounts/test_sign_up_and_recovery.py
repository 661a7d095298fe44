"""Accounts come into being by letter, and people who lost their password get back in."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import clock
from marketplace.accounts import recovery
from marketplace.accounts.errors import (
    CodeRefused,
    IdentityTaken,
    LinkRefused,
    NotPermitted,
    ReauthenticationNeeded,
    SignInRefused,
    TooManyAttempts,
)
from marketplace.accounts.first_administrator import (
    become_first_administrator,
    is_first_link,
    issue_first_link,
)
from marketplace.accounts.identity import Identity, read_identity
from marketplace.accounts.models import Membership, PendingSignUp, Person
from marketplace.accounts.proofs import Proof, find_person
from marketplace.accounts.roles import SITE, Role, Scope, ScopeKind, SignInLevel
from marketplace.accounts.second_factor import has_second_factor, renew_recovery_codes
from marketplace.accounts.sessions import find_sign_in
from marketplace.accounts.sign_up import claim_sign_up, confirm_sign_up, sign_up
from marketplace.database import db, unit_of_work
from tests.accounts.conftest import Race
from tests.factories.accounts import (
    a_member,
    a_person,
    an_actor,
    an_administrator,
    password_hash,
    signed_in,
    with_totp,
)

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
MAN = Identity(email="man@example.vn")
PHONE = Identity(phone="0912345678")


def asked(identity: Identity = MAN, name: str = "Mận") -> str:
    with unit_of_work() as session:
        token = sign_up(session, name, identity, password_hash(), clock.now())
    assert token is not None
    return token


@pytest.mark.parametrize("identity", [MAN, PHONE])
def test_an_account_comes_with_the_letter(app: Flask, identity: Identity) -> None:
    token = asked(identity)
    asked(identity, "Ai đó")
    assert find_person(db.session(), identity) is None
    with unit_of_work() as session:
        person = confirm_sign_up(session, token, clock.now())
    assert (person.name, person.email, person.phone) == ("Mận", identity.email, identity.phone)
    assert db.session.execute(sa.select(PendingSignUp)).all() == []
    with pytest.raises(LinkRefused), unit_of_work() as session:
        confirm_sign_up(session, token, clock.now())
    with unit_of_work() as session:
        assert sign_up(session, "Kẻ khác", identity, password_hash(), clock.now()) is None


def test_a_sign_up_runs_out(app: Flask) -> None:
    token = asked()
    with pytest.raises(LinkRefused), unit_of_work() as session:
        confirm_sign_up(session, token, clock.now() + 24 * HOUR)


def test_a_link_followed_twice_at_once_makes_one_account(app: Flask, race: Race) -> None:
    token, now = asked(), clock.now()
    assert race(*[lambda s: confirm_sign_up(s, token, now)] * 2) == ["LinkRefused", "done"]


def test_of_two_wishes_for_one_address_one_comes_true(app: Flask, race: Race) -> None:
    now, tokens = clock.now(), [asked(), asked()]
    results = race(*[lambda s, t=t: confirm_sign_up(s, t, now) for t in tokens])
    assert results in (["IdentityTaken", "done"], ["LinkRefused", "done"])


def test_an_address_taken_meanwhile_is_refused(app: Flask) -> None:
    token = asked()
    with unit_of_work() as session:
        a_person(session, email=MAN.email)
    with pytest.raises(IdentityTaken), unit_of_work() as session:
        confirm_sign_up(session, token, clock.now())


def test_forty_people_behind_one_address_sign_up(app: Flask) -> None:
    at, done = clock.now(), 0
    while done < 40:
        try:
            claim_sign_up("203.0.113.7", at)
        except TooManyAttempts as refusal:
            at += timedelta(seconds=refusal.parameters["wait"])
        else:
            done += 1
    assert at - clock.now() <= timedelta(minutes=3)


def test_a_forgotten_password_is_set_anew_by_letter(app: Flask) -> None:
    with unit_of_work() as session:
        person = with_totp(session, a_person(session, email=MAN.email))
        entry = signed_in(session, person)
        first = recovery.ask_reset(session, MAN, clock.now())
        second = recovery.ask_reset(session, MAN, clock.now())
    assert first is not None
    assert second is not None
    found = recovery.find_reset(db.session(), first, clock.now())
    assert found is not None
    assert found.id == person.id
    assert recovery.find_reset(db.session(), first, clock.now() + 30 * MINUTE) is None
    with unit_of_work() as session:
        recovery.reset_password(session, first, "new hash", clock.now())
    assert db.session.execute(sa.select(Person.password_hash)).scalar_one() == "new hash"
    assert find_sign_in(db.session(), entry.token, clock.now()) is None
    assert has_second_factor(db.session(), person.id)
    for token in (first, second, "nothing"):
        with pytest.raises(LinkRefused), unit_of_work() as session:
            recovery.reset_password(session, token, "x", clock.now())


def test_a_reset_link_used_twice_at_once_works_once(app: Flask, race: Race) -> None:
    with unit_of_work() as session:
        a_person(session, email=MAN.email)
        token = str(recovery.ask_reset(session, MAN, clock.now()))
    now = clock.now()
    results = race(*[lambda s, n=n: recovery.reset_password(s, token, f"hash {n}", now) for n in (1, 2)])
    assert results == ["LinkRefused", "done"]


def test_nobody_and_the_disabled_get_no_reset(app: Flask) -> None:
    with unit_of_work() as session:
        assert recovery.ask_reset(session, MAN, clock.now()) is None
        person = a_person(session, email=MAN.email)
        token = str(recovery.ask_reset(session, MAN, clock.now()))
        person.disabled_at = clock.now()
        session.flush()
        assert recovery.ask_reset(session, MAN, clock.now()) is None
    with pytest.raises(LinkRefused), unit_of_work() as session:
        recovery.reset_password(session, token, "x", clock.now())


def test_five_letters_a_day(app: Flask) -> None:
    for _ in range(5):
        recovery.claim_reset(MAN, "203.0.113.7", clock.now())
    with pytest.raises(TooManyAttempts):
        recovery.claim_reset(MAN, None, clock.now() + 23 * HOUR)


def test_somebody_with_a_phone_alone_recovers_by_code(app: Flask) -> None:
    with unit_of_work() as session:
        person = a_person(session, email=None, phone=PHONE.phone)
        entry = signed_in(session, person)
        codes = renew_recovery_codes(session, an_actor(person), clock.now())
    recovery.claim_recovery(PHONE, clock.now())
    with unit_of_work() as session:
        recovery.recover_with_code(session, PHONE, codes[0], "new hash", clock.now())
    assert find_sign_in(db.session(), entry.token, clock.now()) is None
    with pytest.raises(CodeRefused), unit_of_work() as session:
        recovery.recover_with_code(session, PHONE, codes[0], "x", clock.now())
    with pytest.raises(SignInRefused), unit_of_work() as session:
        recovery.recover_with_code(session, MAN, codes[1], "x", clock.now())


def test_changing_the_password_ends_the_other_sign_ins(app: Flask) -> None:
    with unit_of_work() as session:
        person, rival = a_person(session), a_person(session)
        mine, other = signed_in(session, person), signed_in(session, person)
    here = find_sign_in(db.session(), mine.token, clock.now())
    assert here is not None
    actor = an_actor(person, sign_in_id=here.id)
    with pytest.raises(NotPermitted), unit_of_work() as session:
        recovery.change_password(session, actor, Proof(rival.id, SignInLevel.PASSKEY), "x", clock.now())
    with unit_of_work() as session:
        proof = Proof(person.id, SignInLevel.PASSKEY)
        recovery.change_password(session, actor, proof, "new hash", clock.now())
    assert find_sign_in(db.session(), mine.token, clock.now()) is not None
    assert find_sign_in(db.session(), other.token, clock.now()) is None


def test_an_administrator_lets_somebody_back_in_person(app: Flask) -> None:
    with unit_of_work() as session:
        admin = an_administrator(session)
        person = with_totp(session, a_person(session))
    grants = (SITE, Role.ADMINISTRATOR)
    for actor, number in ((an_actor(admin, grants), admin.id), (an_actor(person), admin.id)):
        with pytest.raises(NotPermitted), unit_of_work() as session:
            recovery.reset_in_person(session, actor, number, clock.now())
    with pytest.raises(ReauthenticationNeeded), unit_of_work() as session:
        recovery.reset_in_person(session, an_actor(admin, grants, strong=False), person.id, clock.now())
    with unit_of_work() as session:
        token = recovery.reset_in_person(
            session, an_actor(admin, grants), person.id, clock.now(), second_factor_lost=True
        )
    with unit_of_work() as session:
        recovery.reset_password(session, token, "new hash", clock.now())
    assert not has_second_factor(db.session(), person.id)


def test_the_first_administrator_is_made_once(app: Flask, race: Race) -> None:
    now = clock.now()
    with unit_of_work() as session:
        stale = str(issue_first_link(session, now))
        token = str(issue_first_link(session, now))
    assert not is_first_link(db.session(), stale, now)
    assert is_first_link(db.session(), token, now)
    assert not is_first_link(db.session(), token, now + 15 * MINUTE)
    for wrong, at in ((stale, now), (token, now + 15 * MINUTE)):
        with pytest.raises(LinkRefused), unit_of_work() as session:
            become_first_administrator(session, wrong, "Mận", MAN, password_hash(), at)
    identities = [read_identity(f"admin{n}@example.vn") for n in (1, 2)]
    results = race(
        *[lambda s, i=i: become_first_administrator(s, token, "Mận", i, "hash", now) for i in identities]
    )
    assert results == ["LinkRefused", "done"]
    held = db.session.execute(sa.select(Membership)).scalars().all()
    assert [one.grant.role for one in held] == [Role.ADMINISTRATOR]
    with unit_of_work() as session:
        assert issue_first_link(session, now) is None


def test_no_link_where_there_is_an_administrator(app: Flask) -> None:
    now = clock.now()
    with unit_of_work() as session:
        token = str(issue_first_link(session, now))
        an_administrator(session)
        assert issue_first_link(session, now) is None
    with pytest.raises(LinkRefused), unit_of_work() as session:
        become_first_administrator(session, token, "Mận", MAN, password_hash(), now)


def test_no_link_without_one_having_been_issued(app: Flask) -> None:
    assert not is_first_link(db.session(), "x", clock.now())
    with unit_of_work() as session:
        a_member(session, Scope(ScopeKind.PRODUCER, 1), Role.OWNER)
        assert issue_first_link(session, clock.now()) is not None

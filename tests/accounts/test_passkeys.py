"""Passkeys: made and used by an authenticator in software."""

import threading
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import clock
from marketplace.accounts import passkeys
from marketplace.accounts.errors import NotPermitted, ReauthenticationNeeded, SignInRefused
from marketplace.accounts.models import Passkey, Person
from marketplace.accounts.passkeys import Ceremony, Site
from marketplace.accounts.permissions import Actor
from marketplace.accounts.roles import SignInLevel
from marketplace.accounts.sessions import SignedIn
from marketplace.accounts.sign_in import sign_in
from marketplace.database import db, unit_of_work
from tests.accounts.authenticator import Authenticator
from tests.environment.application import make_settings
from tests.factories.accounts import BROWSER, a_person, an_actor, with_totp

SITE = Site("localhost", "Phiên chợ OCOP", "http://localhost:8000")


@pytest.fixture
def phone() -> Authenticator:
    return Authenticator(SITE.host, SITE.origin)


@pytest.fixture
def person(app: Flask) -> Person:
    with unit_of_work() as session:
        return with_totp(session, a_person(session))


def begun(actor: Actor) -> Ceremony:
    with unit_of_work() as session:
        return passkeys.begin_registration(session, actor, SITE, clock.now())


def asked() -> Ceremony:
    with unit_of_work() as session:
        return passkeys.begin_authentication(session, SITE, clock.now())


def registered(person: Person, phone: Authenticator) -> Passkey:
    actor, ceremony = an_actor(person), begun(an_actor(person))
    new = passkeys.prove_new_passkey(
        actor, ceremony.token, phone.register(ceremony.options), SITE, clock.now()
    )
    with unit_of_work() as session:
        return passkeys.add_passkey(session, actor, new, "Điện thoại", clock.now())


def test_the_site_is_that_of_the_settings(tmp_path: Path) -> None:
    settings = make_settings("sqlite:///x.db", tmp_path, SITE_URL="https://ocop.example.vn")
    site = passkeys.site_of(settings)
    assert (site.host, site.origin) == ("ocop.example.vn", "https://ocop.example.vn")


def test_a_passkey_signs_in_and_is_proof_enough(person: Person, phone: Authenticator) -> None:
    registered(person, phone)
    ceremony = asked()
    answer = phone.authenticate(ceremony.options)
    proof = passkeys.prove_passkey(ceremony.token, answer, SITE, clock.now())
    with unit_of_work() as session:
        entry = sign_in(session, proof, BROWSER, clock.now())
    assert isinstance(entry, SignedIn)
    assert (entry.person_id, entry.level) == (person.id, SignInLevel.PASSKEY)
    with pytest.raises(SignInRefused):
        passkeys.prove_passkey(ceremony.token, answer, SITE, clock.now())


def test_an_answer_sent_twice_at_once_works_once(app: Flask, person: Person, phone: Authenticator) -> None:
    registered(person, phone)
    ceremony, now, results, start = asked(), clock.now(), list[str](), threading.Barrier(2)
    answer = phone.authenticate(ceremony.options)

    def prove() -> None:
        with app.app_context():
            start.wait()
            try:
                passkeys.prove_passkey(ceremony.token, answer, SITE, now)
            except SignInRefused:
                results.append("refused")
            else:
                results.append("done")

    threads = [threading.Thread(target=prove) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(results) == ["done", "refused"]


@pytest.mark.parametrize(
    "change", [{"origin": "https://evil.example"}, {"host": "evil.example"}, {"flags": 0x01}, {"flags": 0x04}]
)
def test_answers_of_another_site_or_without_the_person_are_refused(
    person: Person, phone: Authenticator, change: dict[str, object]
) -> None:
    honest = dict(vars(phone))
    vars(phone).update(change)
    actor, ceremony = an_actor(person), begun(an_actor(person))
    with pytest.raises(SignInRefused):
        passkeys.prove_new_passkey(actor, ceremony.token, phone.register(ceremony.options), SITE, clock.now())
    vars(phone).update(honest)
    registered(person, phone)
    vars(phone).update(change)
    ceremony = asked()
    with pytest.raises(SignInRefused):
        passkeys.prove_passkey(ceremony.token, phone.authenticate(ceremony.options), SITE, clock.now())


def test_a_challenge_is_for_its_purpose_its_person_and_its_time(person: Person, phone: Authenticator) -> None:
    registered(person, phone)
    with unit_of_work() as session:
        rival = a_person(session)
    ceremony = begun(an_actor(person))
    answer = Authenticator(SITE.host, SITE.origin).register(ceremony.options)
    with pytest.raises(SignInRefused):
        passkeys.prove_new_passkey(an_actor(rival), ceremony.token, answer, SITE, clock.now())
    with pytest.raises(SignInRefused):
        passkeys.prove_passkey(ceremony.token, phone.authenticate(ceremony.options), SITE, clock.now())
    late = asked()
    with pytest.raises(SignInRefused):
        passkeys.prove_passkey(
            late.token, phone.authenticate(late.options), SITE, clock.now() + timedelta(minutes=5)
        )
    other = asked()
    with pytest.raises(SignInRefused):
        passkeys.prove_passkey(other.token, phone.authenticate(late.options), SITE, clock.now())


@pytest.mark.parametrize("answer", ["", "{}", "[]", "null", '{"id":"a","rawId":"a","response":{}}'])
def test_rubbish_is_refused(app: Flask, answer: str) -> None:
    with pytest.raises(SignInRefused):
        passkeys.prove_passkey(asked().token, answer, SITE, clock.now())
    with unit_of_work() as session:
        person = a_person(session)
    with pytest.raises(SignInRefused):
        passkeys.prove_new_passkey(an_actor(person), begun(an_actor(person)).token, answer, SITE, clock.now())


def test_an_unknown_passkey_is_refused(app: Flask, phone: Authenticator) -> None:
    ceremony = asked()
    with pytest.raises(SignInRefused):
        passkeys.prove_passkey(ceremony.token, phone.authenticate(ceremony.options), SITE, clock.now())


def test_a_counter_that_runs_backwards_betrays_a_copy(person: Person, phone: Authenticator) -> None:
    phone.count = 5
    registered(person, phone)
    for count, right in ((6, True), (6, False), (3, False), (7, True)):
        phone.count = count
        ceremony = asked()
        answer = phone.authenticate(ceremony.options)
        if right:
            passkeys.prove_passkey(ceremony.token, answer, SITE, clock.now())
            continue
        with pytest.raises(SignInRefused):
            passkeys.prove_passkey(ceremony.token, answer, SITE, clock.now())
    assert db.session.execute(sa.select(Passkey.sign_count)).scalar_one() == 7


def test_passkeys_are_added_and_removed_by_their_owner_after_a_fresh_proof(
    person: Person, phone: Authenticator
) -> None:
    kept = registered(person, phone)
    with unit_of_work() as session:
        rival = a_person(session)
    weak = an_actor(person, strong=False)
    new = passkeys.NewPasskey(person.id, b"another", b"key", 0)
    for act in (
        lambda s: passkeys.begin_registration(s, weak, SITE, clock.now()),
        lambda s: passkeys.add_passkey(s, weak, new, "x", clock.now()),
        lambda s: passkeys.remove_passkey(s, weak, kept.id, clock.now()),
    ):
        with pytest.raises(ReauthenticationNeeded), unit_of_work() as session:
            act(session)
    taken = passkeys.NewPasskey(rival.id, phone.credential_id, b"key", 0)
    for act in (
        lambda s: passkeys.add_passkey(s, an_actor(rival), new, "x", clock.now()),
        lambda s: passkeys.add_passkey(s, an_actor(rival), taken, "x", clock.now()),
        lambda s: passkeys.remove_passkey(s, an_actor(rival), kept.id, clock.now()),
    ):
        with pytest.raises(NotPermitted), unit_of_work() as session:
            act(session)
    assert [key.label for key in passkeys.list_passkeys(db.session(), person.id)] == ["Điện thoại"]
    with unit_of_work() as session:
        passkeys.remove_passkey(session, an_actor(person), kept.id, clock.now())
    assert passkeys.list_passkeys(db.session(), person.id) == []

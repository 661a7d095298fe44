"""Signing in and out, and what a copied cookie is worth afterwards."""

import time
from datetime import timedelta
from statistics import median
from typing import Any

import pyotp
import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from flask import Flask

from marketplace import clock
from marketplace.accounts import sessions
from marketplace.accounts.errors import (
    CodeRefused,
    LinkRefused,
    NotPermitted,
    ReauthenticationNeeded,
    SignInRefused,
    TooManyAttempts,
)
from marketplace.accounts.identity import read_identity
from marketplace.accounts.journal import Deed
from marketplace.accounts.models import Person, SignIn
from marketplace.accounts.passwords import is_outdated
from marketplace.accounts.proofs import prove_own_password, prove_password
from marketplace.accounts.roles import SITE, Role, Scope, ScopeKind, SignInLevel
from marketplace.accounts.second_factor import (
    claim_code,
    confirm_totp,
    count_recovery_codes,
    enrol_totp,
    remove_totp,
    renew_recovery_codes,
    take_code,
)
from marketplace.accounts.sessions import (
    Browser,
    SignedIn,
    actor_of,
    address_prefix,
    find_sign_in,
    lifetime_of,
    list_sign_ins,
    revoke_sign_in,
    rotate,
    sign_out,
    sign_out_everywhere,
)
from marketplace.accounts.sightings import Sightings
from marketplace.accounts.sign_in import (
    Halfway,
    claim_second_step,
    finish_sign_in,
    re_authenticate,
    sign_in,
)
from marketplace.database import db, unit_of_work
from tests.accounts.conftest import Race
from tests.factories.accounts import (
    BROWSER,
    PASSWORD,
    TOTP_SECRET,
    a_member,
    a_person,
    an_actor,
    an_administrator,
    an_owner,
    signed_in,
    with_totp,
)

SECOND, MINUTE, HOUR, DAY = (timedelta(**{unit: 1}) for unit in ("seconds", "minutes", "hours", "days"))


def written(**changes: Any) -> Person:
    with unit_of_work() as session:
        return a_person(session, **changes)


def enter(person: Person, browser: Browser = BROWSER) -> SignedIn | Halfway:
    proof = prove_password(read_identity(str(person.email)), PASSWORD, browser, clock.now())
    with unit_of_work() as session:
        return sign_in(session, proof, browser, clock.now())


def lives(token: str, after: timedelta = timedelta(0)) -> bool:
    db.session.rollback()
    return find_sign_in(db.session(), token, clock.now() + after) is not None


def code_at(seconds: float = 0) -> str:
    return pyotp.TOTP(TOTP_SECRET).at(int((clock.now() + timedelta(seconds=seconds)).timestamp()))


def test_a_password_signs_in(app: Flask) -> None:
    person = written()
    entry = enter(person)
    assert isinstance(entry, SignedIn)
    assert entry.level is SignInLevel.PASSWORD
    found = find_sign_in(db.session(), entry.token, clock.now())
    assert found is not None
    assert (found.person_id, found.address_prefix, found.device) == (
        person.id,
        "203.0.113.0/24",
        "Firefox trên Android",
    )
    actor = actor_of(found)
    assert (actor.person_id, actor.sign_in_id, actor.memberships) == (person.id, found.id, frozenset())
    assert actor.is_strong(clock.now())
    assert entry.token not in str(db.session.execute(sa.text("SELECT * FROM sign_in")).all())


@pytest.mark.parametrize("password", ["mây trắng bay qua nui", "", "x" * 5000])
def test_a_wrong_password_and_an_unknown_person_are_refused_alike(app: Flask, password: str) -> None:
    person = written()
    refusals = []
    for identity in (str(person.email), "nobody@example.vn", "0912345678"):
        with pytest.raises(SignInRefused) as refusal:
            prove_password(read_identity(identity), password, BROWSER, clock.now())
        refusals.append(refusal.value.args)
    assert len({str(one) for one in refusals}) == 1
    actions = db.session.execute(sa.select(Deed.action).order_by(Deed.seq)).scalars().all()
    assert actions == ["sign_in:refuse"] * 3


def test_whoever_has_no_password_or_is_disabled_is_refused(app: Flask) -> None:
    for changes in ({"password_hash": None}, {"disabled_at": clock.now()}):
        person = written(**changes)
        with pytest.raises(SignInRefused):
            prove_password(read_identity(str(person.email)), PASSWORD, BROWSER, clock.now())


@pytest.mark.parametrize("change", [{"disabled_at": True}, {"password_hash": "another"}])
def test_a_proof_is_worthless_when_the_account_changed_meanwhile(app: Flask, change: dict[str, Any]) -> None:
    person = written()
    proof = prove_password(read_identity(str(person.email)), PASSWORD, BROWSER, clock.now())
    with unit_of_work() as session:
        for name, value in change.items():
            setattr(session.get_one(Person, person.id), name, clock.now() if value is True else value)
    with pytest.raises(SignInRefused), unit_of_work() as session:
        sign_in(session, proof, BROWSER, clock.now())


def test_an_outdated_hash_is_renewed_at_sign_in(app: Flask) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash(PASSWORD)
    person = written(password_hash=weak)
    enter(person)
    kept = db.session.execute(sa.select(Person.password_hash)).scalar_one()
    assert kept is not None
    assert not is_outdated(kept)
    assert isinstance(enter(person), SignedIn)


def test_known_and_unknown_people_take_as_long(app: Flask) -> None:
    people = [written() for _ in range(8)]
    took: dict[bool, list[float]] = {True: [], False: []}
    for number, person in enumerate(people):
        for known in (True, False):
            identity = read_identity(str(person.email) if known else f"nobody{number}@example.vn")
            begun = time.process_time()
            with pytest.raises(SignInRefused):
                prove_password(identity, "wrong", Browser(address=f"198.51.100.{number}"), clock.now())
            took[known].append(time.process_time() - begun)
    assert 0.5 < median(took[True]) / median(took[False]) < 2


def test_strangers_do_not_lock_out_a_known_device(app: Flask) -> None:
    person = written()
    entry = enter(person)
    assert isinstance(entry, SignedIn)
    identity = read_identity(str(person.email))
    for number in range(10):
        with pytest.raises(SignInRefused):
            prove_password(identity, "x", Browser(address=f"198.51.100.{number}"), clock.now())
    with pytest.raises(TooManyAttempts):
        prove_password(identity, PASSWORD, Browser(address="192.0.2.1"), clock.now())
    home = Browser(address="203.0.113.7", device_token=entry.device_token)
    again = enter(person, home)
    assert isinstance(again, SignedIn)
    assert again.device_token == entry.device_token
    stranger = Browser(device_token=written_device(app))
    with pytest.raises(TooManyAttempts):
        prove_password(identity, PASSWORD, stranger, clock.now())


def written_device(app: Flask) -> str:
    entry = enter(written(), Browser(address="192.0.2.99"))
    assert isinstance(entry, SignedIn)
    return entry.device_token


def test_a_class_behind_one_address_signs_in(app: Flask) -> None:
    for _ in range(15):
        assert isinstance(enter(written()), SignedIn)


def test_wrong_passwords_from_one_address_are_limited_whoever_they_are_for(app: Flask) -> None:
    outcomes = []
    for number in range(13):
        with pytest.raises((SignInRefused, TooManyAttempts)) as refusal:
            prove_password(read_identity(f"p{number}@example.vn"), "x", BROWSER, clock.now())
        outcomes.append(refusal.type)
    assert outcomes == [SignInRefused] * 10 + [TooManyAttempts] * 3


def test_a_network_counts_as_one_address(app: Flask) -> None:
    assert address_prefix("2001:db8:1:2::3") == "2001:db8:1::/48"
    assert address_prefix(None) is None
    assert address_prefix("unix:") is None
    for number in range(10):
        with pytest.raises(SignInRefused):
            browser = Browser(address=f"2001:db8:1:{number}::1")
            prove_password(read_identity(f"p{number}@example.vn"), "x", browser, clock.now())
    with pytest.raises(TooManyAttempts):
        prove_password(read_identity("q@example.vn"), "x", Browser(address="2001:db8:1:99::1"), clock.now())


def test_the_second_factor_is_asked_for_and_a_code_works_once(app: Flask) -> None:
    with unit_of_work() as session:
        person = with_totp(session, a_person(session))
    entry = enter(person)
    assert isinstance(entry, Halfway)
    assert not lives(entry.token)
    assert claim_second_step(entry.token, clock.now()) == person.id
    with pytest.raises(CodeRefused), unit_of_work() as session:
        finish_sign_in(session, entry.token, "000000", BROWSER, clock.now())
    with unit_of_work() as session:
        done = finish_sign_in(session, entry.token, code_at(), BROWSER, clock.now())
    assert done.level is SignInLevel.TWO_FACTOR
    assert lives(done.token)
    with pytest.raises(LinkRefused), unit_of_work() as session:
        finish_sign_in(session, entry.token, code_at(30), BROWSER, clock.now())
    again = enter(person)
    with pytest.raises(CodeRefused), unit_of_work() as session:
        finish_sign_in(session, again.token, code_at(), BROWSER, clock.now())
    with pytest.raises(CodeRefused), unit_of_work() as session:
        finish_sign_in(session, again.token, code_at(-30), BROWSER, clock.now())
    with unit_of_work() as session:
        finish_sign_in(session, again.token, code_at(30), BROWSER, clock.now())


def test_codes_of_other_half_minutes_are_refused(app: Flask) -> None:
    with unit_of_work() as session:
        person = with_totp(session, a_person(session))
    for seconds in (-90, 90):
        with pytest.raises(CodeRefused), unit_of_work() as session:
            take_code(session, person.id, code_at(seconds), clock.now())


def test_the_second_step_runs_out_and_its_tries_are_few(app: Flask) -> None:
    with unit_of_work() as session:
        person = with_totp(session, a_person(session))
    entry = enter(person)
    with pytest.raises(LinkRefused):
        claim_second_step(entry.token, clock.now() + 10 * MINUTE)
    with pytest.raises(LinkRefused):
        claim_second_step("nothing", clock.now())
    for _ in range(5):
        claim_second_step(entry.token, clock.now())
    with pytest.raises(TooManyAttempts):
        claim_second_step(entry.token, clock.now())
    with pytest.raises(TooManyAttempts):
        claim_code(person.id, clock.now())


def test_one_code_sent_twice_at_once_works_once(app: Flask, race: Race) -> None:
    with unit_of_work() as session:
        person = with_totp(session, a_person(session))
    code, now = code_at(), clock.now()
    assert race(*[lambda s: take_code(s, person.id, code, now)] * 2) == ["CodeRefused", "done"]


def test_a_recovery_code_sent_twice_at_once_works_once(app: Flask, race: Race) -> None:
    person = written()
    with unit_of_work() as session:
        codes = renew_recovery_codes(session, an_actor(person), clock.now())
    now = clock.now()
    assert len(set(codes)) == 10
    assert race(*[lambda s: take_code(s, person.id, codes[3], now)] * 2) == ["CodeRefused", "done"]
    with unit_of_work() as session:
        take_code(session, person.id, codes[4].upper().replace("-", " "), now)
        assert count_recovery_codes(session, person.id) == 8
    with pytest.raises(CodeRefused), unit_of_work() as session:
        take_code(session, written_id(session), codes[5], now)


def written_id(session: Any) -> int:
    return a_person(session).id


def test_an_authenticator_app_is_set_up(app: Flask) -> None:
    with unit_of_work() as session:
        person = an_owner(session, 5)
        mine = signed_in(session, person, SignInLevel.PASSWORD)
        other = signed_in(session, person, SignInLevel.PASSWORD)
    found = find_sign_in(db.session(), mine.token, clock.now())
    assert found is not None
    actor = actor_of(found)
    assert actor.scope_ids(ScopeKind.PRODUCER) == frozenset()
    with pytest.raises(CodeRefused), unit_of_work() as session:
        confirm_totp(session, actor, "123456", clock.now())
    with unit_of_work() as session:
        enrolment = enrol_totp(session, actor, "Phiên chợ OCOP", clock.now())
    assert enrolment.uri.startswith("otpauth://totp/")
    assert isinstance(enter(person), SignedIn), "not in use before it is confirmed"
    with pytest.raises(CodeRefused), unit_of_work() as session:
        confirm_totp(session, actor, "000000", clock.now())
    code = pyotp.TOTP(enrolment.secret).at(int(clock.now().timestamp()))
    with unit_of_work() as session:
        enrolled = confirm_totp(session, actor, code, clock.now())
    assert len(enrolled.recovery_codes) == 10
    assert not lives(mine.token)
    assert not lives(other.token)
    assert enrolled.token is not None
    found = find_sign_in(db.session(), enrolled.token, clock.now())
    assert found is not None
    assert actor_of(found).scope_ids(ScopeKind.PRODUCER, Role.OWNER) == {5}
    assert isinstance(enter(person), Halfway)
    with unit_of_work() as session:
        enrol_totp(session, actor, "Phiên chợ OCOP", clock.now())
    assert isinstance(enter(person), Halfway), "the old one stays until the new one is confirmed"
    with unit_of_work() as session:
        remove_totp(session, actor, clock.now())
    assert isinstance(enter(person), SignedIn)


def test_the_second_factor_is_changed_only_after_a_fresh_proof(app: Flask) -> None:
    actor = an_actor(written(), strong=False)
    for act in (
        lambda s: enrol_totp(s, actor, "x", clock.now()),
        lambda s: confirm_totp(s, actor, "123456", clock.now()),
        lambda s: remove_totp(s, actor, clock.now()),
        lambda s: renew_recovery_codes(s, actor, clock.now()),
    ):
        with pytest.raises(ReauthenticationNeeded), unit_of_work() as session:
            act(session)


@pytest.mark.parametrize(
    ("roles", "idle", "absolute"),
    [
        ([], 14 * DAY, 90 * DAY),
        ([Role.STAFF], 12 * HOUR, 7 * DAY),
        ([Role.OWNER], 12 * HOUR, 7 * DAY),
        ([Role.KEEPER], 12 * HOUR, 7 * DAY),
        ([Role.STAFF, Role.COUNCIL_MEMBER], 30 * MINUTE, 8 * HOUR),
        ([Role.COMMUNE_OFFICER], 30 * MINUTE, 8 * HOUR),
        ([Role.PROVINCE_OFFICER], 30 * MINUTE, 8 * HOUR),
        ([Role.ADMINISTRATOR], 30 * MINUTE, 8 * HOUR),
    ],
)
def test_the_strongest_role_says_how_long(roles: list[Role], idle: timedelta, absolute: timedelta) -> None:
    assert lifetime_of(roles) == sessions.Lifetime(idle, absolute)


def test_a_sign_in_ends_when_it_rests_and_at_the_latest(app: Flask) -> None:
    with unit_of_work() as session:
        entry = signed_in(session, an_administrator(session))
    assert lives(entry.token, 30 * MINUTE - SECOND)
    assert not lives(entry.token, 30 * MINUTE)
    found = find_sign_in(db.session(), entry.token, clock.now())
    assert found is not None
    seen = Sightings()
    for minutes in range(20, 480, 20):
        at = clock.now() + minutes * MINUTE
        seen.note_sign_in(found.id, at)
        assert seen.write_when_due(at)
        assert lives(entry.token, minutes * MINUTE + 29 * MINUTE) is (minutes + 29 < 480)
    assert not lives(entry.token, 8 * HOUR)


def test_sightings_are_written_in_batches_and_wake_nothing(app: Flask) -> None:
    now, seen = clock.now(), Sightings()
    with unit_of_work() as session:
        entry = signed_in(session, an_administrator(session))
    found = find_sign_in(db.session(), entry.token, now)
    assert found is not None
    assert not seen.write_when_due(now)
    seen.note_sign_in(found.id, now + MINUTE)
    seen.note_sign_in(found.id + 1, now + MINUTE)
    assert seen.write_when_due(now + MINUTE)
    seen.note_sign_in(found.id, now + MINUTE + SECOND)
    assert not seen.write_when_due(now + MINUTE + SECOND)
    kept = db.session.get(SignIn, found.id, populate_existing=True)
    assert kept is not None
    assert (kept.last_seen_at, kept.idle_until) == (now + MINUTE, now + 31 * MINUTE)
    person = db.session.get(Person, found.person_id, populate_existing=True)
    assert person is not None
    assert person.last_seen_at == now + MINUTE
    late = Sightings()
    late.note_sign_in(found.id, now + 2 * HOUR)
    assert late.write_when_due(now + 2 * HOUR)
    assert not lives(entry.token, 2 * HOUR)


def test_a_copied_cookie_is_worthless_after_sign_out(app: Flask) -> None:
    with unit_of_work() as session:
        entry = signed_in(session, a_person(session))
    with unit_of_work() as session:
        sign_out(session, entry.token, clock.now())
        sign_out(session, entry.token, clock.now())
    assert not lives(entry.token)
    actions = db.session.execute(sa.select(Deed.action).order_by(Deed.seq)).scalars().all()
    assert actions == ["sign_in:open", "sign_in:close"]


def test_sign_ins_are_listed_and_revoked_by_their_owner_alone(app: Flask) -> None:
    with unit_of_work() as session:
        person, rival = a_person(session), a_person(session)
        entries = [signed_in(session, person) for _ in range(3)]
        theirs = signed_in(session, rival)
    listed = list_sign_ins(db.session(), person.id, clock.now())
    assert len(listed) == 3
    assert list_sign_ins(db.session(), person.id, clock.now() + 15 * DAY) == []
    with pytest.raises(NotPermitted), unit_of_work() as session:
        revoke_sign_in(session, an_actor(rival), listed[0].id, clock.now())
    with unit_of_work() as session:
        revoke_sign_in(session, an_actor(person), listed[0].id, clock.now())
    assert [lives(entry.token) for entry in entries].count(True) == 2
    with unit_of_work() as session:
        sign_out_everywhere(session, an_actor(person), clock.now())
    assert not any(lives(entry.token) for entry in entries)
    assert lives(theirs.token)
    found = enter(person, Browser(device_token=entries[0].device_token))
    assert isinstance(found, SignedIn)
    assert found.device_token != entries[0].device_token


def test_signing_in_never_takes_a_token_that_was_there(app: Flask) -> None:
    person = written()
    tokens = {entry.token for entry in (enter(person), enter(person)) if isinstance(entry, SignedIn)}
    assert len(tokens) == 2


def test_dangerous_acts_ask_again(app: Flask) -> None:
    with unit_of_work() as session:
        person, rival = a_person(session), a_person(session)
        entry = signed_in(session, person)
    later = clock.now() + HOUR
    found = find_sign_in(db.session(), entry.token, later)
    assert found is not None
    actor = actor_of(found)
    assert not actor.is_strong(later)
    with pytest.raises(SignInRefused):
        prove_own_password(person.id, "wrong", later)
    proof = prove_own_password(person.id, PASSWORD, later)
    with unit_of_work() as session:
        re_authenticate(session, actor, proof, later)
    found = find_sign_in(db.session(), entry.token, later)
    assert found is not None
    assert actor_of(found).is_strong(later)
    with pytest.raises(NotPermitted), unit_of_work() as session:
        re_authenticate(session, actor, prove(rival, later), later)
    with unit_of_work() as session:
        sign_out(session, entry.token, later)
    fresh = prove(person, later)
    with pytest.raises(NotPermitted), unit_of_work() as session:
        re_authenticate(session, actor, fresh, later)


def prove(person: Person, at: Any) -> Any:
    from marketplace.accounts.proofs import Proof  # noqa: PLC0415 - a proof without the work

    return Proof(person.id, SignInLevel.PASSKEY)


def test_rotating_gives_a_new_token_and_the_lifetime_of_the_roles(app: Flask) -> None:
    with unit_of_work() as session:
        person = a_person(session)
        entry = signed_in(session, person)
    found = find_sign_in(db.session(), entry.token, clock.now())
    assert found is not None
    with unit_of_work() as session:
        a_member(session, SITE, Role.ADMINISTRATOR, person)
        token = rotate(session, found.id, clock.now())
        assert rotate(session, found.id + 1, clock.now()) is None
    assert token is not None
    assert not lives(entry.token)
    assert lives(token, 29 * MINUTE)
    assert not lives(token, 30 * MINUTE)


def test_a_scope_names_itself() -> None:
    assert str(Scope(ScopeKind.ADMIN_UNIT, 9)) == "admin_unit:9"

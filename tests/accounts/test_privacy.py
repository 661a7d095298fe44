"""Personal data: agreed to, handed out, erased, and let go in time."""

import json
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import clock
from marketplace.accounts import privacy, recovery, retention
from marketplace.accounts.attempts import Rule, claim
from marketplace.accounts.consent import Consent, Purpose, consents_of, give_consent, withdraw_consent
from marketplace.accounts.errors import InvalidIdentity, LastOwner
from marketplace.accounts.identity import Identity
from marketplace.accounts.invitations import invite
from marketplace.accounts.journal import Deed
from marketplace.accounts.models import Passkey, Person, SignIn
from marketplace.accounts.people import choose_letters, get_person, rename_person
from marketplace.accounts.privacy import Subject
from marketplace.accounts.roles import SITE, Role
from marketplace.accounts.second_factor import renew_recovery_codes
from marketplace.accounts.sign_up import sign_up
from marketplace.database import db, unit_of_work
from marketplace.errors import NotFound
from tests.factories.accounts import (
    a_person,
    an_actor,
    an_administrator,
    an_owner,
    signed_in,
    with_totp,
)

CANARIES = ("Chim Hoàng Yến", "canary@example.vn", "0987654321", "203.0.113", "Điện thoại của Yến")
NOW_TEXT = {"policy_version": "2026-11", "text": "Tôi đồng ý nhận thư."}


def canary() -> Person:
    """Write somebody who left traces wherever accounts keep any."""
    with unit_of_work() as session:
        admin = an_administrator(session)
        person = a_person(session, CANARIES[0], email=CANARIES[1], phone=CANARIES[2])
        with_totp(session, person)
        renew_recovery_codes(session, an_actor(person), clock.now())
        signed_in(session, person)
        recovery.ask_reset(session, Identity(email=CANARIES[1]), clock.now())
        sign_up(session, CANARIES[0], Identity(phone="0900000000"), "hash", clock.now())
        actor = an_actor(admin, (SITE, Role.ADMINISTRATOR))
        invite(session, actor, SITE, Role.ADMINISTRATOR, Identity(email=CANARIES[1]), clock.now())
        choose_letters(session, an_actor(person), True, **NOW_TEXT, at=clock.now())
        session.add(
            Passkey(
                person_id=person.id,
                credential_id=b"1",
                public_key=b"2",
                sign_count=0,
                label=CANARIES[4],
                created_at=clock.now(),
            )
        )
    claim([(Rule.SIGN_IN, CANARIES[1])], clock.now())
    return person


def traces() -> list[str]:
    """Return where a canary is still to be seen, over all tables there are."""
    db.session.rollback()
    found = []
    for table in db.metadata.sorted_tables:
        text = str(db.session.execute(sa.select(table)).all())
        found += [f"{table.name}: {one}" for one in CANARIES if one in text]
    return found


def test_an_export_holds_what_is_known_and_no_secret(app: Flask) -> None:
    person = canary()
    with unit_of_work() as session:
        known = privacy.export(session, privacy.subject_of(session, CANARIES[1]), clock.now())
    text = json.dumps(known, ensure_ascii=False)
    for trace in CANARIES:
        assert trace in text
    account = known["accounts"]
    assert account["person"][0]["id"] == person.id
    assert [one["purpose"] for one in account["consents"]] == ["letters"]
    assert len(account["sign_ins"]) == len(account["invitations"]) == len(account["passkeys"]) == 1
    assert account["deeds"]
    for secret in ("password_hash", "token_hash", "key_hash", "argon2", "JBSWY3DP"):
        assert secret not in text


def test_nothing_is_left_of_somebody_erased(app: Flask) -> None:
    person = canary()
    with unit_of_work() as session:
        session.execute(sa.text("DELETE FROM pending_sign_up"))
        kept = privacy.erase(session, privacy.subject_of(session, str(person.id)), clock.now())
    assert set(kept) == {"accounts"}
    assert traces() == []
    with pytest.raises(NotFound):
        get_person(db.session(), person.id)
    gone = db.session.get(Person, person.id)
    assert gone is not None
    assert (gone.email, gone.phone, gone.password_hash, gone.disabled_at) == (None, None, None, clock.now())
    assert consents_of(db.session(), person.id) == set()
    actions = db.session.execute(sa.select(Deed.action).order_by(Deed.seq)).scalars().all()
    assert "privacy:erase" in actions


def test_an_address_without_an_account_is_erased_too(app: Flask) -> None:
    with unit_of_work() as session:
        sign_up(session, CANARIES[0], Identity(email=CANARIES[1]), "hash", clock.now())
        sign_up(session, "Ai khác", Identity(phone="0900000000"), "hash", clock.now())
    with unit_of_work() as session:
        subject = privacy.subject_of(session, CANARIES[1])
        assert subject == Subject(None, CANARIES[1], None)
        assert privacy.export(session, subject, clock.now())["accounts"]["pending_sign_ups"]
        assert privacy.erase(session, subject, clock.now()) == {}
    assert traces() == []
    assert len(db.session.execute(sa.text("SELECT name FROM pending_sign_up")).all()) == 1
    with pytest.raises(InvalidIdentity), unit_of_work() as session:
        privacy.subject_of(session, "4711")


def test_the_last_owner_is_not_erased_and_nothing_else_is_then(app: Flask) -> None:
    with unit_of_work() as session:
        owner = an_owner(session, 1, a_person(session, CANARIES[0]))
    with pytest.raises(LastOwner), unit_of_work() as session:
        privacy.erase(session, Subject(owner.id, owner.email, None), clock.now())
    assert get_person(db.session(), owner.id).name == CANARIES[0]
    with unit_of_work() as session:
        an_owner(session, 1)
        privacy.erase(session, Subject(owner.id, owner.email, None), clock.now())
    assert traces() == []


def test_domains_add_what_they_know(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(privacy.exporters, "orders", lambda session, subject: [subject.phone])
    monkeypatch.setitem(privacy.erasers, "orders", lambda session, subject, at: "hoá đơn")
    with unit_of_work() as session:
        subject = privacy.subject_of(session, "0912 345 678")
        assert privacy.export(session, subject, clock.now())["orders"] == ["0912345678"]
        assert privacy.erase(session, subject, clock.now()) == {"orders": "hoá đơn"}


def test_a_consent_is_kept_with_its_text_and_ends_when_withdrawn(app: Flask) -> None:
    with unit_of_work() as session:
        person = a_person(session)
        give_consent(session, person.id, Purpose.LETTERS, **NOW_TEXT, at=clock.now())
        session.flush()
        give_consent(session, person.id, Purpose.LETTERS, **NOW_TEXT, at=clock.now())
        session.flush()
        assert consents_of(session, person.id) == {Purpose.LETTERS}
        withdraw_consent(session, person.id, Purpose.LETTERS, clock.now())
        withdraw_consent(session, person.id, Purpose.LETTERS, clock.now())
        assert consents_of(session, person.id) == set()
    rows = db.session.execute(sa.select(Consent)).scalars().all()
    assert [(len(row.text_hash), row.withdrawn_at) for row in rows] == [(64, clock.now())] * 2
    actions = db.session.execute(sa.select(Deed.action).order_by(Deed.seq)).scalars().all()
    assert actions == ["consent:give", "consent:give", "consent:withdraw"]


def test_people_change_their_name_and_their_letters(app: Flask) -> None:
    with unit_of_work() as session:
        person = a_person(session)
        rename_person(session, an_actor(person), "Trần Bình", clock.now())
        choose_letters(session, an_actor(person), True, **NOW_TEXT, at=clock.now())
        choose_letters(session, an_actor(person), False, **NOW_TEXT, at=clock.now())
    kept = get_person(db.session(), person.id)
    assert (kept.name, kept.wants_letters) == ("Trần Bình", False)


@pytest.fixture
def warned(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    people: list[int] = []
    monkeypatch.setattr(retention, "warnings", [lambda session, person: people.append(person.id)])
    return people


def later(days: int) -> Any:
    return clock.stopped(clock.now() + timedelta(days=days))


def test_unused_accounts_are_warned_and_then_erased(app: Flask, warned: list[int]) -> None:
    with unit_of_work() as session:
        unused, used, owner = a_person(session), a_person(session), an_owner(session, 1)
    with later(1049):
        retention.let_go()
    assert warned == []
    with later(1051), unit_of_work() as session:
        session.get_one(Person, used.id).last_seen_at = clock.now()
    with later(1051):
        retention.let_go()
        retention.let_go()
    assert warned == [unused.id]
    with later(1080):
        retention.let_go()
    assert get_person(db.session(), unused.id)
    db.session.rollback()
    with later(1082):
        retention.let_go()
    with pytest.raises(NotFound):
        get_person(db.session(), unused.id)
    assert get_person(db.session(), used.id)
    assert get_person(db.session(), owner.id)


def test_nobody_is_erased_without_a_warning(app: Flask) -> None:
    with unit_of_work() as session:
        person = a_person(session)
    with later(4000):
        retention.let_go()
    assert get_person(db.session(), person.id)


def test_what_ran_out_goes(app: Flask) -> None:
    with unit_of_work() as session:
        person = a_person(session)
        signed_in(session, person)
        recovery.ask_reset(session, Identity(email=person.email), clock.now())
        sign_up(session, "Ai", Identity(email="x@example.vn"), "hash", clock.now())
    with unit_of_work() as session:
        later_at = clock.now() + timedelta(days=80)
        session.execute(sa.update(SignIn).values(idle_until=later_at))
    with later(31):
        retention.let_go()
    db.session.rollback()
    assert db.session.execute(sa.select(SignIn.address_prefix)).scalars().all() == [None]
    for table in ("password_reset", "pending_sign_up"):
        assert db.session.execute(sa.text(f"SELECT * FROM {table}")).all() == []
    db.session.rollback()
    with later(81):
        retention.let_go()
    db.session.rollback()
    assert db.session.execute(sa.select(SignIn)).all() == []

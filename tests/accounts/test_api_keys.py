"""API keys: hashed, scoped, expiring, and never a way to a role."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import clock
from marketplace.accounts.api_keys import (
    Ability,
    KeyHolder,
    find_key_holder,
    issue_api_key,
    list_api_keys,
    revoke_api_key,
)
from marketplace.accounts.errors import (
    InvalidKeyRequest,
    NotPermitted,
    ReauthenticationNeeded,
    SecondFactorNeeded,
)
from marketplace.accounts.memberships import withdraw_membership
from marketplace.accounts.models import ApiKey, Membership, Person
from marketplace.accounts.people import close_account
from marketplace.accounts.permissions import Actor
from marketplace.accounts.roles import Role, Scope, ScopeKind, SignInLevel
from marketplace.accounts.sightings import Sightings
from marketplace.database import db, unit_of_work
from tests.factories.accounts import an_actor, an_owner

HTX, RIVAL = Scope(ScopeKind.PRODUCER, 1), Scope(ScopeKind.PRODUCER, 2)
YEAR = timedelta(days=365)


@pytest.fixture
def owner(app: Flask) -> Person:
    with unit_of_work() as session:
        an_owner(session, 1)
        return an_owner(session, 1)


def issued(owner: Person, *abilities: Ability) -> tuple[ApiKey, str]:
    with unit_of_work() as session:
        actor = an_actor(owner, (HTX, Role.OWNER))
        return issue_api_key(
            session, actor, HTX, "Kho", abilities or (Ability.STOCK_WRITE,), YEAR, clock.now()
        )


def holder(text: str, after: timedelta = timedelta(0)) -> KeyHolder | None:
    db.session.rollback()
    return find_key_holder(db.session(), text, clock.now() + after)


def test_a_key_opens_what_it_names(owner: Person) -> None:
    key, text = issued(owner, Ability.STOCK_WRITE, Ability.STOCK_READ, Ability.STOCK_READ)
    assert text.startswith("ocop_")
    assert text.startswith(key.prefix)
    assert len(text) - len(key.prefix) > 32
    found = holder(text)
    assert found is not None
    assert (found.scope, found.person_id) == (HTX, owner.id)
    assert found.may(Ability.STOCK_READ)
    assert not found.may(Ability.PRICES_WRITE)
    assert not isinstance(found, Actor)
    assert text not in str(db.session.execute(sa.text("SELECT * FROM api_key")).all())
    assert holder(text, YEAR - timedelta(seconds=1)) is not None
    assert holder(text, YEAR) is None
    assert holder("ocop_nothing") is None
    assert holder("nothing") is None


def test_owners_alone_issue_keys_after_a_fresh_proof(owner: Person) -> None:
    cases = [
        (an_actor(owner, (HTX, Role.STAFF)), HTX, YEAR, (Ability.STOCK_READ,), NotPermitted),
        (an_actor(owner, (HTX, Role.OWNER)), RIVAL, YEAR, (Ability.STOCK_READ,), NotPermitted),
        (
            an_actor(owner, (HTX, Role.OWNER), level=SignInLevel.PASSWORD),
            HTX,
            YEAR,
            (Ability.STOCK_READ,),
            SecondFactorNeeded,
        ),
        (
            an_actor(owner, (HTX, Role.OWNER), strong=False),
            HTX,
            YEAR,
            (Ability.STOCK_READ,),
            ReauthenticationNeeded,
        ),
        (an_actor(owner, (HTX, Role.OWNER)), HTX, YEAR, (), InvalidKeyRequest),
        (
            an_actor(owner, (HTX, Role.OWNER)),
            HTX,
            YEAR + timedelta(days=1),
            (Ability.STOCK_READ,),
            InvalidKeyRequest,
        ),
        (an_actor(owner, (HTX, Role.OWNER)), HTX, timedelta(0), (Ability.STOCK_READ,), InvalidKeyRequest),
    ]
    for actor, scope, lasting, abilities, refusal in cases:
        with pytest.raises(refusal), unit_of_work() as session:
            issue_api_key(session, actor, scope, "x", abilities, lasting, clock.now())


def test_a_revoked_key_is_worthless(owner: Person) -> None:
    key, text = issued(owner)
    for actor in (an_actor(owner, (RIVAL, Role.OWNER)), an_actor(owner, (HTX, Role.STAFF))):
        with pytest.raises(NotPermitted), unit_of_work() as session:
            revoke_api_key(session, actor, key.id, clock.now())
    mine = an_actor(owner, (HTX, Role.OWNER))
    with unit_of_work() as session:
        revoke_api_key(session, mine, key.id, clock.now())
    for number in (key.id, 99):
        with pytest.raises(NotPermitted), unit_of_work() as session:
            revoke_api_key(session, mine, number, clock.now())
    assert holder(text) is None
    assert [one.id for one in list_api_keys(db.session(), HTX)] == [key.id]
    assert list_api_keys(db.session(), RIVAL) == []


def test_a_key_ends_with_the_membership_and_with_the_account(owner: Person) -> None:
    _, text = issued(owner)
    with unit_of_work() as session:
        own = sa.select(Membership).where(Membership.person_id == owner.id)
        withdraw_membership(session, an_actor(owner), session.execute(own).scalar_one().id, clock.now())
    assert holder(text) is None
    with unit_of_work() as session:
        again = an_owner(session, 1, session.get_one(Person, owner.id))
    _, text = issued(again)
    with unit_of_work() as session:
        close_account(session, None, owner.id, clock.now())
    assert holder(text) is None


def test_the_last_use_is_shown(owner: Person) -> None:
    key, _ = issued(owner)
    seen = Sightings()
    seen.note_key(key.id, clock.now())
    assert seen.write_when_due(clock.now())
    db.session.rollback()
    assert [one.last_used_at for one in list_api_keys(db.session(), HTX)] == [clock.now()]

"""Actors: what they reach, and what waits for a second factor."""

from datetime import timedelta

import pytest

from marketplace import clock
from marketplace.accounts.errors import NotPermitted, ReauthenticationNeeded, SecondFactorNeeded
from marketplace.accounts.permissions import Actor, require_role, require_strong, two_factor_required
from marketplace.accounts.roles import SITE, TWO_FACTOR_ROLES, Grant, Role, Scope, ScopeKind, SignInLevel
from tests.factories.accounts import an_actor

ONE, TWO = Scope(ScopeKind.PRODUCER, 1), Scope(ScopeKind.PRODUCER, 2)
POINT = Scope(ScopeKind.SALES_POINT, 1)


def test_scope_ids_are_of_the_kind_and_the_roles() -> None:
    actor = an_actor(1, (ONE, Role.OWNER), (TWO, Role.STAFF), (POINT, Role.KEEPER))
    assert actor.scope_ids(ScopeKind.PRODUCER) == {1, 2}
    assert actor.scope_ids(ScopeKind.PRODUCER, Role.OWNER) == {1}
    assert actor.scope_ids(ScopeKind.PRODUCER, Role.OWNER, Role.STAFF) == {1, 2}
    assert actor.scope_ids(ScopeKind.SALES_POINT) == {1}
    assert actor.scope_ids(ScopeKind.ADMIN_UNIT) == frozenset()
    assert actor.role_in(TWO) is Role.STAFF
    assert actor.role_in(SITE) is None


@pytest.mark.parametrize("role", Role)
def test_a_password_alone_wakes_only_the_harmless_roles(role: Role) -> None:
    scope = Scope(ScopeKind.PRODUCER, 7)
    weak = an_actor(1, (scope, role), level=SignInLevel.PASSWORD)
    waits = role in TWO_FACTOR_ROLES
    assert two_factor_required(weak) is waits
    assert weak.holds(scope, role) is not waits
    for level in (SignInLevel.TWO_FACTOR, SignInLevel.PASSKEY):
        strong = an_actor(1, (scope, role), level=level)
        assert not two_factor_required(strong)
        assert strong.holds(scope, role)


def test_staff_and_keepers_alone_need_no_second_factor() -> None:
    assert set(Role) - TWO_FACTOR_ROLES == {Role.STAFF, Role.KEEPER}


def test_a_role_is_required_in_its_scope() -> None:
    actor = an_actor(1, (ONE, Role.OWNER))
    require_role(actor, ONE)
    require_role(actor, ONE, Role.OWNER)
    for scope, role in ((TWO, Role.OWNER), (ONE, Role.STAFF), (SITE, Role.ADMINISTRATOR)):
        with pytest.raises(NotPermitted):
            require_role(actor, scope, role)


def test_a_role_that_waits_asks_for_the_second_factor_and_another_is_not_found() -> None:
    weak = an_actor(1, (ONE, Role.OWNER), level=SignInLevel.PASSWORD)
    for roles in ((), (Role.OWNER,), (Role.OWNER, Role.STAFF)):
        with pytest.raises(SecondFactorNeeded):
            require_role(weak, ONE, *roles)
    with pytest.raises(NotPermitted):
        require_role(weak, ONE, Role.STAFF)


def test_what_is_not_permitted_is_answered_as_not_found() -> None:
    assert (NotPermitted.code, NotPermitted.status) == ("not_found", 404)


def test_only_administrators_administer() -> None:
    assert an_actor(1, (SITE, Role.ADMINISTRATOR)).is_administrator
    assert not an_actor(1, (SITE, Role.ADMINISTRATOR), level=SignInLevel.PASSWORD).is_administrator
    assert not an_actor(1, (ONE, Role.OWNER)).is_administrator


def test_a_proof_of_identity_wears_off() -> None:
    now = clock.now()
    actor = Actor(1, frozenset({Grant(ONE, Role.OWNER)}), strong_until=now + timedelta(minutes=1))
    require_strong(actor, now)
    assert not actor.is_strong(now + timedelta(minutes=1))
    with pytest.raises(ReauthenticationNeeded):
        require_strong(actor, now + timedelta(minutes=1))
    with pytest.raises(ReauthenticationNeeded):
        require_strong(Actor(1), now)

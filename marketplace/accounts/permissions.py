"""Who is acting, and in which scopes; queries of other domains take the scope into their WHERE."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from marketplace.accounts.errors import NotPermitted, ReauthenticationNeeded, SecondFactorNeeded
from marketplace.accounts.roles import SITE, TWO_FACTOR_ROLES, Grant, Role, Scope, ScopeKind, SignInLevel

STRONG_FOR = timedelta(minutes=10)
"""How long a proof of identity holds for dangerous acts."""


@dataclass(frozen=True, slots=True)
class Actor:
    """A person acting now, with the memberships and the proof of identity they came with.

    `strong_until` is until when dangerous acts need no new proof; None when they do at once.
    """

    person_id: int
    memberships: frozenset[Grant] = frozenset()
    level: SignInLevel = SignInLevel.PASSWORD
    strong_until: datetime | None = None
    sign_in_id: int | None = None

    @property
    def live_memberships(self) -> frozenset[Grant]:
        """Return the memberships that the proof of identity is enough for.

        Owners, officers, council members and administrators have none before a second factor.
        """
        if self.level is not SignInLevel.PASSWORD:
            return self.memberships
        return frozenset(held for held in self.memberships if held.role not in TWO_FACTOR_ROLES)

    def scope_ids(self, kind: ScopeKind, *roles: Role) -> frozenset[int]:
        """Return the identities of the scopes of a kind in which one of the roles is held; no role = any."""
        return frozenset(
            held.scope.id
            for held in self.live_memberships
            if held.scope.kind is kind and (not roles or held.role in roles)
        )

    def holds(self, scope: Scope, *roles: Role) -> bool:
        """Return whether one of the roles is held in a scope; no role = any."""
        return scope.id in self.scope_ids(scope.kind, *roles)

    def role_in(self, scope: Scope) -> Role | None:
        """Return the role held in a scope, or None."""
        return next((held.role for held in self.live_memberships if held.scope == scope), None)

    @property
    def is_administrator(self) -> bool:
        """Whether the person administers the site."""
        return self.holds(SITE, Role.ADMINISTRATOR)

    def is_strong(self, at: datetime) -> bool:
        """Return whether identity was proved recently enough for a dangerous act."""
        return self.strong_until is not None and at < self.strong_until


def two_factor_required(actor: Actor) -> bool:
    """Return whether a role waits for a second factor that this sign-in did not bring."""
    return actor.live_memberships != actor.memberships


def require_role(actor: Actor, scope: Scope, *roles: Role) -> None:
    """Go on only when one of the roles is held in the scope.

    Raises SecondFactorNeeded when it is held and waits for a second factor, and NotPermitted (404)
    otherwise.
    """
    if actor.holds(scope, *roles):
        return
    waiting = {held.role for held in actor.memberships if held.scope == scope}
    if waiting & (set(roles) or waiting):
        raise SecondFactorNeeded
    raise NotPermitted


def require_strong(actor: Actor, at: datetime) -> None:
    """Go on only when identity was proved a few minutes ago; raises ReauthenticationNeeded."""
    if not actor.is_strong(at):
        raise ReauthenticationNeeded

"""Roles and the scopes they are held in, as plain values without a database."""

from dataclasses import dataclass
from enum import StrEnum

SITE_ID = 0
"""The identity of the one site, whose administrators belong to no organisation."""


class ScopeKind(StrEnum):
    """What a membership belongs to."""

    PRODUCER = "producer"
    SALES_POINT = "sales_point"
    ADMIN_UNIT = "admin_unit"
    COUNCIL = "council"
    SITE = "site"


class Role(StrEnum):
    """What a member may do there."""

    OWNER = "owner"
    STAFF = "staff"
    KEEPER = "keeper"
    COMMUNE_OFFICER = "commune_officer"
    PROVINCE_OFFICER = "province_officer"
    COUNCIL_MEMBER = "council_member"
    ADMINISTRATOR = "administrator"


ROLES_OF: dict[ScopeKind, frozenset[Role]] = {
    ScopeKind.PRODUCER: frozenset({Role.OWNER, Role.STAFF}),
    ScopeKind.SALES_POINT: frozenset({Role.KEEPER}),
    ScopeKind.ADMIN_UNIT: frozenset({Role.COMMUNE_OFFICER, Role.PROVINCE_OFFICER}),
    ScopeKind.COUNCIL: frozenset({Role.COUNCIL_MEMBER}),
    ScopeKind.SITE: frozenset({Role.ADMINISTRATOR}),
}
"""The roles that a kind of scope knows."""

OFFICERS = frozenset({Role.COMMUNE_OFFICER, Role.PROVINCE_OFFICER})
PUBLIC_DUTY = OFFICERS | {Role.COUNCIL_MEMBER, Role.ADMINISTRATOR}
TRADERS = frozenset({Role.OWNER, Role.STAFF, Role.KEEPER})
TWO_FACTOR_ROLES = PUBLIC_DUTY | {Role.OWNER}
"""Roles that come to life only after a second factor or a passkey."""


class SignInLevel(StrEnum):
    """How somebody proved who they are."""

    PASSWORD = "password"  # noqa: S105 - a level, not a secret
    TWO_FACTOR = "two_factor"
    PASSKEY = "passkey"


@dataclass(frozen=True, slots=True)
class Scope:
    """An organisation, or the site; the identity is that of the row of its kind."""

    kind: ScopeKind
    id: int

    def __str__(self) -> str:
        """Return it as the journal writes it: `producer:12`."""
        return f"{self.kind.value}:{self.id}"


SITE = Scope(ScopeKind.SITE, SITE_ID)


@dataclass(frozen=True, slots=True)
class Grant:
    """A role held in a scope."""

    scope: Scope
    role: Role

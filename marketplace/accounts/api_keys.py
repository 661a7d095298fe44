"""API keys: for programs of an organisation, never for its roles, its bank account or its awards."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.accounts import journal
from marketplace.accounts.errors import InvalidKeyRequest, NotPermitted
from marketplace.accounts.models import ApiKey, Membership, Person
from marketplace.accounts.permissions import Actor, require_role, require_strong
from marketplace.accounts.roles import Role, Scope
from marketplace.accounts.tokens import hash_token

PREFIX = "ocop_"
LONGEST = timedelta(days=365)
_SHOWN = len(PREFIX) + 6


class Ability(StrEnum):
    """What a key may do."""

    LISTINGS_READ = "listings_read"
    LISTINGS_WRITE = "listings_write"
    PRICES_WRITE = "prices_write"
    STOCK_READ = "stock_read"
    STOCK_WRITE = "stock_write"
    ORDERS_READ = "orders_read"
    ORDERS_FULFIL = "orders_fulfil"
    LOTS_WRITE = "lots_write"


@dataclass(frozen=True, slots=True)
class KeyHolder:
    """A program acting with a key: not an Actor, so no role can be read out of it."""

    key_id: int
    person_id: int
    scope: Scope
    abilities: frozenset[Ability]

    def may(self, ability: Ability) -> bool:
        """Return whether the key was given an ability."""
        return ability in self.abilities


def issue_api_key(
    session: Session,
    actor: Actor,
    scope: Scope,
    label: str,
    abilities: Collection[Ability],
    lasting: timedelta,
    at: datetime,
) -> tuple[ApiKey, str]:
    """Return a new key and its text, which is never shown again.

    Only owners issue keys. Raises NotPermitted, SecondFactorNeeded, ReauthenticationNeeded, and
    InvalidKeyRequest without abilities or for longer than a year.
    """
    require_role(actor, scope, Role.OWNER)
    require_strong(actor, at)
    if not abilities or not timedelta(0) < lasting <= LONGEST:
        raise InvalidKeyRequest(field="abilities" if not abilities else "lasting")
    text = PREFIX + secrets.token_urlsafe(32)
    key = ApiKey(
        key_hash=hash_token(text),
        prefix=text[:_SHOWN],
        label=label[:60],
        person_id=actor.person_id,
        scope_kind=scope.kind,
        scope_id=scope.id,
        abilities=sorted(ability.value for ability in set(abilities)),
        created_at=at,
        expires_at=at + lasting,
    )
    session.add(key)
    session.flush()
    data = {"abilities": sorted(set(abilities)), "expires_on": key.expires_at.date()}
    journal.record(session, actor, "api_key:issue", "api_key", key.id, scope, at=at, data=data)
    return key, text


def find_key_holder(session: Session, text: str, at: datetime) -> KeyHolder | None:
    """Return who acts with a key that is living, of somebody living and still a member, or None."""
    if not text.startswith(PREFIX):
        return None
    key = session.execute(
        sa.select(ApiKey)
        .join(Person, Person.id == ApiKey.person_id)
        .join(
            Membership,
            sa.and_(
                Membership.person_id == ApiKey.person_id,
                Membership.scope_kind == ApiKey.scope_kind,
                Membership.scope_id == ApiKey.scope_id,
                Membership.role == Role.OWNER,
            ),
        )
        .where(ApiKey.key_hash == hash_token(text), _living(at), Person.disabled_at.is_(None))
    ).scalar_one_or_none()
    if key is None:
        return None
    return KeyHolder(key.id, key.person_id, key.scope, frozenset(Ability(one) for one in key.abilities))


def list_api_keys(session: Session, scope: Scope) -> list[ApiKey]:
    """Return the keys of an organisation, newest first, revoked and expired ones included."""
    own = (ApiKey.scope_kind == scope.kind, ApiKey.scope_id == scope.id)
    return list(session.execute(sa.select(ApiKey).where(*own).order_by(ApiKey.id.desc())).scalars())


def revoke_api_key(session: Session, actor: Actor, key_id: int, at: datetime) -> None:
    """End a key at once. Raises NotPermitted for a key of an organisation one does not own."""
    key = session.get(ApiKey, key_id, with_for_update=True, populate_existing=True)
    if key is None or key.revoked_at is not None:
        raise NotPermitted
    require_role(actor, key.scope, Role.OWNER)
    key.revoked_at = at
    journal.record(session, actor, "api_key:revoke", "api_key", key.id, key.scope, at=at)


def _living(at: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(ApiKey.revoked_at.is_(None), ApiKey.expires_at > at)

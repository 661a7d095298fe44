"""Who calls: the holder of the key that a program shows with each request, as a bearer token."""

from flask import current_app, request

from marketplace import clock
from marketplace.accounts.api_keys import Ability, KeyHolder, find_key_holder
from marketplace.accounts.roles import ScopeKind
from marketplace.database import db
from marketplace.errors import MarketplaceError

SCHEME = "Bearer "


class KeyNeeded(MarketplaceError):
    """A request without a key that is living."""

    code = "key_needed"
    status = 401


class AbilityMissing(MarketplaceError):
    """A key that was not given the ability; `ability` names it."""

    code = "ability_missing"
    status = 403


def require_producer(ability: Ability) -> tuple[KeyHolder, int]:
    """Return who calls and the producer the key is of; raises KeyNeeded and AbilityMissing."""
    at = clock.now()
    shown = request.headers.get("Authorization", "")
    holder = (
        find_key_holder(db.session(), shown[len(SCHEME) :].strip(), at) if shown.startswith(SCHEME) else None
    )
    if holder is None or holder.scope.kind is not ScopeKind.PRODUCER:
        raise KeyNeeded
    if not holder.may(ability):
        raise AbilityMissing(ability=ability.value)
    current_app.extensions["sightings"].note_key(holder.key_id, at)
    return holder, holder.scope.id

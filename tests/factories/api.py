"""Keys for programs, for tests."""

from datetime import timedelta

from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.accounts.api_keys import Ability, issue_api_key
from marketplace.accounts.roles import Role, Scope, ScopeKind
from tests.factories.accounts import an_actor, an_owner


def a_key(session: Session, producer_id: int, *abilities: Ability) -> dict[str, str]:
    """Issue a key of a producer and return the header that a program shows it in."""
    owner = an_owner(session, producer_id)
    scope = Scope(ScopeKind.PRODUCER, producer_id)
    actor = an_actor(owner, (scope, Role.OWNER))
    lasting = timedelta(days=30)
    _, text = issue_api_key(
        session, actor, scope, "Máy in tem", abilities or (Ability.LOTS_WRITE,), lasting, clock.now()
    )
    return {"Authorization": f"Bearer {text}"}

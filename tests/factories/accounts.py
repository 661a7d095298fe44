"""People, memberships and sign-ins for tests."""

from datetime import datetime, timedelta
from functools import cache
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.accounts.models import Membership, Person, TotpSecret
from marketplace.accounts.passwords import hash_password
from marketplace.accounts.permissions import Actor
from marketplace.accounts.roles import SITE, Grant, Role, Scope, ScopeKind, SignInLevel
from marketplace.accounts.sessions import Browser, SignedIn, open_sign_in

PASSWORD = "mây trắng bay qua núi"
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
BROWSER = Browser(address="203.0.113.7", device="Firefox trên Android")
_numbers = count(1)


@cache
def password_hash() -> str:
    """The hash of PASSWORD, made once for all tests."""
    return hash_password(PASSWORD)


def a_person(session: Session, name: str = "Nguyễn Thị Mận", **changes: Any) -> Person:
    """Write a person with PASSWORD and an e-mail address of their own."""
    facts: dict[str, Any] = {
        "email": f"person{next(_numbers)}@example.vn",
        "password_hash": password_hash(),
        "created_at": clock.now(),
        **changes,
    }
    person = Person(name=name, **facts)
    session.add(person)
    session.flush()
    return person


def a_member(session: Session, scope: Scope, role: Role, person: Person | None = None) -> Person:
    """Write a person who holds a role, without asking whether they may."""
    person = person or a_person(session)
    session.add(
        Membership(
            person_id=person.id,
            scope_kind=scope.kind,
            scope_id=scope.id,
            role=role,
            granted_at=clock.now(),
        )
    )
    session.flush()
    return person


def an_owner(session: Session, producer_id: int, person: Person | None = None) -> Person:
    """Write an owner of a producer."""
    return a_member(session, Scope(ScopeKind.PRODUCER, producer_id), Role.OWNER, person)


def an_administrator(session: Session) -> Person:
    """Write an administrator of the site."""
    return a_member(session, SITE, Role.ADMINISTRATOR)


def with_totp(session: Session, person: Person) -> Person:
    """Give a person an authenticator app whose secret is TOTP_SECRET."""
    session.add(TotpSecret(person_id=person.id, secret=TOTP_SECRET, confirmed_at=clock.now()))
    session.flush()
    return person


def an_actor(
    person: Person | int,
    *grants: tuple[Scope, Role],
    level: SignInLevel = SignInLevel.TWO_FACTOR,
    strong: bool = True,
    sign_in_id: int | None = None,
) -> Actor:
    """Return an actor with roles, by default one who just brought a second factor."""
    number = person if isinstance(person, int) else person.id
    until: datetime | None = clock.now() + timedelta(minutes=5) if strong else None
    held = frozenset(Grant(scope, role) for scope, role in grants)
    return Actor(number, held, level, until, sign_in_id)


def signed_in(
    session: Session, person: Person, level: SignInLevel = SignInLevel.TWO_FACTOR, browser: Browser = BROWSER
) -> SignedIn:
    """Sign a person in, by default with a second factor; `token` is the session cookie's."""
    session.flush()
    return open_sign_in(session, person.id, level, browser, clock.now())

"""The first administrator: a link printed at the first start, good for fifteen minutes and once ever."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.accounts.errors import LinkRefused
from marketplace.accounts.identity import Identity
from marketplace.accounts.memberships import write_membership
from marketplace.accounts.models import FirstAdministrator, Membership, Person
from marketplace.accounts.roles import SITE, Grant, Role, ScopeKind
from marketplace.accounts.sign_up import create_person
from marketplace.accounts.tokens import draw_token, hash_token

OPEN_FOR = timedelta(minutes=15)


def issue_first_link(session: Session, at: datetime) -> str | None:
    """Return the token of the link, a new one at each start until it was used; None once it was.

    An administrator made on the command line closes it too.
    """
    row = _locked(session)
    if (row is not None and row.used_at is not None) or _has_administrator(session):
        return None
    token = draw_token()
    if row is None:
        row = FirstAdministrator(id=1)
        session.add(row)
    row.token_hash, row.expires_at = hash_token(token), at + OPEN_FOR
    return token


def is_first_link(session: Session, token: str, at: datetime) -> bool:
    """Return whether a link still makes an administrator, for the page with its button."""
    row = session.execute(sa.select(FirstAdministrator)).scalar_one_or_none()
    return row is not None and _opens(row, token, at)


def become_first_administrator(
    session: Session, token: str, name: str, identity: Identity, password_hash: str, at: datetime
) -> Person:
    """Make the first administrator, once; the role wakes when a second factor is set up.

    Raises LinkRefused and IdentityTaken.
    """
    row = _locked(session)
    if row is None or not _opens(row, token, at) or _has_administrator(session):
        raise LinkRefused
    row.used_at = at
    person = create_person(session, name, identity, password_hash, at)
    write_membership(session, None, person.id, Grant(SITE, Role.ADMINISTRATOR), at)
    return person


def _locked(session: Session) -> FirstAdministrator | None:
    return session.get(FirstAdministrator, 1, with_for_update=True, populate_existing=True)


def _opens(row: FirstAdministrator, token: str, at: datetime) -> bool:
    return row.used_at is None and row.expires_at > at and row.token_hash == hash_token(token)


def _has_administrator(session: Session) -> bool:
    there = sa.exists().where(Membership.scope_kind == ScopeKind.SITE)
    return bool(session.execute(sa.select(there)).scalar())

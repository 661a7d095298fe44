"""What is done with accounts as a whole: looked up, changed, disabled and enabled."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from marketplace.accounts import journal
from marketplace.accounts.consent import Purpose, give_consent, withdraw_consent
from marketplace.accounts.errors import NotPermitted
from marketplace.accounts.memberships import LAST_OF, require_another
from marketplace.accounts.models import ApiKey, Invitation, Person
from marketplace.accounts.permissions import Actor, require_strong
from marketplace.accounts.sessions import end_sign_ins
from marketplace.errors import NotFound


def get_person(session: Session, person_id: int) -> Person:
    """Return a person with the memberships; raises NotFound."""
    person = session.execute(
        sa.select(Person)
        .where(Person.id == person_id, Person.erased_at.is_(None))
        .options(selectinload(Person.memberships))
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if person is None:
        raise NotFound(person=person_id)
    return person


def hold_person(session: Session, actor: Actor) -> Person:
    """Return the actor's own row, locked: what one person changes at two browsers comes one by one."""
    return session.get_one(Person, actor.person_id, with_for_update=True)


def rename_person(session: Session, actor: Actor, name: str, at: datetime) -> None:
    """Change one's own name, as `read_name` returned it."""
    session.get_one(Person, actor.person_id).name = name
    journal.record(session, actor, "person:rename", "person", actor.person_id, at=at)


def choose_letters(
    session: Session, actor: Actor, wanted: bool, *, policy_version: str, text: str, at: datetime
) -> None:
    """Say yes or no to letters that no order or duty requires; the yes is kept with its text."""
    session.get_one(Person, actor.person_id).wants_letters = wanted
    if wanted:
        give_consent(
            session, actor.person_id, Purpose.LETTERS, policy_version=policy_version, text=text, at=at
        )
    else:
        withdraw_consent(session, actor.person_id, Purpose.LETTERS, at)


def disable_person(session: Session, actor: Actor, person_id: int, at: datetime) -> None:
    """Close an account until it is enabled again: sign-ins and keys end at once, nothing is deleted.

    Raises NotPermitted (also for oneself), ReauthenticationNeeded and LastOwner.
    """
    _require_administrator(actor, person_id, at)
    close_account(session, actor, person_id, at)


def close_account(session: Session, actor: Actor | None, person_id: int, at: datetime) -> None:
    """Disable an account, whoever decided so; raises NotFound and LastOwner."""
    person = get_person(session, person_id)
    for membership in person.memberships:
        if LAST_OF.get(membership.scope_kind) is membership.role:
            require_another(session, membership)
    person.disabled_at = at
    revoked = sa.update(ApiKey).where(ApiKey.person_id == person_id, ApiKey.revoked_at.is_(None))
    session.execute(revoked.values(revoked_at=at))
    session.execute(sa.delete(Invitation).where(Invitation.invited_by == person_id))
    end_sign_ins(session, person_id)
    journal.record(session, actor, "person:disable", "person", person_id, at=at)


def enable_person(session: Session, actor: Actor, person_id: int, at: datetime) -> None:
    """Open a disabled account again. Raises NotPermitted, ReauthenticationNeeded and NotFound."""
    _require_administrator(actor, person_id, at)
    get_person(session, person_id).disabled_at = None
    journal.record(session, actor, "person:enable", "person", person_id, at=at)


def _require_administrator(actor: Actor, person_id: int, at: datetime) -> None:
    if not actor.is_administrator or person_id == actor.person_id:
        raise NotPermitted
    require_strong(actor, at)

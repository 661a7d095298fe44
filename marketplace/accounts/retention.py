"""What has been kept long enough, and goes (reliability of the law: keep no longer than needed)."""

from collections.abc import Callable
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.accounts import privacy
from marketplace.accounts.attempts import forget_attempts
from marketplace.accounts.models import (
    ApiKey,
    Invitation,
    KnownDevice,
    Membership,
    PasskeyChallenge,
    PasswordReset,
    PendingSignUp,
    Person,
    SecondStep,
    SignIn,
)
from marketplace.accounts.new_address import NewAddress
from marketplace.accounts.privacy import Subject
from marketplace.database import unit_of_work

INACTIVE_AFTER = timedelta(days=36 * 30)
NOTICE = timedelta(days=30)
ADDRESS_KEPT_FOR = timedelta(days=30)
AT_ONCE = 50
_EXPIRING = (
    PasskeyChallenge,
    PasswordReset,
    PendingSignUp,
    NewAddress,
    SecondStep,
    KnownDevice,
    Invitation,
    SignIn,
)

Warn = Callable[[Session, Person], None]
warnings: list[Warn] = []
"""What writes the letter that an unused account will be erased; without one nobody is erased for that."""


def let_go() -> None:
    """Delete what ran out, and erase accounts that nobody has used for three years; a periodic duty."""
    at = clock.now()
    with unit_of_work() as session:
        forget_attempts(session, at)
        for model in _EXPIRING:
            session.execute(sa.delete(model).where(model.expires_at <= at))
        session.execute(sa.delete(SignIn).where(SignIn.idle_until <= at))
        session.execute(
            sa.update(SignIn).where(SignIn.created_at < at - ADDRESS_KEPT_FOR).values(address_prefix=None)
        )
        session.execute(sa.delete(ApiKey).where(ApiKey.expires_at < at - INACTIVE_AFTER))
    with unit_of_work() as session:
        _warn(session, at)
    with unit_of_work() as session:
        _erase(session, at)


def _unused(at: datetime, for_long: timedelta) -> sa.ColumnElement[bool]:
    """Return whether an account without any role has not been used for so long."""
    role = sa.exists().where(Membership.person_id == Person.id)
    seen = sa.func.coalesce(Person.last_seen_at, Person.created_at)
    return sa.and_(
        Person.erased_at.is_(None),
        ~role,
        seen < sa.bindparam(None, at - for_long, type_=sa.inspect(Person).columns.created_at.type),
    )


def _warn(session: Session, at: datetime) -> None:
    if not warnings:
        return
    due = sa.select(Person).where(_unused(at, INACTIVE_AFTER - NOTICE), Person.warned_at.is_(None))
    for person in session.execute(due.order_by(Person.id).limit(AT_ONCE)).scalars().all():
        person.warned_at = at
        for warn in warnings:
            warn(session, person)


def _erase(session: Session, at: datetime) -> None:
    due = sa.select(Person).where(_unused(at, INACTIVE_AFTER), Person.warned_at <= at - NOTICE)
    for person in session.execute(due.order_by(Person.id).limit(AT_ONCE)).scalars().all():
        privacy.erase(session, Subject(person.id, person.email, person.phone), at)

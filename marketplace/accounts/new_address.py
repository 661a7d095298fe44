"""Another e-mail address or phone number for an account: in use once its letter's link is followed."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from marketplace.accounts import journal
from marketplace.accounts.errors import IdentityTaken, LinkRefused
from marketplace.accounts.identity import Identity
from marketplace.accounts.models import Person
from marketplace.accounts.permissions import Actor, require_strong
from marketplace.accounts.proofs import find_person
from marketplace.accounts.tokens import draw_token, hash_token
from marketplace.database import Base, UtcDateTime

CONFIRM_WITHIN = timedelta(hours=24)


class NewAddress(Base):
    """An address somebody wants to be reached at, or None in the column that stays as it is."""

    __tablename__ = "new_address"

    token_hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    email: Mapped[str | None] = mapped_column(sa.String(254))
    phone: Mapped[str | None] = mapped_column(sa.String(10))
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


def ask_new_address(session: Session, actor: Actor, identity: Identity, at: datetime) -> str | None:
    """Keep the wish and return the token for the letter to the new address.

    None means that the address has an account already, which is not said. Raises ReauthenticationNeeded.
    """
    require_strong(actor, at)
    if find_person(session, identity) is not None:
        return None
    token = draw_token()
    expires_at = at + CONFIRM_WITHIN
    session.add(
        NewAddress(
            token_hash=hash_token(token),
            person_id=actor.person_id,
            expires_at=expires_at,
            **identity.columns,
        )
    )
    journal.record(session, actor, "person:ask_address", "person", actor.person_id, at=at)
    return token


def find_new_address(session: Session, token: str, at: datetime) -> NewAddress | None:
    """Return the wish of a letter's token while it stands, or None."""
    return session.execute(sa.select(NewAddress).where(_is_wish(token, at))).scalar_one_or_none()


def confirm_new_address(session: Session, token: str, at: datetime) -> int:
    """Put the new address to use, once, and return whose it is.

    Raises LinkRefused, and IdentityTaken when somebody else has it by now.
    """
    wish = session.execute(
        sa.delete(NewAddress)
        .where(_is_wish(token, at))
        .returning(NewAddress.person_id, NewAddress.email, NewAddress.phone)
    ).one_or_none()
    person = session.get(Person, wish.person_id, with_for_update=True) if wish else None
    if wish is None or person is None or person.disabled_at is not None:
        raise LinkRefused
    person.email, person.phone = wish.email or person.email, wish.phone or person.phone
    try:
        session.flush()
    except IntegrityError as error:
        raise IdentityTaken from error
    session.execute(sa.delete(NewAddress).where(NewAddress.person_id == person.id))
    journal.record(session, Actor(person.id), "person:change_address", "person", person.id, at=at)
    return person.id


def _is_wish(token: str, at: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(NewAddress.token_hash == hash_token(token), NewAddress.expires_at > at)

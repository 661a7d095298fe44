"""Signing up: the account comes into being when the link in the letter is followed.

Whoever asks gets the same answer whether the address has an account or not; only the letter differs.
"""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from marketplace.accounts import journal
from marketplace.accounts.attempts import Rule, claim
from marketplace.accounts.errors import IdentityTaken, LinkRefused
from marketplace.accounts.identity import Identity
from marketplace.accounts.models import PendingSignUp, Person
from marketplace.accounts.permissions import Actor
from marketplace.accounts.proofs import find_person
from marketplace.accounts.tokens import draw_token, hash_token

CONFIRM_WITHIN = timedelta(hours=24)


def claim_sign_up(address: str | None, at: datetime) -> None:
    """Slow down many sign-ups from one address: past ten an hour, one every five seconds.

    A unit of work of its own; raises TooManyAttempts with the seconds to `wait`.
    """
    claim([(Rule.SIGN_UP_ADDRESS, address or "unknown")], at)


def sign_up(session: Session, name: str, identity: Identity, password_hash: str, at: datetime) -> str | None:
    """Keep a wish for an account and return the token for the letter.

    None means that the address has an account already: its owner is told so by letter.
    """
    if find_person(session, identity) is not None:
        return None
    token = draw_token()
    session.add(
        PendingSignUp(
            token_hash=hash_token(token),
            name=name,
            password_hash=password_hash,
            expires_at=at + CONFIRM_WITHIN,
            **identity.columns,
        )
    )
    return token


def find_sign_up(session: Session, token: str, at: datetime) -> PendingSignUp | None:
    """Return the wish for an account of a letter's token while it stands, or None."""
    standing = sa.and_(PendingSignUp.token_hash == hash_token(token), PendingSignUp.expires_at > at)
    return session.execute(sa.select(PendingSignUp).where(standing)).scalar_one_or_none()


def confirm_sign_up(session: Session, token: str, at: datetime) -> Person:
    """Make the account of a letter's token, once.

    Raises LinkRefused, and IdentityTaken when somebody got there first.
    """
    own = sa.and_(PendingSignUp.token_hash == hash_token(token), PendingSignUp.expires_at > at)
    facts = (PendingSignUp.name, PendingSignUp.email, PendingSignUp.phone, PendingSignUp.password_hash)
    pending = session.execute(sa.select(*facts).where(own)).one_or_none()
    if pending is None:
        raise LinkRefused
    identity = Identity(pending.email, pending.phone)
    same = PendingSignUp.email == identity.email if identity.email else PendingSignUp.phone == identity.phone
    # Wishes for one address are locked in one order: two confirmed at once would wait for each other.
    wishes = sa.select(PendingSignUp.token_hash).where(same).order_by(PendingSignUp.token_hash)
    session.execute(wishes.with_for_update()).all()
    if (
        session.execute(sa.delete(PendingSignUp).where(own).returning(PendingSignUp.token_hash)).first()
        is None
    ):
        raise LinkRefused
    person = create_person(session, pending.name, identity, pending.password_hash, at)
    session.execute(sa.delete(PendingSignUp).where(same))
    return person


def create_person(
    session: Session,
    name: str,
    identity: Identity,
    password_hash: str | None,
    at: datetime,
    *,
    actor: Actor | None = None,
    sample: bool = False,
) -> Person:
    """Write a person whose address is known to be theirs; raises IdentityTaken."""
    columns = identity.columns
    person = Person(name=name, password_hash=password_hash, created_at=at, sample=sample, **columns)
    session.add(person)
    try:
        session.flush()
    except IntegrityError as error:
        raise IdentityTaken from error
    journal.record(session, actor or Actor(person.id), "person:create", "person", person.id, at=at)
    return person

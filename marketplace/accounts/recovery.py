"""Ways back in for whoever lost the password: a link by letter, a recovery code, an officer in person."""

from contextlib import suppress
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.accounts import journal
from marketplace.accounts.attempts import Rule, claim
from marketplace.accounts.errors import CodeRefused, LinkRefused, NotPermitted, SignInRefused
from marketplace.accounts.identity import Identity
from marketplace.accounts.models import PasswordReset, Person
from marketplace.accounts.permissions import Actor, require_strong
from marketplace.accounts.placement import people_in_reach
from marketplace.accounts.proofs import Proof, find_person, take_proof
from marketplace.accounts.second_factor import drop_second_factor, take_recovery_code
from marketplace.accounts.sessions import end_sign_ins
from marketplace.accounts.tokens import draw_code, draw_token, hash_token

RESET_WITHIN = timedelta(minutes=30)
NOBODY = 0
"""The number of no person."""


def claim_reset(identity: Identity, address: str | None, at: datetime) -> None:
    """Take one of the five letters a day; a unit of work of its own. Raises TooManyAttempts."""
    claim([(Rule.RESET, str(identity)), (Rule.RESET_ADDRESS, address or "unknown")], at)


def ask_reset(session: Session, identity: Identity, at: datetime) -> str | None:
    """Return the token for the letter to whom an address belongs; None when to nobody, which is not said."""
    person = find_person(session, identity)
    living = person is not None and person.disabled_at is None
    subject = person.id if person is not None and living else "unknown"
    journal.record(session, None, "password:ask_reset", "person", subject, at=at)
    if person is None or not living:
        _issue_nothing(session)
        return None
    return _issue(session, person.id, at)


def reset_in_person(
    session: Session, actor: Actor, person_id: int, at: datetime, *, second_factor_lost: bool = False
) -> str:
    """Let somebody who stands before the officer back in, and return the code of the link to hand over.

    Officers do so for members of the producers and sales points of their unit, administrators for
    everyone but themselves. With `second_factor_lost` the authenticator app goes too. Raises
    NotPermitted and ReauthenticationNeeded.
    """
    require_strong(actor, at)
    if person_id == actor.person_id or not people_in_reach(session, actor, person_id):
        raise NotPermitted
    data = {"second_factor_lost": second_factor_lost}
    journal.record(session, actor, "password:reset_in_person", "person", person_id, at=at, data=data)
    return _issue(session, person_id, at, issued_by=actor.person_id, clears_second_factor=second_factor_lost)


def find_reset(session: Session, token: str, at: datetime) -> Person | None:
    """Return whose password a link may change, to check the new one against the name; None = refused."""
    return session.execute(
        sa.select(Person)
        .join(PasswordReset, PasswordReset.person_id == Person.id)
        .where(_is_reset(token, at), Person.disabled_at.is_(None))
    ).scalar_one_or_none()


def reset_password(session: Session, token: str, password_hash: str, at: datetime) -> Person:
    """Set a new password by a link, once; every sign-in ends, the second factor stays asked for.

    Raises LinkRefused.
    """
    reset = session.execute(
        sa.delete(PasswordReset)
        .where(_is_reset(token, at))
        .returning(PasswordReset.person_id, PasswordReset.clears_second_factor)
    ).one_or_none()
    if reset is None:
        raise LinkRefused
    person = session.get_one(Person, reset.person_id, with_for_update=True, populate_existing=True)
    if person.disabled_at is not None:
        raise LinkRefused
    if reset.clears_second_factor:
        drop_second_factor(session, person.id)
    _set_password(session, person, password_hash)
    journal.record(session, Actor(person.id), "password:reset", "person", person.id, at=at)
    return person


def claim_recovery(identity: Identity, at: datetime) -> None:
    """Take one of the few tries at recovery codes; a unit of work of its own. Raises TooManyAttempts."""
    claim([(Rule.SECOND_FACTOR, str(identity))], at)


def recover_with_code(
    session: Session, identity: Identity, code: str, password_hash: str, at: datetime
) -> Person:
    """Set a new password with a recovery code, after `claim_recovery`.

    Raises SignInRefused for nobody's address and CodeRefused for a wrong code: doors say both alike.
    """
    person = find_person(session, identity)
    if person is None or person.disabled_at is not None:
        with suppress(CodeRefused):  # as long as for somebody's address
            take_recovery_code(session, NOBODY, code, at)
        raise SignInRefused
    take_recovery_code(session, person.id, code, at)
    _set_password(session, person, password_hash)
    journal.record(session, Actor(person.id), "password:recover", "person", person.id, at=at)
    return person


def change_password(session: Session, actor: Actor, proof: Proof, password_hash: str, at: datetime) -> None:
    """Set a new password by proof of the old one or of a passkey; the other sign-ins end.

    Raises NotPermitted when the proof is somebody else's, SignInRefused when it no longer holds.
    """
    person = take_proof(session, proof)
    if person.id != actor.person_id:
        raise NotPermitted
    _set_password(session, person, password_hash, but=actor.sign_in_id)
    journal.record(session, actor, "password:change", "person", person.id, at=at)


def _set_password(session: Session, person: Person, password_hash: str, but: int | None = None) -> None:
    person.password_hash = password_hash
    session.execute(sa.delete(PasswordReset).where(PasswordReset.person_id == person.id))
    end_sign_ins(session, person.id, but=but)


def _issue(
    session: Session,
    person_id: int,
    at: datetime,
    *,
    issued_by: int | None = None,
    clears_second_factor: bool = False,
) -> str:
    token = draw_code() if issued_by is not None else draw_token()
    session.add(
        PasswordReset(
            token_hash=hash_token(token),
            person_id=person_id,
            issued_by=issued_by,
            clears_second_factor=clears_second_factor,
            expires_at=at + RESET_WITHIN,
        )
    )
    return token


def _issue_nothing(session: Session) -> None:
    """Take as long as issuing does, for addresses that nobody has."""
    session.execute(sa.delete(PasswordReset).where(PasswordReset.token_hash == hash_token(draw_token())))


def _is_reset(token: str, at: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(PasswordReset.token_hash == hash_token(token), PasswordReset.expires_at > at)

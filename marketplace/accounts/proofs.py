"""Proofs of identity: made before the unit of work, since they take time, and used inside it."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.accounts import journal
from marketplace.accounts.attempts import Claim, Rule, claim, forgive
from marketplace.accounts.errors import SignInRefused
from marketplace.accounts.identity import Identity
from marketplace.accounts.models import Person
from marketplace.accounts.passwords import hash_password, is_outdated, is_password
from marketplace.accounts.roles import SignInLevel
from marketplace.accounts.sessions import Browser, address_prefix, is_known_device
from marketplace.database import db, unit_of_work


@dataclass(frozen=True, slots=True)
class Proof:
    """Somebody proved to be a person. `password_hash` is the one that was tried, `renewed` a stronger."""

    person_id: int
    level: SignInLevel
    password_hash: str | None = None
    renewed: str | None = None


def prove_password(identity: Identity, password: str, browser: Browser, at: datetime) -> Proof:
    """Try a password, within the limits; outside units of work.

    An unknown person takes as long as a known one. Raises TooManyAttempts and SignInRefused.
    """
    person_id, kept = _kept_of(identity) or (None, None)
    known = person_id is not None and is_known_device(db.session(), browser.device_token, person_id, at)
    claimed = _claim(identity, browser, known, at)
    if not is_password(password, kept) or person_id is None or kept is None:
        _note_refusal(person_id, at)
        raise SignInRefused
    forgive(claimed, Rule.SIGN_IN, Rule.SIGN_IN_DEVICE, Rule.SIGN_IN_ADDRESS)
    return _proof(person_id, kept, password)


def prove_own_password(person_id: int, password: str, at: datetime) -> Proof:
    """Try the password of somebody who is signed in; raises TooManyAttempts and SignInRefused."""
    kept = db.session.execute(
        sa.select(Person.password_hash).where(Person.id == person_id, Person.disabled_at.is_(None))
    ).scalar_one_or_none()
    claim([(Rule.RE_AUTHENTICATE, str(person_id))], at)
    if not is_password(password, kept) or kept is None:
        _note_refusal(person_id, at)
        raise SignInRefused
    return _proof(person_id, kept, password)


def _kept_of(identity: Identity) -> tuple[int, str | None] | None:
    """Return number and password hash of whom an identity belongs to; nobody who is disabled."""
    living = sa.and_(_has(identity), Person.disabled_at.is_(None))
    row = db.session.execute(sa.select(Person.id, Person.password_hash).where(living)).one_or_none()
    return (row.id, row.password_hash) if row else None


def find_person(session: Session, identity: Identity) -> Person | None:
    """Return whom an e-mail address or phone number belongs to, or None."""
    return session.execute(sa.select(Person).where(_has(identity))).scalar_one_or_none()


def _has(identity: Identity) -> sa.ColumnElement[bool]:
    return Person.email == identity.email if identity.email else Person.phone == identity.phone


def take_proof(session: Session, proof: Proof) -> Person:
    """Return the person of a proof, locked, if nothing has changed since; raises SignInRefused."""
    person = session.get(Person, proof.person_id, with_for_update=True, populate_existing=True)
    if person is None or person.disabled_at is not None:
        raise SignInRefused
    if proof.password_hash is not None and person.password_hash != proof.password_hash:
        raise SignInRefused
    if proof.renewed is not None:
        person.password_hash = proof.renewed
    return person


def _claim(identity: Identity, browser: Browser, known: bool, at: datetime) -> Claim:
    """Claim an attempt; a known device has a limit of its own that strangers cannot use up."""
    if known:
        return claim([(Rule.SIGN_IN_DEVICE, f"{identity} {browser.device_token}")], at)
    address = address_prefix(browser.address) if ":" in (browser.address or "") else browser.address
    return claim(
        [
            (Rule.SIGN_IN, str(identity)),
            (Rule.SIGN_IN_ADDRESS, address or "unknown"),
            (Rule.SIGN_IN_GLOBAL, ""),
        ],
        at,
    )


def _proof(person_id: int, kept: str, password: str) -> Proof:
    renewed = hash_password(password) if is_outdated(kept) else None
    return Proof(person_id, SignInLevel.PASSWORD, kept, renewed)


def _note_refusal(person_id: int | None, at: datetime) -> None:
    with unit_of_work() as session:
        subject = person_id if person_id is not None else "unknown"
        journal.record(session, None, "sign_in:refuse", "person", subject, at=at)

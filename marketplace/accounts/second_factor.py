"""The second factor: codes of an authenticator app (RFC 6238), and recovery codes for when it is lost."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime

import pyotp
import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.accounts import journal
from marketplace.accounts.attempts import Rule, claim
from marketplace.accounts.errors import CodeRefused
from marketplace.accounts.models import Person, RecoveryCode, TotpSecret
from marketplace.accounts.permissions import Actor, require_strong
from marketplace.accounts.roles import SignInLevel
from marketplace.accounts.sessions import end_sign_ins, rotate
from marketplace.accounts.tokens import hash_token

STEP_SECONDS = 30
RECOVERY_CODES = 10
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What an authenticator app is given: the address for the QR code, and the secret to type."""

    uri: str
    secret: str


@dataclass(frozen=True, slots=True)
class Enrolled:
    """The recovery codes, shown once, and the new token of the session cookie."""

    recovery_codes: tuple[str, ...]
    token: str | None


def has_second_factor(session: Session, person_id: int) -> bool:
    """Return whether a password alone does not sign a person in."""
    confirmed = sa.exists().where(TotpSecret.person_id == person_id, TotpSecret.confirmed_at.is_not(None))
    return bool(session.execute(sa.select(confirmed)).scalar())


def enrol_totp(session: Session, actor: Actor, issuer: str, at: datetime) -> Enrolment:
    """Begin to set up an authenticator app; the one in use stays until the new one is confirmed.

    Raises ReauthenticationNeeded.
    """
    require_strong(actor, at)
    secret = pyotp.random_base32()
    kept = session.get(TotpSecret, actor.person_id, with_for_update=True, populate_existing=True)
    if kept is None:
        kept = TotpSecret(person_id=actor.person_id, secret=secret)
        session.add(kept)
    kept.pending_secret = secret
    person = session.get_one(Person, actor.person_id)
    uri = pyotp.TOTP(secret).provisioning_uri(name=person.email or person.phone, issuer_name=issuer)
    return Enrolment(uri, secret)


def confirm_totp(session: Session, actor: Actor, code: str, at: datetime) -> Enrolled:
    """Put the authenticator app to use: this sign-in rises to two factors, the others end.

    Raises CodeRefused; count the try with `claim_code` before.
    """
    require_strong(actor, at)
    kept = session.get(TotpSecret, actor.person_id, with_for_update=True, populate_existing=True)
    step = _step_of(kept.pending_secret, code, at) if kept and kept.pending_secret else None
    if kept is None or step is None:
        raise CodeRefused
    kept.secret, kept.pending_secret = str(kept.pending_secret), None
    kept.confirmed_at, kept.last_used_step = at, step
    codes = _replace_recovery_codes(session, actor.person_id)
    end_sign_ins(session, actor.person_id, but=actor.sign_in_id)
    token = rotate(session, actor.sign_in_id, at, SignInLevel.TWO_FACTOR) if actor.sign_in_id else None
    journal.record(session, actor, "totp:confirm", "person", actor.person_id, at=at)
    return Enrolled(codes, token)


def remove_totp(session: Session, actor: Actor, at: datetime) -> None:
    """Do without the authenticator app; the other sign-ins end. Raises ReauthenticationNeeded."""
    require_strong(actor, at)
    drop_second_factor(session, actor.person_id)
    end_sign_ins(session, actor.person_id, but=actor.sign_in_id)
    journal.record(session, actor, "totp:remove", "person", actor.person_id, at=at)


def renew_recovery_codes(session: Session, actor: Actor, at: datetime) -> tuple[str, ...]:
    """Return ten new recovery codes in place of the old. Raises ReauthenticationNeeded."""
    require_strong(actor, at)
    codes = _replace_recovery_codes(session, actor.person_id)
    journal.record(session, actor, "recovery_codes:renew", "person", actor.person_id, at=at)
    return codes


def count_recovery_codes(session: Session, person_id: int) -> int:
    """Return how many recovery codes are left."""
    count = sa.select(sa.func.count()).select_from(RecoveryCode).where(RecoveryCode.person_id == person_id)
    return session.execute(count).scalar_one()


def claim_code(person_id: int, at: datetime) -> None:
    """Take one of the few tries at a code; a unit of work of its own. Raises TooManyAttempts."""
    claim([(Rule.SECOND_FACTOR, str(person_id))], at)


def take_code(session: Session, person_id: int, code: str, at: datetime) -> None:
    """Use up a code of the app or a recovery code; raises CodeRefused when it is neither."""
    digits = code.replace(" ", "")
    if len(digits) == 6 and digits.isascii() and digits.isdigit():
        _take_app_code(session, person_id, digits, at)
    else:
        take_recovery_code(session, person_id, code, at)


def take_recovery_code(session: Session, person_id: int, code: str, at: datetime) -> None:
    """Use up a recovery code; raises CodeRefused."""
    used = session.execute(
        sa.delete(RecoveryCode)
        .where(RecoveryCode.code_hash == _code_hash(person_id, code), RecoveryCode.person_id == person_id)
        .returning(RecoveryCode.person_id)
    ).all()
    if not used:
        raise CodeRefused
    journal.record(session, Actor(person_id), "recovery_codes:use", "person", person_id, at=at)


def drop_second_factor(session: Session, person_id: int) -> None:
    """Delete the authenticator app and the recovery codes of a person."""
    session.execute(sa.delete(TotpSecret).where(TotpSecret.person_id == person_id))
    session.execute(sa.delete(RecoveryCode).where(RecoveryCode.person_id == person_id))


def _take_app_code(session: Session, person_id: int, code: str, at: datetime) -> None:
    kept = session.get(TotpSecret, person_id, with_for_update=True, populate_existing=True)
    step = _step_of(kept.secret, code, at) if kept and kept.confirmed_at else None
    if kept is None or step is None or step <= kept.last_used_step:
        raise CodeRefused
    kept.last_used_step = step


def _step_of(secret: str, code: str, at: datetime) -> int | None:
    """Return the half minute, this one or a neighbour, that a code belongs to."""
    totp = pyotp.TOTP(secret)
    now = int(at.timestamp()) // STEP_SECONDS
    matching = [s for s in (now - 1, now, now + 1) if hmac.compare_digest(totp.generate_otp(s), code)]
    return max(matching, default=None)


def _replace_recovery_codes(session: Session, person_id: int) -> tuple[str, ...]:
    session.execute(sa.delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    codes = tuple(_draw_code() for _ in range(RECOVERY_CODES))
    session.add_all(
        RecoveryCode(code_hash=_code_hash(person_id, code), person_id=person_id) for code in codes
    )
    return codes


def _draw_code() -> str:
    """Return fifteen letters without look-alikes (74 bits), in three groups."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(3))


def _code_hash(person_id: int, code: str) -> str:
    bare = "".join(letter for letter in code.casefold() if letter.isalnum())
    return hash_token(f"{person_id} {bare}")

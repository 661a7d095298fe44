"""Signing in: a proof, a second factor where there is one, and then a session."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.accounts import journal
from marketplace.accounts.attempts import Rule, claim
from marketplace.accounts.errors import LinkRefused, NotPermitted
from marketplace.accounts.models import SecondStep, SignIn
from marketplace.accounts.permissions import Actor
from marketplace.accounts.proofs import Proof, take_proof
from marketplace.accounts.roles import SignInLevel
from marketplace.accounts.second_factor import has_second_factor, take_code
from marketplace.accounts.sessions import Browser, SignedIn, open_sign_in
from marketplace.accounts.tokens import draw_token, hash_token
from marketplace.database import db

SECOND_STEP_FOR = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Halfway:
    """The password was right; `token` is for the page that asks for the second factor."""

    person_id: int
    token: str


def sign_in(session: Session, proof: Proof, browser: Browser, at: datetime) -> SignedIn | Halfway:
    """Sign in with a proof, or go halfway when a second factor is set up.

    A passkey is proof enough. Raises SignInRefused when the password changed or the person was
    disabled meanwhile.
    """
    person = take_proof(session, proof)
    if proof.level is SignInLevel.PASSWORD and has_second_factor(session, person.id):
        token = draw_token()
        expires_at = at + SECOND_STEP_FOR
        session.add(SecondStep(token_hash=hash_token(token), person_id=person.id, expires_at=expires_at))
        return Halfway(person.id, token)
    return open_sign_in(session, person.id, proof.level, browser, at)


def claim_second_step(token: str, at: datetime) -> int:
    """Take one of the few tries at a second factor and return whose; a unit of work of its own.

    Raises LinkRefused for a token that is unknown or ran out, and TooManyAttempts.
    """
    person_id = db.session.execute(
        sa.select(SecondStep.person_id).where(_is_step(token, at))
    ).scalar_one_or_none()
    if person_id is None:
        raise LinkRefused
    claim([(Rule.SECOND_FACTOR, str(person_id))], at)
    return person_id


def finish_sign_in(session: Session, token: str, code: str, browser: Browser, at: datetime) -> SignedIn:
    """Finish with a code of the authenticator app or a recovery code, after `claim_second_step`.

    Raises LinkRefused and CodeRefused.
    """
    step = sa.delete(SecondStep).where(_is_step(token, at)).returning(SecondStep.person_id)
    person_id = session.execute(step).scalar_one_or_none()
    if person_id is None:
        raise LinkRefused
    take_proof(session, Proof(person_id, SignInLevel.TWO_FACTOR))
    take_code(session, person_id, code, at)
    return open_sign_in(session, person_id, SignInLevel.TWO_FACTOR, browser, at)


def re_authenticate(session: Session, actor: Actor, proof: Proof, at: datetime) -> None:
    """Note that the person just proved themselves again, for dangerous acts.

    Raises NotPermitted when the proof is somebody else's or the sign-in has ended.
    """
    if take_proof(session, proof).id != actor.person_id:
        raise NotPermitted
    own = sa.update(SignIn).where(SignIn.id == actor.sign_in_id, SignIn.person_id == actor.person_id)
    if not session.execute(own.values(strong_at=at).returning(SignIn.id)).all():
        raise NotPermitted
    journal.record(session, actor, "sign_in:strengthen", "person", actor.person_id, at=at)


def _is_step(token: str, at: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(SecondStep.token_hash == hash_token(token), SecondStep.expires_at > at)

"""Passkeys (WebAuthn level 2), by way of the webauthn library.

A ceremony has three steps: options with a challenge for the browser, the browser's answer checked
outside units of work, and the action that follows from it. A challenge is good for one answer.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import sqlalchemy as sa
import webauthn
from sqlalchemy.orm import Session
from webauthn.helpers import options_to_json, parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from marketplace.accounts import journal
from marketplace.accounts.errors import NotPermitted, SignInRefused
from marketplace.accounts.models import Passkey, PasskeyChallenge, Person
from marketplace.accounts.permissions import Actor, require_strong
from marketplace.accounts.proofs import Proof
from marketplace.accounts.roles import SignInLevel
from marketplace.accounts.tokens import draw_token, hash_token
from marketplace.database import db, unit_of_work
from marketplace.settings import Settings

ANSWER_WITHIN = timedelta(minutes=5)
_VERIFIED = UserVerificationRequirement.REQUIRED


@dataclass(frozen=True, slots=True)
class Site:
    """What passkeys know of a site: its host, its name, and the origin of its pages."""

    host: str
    name: str
    origin: str


@dataclass(frozen=True, slots=True)
class Ceremony:
    """The options for the browser, as JSON, and the token that its answer comes back with."""

    token: str
    options: str


@dataclass(frozen=True, slots=True)
class NewPasskey:
    """A checked answer to a registration."""

    person_id: int
    credential_id: bytes
    public_key: bytes
    sign_count: int


def site_of(settings: Settings) -> Site:
    """Return the site that the settings describe."""
    return Site(urlsplit(settings.site_url).hostname or "", settings.site_name, settings.site_url)


def begin_registration(session: Session, actor: Actor, site: Site, at: datetime) -> Ceremony:
    """Return the options for a new passkey. Raises ReauthenticationNeeded."""
    require_strong(actor, at)
    person = session.get_one(Person, actor.person_id)
    options = webauthn.generate_registration_options(
        rp_id=site.host,
        rp_name=site.name,
        user_id=str(person.id).encode(),
        user_name=person.email or person.phone or "",
        user_display_name=person.name,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=_VERIFIED
        ),
        exclude_credentials=[
            PublicKeyCredentialDescriptor(id=key.credential_id) for key in list_passkeys(session, person.id)
        ],
    )
    token = _keep_challenge(session, options.challenge, person.id, at)
    return Ceremony(token, options_to_json(options))


def prove_new_passkey(actor: Actor, token: str, answer: str, site: Site, at: datetime) -> NewPasskey:
    """Check the browser's answer to `begin_registration`; outside units of work. Raises SignInRefused."""
    challenge = _take_challenge(token, actor.person_id, at)
    try:
        verified = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except WebAuthnException as error:
        raise SignInRefused from error
    return NewPasskey(
        actor.person_id, verified.credential_id, verified.credential_public_key, verified.sign_count
    )


def add_passkey(session: Session, actor: Actor, new: NewPasskey, label: str, at: datetime) -> Passkey:
    """Keep a passkey that was just proved. Raises NotPermitted for somebody else's or one kept already."""
    require_strong(actor, at)
    taken = sa.exists().where(Passkey.credential_id == new.credential_id)
    if new.person_id != actor.person_id or session.execute(sa.select(taken)).scalar():
        raise NotPermitted
    passkey = Passkey(
        person_id=new.person_id,
        credential_id=new.credential_id,
        public_key=new.public_key,
        sign_count=new.sign_count,
        label=label[:60],
        created_at=at,
    )
    session.add(passkey)
    session.flush()
    journal.record(session, actor, "passkey:add", "passkey", passkey.id, at=at)
    return passkey


def list_passkeys(session: Session, person_id: int) -> list[Passkey]:
    """Return a person's passkeys, oldest first."""
    own = sa.select(Passkey).where(Passkey.person_id == person_id).order_by(Passkey.id)
    return list(session.execute(own).scalars())


def remove_passkey(session: Session, actor: Actor, passkey_id: int, at: datetime) -> None:
    """Delete one of one's own passkeys. Raises NotPermitted and ReauthenticationNeeded."""
    require_strong(actor, at)
    own = sa.delete(Passkey).where(Passkey.id == passkey_id, Passkey.person_id == actor.person_id)
    if not session.execute(own.returning(Passkey.id)).all():
        raise NotPermitted
    journal.record(session, actor, "passkey:remove", "passkey", passkey_id, at=at)


def begin_authentication(session: Session, site: Site, at: datetime) -> Ceremony:
    """Return the options for signing in with whatever passkey the device holds for this site."""
    options = webauthn.generate_authentication_options(rp_id=site.host, user_verification=_VERIFIED)
    return Ceremony(_keep_challenge(session, options.challenge, None, at), options_to_json(options))


def prove_passkey(token: str, answer: str, site: Site, at: datetime) -> Proof:
    """Check the browser's answer to `begin_authentication`; outside units of work.

    A counter that runs backwards betrays a copied key. Raises SignInRefused.
    """
    challenge = _take_challenge(token, None, at)
    try:
        credential = parse_authentication_credential_json(answer)
        passkey = _find_passkey(credential.raw_id)
        verified = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except WebAuthnException as error:
        raise SignInRefused from error
    _count_use(passkey.id, verified.new_sign_count, at)
    return Proof(passkey.person_id, SignInLevel.PASSKEY)


def _keep_challenge(session: Session, challenge: bytes, person_id: int | None, at: datetime) -> str:
    token = draw_token()
    session.add(
        PasskeyChallenge(
            token_hash=hash_token(token),
            challenge=challenge,
            person_id=person_id,
            expires_at=at + ANSWER_WITHIN,
        )
    )
    return token


def _take_challenge(token: str, person_id: int | None, at: datetime) -> bytes:
    """Return a challenge and delete it, whatever becomes of the answer."""
    own: sa.ColumnElement[bool] = PasskeyChallenge.person_id.is_(None)
    if person_id is not None:
        own = PasskeyChallenge.person_id == person_id
    with unit_of_work() as session:
        challenge = session.execute(
            sa.delete(PasskeyChallenge)
            .where(PasskeyChallenge.token_hash == hash_token(token), PasskeyChallenge.expires_at > at, own)
            .returning(PasskeyChallenge.challenge)
        ).scalar_one_or_none()
    if challenge is None:
        raise SignInRefused
    return challenge


def _find_passkey(credential_id: bytes) -> Passkey:
    found = db.session.execute(
        sa.select(Passkey).where(Passkey.credential_id == credential_id)
    ).scalar_one_or_none()
    if found is None:
        raise SignInRefused
    return found


def _count_use(passkey_id: int, sign_count: int, at: datetime) -> None:
    with unit_of_work() as session:
        used = sa.update(Passkey).where(Passkey.id == passkey_id, Passkey.sign_count <= sign_count)
        counted = used.values(sign_count=sign_count, last_used_at=at).returning(Passkey.id)
        if not session.execute(counted).all():
            raise SignInRefused

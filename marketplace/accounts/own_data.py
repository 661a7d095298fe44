"""What accounts know of a person, to be handed out or erased."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.accounts.consent import Consent
from marketplace.accounts.journal import Deed
from marketplace.accounts.memberships import require_another
from marketplace.accounts.models import (
    ApiKey,
    Invitation,
    KnownDevice,
    Membership,
    Passkey,
    PasskeyChallenge,
    PasswordReset,
    PendingSignUp,
    Person,
    RecoveryCode,
    SecondStep,
    SignIn,
    TotpSecret,
)
from marketplace.accounts.new_address import NewAddress
from marketplace.accounts.privacy import Subject, erasers, exporters, rows_of

ERASED_NAME = "Người đã xoá tài khoản"
_SECRET = ("password_hash", "token_hash", "key_hash", "public_key")
_OWN = (
    Passkey,
    PasskeyChallenge,
    TotpSecret,
    RecoveryCode,
    SignIn,
    KnownDevice,
    SecondStep,
    PasswordReset,
    NewAddress,
    ApiKey,
    Membership,
)


def export_account(session: Session, subject: Subject) -> dict[str, Any]:
    """Return person, memberships, sign-ins, passkeys, consents, keys, invitations and own deeds."""
    number = subject.person_id
    return {
        "person": rows_of(session, Person, Person.id == number, *_SECRET),
        "memberships": rows_of(session, Membership, Membership.person_id == number),
        "sign_ins": rows_of(session, SignIn, SignIn.person_id == number, *_SECRET),
        "passkeys": rows_of(session, Passkey, Passkey.person_id == number, *_SECRET),
        "consents": rows_of(session, Consent, Consent.person_id == number),
        "api_keys": rows_of(session, ApiKey, ApiKey.person_id == number, *_SECRET),
        "invitations": rows_of(session, Invitation, _addressed(Invitation, subject), *_SECRET),
        "pending_sign_ups": rows_of(session, PendingSignUp, _addressed(PendingSignUp, subject), *_SECRET),
        "deeds": rows_of(session, Deed, Deed.actor_id == number, "prev_hash", "hash"),
    }


def erase_account(session: Session, subject: Subject, at: datetime) -> str | None:
    """Delete all but the bare number that the journal speaks of. Raises LastOwner."""
    session.execute(sa.delete(Invitation).where(_addressed(Invitation, subject)))
    session.execute(sa.delete(PendingSignUp).where(_addressed(PendingSignUp, subject)))
    if subject.person_id is None:
        return None
    person = session.get_one(Person, subject.person_id, with_for_update=True, populate_existing=True)
    own = sa.select(Membership).where(Membership.person_id == person.id).order_by(Membership.id)
    for membership in session.execute(own).scalars().all():
        require_another(session, membership)
    session.execute(sa.delete(Invitation).where(Invitation.invited_by == person.id))
    issued = sa.update(PasswordReset).where(PasswordReset.issued_by == person.id)
    session.execute(issued.values(issued_by=None))
    for model in _OWN:
        session.execute(sa.delete(model).where(model.person_id == person.id))
    standing = sa.update(Consent).where(Consent.person_id == person.id, Consent.withdrawn_at.is_(None))
    session.execute(standing.values(withdrawn_at=at))
    person.name, person.email, person.phone, person.password_hash = ERASED_NAME, None, None, None
    person.erased_at, person.disabled_at, person.wants_letters = at, at, False
    person.last_seen_at = None
    return "số tài khoản trong nhật ký thao tác và các lần đồng ý, không kèm tên hay cách liên hệ"


def _addressed(model: type[Invitation] | type[PendingSignUp], subject: Subject) -> sa.ColumnElement[bool]:
    """Return whether a row names the subject's address; an address that is unknown matches nothing."""
    return sa.or_(
        sa.and_(model.email.is_not(None), model.email == subject.email),
        sa.and_(model.phone.is_not(None), model.phone == subject.phone),
    )


exporters["accounts"] = export_account
erasers["accounts"] = erase_account

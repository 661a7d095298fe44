"""Consents to what is done with personal data (Law 91/2025/QH15): silence is none, each can be withdrawn."""

import hashlib
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from marketplace.accounts import journal
from marketplace.accounts.permissions import Actor
from marketplace.database import Base, UtcDateTime


class Purpose(StrEnum):
    """What somebody agreed to."""

    ACCOUNT = "account"
    LETTERS = "letters"
    SAVED_NEWS = "saved_news"
    REVIEWS = "reviews"
    PUBLIC_PROFILE = "public_profile"


class Consent(Base):
    """A yes, with the version and the SHA-256 of the very text it was said to."""

    __tablename__ = "consent"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    purpose: Mapped[Purpose]
    policy_version: Mapped[str] = mapped_column(sa.String(20))
    text_hash: Mapped[str] = mapped_column(sa.String(64))
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


def give_consent(
    session: Session, person_id: int, purpose: Purpose, *, policy_version: str, text: str, at: datetime
) -> Consent:
    """Keep a yes to a text; an earlier one for the same purpose ends with it."""
    _end(session, person_id, purpose, at)
    text_hash = hashlib.sha256(text.encode()).hexdigest()
    consent = Consent(
        person_id=person_id, purpose=purpose, policy_version=policy_version, text_hash=text_hash, given_at=at
    )
    session.add(consent)
    data = {"purpose": purpose, "version_code": policy_version}
    journal.record(session, Actor(person_id), "consent:give", "person", person_id, at=at, data=data)
    return consent


def withdraw_consent(session: Session, person_id: int, purpose: Purpose, at: datetime) -> None:
    """End the consent for a purpose, if there is one."""
    if _end(session, person_id, purpose, at):
        data = {"purpose": purpose}
        journal.record(session, Actor(person_id), "consent:withdraw", "person", person_id, at=at, data=data)


def consents_of(session: Session, person_id: int) -> set[Purpose]:
    """Return the purposes a person agrees to now."""
    standing = sa.and_(Consent.person_id == person_id, Consent.withdrawn_at.is_(None))
    return set(session.execute(sa.select(Consent.purpose).where(standing)).scalars())


def _end(session: Session, person_id: int, purpose: Purpose, at: datetime) -> bool:
    ended = session.execute(
        sa.update(Consent)
        .where(Consent.person_id == person_id, Consent.purpose == purpose, Consent.withdrawn_at.is_(None))
        .values(withdrawn_at=at)
        .returning(Consent.id)
    )
    return bool(ended.all())

"""Outgoing letters: written as a job in the transaction of what they tell of, sent by the worker.

A job names people and links by what finds them again; addresses and names are read when it is sent.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from marketplace import jobs

JOB = "letters.send"


class Letter(StrEnum):
    """The letters there are; each is a template of its name."""

    CONFIRM_SIGN_UP = "confirm_sign_up"
    ACCOUNT_EXISTS = "account_exists"
    RESET_PASSWORD = "reset_password"  # noqa: S105 - a letter, not a secret
    INVITATION = "invitation"
    ADDRESS_ASKED = "address_asked"
    CONFIRM_ADDRESS = "confirm_address"
    NEW_DEVICE = "new_device"
    SECURITY_CHANGED = "security_changed"
    UNUSED_ACCOUNT = "unused_account"
    NOBODY = "nobody"


class Change(StrEnum):
    """What a letter about the security of an account tells of."""

    PASSWORD = "password"  # noqa: S105 - a word of a letter, not a secret
    SECOND_FACTOR = "second_factor"
    PASSKEY = "passkey"
    ADDRESS = "address"
    API_KEY = "api_key"


def send_letter_to(
    session: Session, letter: Letter, person_id: int, at: datetime, change: Change | None = None
) -> None:
    """Leave a letter to somebody with an account behind."""
    jobs.put(session, JOB, letter=letter, at=at.isoformat(), person_id=person_id, change=change)


def send_link(session: Session, letter: Letter, token: str, at: datetime) -> None:
    """Leave a letter with a link behind; it goes to whom the token was drawn for."""
    jobs.put(session, JOB, letter=letter, at=at.isoformat(), token=token)


def send_to_nobody(session: Session, at: datetime) -> None:
    """Leave a job without a letter behind, so that asking for nobody's address takes as long."""
    jobs.put(session, JOB, letter=Letter.NOBODY, at=at.isoformat())

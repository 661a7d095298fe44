"""Letting go of the letters to somebody erased that no gateway has taken away yet.

The job names addresses by what only this site can make of them, so that none is written down anew.
"""

import hmac
from datetime import datetime

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Session

from marketplace import jobs
from marketplace.accounts.new_address import NewAddress
from marketplace.accounts.privacy import Subject, erasers
from marketplace.letters.outbox import Outbox

JOB = "letters.forget"


def erase_letters(session: Session, subject: Subject, at: datetime) -> None:
    """Leave a job behind that deletes the letters to a subject, also at an address only asked for yet."""
    own = NewAddress.person_id == subject.person_id
    asked = session.execute(sa.select(NewAddress.email, NewAddress.phone).where(own)).all()
    named = {subject.email, subject.phone, *(address for row in asked for address in row)} - {None}
    if named:
        jobs.put(session, JOB, marks=sorted(_mark(str(address)) for address in named))


@jobs.handler(JOB)
def forget(marks: list[str]) -> None:
    """Delete the letters to the addresses that were marked; those that are gone are no error."""
    outbox = Outbox(current_app.extensions["settings"].outbox)
    outbox.delete_to(lambda address: _mark(address) in marks)


def _mark(address: str) -> str:
    key = current_app.extensions["settings"].secret_key.encode()
    return hmac.digest(key, f"letters to {address}".encode(), "sha256").hex()


erasers["letters"] = erase_letters

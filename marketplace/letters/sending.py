"""Sending: the job of a letter, done by the worker; doing it twice writes the same files once."""

import hashlib
import logging
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from marketplace import clock, jobs
from marketplace.accounts import retention
from marketplace.accounts.models import Person
from marketplace.database import db
from marketplace.letters.matters import find_matter
from marketplace.letters.outbox import Outbox
from marketplace.letters.recipients import Recipient, find_holder, find_person, find_reporter
from marketplace.letters.reminders import is_wanted
from marketplace.letters.writing import CHANGED, write_letter
from marketplace.web.post import JOB, Change, Letter, send_letter_to

log = logging.getLogger(__name__)


def warn_unused(session: Session, person: Person) -> None:
    """Leave the letter behind that tells of the coming erasure of an unused account."""
    send_letter_to(session, Letter.UNUSED_ACCOUNT, person.id, clock.now())


retention.warnings.append(warn_unused)


@jobs.handler(JOB)
def send(
    letter: str,
    at: str,
    person_id: int | None = None,
    token: str | None = None,
    change: str | None = None,
    about: int | None = None,
) -> None:
    """Write a letter to all addresses of its recipient; one nobody is there for or wants is not sent."""
    kind = Letter(letter)
    recipient = _recipient(kind, person_id, token, about)
    told = find_matter(db.session(), kind, about) if about is not None else {}
    if recipient is None or told is None:
        log.info("letter %s has no recipient any more", kind.value)
        return
    facts: dict[str, Any] = {
        "token": token,
        "name": recipient.name,
        "changed": CHANGED[Change(change)] if change else "",
        "at": datetime.fromisoformat(at),
        **told,
    }
    written = write_letter(kind, facts)
    matter = f" {about}" if about is not None else ""
    mark = hashlib.sha256(f"{letter} {at} {person_id} {token} {change}{matter}".encode()).hexdigest()[:16]
    outbox = Outbox(current_app.extensions["settings"].outbox)
    if recipient.email:
        outbox.keep_email(mark, recipient.email, written, facts["at"])
    if recipient.phone:
        outbox.keep_message(mark, recipient.phone, written, facts["at"])


def _recipient(
    letter: Letter, person_id: int | None, token: str | None, about: int | None
) -> Recipient | None:
    session = db.session()
    if letter is Letter.REPORT_ANSWERED:
        return find_reporter(session, about) if about is not None else None
    if token is not None:
        return find_holder(session, letter, token, clock.now())
    if person_id is None or not is_wanted(session, letter, person_id):
        return None
    return find_person(session, person_id)

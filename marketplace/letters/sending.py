"""Sending: the job of a letter, done by the worker; doing it twice writes the same files once."""

import hashlib
import logging
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from marketplace import clock, jobs
from marketplace.accounts import retention
from marketplace.accounts.models import Person
from marketplace.database import db, unit_of_work
from marketplace.letters.council_matters import still_concerns
from marketplace.letters.forgetting import ONCE
from marketplace.letters.mail import post_email
from marketplace.letters.matters import find_matter
from marketplace.letters.outbox import Outbox
from marketplace.letters.recipients import FINDERS, Recipient, find_holder, find_person
from marketplace.letters.reminders import is_wanted
from marketplace.letters.writing import CHANGED, write_letter
from marketplace.web.post import JOB, Change, Letter, send_letter_to

log = logging.getLogger(__name__)


def warn_unused(session: Session, person: Person) -> None:
    """Leave the letter behind that tells of the coming erasure of an unused account."""
    send_letter_to(session, Letter.UNUSED_ACCOUNT, person.id, clock.now())


retention.warnings.append(warn_unused)


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """A letter to be written, as its job names it: to whom, or by which link, and about what.

    `gone` says in words what can no longer be looked up, for it was given up in the same transaction;
    `version` names which minutes are to be signed.
    """

    letter: str
    at: str
    person_id: int | None = None
    token: str | None = None
    change: str | None = None
    about: int | None = None
    gone: str | None = None
    version: int | None = None

    @property
    def kind(self) -> Letter:
        """Return which letter it is."""
        return Letter(self.letter)

    @property
    def mark(self) -> str:
        """Return a name that is the same however often the job is done."""
        matter = f" {self.about}" if self.about is not None else ""
        matter += f" {self.gone}" if self.gone is not None else ""
        matter += f" {self.version}" if self.version is not None else ""
        named = f"{self.letter} {self.at} {self.person_id} {self.token} {self.change}{matter}"
        return hashlib.sha256(named.encode()).hexdigest()[:16]


@jobs.handler(JOB)
def send(letter: str, at: str, by: str | None = None, **named: Any) -> None:
    """Write a letter to all addresses of its recipient; one nobody is there for or wants is not sent.

    Each address is a job of its own (`by`), so that a server that is away keeps no message waiting.
    """
    errand = Errand(letter=letter, at=at, **named)
    recipient = _recipient(errand)
    told = find_matter(db.session(), errand.kind, errand.about) if errand.about is not None else {}
    if recipient is None or told is None:
        log.info("letter %s has no recipient any more", letter)
        return
    if by is None and recipient.email and recipient.phone:
        with unit_of_work() as session:
            for way in ("email", "phone"):
                jobs.put(session, JOB, **asdict(errand), by=way)
        return
    _write(errand, recipient, told, by)
    if errand.kind in ONCE and errand.about is not None:
        with unit_of_work() as session:
            ONCE[errand.kind](session, errand.about)


def _write(errand: Errand, recipient: Recipient, told: dict[str, Any], by: str | None) -> None:
    at = datetime.fromisoformat(errand.at)
    facts = {
        "token": errand.token,
        "name": recipient.name,
        "changed": CHANGED[Change(errand.change)] if errand.change else "",
        "at": at,
        "gone": errand.gone,
        **told,
    }
    written = write_letter(errand.kind, facts)
    if recipient.email and by != "phone":
        post_email(errand.mark, recipient.email, written, at)
    if recipient.phone and by != "email":
        outbox = Outbox(current_app.extensions["settings"].outbox)
        outbox.keep_message(errand.mark, recipient.phone, written, at)


def _recipient(errand: Errand) -> Recipient | None:
    session, letter = db.session(), errand.kind
    if letter in FINDERS:
        return FINDERS[letter](session, errand.about) if errand.about is not None else None
    if errand.token is not None:
        return find_holder(session, letter, errand.token, clock.now())
    if errand.person_id is None or not is_wanted(session, letter, errand.person_id):
        return None
    if not still_concerns(session, letter, errand.about, errand.person_id, errand.version):
        return None
    return find_person(session, errand.person_id)

"""Whom a letter goes to, looked up when it is sent."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.accounts.invitations import find_invitation
from marketplace.accounts.models import Person
from marketplace.accounts.new_address import find_new_address
from marketplace.accounts.recovery import find_reset
from marketplace.accounts.sign_up import find_sign_up
from marketplace.catalogue.report_models import Report
from marketplace.web.post import Letter


@dataclass(frozen=True, slots=True)
class Recipient:
    """A name, which may be unknown, and the addresses there are."""

    name: str
    email: str | None
    phone: str | None


def find_person(session: Session, person_id: int) -> Recipient | None:
    """Return somebody with an account, or None when it was closed or erased."""
    person = session.get(Person, person_id, populate_existing=True)
    if person is None or person.disabled_at is not None or person.erased_at is not None:
        return None
    return Recipient(person.name, person.email, person.phone)


def find_reporter(session: Session, report_id: int) -> Recipient | None:
    """Return who left a contact with a report, or None."""
    report = session.get(Report, report_id, populate_existing=True)
    if report is None or not (report.email or report.phone):
        return None
    return Recipient("", report.email, report.phone)


def find_holder(session: Session, letter: Letter, token: str, at: datetime) -> Recipient | None:
    """Return whom the link of a letter was drawn for, or None when it is used or ran out."""
    if letter is Letter.CONFIRM_SIGN_UP:
        pending = find_sign_up(session, token, at)
        return Recipient(pending.name, pending.email, pending.phone) if pending else None
    if letter is Letter.CONFIRM_ADDRESS:
        wished = find_new_address(session, token, at)
        return Recipient("", wished.email, wished.phone) if wished else None
    if letter is Letter.INVITATION:
        offer = find_invitation(session, token, at)
        return Recipient("", offer.email, offer.phone) if offer else None
    person = find_reset(session, token, at)
    return Recipient(person.name, person.email, person.phone) if person else None

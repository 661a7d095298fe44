"""Outgoing letters: written as a job in the transaction of what they tell of, sent by the worker.

A job names people and links by what finds them again; addresses and names are read when it is sent.
"""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from marketplace import jobs
from marketplace.accounts.memberships import list_members
from marketplace.accounts.roles import Scope, ScopeKind
from marketplace.ordering.news import OrderNews

JOB = "letters.send"


class Letter(StrEnum):
    """The letters there are; each is a template of its name, and news of orders are letters of theirs."""

    CONFIRM_SIGN_UP = "confirm_sign_up"
    ACCOUNT_EXISTS = "account_exists"
    RESET_PASSWORD = "reset_password"  # noqa: S105 - a letter, not a secret
    INVITATION = "invitation"
    ADDRESS_ASKED = "address_asked"
    CONFIRM_ADDRESS = "confirm_address"
    NEW_DEVICE = "new_device"
    SECURITY_CHANGED = "security_changed"
    UNUSED_ACCOUNT = "unused_account"
    ACCESS_RESET = "access_reset"
    LISTING_APPROVED = "listing_approved"
    LISTING_DECLINED = "listing_declined"
    CHANGE_CONFIRMED = "change_confirmed"
    CHANGE_DECLINED = "change_declined"
    PRODUCT_SUSPENDED = "product_suspended"
    PRODUCT_CERTIFIED = "product_certified"
    REPORT_ANSWERED = "report_answered"
    IDEA_ANSWERED = "idea_answered"
    PLAN_ANSWERED = "plan_answered"
    ROADMAP_MADE = "roadmap_made"
    RENEWAL_DUE = "renewal_due"
    RENEWAL_REMINDED = "renewal_reminded"
    SAVED_NEWS = "saved_news"
    ORDER_PLACED = OrderNews.ORDER_PLACED.value
    ORDER_ARRIVED = OrderNews.ORDER_ARRIVED.value
    ORDER_PAID = OrderNews.ORDER_PAID.value
    ORDER_MONEY_IN = OrderNews.ORDER_MONEY_IN.value
    ORDER_SHORT = OrderNews.ORDER_SHORT.value
    ORDER_EXPIRED = OrderNews.ORDER_EXPIRED.value
    ORDER_CONFIRMED = OrderNews.ORDER_CONFIRMED.value
    ORDER_DECLINED = OrderNews.ORDER_DECLINED.value
    ORDER_TAKEN_BACK = OrderNews.ORDER_TAKEN_BACK.value
    ORDER_OVERDUE = OrderNews.ORDER_OVERDUE.value
    ORDER_READY = OrderNews.ORDER_READY.value
    ORDER_SHIPPED = OrderNews.ORDER_SHIPPED.value
    ORDER_SHORTENED = OrderNews.ORDER_SHORTENED.value
    ORDER_DELIVERED = OrderNews.ORDER_DELIVERED.value
    DELIVERY_FAILED = OrderNews.DELIVERY_FAILED.value
    RETURN_ASKED = OrderNews.RETURN_ASKED.value
    RETURN_APPROVED = OrderNews.RETURN_APPROVED.value
    RETURN_DECLINED = OrderNews.RETURN_DECLINED.value
    RETURN_RECEIVED = OrderNews.RETURN_RECEIVED.value
    COMPLAINT_TOLD = OrderNews.COMPLAINT_TOLD.value
    COMPLAINT_ANSWERED = OrderNews.COMPLAINT_ANSWERED.value
    COMPLAINT_CLOSED = OrderNews.COMPLAINT_CLOSED.value
    OFFICE_GAVE_BACK = OrderNews.OFFICE_GAVE_BACK.value
    REFUND_DUE = OrderNews.REFUND_DUE.value
    REFUND_DONE = OrderNews.REFUND_DONE.value
    REFUND_FAILED = OrderNews.REFUND_FAILED.value
    BACK_IN_STOCK = OrderNews.BACK_IN_STOCK.value
    QUESTION_ANSWERED = "question_answered"
    RECALL_BUYER = "recall_buyer"
    RECALL_POINT = "recall_point"
    RECALL_SELLER = "recall_seller"
    RECALL_LIFTED = "recall_lifted"
    DOSSIER_SUBMITTED = "dossier_submitted"
    DOSSIER_ARRIVED = "dossier_arrived"
    DOSSIER_RETURNED = "dossier_returned"
    DOSSIER_FORWARDED = "dossier_forwarded"
    DOSSIER_INCOMPLETE = "dossier_incomplete"
    DOSSIER_ACCEPTED = "dossier_accepted"
    DOSSIER_EVALUATED = "dossier_evaluated"
    DOSSIER_PROPOSED = "dossier_proposed"
    DOSSIER_RECOGNISED = "dossier_recognised"
    DOSSIER_NOT_RECOGNISED = "dossier_not_recognised"
    DOSSIER_RESULT = "dossier_result"
    COUNCIL_CALLED = "council_called"
    COUNCIL_CANCELLED = "council_cancelled"
    COUNCIL_SCORING = "council_scoring"
    COUNCIL_DISCUSSED = "council_discussed"
    COUNCIL_MINUTES = "council_minutes"
    CERTIFICATE_REVOKED = "certificate_revoked"
    CERTIFICATE_EXTENDED = "certificate_extended"
    INSPECTION_RECORDED = "inspection_recorded"
    INSPECTION_CLOSED = "inspection_closed"
    PRODUCT_TAKEN_DOWN = "product_taken_down"
    PRODUCERS_MERGED = "producers_merged"
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


def send_to_members(session: Session, letter: Letter, producer_id: int, at: datetime, about: int) -> None:
    """Leave a letter to everybody who works for a producer behind; `about` is the id of what it tells of."""
    members = list_members(session, Scope(ScopeKind.PRODUCER, producer_id))
    send_to_people(session, letter, (member.person_id for member in members), at, about)


def send_to_people(
    session: Session, letter: Letter, people: Iterable[int], at: datetime, about: int, **told: object
) -> None:
    """Leave a letter to each of several people behind; `told` is what cannot be read when it is sent."""
    for person_id in people:
        named = {"person_id": person_id, "about": about, **told}
        jobs.put(session, JOB, letter=letter, at=at.isoformat(), **named)


def send_saved_news(session: Session, person_id: int, at: datetime) -> None:
    """Leave the letter behind that tells somebody what has changed of the products they keep."""
    jobs.put(session, JOB, letter=Letter.SAVED_NEWS, at=at.isoformat(), person_id=person_id, about=person_id)


def send_to_reporter(session: Session, report_id: int, at: datetime) -> None:
    """Leave the letter behind that answers a report, for whoever left a contact with it."""
    send_about(session, Letter.REPORT_ANSWERED, report_id, at)


def send_about(session: Session, letter: Letter, about: int, at: datetime) -> None:
    """Leave a letter behind to whoever its matter names: the buyer of an order, who left a contact."""
    jobs.put(session, JOB, letter=letter, at=at.isoformat(), about=about)


def send_link(session: Session, letter: Letter, token: str, at: datetime) -> None:
    """Leave a letter with a link behind; it goes to whom the token was drawn for."""
    jobs.put(session, JOB, letter=letter, at=at.isoformat(), token=token)


def send_to_nobody(session: Session, at: datetime) -> None:
    """Leave a job without a letter behind, so that asking for nobody's address takes as long."""
    jobs.put(session, JOB, letter=Letter.NOBODY, at=at.isoformat())

"""Outgoing letters: written as a job in the transaction of what they tell of, sent by the worker.

A job names people and links by what finds them again; addresses and names are read when it is sent.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from marketplace import jobs
from marketplace.accounts.memberships import list_members
from marketplace.accounts.roles import Scope, ScopeKind

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
    ACCESS_RESET = "access_reset"
    LISTING_APPROVED = "listing_approved"
    LISTING_DECLINED = "listing_declined"
    CHANGE_CONFIRMED = "change_confirmed"
    CHANGE_DECLINED = "change_declined"
    PRODUCT_SUSPENDED = "product_suspended"
    PRODUCT_CERTIFIED = "product_certified"
    REPORT_ANSWERED = "report_answered"
    RENEWAL_DUE = "renewal_due"
    SAVED_NEWS = "saved_news"
    ORDER_PLACED = "order_placed"
    ORDER_ARRIVED = "order_arrived"
    ORDER_PAID = "order_paid"
    ORDER_MONEY_IN = "order_money_in"
    ORDER_SHORT = "order_short"
    ORDER_EXPIRED = "order_expired"
    ORDER_CONFIRMED = "order_confirmed"
    ORDER_DECLINED = "order_declined"
    ORDER_TAKEN_BACK = "order_taken_back"
    ORDER_OVERDUE = "order_overdue"
    ORDER_READY = "order_ready"
    ORDER_SHIPPED = "order_shipped"
    ORDER_SHORTENED = "order_shortened"
    ORDER_DELIVERED = "order_delivered"
    DELIVERY_FAILED = "delivery_failed"
    RETURN_ASKED = "return_asked"
    RETURN_APPROVED = "return_approved"
    RETURN_DECLINED = "return_declined"
    RETURN_RECEIVED = "return_received"
    COMPLAINT_TOLD = "complaint_told"
    COMPLAINT_ANSWERED = "complaint_answered"
    COMPLAINT_CLOSED = "complaint_closed"
    REFUND_DUE = "refund_due"
    REFUND_DONE = "refund_done"
    REFUND_FAILED = "refund_failed"
    BACK_IN_STOCK = "back_in_stock"
    QUESTION_ANSWERED = "question_answered"
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
    for member in list_members(session, Scope(ScopeKind.PRODUCER, producer_id)):
        about_it = {"person_id": member.person_id, "about": about}
        jobs.put(session, JOB, letter=letter, at=at.isoformat(), **about_it)


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

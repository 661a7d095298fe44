"""Whom a letter goes to, looked up when it is sent."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.accounts.invitations import find_invitation
from marketplace.accounts.models import Person
from marketplace.accounts.new_address import find_new_address
from marketplace.accounts.recovery import find_reset
from marketplace.accounts.sign_up import find_sign_up
from marketplace.catalogue.report_models import Report
from marketplace.ordering.after_sale_models import BackInStockWish
from marketplace.ordering.complaint_queries import find_message
from marketplace.ordering.models import Order, OrderGroup
from marketplace.payments.models import PaymentSplit, Refund
from marketplace.reviews.models import Question
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


def find_buyer_of_group(session: Session, group_id: int) -> Recipient | None:
    """Return the buyer of an order group; None once the name is off it."""
    return _buyer(session, sa.select(OrderGroup).where(OrderGroup.id == group_id))


def find_buyer(session: Session, order_id: int) -> Recipient | None:
    """Return the buyer of an order."""
    return _buyer(session, sa.select(OrderGroup).join(OrderGroup.orders).where(Order.id == order_id))


def find_buyer_of_refund(session: Session, refund_id: int) -> Recipient | None:
    """Return the buyer to whom money goes back."""
    of_refund = sa.select(PaymentSplit.order_id).join(Refund, Refund.split_id == PaymentSplit.id)
    order_id = session.scalar(of_refund.where(Refund.id == refund_id))
    return find_buyer(session, order_id) if order_id is not None else None


def find_complainer(session: Session, message_id: int) -> Recipient | None:
    """Return the buyer whose complaint a word belongs to."""
    found = find_message(session, message_id)
    return find_buyer(session, found[0].order_id) if found else None


def find_wisher(session: Session, wish_id: int) -> Recipient | None:
    """Return who waits for a variant to be back in stock."""
    return _contact(session.get(BackInStockWish, wish_id, populate_existing=True))


def find_asker(session: Session, question_id: int) -> Recipient | None:
    """Return who left a contact with a question, or None."""
    return _contact(session.get(Question, question_id, populate_existing=True))


def _contact(row: BackInStockWish | Question | None) -> Recipient | None:
    if row is None or not row.contact:
        return None
    by_email = "@" in row.contact
    return Recipient("", row.contact if by_email else None, None if by_email else row.contact)


def _buyer(session: Session, wanted: sa.Select[OrderGroup]) -> Recipient | None:
    group = session.execute(wanted.execution_options(populate_existing=True)).scalar_one_or_none()
    if group is None or not group.buyer_phone:
        return None
    return Recipient(group.buyer_name, group.buyer_email, group.buyer_phone)


FINDERS: dict[Letter, Callable[[Session, int], Recipient | None]] = {
    Letter.REPORT_ANSWERED: find_reporter,
    Letter.ORDER_PLACED: find_buyer_of_group,
    Letter.ORDER_PAID: find_buyer_of_group,
    Letter.ORDER_SHORT: find_buyer_of_group,
    Letter.ORDER_EXPIRED: find_buyer_of_group,
    Letter.ORDER_CONFIRMED: find_buyer,
    Letter.ORDER_DECLINED: find_buyer,
    Letter.ORDER_READY: find_buyer,
    Letter.ORDER_SHIPPED: find_buyer,
    Letter.ORDER_SHORTENED: find_buyer,
    Letter.ORDER_DELIVERED: find_buyer,
    Letter.DELIVERY_FAILED: find_buyer,
    Letter.RETURN_APPROVED: find_buyer,
    Letter.RETURN_DECLINED: find_buyer,
    Letter.RETURN_RECEIVED: find_buyer,
    Letter.COMPLAINT_ANSWERED: find_complainer,
    Letter.COMPLAINT_CLOSED: find_complainer,
    Letter.REFUND_DUE: find_buyer_of_refund,
    Letter.REFUND_DONE: find_buyer_of_refund,
    Letter.REFUND_FAILED: find_buyer_of_refund,
    Letter.BACK_IN_STOCK: find_wisher,
    Letter.QUESTION_ANSWERED: find_asker,
}
"""Letters that go to whom their matter names, not to somebody with an account."""

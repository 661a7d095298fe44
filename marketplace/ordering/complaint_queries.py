"""What is read of complaints, for buyers, sellers and letters."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager, joinedload

from marketplace.ordering.complaint_models import Complaint, ComplaintMessage, ComplaintState
from marketplace.ordering.models import Order, OrderGroup

MOST_LISTED = 100
DUE_AT = sa.case(
    (Complaint.state == ComplaintState.RECEIVED, Complaint.first_response_by), else_=Complaint.resolve_by
)
"""As `Complaint.due_at`, told by the database."""


def list_complaints(session: Session, order_ids: Collection[int]) -> Sequence[Complaint]:
    """Return the complaints of some orders with their words, newest first, in one statement."""
    wanted = sa.select(Complaint).where(Complaint.order_id.in_(order_ids)).order_by(Complaint.id.desc())
    whole = wanted.options(joinedload(Complaint.messages)).execution_options(populate_existing=True)
    return session.scalars(whole).unique().all()


def list_complaints_of_producer(session: Session, producer_id: int) -> Sequence[Complaint]:
    """Return a producer's complaints with orders and groups: first those open, most pressing on top."""
    closed = sa.case((Complaint.state == ComplaintState.CLOSED, 1), else_=0)
    wanted = sa.select(Complaint).join(Complaint.order).where(Order.producer_id == producer_id)
    sorted_so = wanted.order_by(closed, DUE_AT, Complaint.id.desc()).limit(MOST_LISTED)
    return session.scalars(sorted_so.options(joinedload(Complaint.order).joinedload(Order.group))).all()


def find_open_complaint(session: Session, producer_id: int, order_id: int) -> Complaint | None:
    """Return the complaint about an order of a producer that is not closed, or None."""
    wanted = sa.select(Complaint).join(Complaint.order).where(Order.producer_id == producer_id)
    unclosed = wanted.where(Complaint.order_id == order_id, Complaint.state != ComplaintState.CLOSED)
    return session.scalars(unclosed).one_or_none()


def find_complaint_by_phone(session: Session, ticket: str, phone: str) -> Complaint | None:
    """Return the complaint of a code about an order of a telephone, with order and group, or None.

    One statement decides, so that a wrong code and a wrong telephone take alike.
    """
    wanted = sa.select(Complaint).join(Complaint.order).join(Order.group)
    asked = wanted.where(Complaint.ticket == ticket, OrderGroup.buyer_phone == phone)
    whole = asked.options(contains_eager(Complaint.order).contains_eager(Order.group))
    return session.scalars(whole).one_or_none()


def find_message(session: Session, message_id: int) -> tuple[Complaint, ComplaintMessage] | None:
    """Return a word of a complaint with the complaint, or None."""
    wanted = (
        sa.select(Complaint, ComplaintMessage)
        .join(ComplaintMessage, ComplaintMessage.complaint_id == Complaint.id)
        .where(ComplaintMessage.id == message_id)
    )
    found = session.execute(wanted.execution_options(populate_existing=True)).one_or_none()
    return (found[0], found[1]) if found else None

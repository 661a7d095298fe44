"""Complaints (khiếu nại): opened by the buyer, answered by seller or office, closed by the office.

Each step locks the order. What anybody writes is kept in its order; letters tell the other side.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.accounts import journal
from marketplace.accounts.attempts import Rule, claim
from marketplace.accounts.permissions import Actor
from marketplace.accounts.roles import Scope, ScopeKind
from marketplace.errors import NotFound
from marketplace.ordering.after_sale_errors import ComplaintClosed, InvalidComplaint, NotComplainable
from marketplace.ordering.complaint_models import (
    Complaint,
    ComplaintEnd,
    ComplaintKind,
    ComplaintMessage,
    ComplaintState,
    Voice,
)
from marketplace.ordering.complaint_ticket import draw_ticket
from marketplace.ordering.complaint_times import first_response_by, resolve_by
from marketplace.ordering.lookup import network_of
from marketplace.ordering.models import Order, OrderGroup
from marketplace.ordering.news import OrderNews, tell
from marketplace.ordering.order_lock import lock_order
from marketplace.text import clean_lines

MOST_WORDS = 1000


def claim_complaint(order_id: int, address: str | None, at: datetime) -> None:
    """Take one of the words that an order and a network may say; a unit of work of its own.

    Raises TooManyAttempts.
    """
    claim([(Rule.COMPLAINT, str(order_id)), (Rule.COMPLAINT_ADDRESS, network_of(address))], at)


def read_words(text: str) -> str:
    """Return words of a complaint, lines kept; raises InvalidComplaint."""
    words = clean_lines(text)
    if not any(letter.isalnum() for letter in words) or len(words) > MOST_WORDS:
        raise InvalidComplaint(field="words", most=MOST_WORDS)
    return words


def can_complain(group: OrderGroup, order: Order) -> bool:
    """Return whether something can be said of an order of a group: it was placed, and its buyer is known."""
    return order.placed_at is not None and group.buyer_phone != ""


def complain(session: Session, order_id: int, kind: ComplaintKind, words: str, at: datetime) -> Complaint:
    """Complain of an order; where a complaint is open, the words are added to that one.

    A form sent twice changes nothing more. Raises NotFound, InvalidComplaint and NotComplainable.
    """
    words = read_words(words)
    order = lock_order(session, order_id)
    if not can_complain(order.group, order):
        raise NotComplainable
    complaint = _find_open(session, order_id)
    if complaint is None:
        complaint = _open(session, order, kind, at)
    elif _said_last(session, complaint) == (Voice.BUYER, words):
        return complaint
    _say(session, complaint, Voice.BUYER, None, words, at)
    tell(session, OrderNews.COMPLAINT_TOLD, order.id, at)
    return complaint


def answer_complaint(
    session: Session, actor: Actor, complaint_id: int, voice: Voice, words: str, at: datetime
) -> Complaint:
    """Answer a complaint as its seller or as the office; its buyer is told.

    A form sent twice changes nothing more. Raises NotFound, InvalidComplaint and ComplaintClosed.
    """
    words = read_words(words)
    complaint = _lock(session, complaint_id)
    if _said_last(session, complaint) == (voice, words):
        return complaint
    if complaint.state is ComplaintState.CLOSED:
        raise ComplaintClosed
    complaint.state, complaint.answered_at = ComplaintState.ANSWERED, complaint.answered_at or at
    message = _say(session, complaint, voice, actor, words, at)
    tell(session, OrderNews.COMPLAINT_ANSWERED, message.id, at)
    _note(session, actor, "complaint:answer", complaint, at, voice)
    return complaint


def close_complaint(
    session: Session, actor: Actor, complaint_id: int, because: ComplaintEnd, words: str, at: datetime
) -> Complaint:
    """Close a complaint for the office, with the reason and in words that its buyer reads.

    Raises NotFound, InvalidComplaint and ComplaintClosed.
    """
    words = read_words(words)
    complaint = _lock(session, complaint_id)
    if complaint.state is ComplaintState.CLOSED:
        raise ComplaintClosed
    complaint.state, complaint.answered_at = ComplaintState.CLOSED, complaint.answered_at or at
    complaint.closed_at, complaint.closed_by, complaint.closed_because = at, actor.person_id, because
    message = _say(session, complaint, Voice.OFFICE, actor, words, at)
    tell(session, OrderNews.COMPLAINT_CLOSED, message.id, at)
    _note(session, actor, "complaint:close", complaint, at, because)
    return complaint


def _open(session: Session, order: Order, kind: ComplaintKind, at: datetime) -> Complaint:
    complaint = Complaint(
        order_id=order.id,
        ticket=draw_ticket(),
        kind=kind,
        state=ComplaintState.RECEIVED,
        opened_at=at,
        first_response_by=first_response_by(kind, at),
        resolve_by=resolve_by(kind, at),
    )
    session.add(complaint)
    session.flush()
    return complaint


def _say(
    session: Session, complaint: Complaint, voice: Voice, actor: Actor | None, words: str, at: datetime
) -> ComplaintMessage:
    said_by = actor.person_id if actor else None
    said = ComplaintMessage(complaint_id=complaint.id, voice=voice, said_by=said_by, words=words, at=at)
    session.add(said)
    session.flush()
    return said


def _find_open(session: Session, order_id: int) -> Complaint | None:
    mine = sa.select(Complaint).where(Complaint.order_id == order_id)
    unclosed = mine.where(Complaint.state != ComplaintState.CLOSED)
    return session.scalars(unclosed.execution_options(populate_existing=True)).one_or_none()


def _said_last(session: Session, complaint: Complaint) -> tuple[Voice, str] | None:
    said = sa.select(ComplaintMessage.voice, ComplaintMessage.words)
    last = said.where(ComplaintMessage.complaint_id == complaint.id).order_by(ComplaintMessage.id.desc())
    row = session.execute(last.limit(1)).one_or_none()
    return (row.voice, row.words) if row else None


def _lock(session: Session, complaint_id: int) -> Complaint:
    order_id = session.scalar(sa.select(Complaint.order_id).where(Complaint.id == complaint_id))
    if order_id is None:
        raise NotFound
    lock_order(session, order_id)
    return session.get_one(Complaint, complaint_id, populate_existing=True)


def _note(
    session: Session,
    actor: Actor,
    action: str,
    complaint: Complaint,
    at: datetime,
    kind: Voice | ComplaintEnd,
) -> None:
    seller = session.scalar(sa.select(Order.producer_id).where(Order.id == complaint.order_id))
    org = Scope(ScopeKind.PRODUCER, seller) if seller is not None else None
    journal.record(session, actor, action, "complaint", complaint.id, org, at=at, data={"kind": kind})

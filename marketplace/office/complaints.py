"""Complaints about orders of the sellers in an officer's units; never who the buyers are.

What belongs to a producer that the officer is a member of is not the officer's to settle.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from marketplace.accounts.permissions import Actor
from marketplace.errors import NotFound
from marketplace.office.tenancy import Reach
from marketplace.ordering.complaint_models import Complaint, ComplaintState
from marketplace.ordering.complaint_queries import DUE_AT
from marketplace.ordering.complaint_ticket import read_ticket
from marketplace.ordering.models import Order
from marketplace.producers.models import Producer

AT_ONCE = 100
CLOSED_SHOWN = 30


def open_complaints(reach: Reach) -> sa.Select[Any]:
    """Return the statement of the complaints that are not settled, those overdue longest first."""
    return _in_reach(reach).where(Complaint.state != ComplaintState.CLOSED).order_by(DUE_AT, Complaint.id)


def list_open_complaints(session: Session, reach: Reach, most: int = AT_ONCE) -> list[Complaint]:
    """Return the complaints that are not settled, with their orders, overdue ones first."""
    wanted = open_complaints(reach).options(joinedload(Complaint.order)).limit(most)
    return list(session.scalars(wanted))


def list_closed_complaints(session: Session, reach: Reach) -> list[Complaint]:
    """Return the complaints closed last, with their orders."""
    closed = _in_reach(reach).where(Complaint.state == ComplaintState.CLOSED)
    newest = closed.order_by(Complaint.closed_at.desc(), Complaint.id.desc()).limit(CLOSED_SHOWN)
    return list(session.scalars(newest.options(joinedload(Complaint.order))))


def complaint_in_reach(session: Session, actor: Actor, ticket: str) -> Complaint:
    """Return a complaint of the actor's units by its code, with order, group and words; raises NotFound."""
    wanted = (
        _in_reach(Reach.of(actor))
        .where(Complaint.ticket == (read_ticket(ticket) or ""))
        .options(joinedload(Complaint.order).joinedload(Order.group), joinedload(Complaint.messages))
        .execution_options(populate_existing=True)
    )
    complaint: Complaint | None = session.execute(wanted).unique().scalar_one_or_none()
    if complaint is None:
        raise NotFound
    return complaint


def _in_reach(reach: Reach) -> sa.Select[Any]:
    return (
        sa.select(Complaint)
        .join(Complaint.order)
        .join(Producer, Producer.id == Order.producer_id)
        .where(reach.producers())
    )

"""Complaints of buyers about an order, each with a code to speak of it (Decree 248/2026/NĐ-CP, article 7)."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.database import Base, UtcDateTime
from marketplace.ordering.complaint_ticket import write_ticket
from marketplace.ordering.models import Order


class ComplaintKind(StrEnum):
    """What a complaint is about."""

    NOT_ARRIVED = "not_arrived"
    DAMAGED = "damaged"
    WRONG_GOODS = "wrong_goods"
    QUALITY = "quality"
    MONEY = "money"
    SELLER_CONDUCT = "seller_conduct"
    OTHER = "other"


class ComplaintState(StrEnum):
    """Where a complaint stands."""

    RECEIVED = "received"
    ANSWERED = "answered"
    CLOSED = "closed"


class ComplaintEnd(StrEnum):
    """Why the office closed a complaint."""

    AGREED = "agreed"
    REFUNDED = "refunded"
    EXPLAINED = "explained"
    UNFOUNDED = "unfounded"
    WITHDRAWN = "withdrawn"
    PASSED_ON = "passed_on"


class Voice(StrEnum):
    """Who speaks in a complaint."""

    BUYER = "buyer"
    SELLER = "seller"
    OFFICE = "office"


class Complaint(Base):
    """What a buyer complains of; an order has at most one that is open (the partial unique index says so).

    `first_response_by` and `resolve_by` are the instants promised when it came in. It is answered from the
    first word of seller or office on.
    """

    __tablename__ = "complaint"
    __table_args__ = (
        sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_at"),
        sa.CheckConstraint("(closed_at IS NULL) = (closed_because IS NULL)", name="closed_because"),
        sa.CheckConstraint("state = 'received' OR answered_at IS NOT NULL", name="answered_at"),
        sa.Index(
            "uq_complaint_open",
            "order_id",
            unique=True,
            sqlite_where=sa.text("state <> 'closed'"),
            postgresql_where=sa.text("state <> 'closed'"),
        ),
        sa.Index(None, "state", "resolve_by"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(sa.ForeignKey("order.id"), index=True)
    ticket: Mapped[str] = mapped_column(sa.String(10), unique=True)
    kind: Mapped[ComplaintKind]
    state: Mapped[ComplaintState]
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    first_response_by: Mapped[datetime] = mapped_column(UtcDateTime)
    resolve_by: Mapped[datetime] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    closed_because: Mapped[ComplaintEnd | None]

    order: Mapped[Order] = relationship(lazy="raise")
    messages: Mapped[list["ComplaintMessage"]] = relationship(order_by="ComplaintMessage.id", lazy="raise")

    @property
    def code(self) -> str:
        """Return its code as people read it out."""
        return write_ticket(self.ticket)

    @property
    def is_open(self) -> bool:
        """Return whether it is not closed."""
        return self.state is not ComplaintState.CLOSED

    @property
    def due_at(self) -> datetime:
        """Return the next instant promised: of the first answer, then of the end."""
        return self.first_response_by if self.state is ComplaintState.RECEIVED else self.resolve_by


class ComplaintMessage(Base):
    """One word of a complaint; `said_by` is who spoke for seller or office. Never public."""

    __tablename__ = "complaint_message"
    __table_args__ = (sa.CheckConstraint("voice <> 'buyer' OR said_by IS NULL", name="buyer_unnamed"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[int] = mapped_column(sa.ForeignKey("complaint.id"), index=True)
    voice: Mapped[Voice]
    said_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    words: Mapped[str] = mapped_column(sa.String(1000))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

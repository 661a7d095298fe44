"""Money taken and given back; terms as in the field (PaymentSession, Payment, PaymentSplit, Refund).

All amounts are whole đồng.
"""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.database import Base, UtcDateTime
from marketplace.ordering.models import Order, OrderGroup, PaymentMethod


class SessionState(StrEnum):
    """Where an attempt to pay at a gateway stands; it only ever moves down this list."""

    PENDING = "pending"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELED = "canceled"
    EXPIRED = "expired"

    @property
    def is_open(self) -> bool:
        """Whether money may still come from it."""
        return self in {SessionState.PENDING, SessionState.PROCESSING}


class PaymentSession(Base):
    """One attempt to pay an order group at a gateway.

    `idempotency_key` is saved before the gateway is called, so that a repeated call charges once;
    `reference` is the gateway's own name of the session, `url` its page. A group has at most one open
    session (the partial unique index says so).
    """

    __tablename__ = "payment_session"
    __table_args__ = (
        sa.CheckConstraint("amount > 0", name="amount"),
        sa.UniqueConstraint("method", "reference"),
        sa.Index(
            "uq_payment_session_open",
            "group_id",
            unique=True,
            sqlite_where=sa.text("state IN ('pending', 'processing')"),
            postgresql_where=sa.text("state IN ('pending', 'processing')"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(sa.ForeignKey("order_group.id"), index=True)
    method: Mapped[PaymentMethod]
    state: Mapped[SessionState]
    amount: Mapped[int] = mapped_column(sa.BigInteger)
    idempotency_key: Mapped[str] = mapped_column(sa.String(64), unique=True)
    reference: Mapped[str | None] = mapped_column(sa.String(120))
    url: Mapped[str | None] = mapped_column(sa.String(2000))
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)

    group: Mapped[OrderGroup] = relationship(lazy="raise")


class Payment(Base):
    """Money that came in for an order group; `reference` names it once for each way of paying.

    For cash it is the fulfillment that was collected for ("fulfillment:9"), for a transfer the bank's
    own number, for a card the gateway's payment. `held_by_seller`: the money never passed through here.
    """

    __tablename__ = "payment"
    __table_args__ = (
        sa.UniqueConstraint("method", "reference"),
        sa.CheckConstraint("amount > 0", name="amount"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(sa.ForeignKey("order_group.id"), index=True)
    method: Mapped[PaymentMethod]
    reference: Mapped[str] = mapped_column(sa.String(120))
    amount: Mapped[int] = mapped_column(sa.BigInteger)
    held_by_seller: Mapped[bool] = mapped_column(default=False)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)

    group: Mapped[OrderGroup] = relationship(lazy="raise")
    splits: Mapped[list["PaymentSplit"]] = relationship(order_by="PaymentSplit.order_id", lazy="raise")


class PaymentSplit(Base):
    """What of a payment belongs to one order. The splits of a payment add up to it, to the last đồng.

    Money beyond what the group owes stays in `order_id` of the first order as captured beyond its
    total, and shows as overcharged until it is refunded.
    """

    __tablename__ = "payment_split"
    __table_args__ = (
        sa.UniqueConstraint("payment_id", "order_id"),
        sa.CheckConstraint("captured >= 0", name="captured"),
        sa.CheckConstraint("refunded BETWEEN 0 AND captured", name="refunded"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    payment_id: Mapped[int] = mapped_column(sa.ForeignKey("payment.id"))
    order_id: Mapped[int] = mapped_column(sa.ForeignKey("order.id"), index=True)
    captured: Mapped[int] = mapped_column(sa.BigInteger)
    refunded: Mapped[int] = mapped_column(sa.BigInteger, default=0)

    payment: Mapped[Payment] = relationship(back_populates="splits", lazy="raise")
    order: Mapped[Order] = relationship(lazy="raise")


class RefundState(StrEnum):
    """Where a refund stands."""

    PENDING = "pending"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"


class RefundReason(StrEnum):
    """Why money goes back."""

    CANCELED = "canceled"
    RETURNED = "returned"
    OUT_OF_STOCK = "out_of_stock"
    OVERPAID = "overpaid"
    PAID_TWICE = "paid_twice"
    DISPUTE = "dispute"
    STAFF = "staff"


class Refund(Base):
    """Money to give back by the way it came, for one order.

    It counts in `PaymentSplit.refunded` from the moment it is written, so that nothing is promised
    twice. `cause` ("order:5", "return:3", "session:8") asks for it once. By card the gateway does it; a
    transfer or cash is given back by people, who then note `reference`. `words` are the office's, where
    it gives back by itself; the buyer reads them.
    """

    __tablename__ = "refund"
    __table_args__ = (
        sa.CheckConstraint("amount > 0", name="amount"),
        sa.UniqueConstraint("split_id", "cause"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    split_id: Mapped[int] = mapped_column(sa.ForeignKey("payment_split.id"), index=True)
    cause: Mapped[str] = mapped_column(sa.String(40))
    reason: Mapped[RefundReason]
    amount: Mapped[int] = mapped_column(sa.BigInteger)
    state: Mapped[RefundState] = mapped_column(index=True)
    idempotency_key: Mapped[str] = mapped_column(sa.String(64), unique=True)
    reference: Mapped[str | None] = mapped_column(sa.String(120))
    words: Mapped[str | None] = mapped_column(sa.String(300))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    tried_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    split: Mapped[PaymentSplit] = relationship(lazy="raise")


class GatewayEvent(Base):
    """A notice of a gateway that was acted upon, kept so that it counts once."""

    __tablename__ = "gateway_event"

    id: Mapped[str] = mapped_column(sa.String(120), primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(80))
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Dispute(Base):
    """A buyer's bank that asks for a card payment back; noted here, answered at the gateway."""

    __tablename__ = "dispute"

    id: Mapped[int] = mapped_column(primary_key=True)
    payment_id: Mapped[int] = mapped_column(sa.ForeignKey("payment.id"), index=True)
    reference: Mapped[str] = mapped_column(sa.String(120), unique=True)
    amount: Mapped[int] = mapped_column(sa.BigInteger)
    reason: Mapped[str] = mapped_column(sa.String(60))
    state: Mapped[str] = mapped_column(sa.String(40))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)

    payment: Mapped[Payment] = relationship(lazy="raise")


class TransferState(StrEnum):
    """Whether a bank transfer found its order."""

    MATCHED = "matched"
    UNMATCHED = "unmatched"
    SET_ASIDE = "set_aside"


class BankTransfer(Base):
    """One line of our bank's statement, or of its notice: money that came to our account.

    `reference` is the bank's own number of it. Nothing of who paid is kept but the message they typed.
    `group_id` is set when the message named an order; over- and under-payment show in the payments.
    """

    __tablename__ = "bank_transfer"
    __table_args__ = (sa.CheckConstraint("amount > 0", name="amount"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(80), unique=True)
    amount: Mapped[int] = mapped_column(sa.BigInteger)
    message: Mapped[str] = mapped_column(sa.String(300))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[TransferState] = mapped_column(index=True)
    group_id: Mapped[int | None] = mapped_column(sa.ForeignKey("order_group.id"), index=True)
    decided_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    words: Mapped[str | None] = mapped_column(sa.String(300))

"""What is owed to sellers and what was paid out to them (SellerTransfer, SellerPayout); whole đồng."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.database import Base, UtcDateTime
from marketplace.ordering.models import Order


class TransferKind(StrEnum):
    """Why a seller's balance changes."""

    EARNING = "earning"
    REFUND_REVERSAL = "refund_reversal"


class SellerTransfer(Base):
    """One entry of a seller's balance, for one order; rows are only ever added.

    `gross` is the money that passed through here (0 where the seller collected cash itself), signed:
    an earning is positive, a reversal negative, and so are `commission` and `withheld`, what is kept of
    it. `net = gross - commission - withheld` is what the seller's balance rises by. `cause`
    ("order:5", "refund:7") writes it once.
    """

    __tablename__ = "seller_transfer"
    __table_args__ = (
        sa.UniqueConstraint("cause", "kind"),
        sa.CheckConstraint("net = gross - commission - withheld", name="net"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    producer_id: Mapped[int] = mapped_column(sa.ForeignKey("producer.id"), index=True)
    order_id: Mapped[int] = mapped_column(sa.ForeignKey("order.id"), index=True)
    kind: Mapped[TransferKind]
    cause: Mapped[str] = mapped_column(sa.String(40))
    gross: Mapped[int] = mapped_column(sa.BigInteger)
    commission: Mapped[int] = mapped_column(sa.BigInteger)
    withheld: Mapped[int] = mapped_column(sa.BigInteger)
    net: Mapped[int] = mapped_column(sa.BigInteger)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    payout_id: Mapped[int | None] = mapped_column(sa.ForeignKey("seller_payout.id"), index=True)

    order: Mapped[Order] = relationship(lazy="raise")


class PayoutState(StrEnum):
    """Where a payout stands; a returned one fails, and its transfers are owed again."""

    PENDING = "pending"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"


class SellerPayout(Base):
    """Money paid out to a seller: the sum of the transfers that name it; none names a failed one.

    A seller has at most one open payout (the partial unique index says so). `reference` is the bank's.
    """

    __tablename__ = "seller_payout"
    __table_args__ = (
        sa.CheckConstraint("amount > 0", name="amount"),
        sa.CheckConstraint("(state IN ('completed', 'failed')) = (done_at IS NOT NULL)", name="done"),
        sa.CheckConstraint("state <> 'completed' OR reference IS NOT NULL", name="reference"),
        sa.Index(
            "uq_seller_payout_open",
            "producer_id",
            unique=True,
            sqlite_where=sa.text("state IN ('pending', 'processing')"),
            postgresql_where=sa.text("state IN ('pending', 'processing')"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    producer_id: Mapped[int] = mapped_column(sa.ForeignKey("producer.id"), index=True)
    amount: Mapped[int] = mapped_column(sa.BigInteger)
    state: Mapped[PayoutState]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    reference: Mapped[str | None] = mapped_column(sa.String(120))
    failure: Mapped[str | None] = mapped_column(sa.String(300))


class PayoutAccount(Base):
    """Where a producer wants its money: the bank's BIN, the account, its holder as the bank writes it."""

    __tablename__ = "payout_account"

    producer_id: Mapped[int] = mapped_column(sa.ForeignKey("producer.id"), primary_key=True)
    bank_bin: Mapped[str] = mapped_column(sa.String(6))
    account: Mapped[str] = mapped_column(sa.String(19))
    holder: Mapped[str] = mapped_column(sa.String(100))
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)

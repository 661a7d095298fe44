"""Which lots are on a seller's shelf, which went into which order, and what a recall does to orders."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.database import Base, UtcDateTime
from marketplace.traceability.lots.models import Lot


class LotStock(Base):
    """How many packs of a lot are still on the shelf, in sale units; the stock item decides what is sold.

    `quarantined` counts those that a recall took out of trade.
    """

    __tablename__ = "lot_stock"
    __table_args__ = (
        sa.CheckConstraint("remaining >= 0 AND quarantined >= 0", name="counts"),
        sa.Index("ix_lot_stock_variant", "variant_id", "lot_id"),
    )

    lot_id: Mapped[int] = mapped_column(sa.ForeignKey("lot.id"), primary_key=True)
    variant_id: Mapped[int] = mapped_column(sa.ForeignKey("variant.id"))
    remaining: Mapped[int]
    quarantined: Mapped[int] = mapped_column(default=0)

    lot: Mapped[Lot] = relationship(lazy="raise")


class OrderLineLot(Base):
    """So many units of an order line taken from a lot when it was packed; first expired, first out.

    `sent` of them left with a parcel that did not come back: those stay on record for good, also when the
    buyer returns them, for a recall must find who held them. `returned` counts those that a return put on
    the shelf of this lot again.
    """

    __tablename__ = "order_line_lot"
    __table_args__ = (
        sa.CheckConstraint("quantity > 0", name="quantity"),
        sa.CheckConstraint("sent >= 0 AND sent <= quantity", name="sent"),
        sa.CheckConstraint("returned >= 0 AND returned <= sent", name="returned"),
    )

    order_line_id: Mapped[int] = mapped_column(sa.ForeignKey("order_line.id"), primary_key=True)
    lot_id: Mapped[int] = mapped_column(sa.ForeignKey("lot.id"), primary_key=True, index=True)
    quantity: Mapped[int]
    sent: Mapped[int] = mapped_column(default=0)
    returned: Mapped[int] = mapped_column(default=0, server_default=sa.text("0"))

    lot: Mapped[Lot] = relationship(lazy="raise")

    @property
    def waiting(self) -> int:
        """Return how many units were taken and are not sent."""
        return self.quantity - self.sent

    @property
    def out(self) -> int:
        """Return how many units were sent and did not come back to this lot."""
        return self.sent - self.returned


class OrderFreeze(Base):
    """A placed order that a recall in force forbids to send on; the row goes when the recall is lifted."""

    __tablename__ = "order_freeze"

    order_id: Mapped[int] = mapped_column(sa.ForeignKey("order.id"), primary_key=True)
    recall_id: Mapped[int] = mapped_column(sa.ForeignKey("recall.id"), primary_key=True, index=True)
    frozen_at: Mapped[datetime] = mapped_column(UtcDateTime)


class RecallTold(Base):
    """That the buyer of an order is told of a recall; a second round tells nobody twice.

    `written_at` is when the letters went out; who was not written to yet needs none of its end.
    """

    __tablename__ = "recall_told"

    recall_id: Mapped[int] = mapped_column(sa.ForeignKey("recall.id"), primary_key=True)
    order_id: Mapped[int] = mapped_column(sa.ForeignKey("order.id"), primary_key=True, index=True)
    told_at: Mapped[datetime] = mapped_column(UtcDateTime)
    written_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

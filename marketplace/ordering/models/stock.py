"""What is on the shelf, what moved it, and what is held for drafts."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.database import Base, UtcDateTime


class StockItem(Base):
    """How much of a variant there is: on the shelf, and promised to orders; in sale units.

    What can still be sold is `on_hand - allocated - reserved`, and never negative.
    """

    __tablename__ = "stock_item"
    __table_args__ = (
        sa.CheckConstraint("allocated >= 0 AND reserved >= 0", name="promises"),
        sa.CheckConstraint("on_hand - allocated - reserved >= 0", name="never_oversold"),
    )

    variant_id: Mapped[int] = mapped_column(sa.ForeignKey("variant.id"), primary_key=True)
    on_hand: Mapped[int]
    allocated: Mapped[int] = mapped_column(default=0)
    reserved: Mapped[int] = mapped_column(default=0)
    sample: Mapped[bool] = mapped_column(default=False)

    @property
    def available(self) -> int:
        """Return how many can still be sold."""
        return self.on_hand - self.allocated - self.reserved


class MovementKind(StrEnum):
    """Why a stock figure changed."""

    RECEIVED = "received"
    ALLOCATED = "allocated"
    SHIPPED = "shipped"
    RELEASED = "released"
    ADJUSTED = "adjusted"


class StockMovement(Base):
    """One change of a stock figure, with its cause; rows are only ever added.

    `cause` names what led to it ("order:5", "fulfillment:9", "return:3"), and does so once for each
    variant and kind; None for what people do by hand, where `reason` says why.
    """

    __tablename__ = "stock_movement"
    __table_args__ = (sa.UniqueConstraint("cause", "variant_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    variant_id: Mapped[int] = mapped_column(sa.ForeignKey("stock_item.variant_id"), index=True)
    kind: Mapped[MovementKind]
    quantity: Mapped[int]
    order_id: Mapped[int | None] = mapped_column(sa.ForeignKey("order.id"), index=True)
    cause: Mapped[str | None] = mapped_column(sa.String(40))
    reason: Mapped[str | None] = mapped_column(sa.String(200))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class StockReservation(Base):
    """Units held for a draft order until a moment; they count in `StockItem.reserved` while the row stands.

    Activity of the buyer moves `expires_at`, never beyond `latest`.
    """

    __tablename__ = "stock_reservation"
    __table_args__ = (
        sa.UniqueConstraint("order_id", "variant_id"),
        sa.CheckConstraint("quantity > 0", name="quantity"),
        sa.CheckConstraint("expires_at <= latest", name="capped"),
        sa.Index("ix_stock_reservation_variant_expiry", "variant_id", "expires_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(sa.ForeignKey("order.id"))
    variant_id: Mapped[int] = mapped_column(sa.ForeignKey("stock_item.variant_id"))
    quantity: Mapped[int]
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    latest: Mapped[datetime] = mapped_column(UtcDateTime)

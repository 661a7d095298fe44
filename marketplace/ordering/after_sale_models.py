"""What becomes of an order beside its sending: returns, invoices, commission; terms as in the field."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.database import Base, UtcDateTime
from marketplace.media.models import Picture
from marketplace.ordering.models import Order, OrderLine


class ReturnState(StrEnum):
    """Where a return stands."""

    REQUESTED = "requested"
    APPROVED = "approved"
    RECEIVED = "received"
    REFUNDED = "refunded"
    CANCELED = "canceled"


class ReturnReason(StrEnum):
    """Why a buyer sends goods back."""

    DAMAGED = "damaged"
    WRONG_GOODS = "wrong_goods"
    NOT_AS_DESCRIBED = "not_as_described"
    PAST_USE_BY = "past_use_by"
    RECALLED = "recalled"
    CHANGED_MIND = "changed_mind"


class Return(Base):
    """Goods of a delivered order that a buyer wants to give back; `refund_amount` is đồng, once agreed."""

    __tablename__ = "return"
    __table_args__ = (sa.CheckConstraint("refund_amount >= 0", name="refund_amount"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(sa.ForeignKey("order.id"), index=True)
    state: Mapped[ReturnState]
    reason: Mapped[ReturnReason]
    words: Mapped[str] = mapped_column(sa.String(1000))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    received_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    refunded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answer: Mapped[str | None] = mapped_column(sa.String(1000))
    refund_amount: Mapped[int | None] = mapped_column(sa.BigInteger)
    restocked: Mapped[bool] = mapped_column(default=False)

    order: Mapped[Order] = relationship(lazy="raise")
    lines: Mapped[list["ReturnLine"]] = relationship(order_by="ReturnLine.order_line_id", lazy="raise")
    pictures: Mapped[list["ReturnPicture"]] = relationship(order_by="ReturnPicture.position", lazy="raise")


class ReturnLine(Base):
    """So many units of an order line that are to come back."""

    __tablename__ = "return_line"
    __table_args__ = (sa.CheckConstraint("quantity > 0", name="quantity"),)

    return_id: Mapped[int] = mapped_column(sa.ForeignKey("return.id"), primary_key=True)
    order_line_id: Mapped[int] = mapped_column(sa.ForeignKey("order_line.id"), primary_key=True)
    quantity: Mapped[int]

    line: Mapped[OrderLine] = relationship(lazy="raise")


class ReturnPicture(Base):
    """A photograph that a buyer sent with a return; never public."""

    __tablename__ = "return_picture"

    return_id: Mapped[int] = mapped_column(sa.ForeignKey("return.id"), primary_key=True)
    picture_id: Mapped[int] = mapped_column(sa.ForeignKey("picture.id"), primary_key=True)
    position: Mapped[int]

    picture: Mapped[Picture] = relationship(lazy="raise")


class InvoiceRequest(Base):
    """To whom the sellers of an order group are to issue their invoices (hoá đơn; NĐ 254/2026)."""

    __tablename__ = "invoice_request"

    group_id: Mapped[int] = mapped_column(sa.ForeignKey("order_group.id"), primary_key=True)
    company: Mapped[str] = mapped_column(sa.String(200))
    tax_code: Mapped[str] = mapped_column(sa.String(14))
    address: Mapped[str] = mapped_column(sa.String(300))
    email: Mapped[str] = mapped_column(sa.String(254))


class CommissionLine(Base):
    """The commission on an order line, frozen at sale: never derived again, no part of what the buyer pays.

    `rate` is in hundredths of a percent, amounts are đồng.
    """

    __tablename__ = "commission_line"
    __table_args__ = (
        sa.CheckConstraint("rate BETWEEN 0 AND 10000", name="rate"),
        sa.CheckConstraint("amount BETWEEN 0 AND base", name="amount"),
    )

    order_line_id: Mapped[int] = mapped_column(sa.ForeignKey("order_line.id"), primary_key=True)
    base: Mapped[int] = mapped_column(sa.BigInteger)
    rate: Mapped[int]
    amount: Mapped[int] = mapped_column(sa.BigInteger)


class BackInStockWish(Base):
    """Somebody who wants to be told, once, when a variant can be bought again."""

    __tablename__ = "back_in_stock_wish"
    __table_args__ = (sa.UniqueConstraint("variant_id", "contact"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    variant_id: Mapped[int] = mapped_column(sa.ForeignKey("variant.id"))
    contact: Mapped[str] = mapped_column(sa.String(254), index=True)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)

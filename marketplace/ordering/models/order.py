"""What was ordered at one checkout, the parcels it falls into, and how they were sent."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.database import Base, UtcDateTime
from marketplace.ordering.models.order_states import CancelReason, OrderStatus, PaymentMethod


class OrderGroup(Base):
    """What one buyer ordered at one checkout, from one or several producers.

    Every checkout page has a key of its own, kept as its SHA-256 in `submit_hash`, so that a
    doubled submission finds the first order. The order opens by `number` and a token of 128 bits,
    kept as its SHA-256. Amounts are đồng. `allowance_held` says that the group counts among the
    unconfirmed orders of its telephone number. `placed_at` is when the checkout page was submitted.
    """

    __tablename__ = "order_group"
    __table_args__ = (
        sa.CheckConstraint("total = goods_total + shipping_total", name="total"),
        sa.CheckConstraint("goods_total >= 0 AND shipping_total >= 0", name="amounts"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(20), unique=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64))
    submit_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    placed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    payment_method: Mapped[PaymentMethod]
    allowance_held: Mapped[bool] = mapped_column(default=False)
    buyer_name: Mapped[str] = mapped_column(sa.String(100))
    buyer_phone: Mapped[str] = mapped_column(sa.String(15), index=True)
    buyer_email: Mapped[str | None] = mapped_column(sa.String(254))
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    ship_address: Mapped[str] = mapped_column(sa.String(200))
    ship_commune_id: Mapped[int] = mapped_column(sa.ForeignKey("admin_unit.id"))
    ship_place: Mapped[str] = mapped_column(sa.String(200))
    note: Mapped[str | None] = mapped_column(sa.String(500))
    goods_total: Mapped[int] = mapped_column(sa.BigInteger)
    shipping_total: Mapped[int] = mapped_column(sa.BigInteger)
    total: Mapped[int] = mapped_column(sa.BigInteger)

    orders: Mapped[list["Order"]] = relationship(
        back_populates="group", order_by="Order.position", lazy="raise"
    )


class Order(Base):
    """One producer's part of an order group: one parcel, one seller; amounts are đồng.

    `position` numbers the parcels of a group from 1. The seller, the fee and the days of delivery
    are copies of what the buyer was shown. `confirm_by` is until when the seller has to answer,
    `reminded_at` when it was told that this is over, `pickup` that the buyer fetches the goods there,
    `packed_at` that they stand ready.
    """

    __tablename__ = "order"
    __table_args__ = (
        sa.UniqueConstraint("group_id", "position"),
        sa.CheckConstraint("total = goods_total + shipping_fee", name="total"),
        sa.CheckConstraint("goods_total >= 0 AND shipping_fee >= 0", name="amounts"),
        sa.CheckConstraint("(status = 'canceled') = (canceled_at IS NOT NULL)", name="cancellation"),
        sa.CheckConstraint("status <> 'placed' OR placed_at IS NOT NULL", name="placing"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(sa.ForeignKey("order_group.id"), index=True)
    position: Mapped[int]
    producer_id: Mapped[int] = mapped_column(sa.ForeignKey("producer.id"), index=True)
    status: Mapped[OrderStatus]
    placed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    confirm_by: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    packed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    canceled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cancel_reason: Mapped[CancelReason | None]
    cancel_words: Mapped[str | None] = mapped_column(sa.String(300))
    pickup: Mapped[bool] = mapped_column(default=False, server_default=sa.text("false"))
    seller_name: Mapped[str] = mapped_column(sa.String(200))
    seller_address: Mapped[str] = mapped_column(sa.String(600))
    seller_phone: Mapped[str | None] = mapped_column(sa.String(20))
    seller_tax_code: Mapped[str | None] = mapped_column(sa.String(14))
    pickup_address: Mapped[str | None] = mapped_column(sa.String(600))
    pickup_words: Mapped[str | None] = mapped_column(sa.String(300))
    goods_total: Mapped[int] = mapped_column(sa.BigInteger)
    shipping_fee: Mapped[int] = mapped_column(sa.BigInteger)
    days_from: Mapped[int]
    days_to: Mapped[int]
    total: Mapped[int] = mapped_column(sa.BigInteger)

    group: Mapped[OrderGroup] = relationship(back_populates="orders", lazy="raise")
    lines: Mapped[list["OrderLine"]] = relationship(
        back_populates="order", order_by="OrderLine.id", lazy="raise"
    )
    fulfillments: Mapped[list["Fulfillment"]] = relationship(
        back_populates="order", order_by="Fulfillment.position", lazy="raise"
    )


class OrderLine(Base):
    """What was sold, as it was on the day: names, price, VAT, certificate and stars are copies.

    `canceled` counts units that the seller could not send after all while others of the parcel went.
    """

    __tablename__ = "order_line"
    __table_args__ = (
        sa.UniqueConstraint("order_id", "variant_id"),
        sa.CheckConstraint("quantity > 0", name="quantity"),
        sa.CheckConstraint("total = unit_price * quantity", name="total"),
        sa.CheckConstraint("canceled BETWEEN 0 AND quantity", name="canceled"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(sa.ForeignKey("order.id"), index=True)
    variant_id: Mapped[int] = mapped_column(sa.ForeignKey("variant.id"), index=True)
    product_name: Mapped[str] = mapped_column(sa.String(200))
    variant_name: Mapped[str] = mapped_column(sa.String(120))
    sku: Mapped[str] = mapped_column(sa.String(60))
    quantity: Mapped[int]
    canceled: Mapped[int] = mapped_column(default=0, server_default=sa.text("0"))
    unit_price: Mapped[int] = mapped_column(sa.BigInteger)
    vat_percent: Mapped[int]
    total: Mapped[int] = mapped_column(sa.BigInteger)
    stars: Mapped[int | None]
    certified_until: Mapped[date | None]
    certificate_code: Mapped[str | None] = mapped_column(sa.String(120))

    order: Mapped[Order] = relationship(back_populates="lines", lazy="raise")


class Fulfillment(Base):
    """One sending of goods of an order; an order sent in two halves has two. `position` counts from 1.

    Its state is derived: shipped, then delivered, failed (the carrier brings it back) or received back.
    `collected` is what the seller or the carrier took in cash at delivery, in đồng.
    """

    __tablename__ = "fulfillment"
    __table_args__ = (
        sa.UniqueConstraint("order_id", "position"),
        sa.CheckConstraint("delivered_at IS NULL OR failed_at IS NULL", name="one_end"),
        sa.CheckConstraint("collected >= 0", name="collected"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(sa.ForeignKey("order.id"))
    position: Mapped[int]
    carrier: Mapped[str | None] = mapped_column(sa.String(60))
    tracking_number: Mapped[str | None] = mapped_column(sa.String(60))
    shipped_at: Mapped[datetime] = mapped_column(UtcDateTime)
    delivered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    came_back_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    collected: Mapped[int | None] = mapped_column(sa.BigInteger)

    order: Mapped[Order] = relationship(back_populates="fulfillments", lazy="raise")
    lines: Mapped[list["FulfillmentLine"]] = relationship(
        order_by="FulfillmentLine.order_line_id", lazy="raise"
    )


class FulfillmentLine(Base):
    """So many units of an order line in one sending."""

    __tablename__ = "fulfillment_line"
    __table_args__ = (sa.CheckConstraint("quantity > 0", name="quantity"),)

    fulfillment_id: Mapped[int] = mapped_column(sa.ForeignKey("fulfillment.id"), primary_key=True)
    order_line_id: Mapped[int] = mapped_column(sa.ForeignKey("order_line.id"), primary_key=True)
    quantity: Mapped[int]

    line: Mapped[OrderLine] = relationship(lazy="raise")

"""Carts, stock and orders; terms as in the field (OrderGroup, Order, StockItem, StockMovement)."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.catalogue.models import Variant
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


class Cart(Base):
    """A guest's cart; the browser holds the token, the database only its SHA-256.

    `province_id` is where the buyer wants it sent, as far as told: fees depend on it.
    """

    __tablename__ = "cart"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    age_confirmed: Mapped[bool] = mapped_column(default=False)
    province_id: Mapped[int | None] = mapped_column(sa.ForeignKey("admin_unit.id"))
    touched_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)

    lines: Mapped[list["CartLine"]] = relationship(
        back_populates="cart", cascade="all, delete-orphan", lazy="raise"
    )


class CartLine(Base):
    """A variant in a cart, with the price the buyer saw when it went in, in đồng."""

    __tablename__ = "cart_line"
    __table_args__ = (sa.CheckConstraint("quantity BETWEEN 1 AND 999", name="quantity"),)

    cart_id: Mapped[int] = mapped_column(sa.ForeignKey("cart.id"), primary_key=True)
    variant_id: Mapped[int] = mapped_column(sa.ForeignKey("variant.id"), primary_key=True)
    quantity: Mapped[int]
    seen_price: Mapped[int] = mapped_column(sa.BigInteger)

    cart: Mapped[Cart] = relationship(back_populates="lines", lazy="raise")
    variant: Mapped[Variant] = relationship(lazy="raise")


class OrderStatus(StrEnum):
    """The stored status of an order; payment and fulfilment status are derived."""

    DRAFT = "draft"
    PLACED = "placed"
    CANCELED = "canceled"


class PaymentMethod(StrEnum):
    """How an order group is paid: in cash, by a bank transfer with a QR code, or by card."""

    CASH_ON_DELIVERY = "cod"
    VIETQR = "vietqr"
    CARD = "stripe"

    @property
    def paid_first(self) -> bool:
        """Whether an order is only placed once it is paid; the other ways collapse into one step."""
        return self is PaymentMethod.CARD


class CancelReason(StrEnum):
    """Why a parcel is not sent."""

    CUSTOMER = "customer"
    DECLINED = "declined"
    INVENTORY = "inventory"
    RECALLED = "recalled"
    UNPAID = "unpaid"
    EXPIRED = "expired"
    UNDELIVERED = "undelivered"
    STAFF = "staff"


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


class PhoneAllowance(Base):
    """How many cash-on-delivery order groups of a telephone number still wait for a producer's word."""

    __tablename__ = "phone_allowance"
    __table_args__ = (sa.CheckConstraint("unconfirmed BETWEEN 0 AND 3", name="three_at_most"),)

    phone: Mapped[str] = mapped_column(sa.String(15), primary_key=True)
    unconfirmed: Mapped[int]


class LookupAttempt(Base):
    """How often order look-ups were tried in an hour, by address prefix; shared by all processes."""

    __tablename__ = "lookup_attempt"

    origin: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    hour: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    tries: Mapped[int]

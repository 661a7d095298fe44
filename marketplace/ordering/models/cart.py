"""Carts of guests."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.catalogue.models import Variant
from marketplace.database import Base, UtcDateTime


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

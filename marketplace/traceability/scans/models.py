"""Tallies of scans, without personal data, and what they make one suspect."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.catalogue.models import Product
from marketplace.database import Base, UtcDateTime
from marketplace.traceability.codes.models import SerialCode
from marketplace.traceability.lots.models import Lot


class ScanTally(Base):
    """How often codes of a product or lot were opened on a day in Vietnam, by the answer that was given.

    `lot_id` and `province_id` are 0 where there is none: the province is only what a shopper picks.
    """

    __tablename__ = "scan_tally"

    day: Mapped[date] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(primary_key=True, index=True)
    lot_id: Mapped[int] = mapped_column(primary_key=True)
    verdict: Mapped[str] = mapped_column(sa.String(30), primary_key=True)
    province_id: Mapped[int] = mapped_column(primary_key=True)
    count: Mapped[int]


class ScanSalt(Base):
    """The salt of a day, by which devices are told apart that day and never after: it is deleted then."""

    __tablename__ = "scan_salt"

    day: Mapped[date] = mapped_column(primary_key=True)
    salt: Mapped[str] = mapped_column(sa.String(64))


class ScanDevice(Base):
    """A device that opened a serial code on a day: a salted hash that nothing leads back from."""

    __tablename__ = "scan_device"

    serial_id: Mapped[int] = mapped_column(sa.ForeignKey("serial_code.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True, index=True)
    device: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    count: Mapped[int]


class ScanRule(StrEnum):
    """What makes scans suspicious."""

    RATE = "rate"
    SPREAD = "spread"
    SOLD_OUT = "sold_out"
    BEFORE_ACTIVATION = "before_activation"
    VOID = "void"
    AFTER_RECALL = "after_recall"
    FORGED = "forged"
    UNKNOWN_LOT = "unknown_lot"


def _once(name: str, column: str, where: str) -> sa.Index:
    """Return that a rule is broken once by each of one kind; both databases take NULLs for different."""
    told = sa.text(where)
    return sa.Index(
        f"uq_scan_alert_{name}", column, "rule", unique=True, sqlite_where=told, postgresql_where=told
    )


class ScanAlert(Base):
    """A rule that scans of a serial code, of a lot, or of a product without a known lot broke.

    There is one for each; `count` is what it was measured by, `raised_at` when it was raised or came back.
    `seen_count` is what it was measured by when somebody last looked at it. `cleared_at` and `clear_words`
    say that the office found nothing wrong, and why: shoppers are warned no more until it comes back.
    """

    __tablename__ = "scan_alert"
    __table_args__ = (
        _once("serial", "serial_id", "serial_id IS NOT NULL"),
        _once("lot", "lot_id", "serial_id IS NULL AND lot_id IS NOT NULL"),
        _once("product", "product_id", "product_id IS NOT NULL"),
        sa.CheckConstraint("(product_id IS NULL) <> (lot_id IS NULL)", name="subject"),
        sa.CheckConstraint("serial_id IS NULL OR lot_id IS NOT NULL", name="serial"),
        sa.CheckConstraint("(seen_at IS NULL) = (seen_by IS NULL)", name="seen"),
        sa.CheckConstraint("(seen_at IS NULL) = (seen_count IS NULL)", name="seen_count"),
        sa.CheckConstraint("(cleared_at IS NULL) = (clear_words IS NULL)", name="clearing"),
        sa.CheckConstraint("cleared_at IS NULL OR seen_at IS NOT NULL", name="cleared"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int | None] = mapped_column(sa.ForeignKey("product.id"))
    lot_id: Mapped[int | None] = mapped_column(sa.ForeignKey("lot.id"))
    serial_id: Mapped[int | None] = mapped_column(sa.ForeignKey("serial_code.id"), index=True)
    rule: Mapped[ScanRule]
    count: Mapped[int]
    raised_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    seen_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    seen_count: Mapped[int | None]
    cleared_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    clear_words: Mapped[str | None] = mapped_column(sa.String(500))

    product: Mapped[Product | None] = relationship(lazy="raise")
    lot: Mapped[Lot | None] = relationship(lazy="raise")
    serial: Mapped[SerialCode | None] = relationship(lazy="raise")

    @property
    def goods(self) -> Product | None:
        """Return the product whose codes were scanned."""
        return self.lot.product if self.lot is not None else self.product

"""Tallies of scans, without personal data, and what they make one suspect."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

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


class ScanAlert(Base):
    """A rule that scans of a serial code or lot broke, once; `count` is what it was measured by."""

    __tablename__ = "scan_alert"
    __table_args__ = (
        sa.UniqueConstraint("lot_id", "serial_id", "rule"),
        sa.CheckConstraint("(seen_at IS NULL) = (seen_by IS NULL)", name="seen"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    lot_id: Mapped[int] = mapped_column(sa.ForeignKey("lot.id"))
    serial_id: Mapped[int | None] = mapped_column(sa.ForeignKey("serial_code.id"), index=True)
    rule: Mapped[ScanRule]
    count: Mapped[int]
    raised_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    seen_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))

    lot: Mapped[Lot] = relationship(lazy="raise")
    serial: Mapped[SerialCode | None] = relationship(lazy="raise")

"""Inspections with findings, revocations under way, and orders of authorities to take something down."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.accounts.models import Person
from marketplace.catalogue.models import Product
from marketplace.certification.models import Certificate, Decision, RevocationReason
from marketplace.database import Base, UtcDateTime
from marketplace.places.models import AdminUnit
from marketplace.producers.models import Producer


class InspectionKind(StrEnum):
    """Why an inspection was made (article 9)."""

    POST_CHECK = "post_check"
    PERIODIC = "periodic"
    UNANNOUNCED = "unannounced"


class Inspection(Base):
    """An inspection of a producer, of one product or all; `answer_by` is until when findings are mended.

    `phone` is the number under which the office that recorded it answers, where it gave one.
    """

    __tablename__ = "inspection"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("admin_unit.id"), index=True)
    producer_id: Mapped[int] = mapped_column(sa.ForeignKey("producer.id"), index=True)
    product_id: Mapped[int | None] = mapped_column(sa.ForeignKey("product.id"), index=True)
    kind: Mapped[InspectionKind]
    inspected_on: Mapped[date]
    inspectors: Mapped[str] = mapped_column(sa.String(300))
    words: Mapped[str] = mapped_column(sa.Text)
    answer_by: Mapped[date | None]
    closed_on: Mapped[date | None]
    phone: Mapped[str | None] = mapped_column(sa.String(20))
    recorded_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)

    unit: Mapped[AdminUnit] = relationship(lazy="raise")
    producer: Mapped[Producer] = relationship(lazy="raise")
    product: Mapped[Product | None] = relationship(lazy="raise")
    findings: Mapped[list["Finding"]] = relationship(order_by="Finding.id", lazy="raise")


class FindingTopic(StrEnum):
    """What an inspection looks at (article 9)."""

    CRITERIA_KEPT = "criteria_kept"
    MARK_USE = "mark_use"
    INFORMATION = "information"
    ADVERTISING = "advertising"
    SAFETY = "safety"


class Finding(Base):
    """Something an inspection found; `mended_on` once the producer has put it right."""

    __tablename__ = "inspection_finding"

    id: Mapped[int] = mapped_column(primary_key=True)
    inspection_id: Mapped[int] = mapped_column(sa.ForeignKey("inspection.id"), index=True)
    topic: Mapped[FindingTopic]
    words: Mapped[str] = mapped_column(sa.String(1000))
    mended_on: Mapped[date | None]
    mended_words: Mapped[str | None] = mapped_column(sa.String(500))


class RevocationState(StrEnum):
    """What became of a revocation."""

    DRAFTED = "drafted"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"


class Revocation(Base):
    """A certificate to be revoked: drafted by one officer, decided by another (article 8).

    `concluded_on` is the day of the conclusion or of the commune's confirmation; the decision follows
    within 15 days.
    """

    __tablename__ = "revocation"
    __table_args__ = (
        sa.CheckConstraint("decided_by IS NULL OR decided_by <> drafted_by", name="two_people"),
        sa.CheckConstraint("(state = 'decided') = (decision_id IS NOT NULL)", name="decision"),
        sa.CheckConstraint("(state = 'drafted') = (closed_at IS NULL)", name="closed"),
        sa.Index(
            "uq_revocation_open",
            "certificate_id",
            unique=True,
            sqlite_where=sa.text("state = 'drafted'"),
            postgresql_where=sa.text("state = 'drafted'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(sa.ForeignKey("certificate.id"), index=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("admin_unit.id"), index=True)
    inspection_id: Mapped[int | None] = mapped_column(sa.ForeignKey("inspection.id"))
    reason: Mapped[RevocationReason]
    words: Mapped[str] = mapped_column(sa.String(2000))
    concluded_on: Mapped[date]
    state: Mapped[RevocationState] = mapped_column(index=True)
    drafted_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    drafted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decision_id: Mapped[int | None] = mapped_column(sa.ForeignKey("decision.id"))

    certificate: Mapped[Certificate] = relationship(lazy="raise")
    decision: Mapped[Decision | None] = relationship(lazy="raise")
    author: Mapped[Person] = relationship(foreign_keys=[drafted_by], lazy="raise")
    decider: Mapped[Person | None] = relationship(foreign_keys=[decided_by], lazy="raise")


class AuthorityOrder(Base):
    """A demand of an authority to take products off public view within 24 hours (Law 122/2025/QH15).

    `received_at` is when the clock begins, `answered_at` when all of it was done and answered.
    """

    __tablename__ = "authority_order"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("admin_unit.id"), index=True)
    number: Mapped[str] = mapped_column(sa.String(60))
    authority: Mapped[str] = mapped_column(sa.String(200))
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    words: Mapped[str] = mapped_column(sa.String(2000))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answer: Mapped[str | None] = mapped_column(sa.String(2000))
    recorded_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))

    items: Mapped[list["OrderedItem"]] = relationship(order_by="OrderedItem.product_id", lazy="raise")


class OrderedItem(Base):
    """A product that an order names; `taken_down_at` once it is off public view."""

    __tablename__ = "authority_order_item"

    order_id: Mapped[int] = mapped_column(sa.ForeignKey("authority_order.id"), primary_key=True)
    product_id: Mapped[int] = mapped_column(sa.ForeignKey("product.id"), primary_key=True, index=True)
    taken_down_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    product: Mapped[Product] = relationship(lazy="raise")

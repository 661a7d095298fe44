"""Decisions as officers read them off their paper, before a second officer has confirmed them."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.accounts.models import Person
from marketplace.catalogue.models import Product
from marketplace.certification.models import Decision
from marketplace.database import Base, UtcDateTime
from marketplace.places.models import AdminUnit


class PaperState(StrEnum):
    """What became of a draft."""

    DRAFTED = "drafted"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"


class PaperDecision(Base):
    """A decision read off its paper by one officer of a province and confirmed by another.

    It says nothing in public: the decision and its certificates are written when it is confirmed.
    Whoever confirms it is not who drafted it, and the database says so again.
    """

    __tablename__ = "paper_decision"
    __table_args__ = (
        sa.CheckConstraint("confirmed_by IS NULL OR confirmed_by <> drafted_by", name="two_people"),
        sa.CheckConstraint("(state = 'confirmed') = (confirmed_by IS NOT NULL)", name="confirmed_by"),
        sa.CheckConstraint("(state = 'confirmed') = (decision_id IS NOT NULL)", name="decision"),
        sa.CheckConstraint("(state = 'drafted') = (closed_at IS NULL)", name="closed_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("admin_unit.id"), index=True)
    number: Mapped[str] = mapped_column(sa.String(60))
    decided_on: Mapped[date]
    state: Mapped[PaperState] = mapped_column(default=PaperState.DRAFTED, index=True)
    drafted_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    drafted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decision_id: Mapped[int | None] = mapped_column(sa.ForeignKey("decision.id"))

    unit: Mapped[AdminUnit] = relationship(lazy="raise")
    author: Mapped[Person] = relationship(foreign_keys=[drafted_by], lazy="raise")
    confirmer: Mapped[Person | None] = relationship(foreign_keys=[confirmed_by], lazy="raise")
    decision: Mapped[Decision | None] = relationship(lazy="raise")
    awards: Mapped[list["PaperAward"]] = relationship(
        cascade="all, delete-orphan", order_by="PaperAward.id", lazy="raise"
    )


class PaperAward(Base):
    """A product that a drafted decision names, with its stars."""

    __tablename__ = "paper_award"
    __table_args__ = (
        sa.UniqueConstraint("paper_decision_id", "product_id"),
        sa.CheckConstraint("stars BETWEEN 3 AND 5", name="stars"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    paper_decision_id: Mapped[int] = mapped_column(sa.ForeignKey("paper_decision.id"))
    product_id: Mapped[int] = mapped_column(sa.ForeignKey("product.id"), index=True)
    stars: Mapped[int]

    product: Mapped[Product] = relationship(lazy="raise")

"""Decisions before a second officer has confirmed them: read off their paper, or drafted from results."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.accounts.models import Person
from marketplace.catalogue.models import Product
from marketplace.certification.councils.models import CouncilSession
from marketplace.certification.dossiers.models import Dossier
from marketplace.certification.models import Decision
from marketplace.database import Base, UtcDateTime
from marketplace.places.models import AdminUnit


class PaperState(StrEnum):
    """What became of a draft."""

    DRAFTED = "drafted"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"


class PaperKind(StrEnum):
    """What is drafted: a paper as it reads, a decision from results, or a notice that results give none."""

    PAPER = "paper"
    RECOGNITION = "recognition"
    NOTICE = "notice"


class PaperDecision(Base):
    """A decision drafted by one officer of a province and confirmed by another.

    It says nothing in public: the decision and its certificates are written when it is confirmed; a notice
    writes neither. Whoever confirms it is not who drafted it, and the database says so again. What is
    drafted from results has neither number nor day until it is confirmed; `session_id` is the session they
    come from, None where the ministry sent the dossiers back.
    """

    __tablename__ = "paper_decision"
    __table_args__ = (
        sa.CheckConstraint("confirmed_by IS NULL OR confirmed_by <> drafted_by", name="two_people"),
        sa.CheckConstraint("(state = 'confirmed') = (confirmed_by IS NOT NULL)", name="confirmed_by"),
        sa.CheckConstraint(
            "(state = 'confirmed' AND kind <> 'notice') = (decision_id IS NOT NULL)", name="decision"
        ),
        sa.CheckConstraint("(state = 'drafted') = (closed_at IS NULL)", name="closed_at"),
        sa.CheckConstraint("(number IS NULL) = (decided_on IS NULL)", name="number_and_day"),
        sa.CheckConstraint(
            "number IS NOT NULL OR (kind <> 'paper' AND state <> 'confirmed')", name="number_known"
        ),
        sa.CheckConstraint("session_id IS NULL OR kind <> 'paper'", name="session"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("admin_unit.id"), index=True)
    kind: Mapped[PaperKind] = mapped_column(default=PaperKind.PAPER, server_default=PaperKind.PAPER.value)
    session_id: Mapped[int | None] = mapped_column(sa.ForeignKey("council_session.id"), index=True)
    number: Mapped[str | None] = mapped_column(sa.String(60))
    decided_on: Mapped[date | None]
    state: Mapped[PaperState] = mapped_column(default=PaperState.DRAFTED, index=True)
    drafted_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    drafted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decision_id: Mapped[int | None] = mapped_column(sa.ForeignKey("decision.id"))

    unit: Mapped[AdminUnit] = relationship(lazy="raise")
    session: Mapped[CouncilSession | None] = relationship(lazy="raise")
    author: Mapped[Person] = relationship(foreign_keys=[drafted_by], lazy="raise")
    confirmer: Mapped[Person | None] = relationship(foreign_keys=[confirmed_by], lazy="raise")
    decision: Mapped[Decision | None] = relationship(lazy="raise")
    awards: Mapped[list["PaperAward"]] = relationship(
        cascade="all, delete-orphan", order_by="PaperAward.id", lazy="raise"
    )


class PaperAward(Base):
    """A product that a draft names, with its stars; None says that it is not recognised.

    `dossier_id` and the names as printed are there in what is drafted from results; `points` are there too,
    and where a paper of years gone by tells them.
    """

    __tablename__ = "paper_award"
    __table_args__ = (
        sa.UniqueConstraint("paper_decision_id", "product_id"),
        sa.CheckConstraint("stars BETWEEN 3 AND 5", name="stars"),
        sa.CheckConstraint("stars IS NOT NULL OR dossier_id IS NOT NULL", name="dossier"),
        sa.CheckConstraint("(dossier_id IS NULL) = (product_name IS NULL)", name="printed"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    paper_decision_id: Mapped[int] = mapped_column(sa.ForeignKey("paper_decision.id"))
    product_id: Mapped[int] = mapped_column(sa.ForeignKey("product.id"), index=True)
    dossier_id: Mapped[int | None] = mapped_column(sa.ForeignKey("dossier.id"), index=True)
    stars: Mapped[int | None]
    points: Mapped[Decimal | None] = mapped_column(sa.Numeric(5, 2))
    product_name: Mapped[str | None] = mapped_column(sa.String(200))
    holder_name: Mapped[str | None] = mapped_column(sa.String(200))

    product: Mapped[Product] = relationship(lazy="raise")
    dossier: Mapped[Dossier | None] = relationship(lazy="raise")

"""Reports of the public about products and producers."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.catalogue.models import Product
from marketplace.database import Base, UtcDateTime
from marketplace.media.models import Picture
from marketplace.producers.models import Producer


class ReportKind(StrEnum):
    """What is said to be wrong."""

    FAKE = "fake"
    WRONG = "wrong"
    PHOTO = "photo"
    OTHER = "other"


class ReportState(StrEnum):
    """What became of a report."""

    OPEN = "open"
    UPHELD = "upheld"
    DISMISSED = "dismissed"


class ReportReason(StrEnum):
    """Why the desk answered as it did."""

    CORRECTED = "corrected"
    SUSPENDED = "suspended"
    PASSED_ON = "passed_on"
    NOT_FOUND_WRONG = "not_found_wrong"
    NOT_OURS = "not_ours"
    REPEATED = "repeated"

    @property
    def upheld(self) -> bool:
        """Whether the reporter was right."""
        return self in {ReportReason.CORRECTED, ReportReason.SUSPENDED, ReportReason.PASSED_ON}


class Report(Base):
    """A report about a product, a producer, or the `code` of a pack that belongs to nothing known.

    A code may also stand beside the product that it led to.
    `words` are the reporter's, `answer` the desk's. `email` or `phone` is the reporter's, if given,
    and so is the picture, which the desk alone sees.
    """

    __tablename__ = "report"
    __table_args__ = (
        sa.CheckConstraint("product_id IS NULL OR producer_id IS NULL", name="about_one"),
        sa.CheckConstraint(
            "product_id IS NOT NULL OR producer_id IS NOT NULL OR code IS NOT NULL", name="about_something"
        ),
        sa.CheckConstraint("email IS NULL OR phone IS NULL", name="one_contact"),
        sa.CheckConstraint("(state = 'open') = (decided_at IS NULL)", name="decided_at"),
        sa.CheckConstraint("(decided_at IS NULL) = (reason IS NULL)", name="reason"),
        sa.Index(None, "state", "answer_due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int | None] = mapped_column(sa.ForeignKey("product.id"), index=True)
    producer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("producer.id"), index=True)
    code: Mapped[str | None] = mapped_column(sa.String(200))
    kind: Mapped[ReportKind]
    words: Mapped[str] = mapped_column(sa.Text)
    email: Mapped[str | None] = mapped_column(sa.String(254), index=True)
    phone: Mapped[str | None] = mapped_column(sa.String(10), index=True)
    picture_id: Mapped[int | None] = mapped_column(sa.ForeignKey("picture.id"))
    state: Mapped[ReportState] = mapped_column(default=ReportState.OPEN)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answer_due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    reason: Mapped[ReportReason | None]
    answer: Mapped[str | None] = mapped_column(sa.Text)

    product: Mapped[Product | None] = relationship(lazy="raise")
    producer: Mapped[Producer | None] = relationship(lazy="raise")
    picture: Mapped[Picture | None] = relationship(lazy="raise")

    @property
    def about(self) -> str:
        """Return the name of what it is about, or the code where it is about nothing known."""
        named = self.product or self.producer
        return named.name if named is not None else self.code or ""

"""What a producer says of a product of theirs, and how far it is on its way to the public."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.database import Base, UtcDateTime
from marketplace.register import PublicFact


class ListingState(StrEnum):
    """Where a listing stands; what it says is on public view only while it is LIVE."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    DECLINED = "declined"
    LIVE = "live"
    PAUSED = "paused"


class DeclineReason(StrEnum):
    """Why a listing is declined or taken down."""

    PICTURES_UNCLEAR = "pictures_unclear"
    LABEL_INCOMPLETE = "label_incomplete"
    NOT_AS_CERTIFIED = "not_as_certified"
    MISLEADING = "misleading"
    NOT_ALLOWED = "not_allowed"
    OTHER = "other"


class Listing(Base, PublicFact):
    """What a producer adds to a product of the register: words, pictures and packs (gian hàng).

    A product without one shows what the register says and the packs it has. `producer_id` repeats the
    product's producer: every query of a workspace asks for it. `shelf_life_days` counts from the day of
    making. `version` rises with every change, so that of two tabs only the first is heard.
    `live_since` is when it was first let through; None before. `decided_by` is the id of a person,
    who may since have been erased.
    """

    __tablename__ = "listing"
    __table_args__ = (
        sa.CheckConstraint("shelf_life_days > 0", name="shelf_life"),
        sa.CheckConstraint("state <> 'live' OR live_since IS NOT NULL", name="live"),
        sa.CheckConstraint("state <> 'submitted' OR answer_due_at IS NOT NULL", name="answer"),
        sa.CheckConstraint("state <> 'declined' OR decline_reason IS NOT NULL", name="reason"),
        sa.Index(None, "state", "answer_due_at"),
    )

    product_id: Mapped[int] = mapped_column(
        sa.ForeignKey("product.id"), primary_key=True, autoincrement=False
    )
    producer_id: Mapped[int] = mapped_column(sa.ForeignKey("producer.id"), index=True)
    state: Mapped[ListingState] = mapped_column(default=ListingState.DRAFT)
    description: Mapped[str | None] = mapped_column(sa.Text)
    usage_note: Mapped[str | None] = mapped_column(sa.Text)
    storage_note: Mapped[str | None] = mapped_column(sa.Text)
    shelf_life_days: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)
    touched_at: Mapped[datetime] = mapped_column(UtcDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answer_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    live_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by: Mapped[int | None]
    decline_reason: Mapped[DeclineReason | None]
    decline_words: Mapped[str | None] = mapped_column(sa.Text)

    def is_on_view(self) -> bool:
        """Say whether the row is on public view, or was before this change: drafts raise no version."""
        before = sa.inspect(self).attrs.state.history.deleted or ()
        return ListingState.LIVE in {self.state, *before}

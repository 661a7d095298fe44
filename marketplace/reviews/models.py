"""Reviews from delivered orders, and questions with their answers."""

from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.catalogue.models import Product
from marketplace.database import Base, UtcDateTime
from marketplace.media.models import Picture
from marketplace.ordering.models import OrderLine
from marketplace.register import PublicFact


class Shown(StrEnum):
    """Whether a text of the public is on view; moderation hides, and says why."""

    PUBLISHED = "published"
    REPORTED = "reported"
    HIDDEN = "hidden"


class BrokenRule(StrEnum):
    """What a text of the public is hidden for; that it finds fault with the goods is no reason."""

    INSULT = "insult"
    PERSONAL = "personal"
    ADVERTISING = "advertising"
    OFF_TOPIC = "off_topic"


class Review(Base, PublicFact):
    """What a buyer says of goods that were delivered to them; `rating` is from 1 to 5, no star of OCOP.

    `author` is how the buyer wants to be called, `words` may be none. A reported one stays on view until
    the desk has decided.
    """

    __tablename__ = "review"
    __table_args__ = (sa.CheckConstraint("rating BETWEEN 1 AND 5", name="rating"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    order_line_id: Mapped[int] = mapped_column(sa.ForeignKey("order_line.id"), unique=True)
    product_id: Mapped[int] = mapped_column(sa.ForeignKey("product.id"), index=True)
    producer_id: Mapped[int] = mapped_column(sa.ForeignKey("producer.id"), index=True)
    rating: Mapped[int]
    author: Mapped[str] = mapped_column(sa.String(60))
    words: Mapped[str] = mapped_column(sa.String(2000))
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reply: Mapped[str | None] = mapped_column(sa.String(1000))
    replied_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    shown: Mapped[Shown] = mapped_column(default=Shown.PUBLISHED)
    reported_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    report_words: Mapped[str | None] = mapped_column(sa.String(500))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    hidden_because: Mapped[BrokenRule | None]

    line: Mapped[OrderLine] = relationship(lazy="raise")
    product: Mapped[Product] = relationship(lazy="raise")
    pictures: Mapped[list["ReviewPicture"]] = relationship(
        order_by="ReviewPicture.position", cascade="all, delete-orphan", lazy="raise"
    )


class ReviewPicture(Base, PublicFact):
    """A photograph beside a review."""

    __tablename__ = "review_picture"

    review_id: Mapped[int] = mapped_column(sa.ForeignKey("review.id"), primary_key=True)
    picture_id: Mapped[int] = mapped_column(sa.ForeignKey("picture.id"), primary_key=True)
    position: Mapped[int]

    picture: Mapped[Picture] = relationship(lazy="raise")


class Question(Base, PublicFact):
    """What somebody asks about a product, public once its producer has answered.

    `contact`, if left, is told of the answer once and then forgotten.
    """

    __tablename__ = "question"

    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(sa.ForeignKey("product.id"), index=True)
    producer_id: Mapped[int] = mapped_column(sa.ForeignKey("producer.id"), index=True)
    words: Mapped[str] = mapped_column(sa.String(500))
    contact: Mapped[str | None] = mapped_column(sa.String(254))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answer: Mapped[str | None] = mapped_column(sa.String(1000))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    shown: Mapped[Shown] = mapped_column(default=Shown.PUBLISHED)
    reported_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    report_words: Mapped[str | None] = mapped_column(sa.String(500))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    hidden_because: Mapped[BrokenRule | None]

    product: Mapped[Product] = relationship(lazy="raise")

    def is_on_view(self) -> bool:
        """Say whether the public sees it: not before it is answered."""
        return self.answered_at is not None


Voice: TypeAlias = Review | Question
"""What people say on a product's page."""

"""Recalls: trade in a lot, a product or all goods of a producer is stopped, in public."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.catalogue.models import Product
from marketplace.database import Base, UtcDateTime
from marketplace.producers.models import Producer
from marketplace.register import PublicFact
from marketplace.traceability.lots.models import Lot


class RecallScope(StrEnum):
    """What a recall is of."""

    LOT = "lot"
    PRODUCT = "product"
    PRODUCER = "producer"


class RecallReason(StrEnum):
    """Why goods are recalled."""

    CONTAMINATION = "contamination"
    ALLERGEN = "allergen"
    FOREIGN_BODY = "foreign_body"
    QUALITY = "quality"
    LABELLING = "labelling"
    COUNTERFEIT = "counterfeit"
    AUTHORITY = "authority"


class Recall(Base, PublicFact):
    """A recall (thu hồi): in force from `ordered_at` until it is lifted by a second, reasoned act.

    `code` names it in public for ever. `words` say what is wrong, `advice` what to do with the goods.
    `document_number` is of the authority's order, where there is one. The tallies count what the worker
    has done so far: buyers written to, points written to, orders frozen; `done_at` is when it was through.
    `trade_told_at` is when points and producers were written to.
    `resumed_at` says that a lot was taken off the shelf and other lots are sold again: the lot itself stays
    recalled for good.
    """

    __tablename__ = "recall"
    __table_args__ = (
        sa.CheckConstraint("(scope = 'lot') = (lot_id IS NOT NULL)", name="lot"),
        sa.CheckConstraint("(scope = 'product') = (product_id IS NOT NULL)", name="product"),
        sa.CheckConstraint("(scope = 'producer') = (producer_id IS NOT NULL)", name="producer"),
        sa.CheckConstraint("(lifted_at IS NULL) = (lift_words IS NULL)", name="lifting"),
        sa.CheckConstraint("resumed_at IS NULL OR scope = 'lot'", name="resuming"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(20), unique=True)
    scope: Mapped[RecallScope]
    lot_id: Mapped[int | None] = mapped_column(sa.ForeignKey("lot.id"), index=True)
    product_id: Mapped[int | None] = mapped_column(sa.ForeignKey("product.id"), index=True)
    producer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("producer.id"), index=True)
    reason: Mapped[RecallReason]
    words: Mapped[str] = mapped_column(sa.String(1000))
    advice: Mapped[str] = mapped_column(sa.String(1000))
    document_number: Mapped[str | None] = mapped_column(sa.String(60))
    ordered_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    ordered_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    by_office: Mapped[bool]
    lifted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lifted_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    lift_words: Mapped[str | None] = mapped_column(sa.String(1000))
    buyers_told: Mapped[int] = mapped_column(default=0)
    points_told: Mapped[int] = mapped_column(default=0)
    orders_frozen: Mapped[int] = mapped_column(default=0)
    trade_told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    resumed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    lot: Mapped[Lot | None] = relationship(lazy="raise")
    product: Mapped[Product | None] = relationship(lazy="raise")
    producer: Mapped[Producer | None] = relationship(lazy="raise")

    @property
    def subject_id(self) -> int:
        """Return the id of the lot, product or producer that is recalled."""
        subject: int = getattr(self, f"{self.scope.value}_id")
        return subject

    @property
    def in_force(self) -> bool:
        """Whether it has not been lifted."""
        return self.lifted_at is None

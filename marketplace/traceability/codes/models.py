"""Codes that were printed: batches of labels, serial codes, and addresses that a product had before."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.catalogue.models import Product
from marketplace.database import Base, UtcDateTime
from marketplace.traceability.lots.models import Lot


class LabelLevel(StrEnum):
    """Whether each label of a batch has a serial of its own."""

    LOT = "lot"
    ITEM = "item"


class LabelBatch(Base):
    """Labels printed in one go: `count` of them, numbered from `first_number`; `stars` as printed on them.

    `order_key` tells an order that was sent twice (`labels.making.LabelOrder.key_for`).
    """

    __tablename__ = "label_batch"
    __table_args__ = (sa.CheckConstraint("count > 0 AND first_number > 0", name="count"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    lot_id: Mapped[int] = mapped_column(sa.ForeignKey("lot.id"), index=True)
    level: Mapped[LabelLevel]
    format: Mapped[str] = mapped_column(sa.String(20))
    first_number: Mapped[int]
    count: Mapped[int]
    stars: Mapped[int | None]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    reprint_of_id: Mapped[int | None] = mapped_column(sa.ForeignKey("label_batch.id"))
    order_key: Mapped[str | None] = mapped_column(sa.String(64), unique=True)

    lot: Mapped[Lot] = relationship(lazy="raise")


class SerialState(StrEnum):
    """Where a serial code stands: printed, in use on a pack, or void for ever."""

    PRINTED = "printed"
    ACTIVE = "active"
    VOID = "void"


class VoidReason(StrEnum):
    """Why a serial code is void."""

    REPRINTED = "reprinted"
    SPOILT = "spoilt"
    LOST = "lost"
    STOLEN = "stolen"
    UNUSED = "unused"


class SerialCode(Base):
    """One label's own code: `number` is the number that people compare, `serial` goes into AI 21.

    The serial is random and carries a signature; `pin_hash` is of the PIN under the scratch field, if
    any. `seen`, `first_seen_at` and `last_seen_at` are tallies, written in batches after the answer.
    """

    __tablename__ = "serial_code"
    __table_args__ = (
        sa.UniqueConstraint("lot_id", "number"),
        sa.CheckConstraint("(state = 'void') = (voided_at IS NOT NULL)", name="voided"),
        sa.CheckConstraint("(voided_at IS NULL) = (void_reason IS NULL)", name="void_reason"),
        sa.CheckConstraint("state <> 'active' OR activated_at IS NOT NULL", name="activated"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    serial: Mapped[str] = mapped_column(sa.String(20), unique=True)
    lot_id: Mapped[int] = mapped_column(sa.ForeignKey("lot.id"))
    batch_id: Mapped[int] = mapped_column(sa.ForeignKey("label_batch.id"), index=True)
    number: Mapped[int]
    pin_hash: Mapped[str | None] = mapped_column(sa.String(64))
    state: Mapped[SerialState] = mapped_column(default=SerialState.PRINTED)
    activated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    voided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    void_reason: Mapped[VoidReason | None]
    replaced_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("serial_code.id"))
    seen: Mapped[int] = mapped_column(default=0)
    first_seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    pin_asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    lot: Mapped[Lot] = relationship(lazy="raise")


class LabelKey(Base):
    """A key that serials are signed with; kept for ever, because labels are. The newest signs."""

    __tablename__ = "label_key"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(64))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class FormerCode(Base):
    """A GTIN or token that was printed for a product before it got another one: it leads there for ever."""

    __tablename__ = "former_code"

    code: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    product_id: Mapped[int] = mapped_column(sa.ForeignKey("product.id"), index=True)
    replaced_at: Mapped[datetime] = mapped_column(UtcDateTime)

    product: Mapped[Product] = relationship(lazy="raise")

"""What happened to a lot, in the terms of EPCIS 2.0 and CBV 2.0; rows are only ever added."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.database import Base, UtcDateTime
from marketplace.media.models import Picture
from marketplace.register import PublicFact
from marketplace.traceability.lots.models import Lot, LotPaper, MeasureUnit
from marketplace.traceability.zones.models import MaterialZone, Site


class EventKind(StrEnum):
    """Event types of EPCIS 2.0, by their names in JSON."""

    OBJECT = "ObjectEvent"
    TRANSFORMATION = "TransformationEvent"
    AGGREGATION = "AggregationEvent"
    TRANSACTION = "TransactionEvent"


class Action(StrEnum):
    """How an event relates to the life of its objects; transformations have none."""

    ADD = "ADD"
    OBSERVE = "OBSERVE"
    DELETE = "DELETE"


class BizStep(StrEnum):
    """Business steps that the trade here knows: those of CBV 2.0 by their bare names, and two of our own.

    CBV has no step for tending a field or a herd, nor for processing; exports write those two as URIs.
    """

    GROWING = "growing"
    PROCESSING = "processing"

    COMMISSIONING = "commissioning"
    CREATING_CLASS_INSTANCE = "creating_class_instance"
    COLLECTING = "collecting"
    INSPECTING = "inspecting"
    SAMPLING = "sampling"
    PACKING = "packing"
    UNPACKING = "unpacking"
    STORING = "storing"
    HOLDING = "holding"
    SHIPPING = "shipping"
    TRANSPORTING = "transporting"
    RECEIVING = "receiving"
    STOCKING = "stocking"
    RETAIL_SELLING = "retail_selling"
    DECOMMISSIONING = "decommissioning"
    DESTROYING = "destroying"
    OTHER = "other"


class Disposition(StrEnum):
    """Dispositions of CBV 2.0 that the trade here knows."""

    ACTIVE = "active"
    IN_PROGRESS = "in_progress"
    IN_TRANSIT = "in_transit"
    SELLABLE_ACCESSIBLE = "sellable_accessible"
    SELLABLE_NOT_ACCESSIBLE = "sellable_not_accessible"
    CONFORMANT = "conformant"
    NON_CONFORMANT = "non_conformant"
    NON_SELLABLE_OTHER = "non_sellable_other"
    RECALLED = "recalled"
    EXPIRED = "expired"
    DAMAGED = "damaged"
    DESTROYED = "destroyed"
    RETAIL_SOLD = "retail_sold"


class ErrorReason(StrEnum):
    """Why an event is declared wrong (CBV 2.0, error reasons)."""

    DID_NOT_OCCUR = "did_not_occur"
    INCORRECT_DATA = "incorrect_data"


class TraceEvent(Base, PublicFact):
    """One event of a lot, the `position`-th of its chain, counted from 1.

    `event_id` is a URI that the event has in every export; an event of a lot sent twice is known by it.
    Others may use the same for events of theirs: nobody can occupy the identities of somebody else.
    `event_time` happened at a local clock `time_zone_offset` from UTC ("+07:00"). It took place at a
    site, in a zone, or where `place_words` say. `quantity` is in `uom`. `details` are further members of
    an event captured from elsewhere, as EPCIS JSON. An error declaration is an event of its own:
    `declares_wrong_id` names the event that it takes back, and `corrects_id` of a later event the one
    that it replaces. `hash` is the SHA-256 of what the event says together with `previous_hash`.
    """

    __tablename__ = "trace_event"
    __table_args__ = (
        sa.UniqueConstraint("lot_id", "position"),
        sa.UniqueConstraint("lot_id", "event_id"),
        sa.UniqueConstraint("declares_wrong_id"),
        sa.CheckConstraint("position > 0", name="position"),
        sa.CheckConstraint("(position = 1) = (previous_hash IS NULL)", name="chained"),
        sa.CheckConstraint("(declares_wrong_id IS NULL) = (error_reason IS NULL)", name="error_declaration"),
        sa.CheckConstraint("(kind = 'TransformationEvent') = (action IS NULL)", name="action"),
        sa.Index("ix_trace_event_time", "event_time", "biz_step"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    lot_id: Mapped[int] = mapped_column(sa.ForeignKey("lot.id"))
    position: Mapped[int]
    event_id: Mapped[str] = mapped_column(sa.String(120))
    kind: Mapped[EventKind]
    action: Mapped[Action | None]
    biz_step: Mapped[BizStep]
    disposition: Mapped[Disposition | None]
    event_time: Mapped[datetime] = mapped_column(UtcDateTime)
    time_zone_offset: Mapped[str] = mapped_column(sa.String(6), default="+07:00")
    site_id: Mapped[int | None] = mapped_column(sa.ForeignKey("site.id"), index=True)
    zone_id: Mapped[int | None] = mapped_column(sa.ForeignKey("material_zone.id"), index=True)
    place_words: Mapped[str | None] = mapped_column(sa.String(200))
    words: Mapped[str | None] = mapped_column(sa.String(500))
    quantity: Mapped[Decimal | None] = mapped_column(sa.Numeric(14, 3))
    uom: Mapped[MeasureUnit | None]
    details: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    paper_id: Mapped[int | None] = mapped_column(sa.ForeignKey("lot_paper.id"), index=True)
    picture_id: Mapped[int | None] = mapped_column(sa.ForeignKey("picture.id"))
    declares_wrong_id: Mapped[int | None] = mapped_column(sa.ForeignKey("trace_event.id"))
    error_reason: Mapped[ErrorReason | None]
    corrects_id: Mapped[int | None] = mapped_column(sa.ForeignKey("trace_event.id"), index=True)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    previous_hash: Mapped[str | None] = mapped_column(sa.String(64))
    hash: Mapped[str] = mapped_column(sa.String(64))

    lot: Mapped[Lot] = relationship(lazy="raise")
    site: Mapped[Site | None] = relationship(lazy="raise")
    zone: Mapped[MaterialZone | None] = relationship(lazy="raise")
    paper: Mapped[LotPaper | None] = relationship(lazy="raise")
    picture: Mapped[Picture | None] = relationship(lazy="raise")


class EventsOnlyGrow(RuntimeError):
    """An event would be changed or deleted: a defect, never a user's doing."""


def _refuse(mapper: Any, connection: Any, event: TraceEvent) -> None:
    raise EventsOnlyGrow(event.event_id)


sa.event.listen(TraceEvent, "before_update", _refuse)
sa.event.listen(TraceEvent, "before_delete", _refuse)

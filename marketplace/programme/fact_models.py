"""What targets need and no other part of the register keeps; each row names its source and who wrote it."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from marketplace.database import Base, UtcDateTime
from marketplace.producers.models import Producer
from marketplace.register import PublicFact


class Recorded:
    """What an officer wrote down: of which province at its time, from which source, and when.

    `unit_id` is the province of the plan in whose book it stands, which may since have ended.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("admin_unit.id"), index=True)
    source: Mapped[str] = mapped_column(sa.String(400))
    recorded_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class OfProducer(Recorded):
    """A fact of a producer of the province."""

    producer_id: Mapped[int] = mapped_column(sa.ForeignKey("producer.id"), index=True)

    @declared_attr
    def producer(cls: Any) -> Mapped[Producer]:  # noqa: N805 - SQLAlchemy passes the class
        """Return the producer."""
        return relationship(Producer, lazy="raise")


class TrainingSession(Base, PublicFact, Recorded):
    """A training (lớp tập huấn); `officials` is how many people of the programme's offices attended."""

    __tablename__ = "training_session"
    __table_args__ = (sa.CheckConstraint("officials >= 0", name="officials"),)

    topic: Mapped[str] = mapped_column(sa.String(200))
    held_on: Mapped[date]
    officials: Mapped[int]


class TrainingAttendance(Base, PublicFact):
    """A producer sent people to a training."""

    __tablename__ = "training_attendance"

    session_id: Mapped[int] = mapped_column(sa.ForeignKey("training_session.id"), primary_key=True)
    producer_id: Mapped[int] = mapped_column(sa.ForeignKey("producer.id"), primary_key=True, index=True)


class EventKind(StrEnum):
    """Kinds of trade promotion (xúc tiến thương mại)."""

    FAIR = "fair"
    CONFERENCE = "conference"
    MATCHING = "matching"


class EventReach(StrEnum):
    """Where an event took place."""

    IN_PROVINCE = "in_province"
    IN_COUNTRY = "in_country"
    ABROAD = "abroad"


class TradeEvent(Base, PublicFact, Recorded):
    """A fair, conference or meeting of supply and demand that the province took part in."""

    __tablename__ = "trade_event"

    name: Mapped[str] = mapped_column(sa.String(200))
    kind: Mapped[EventKind]
    reach: Mapped[EventReach]
    started_on: Mapped[date]


class TradeEventParticipant(Base, PublicFact):
    """A producer took part in an event."""

    __tablename__ = "trade_event_participant"

    event_id: Mapped[int] = mapped_column(sa.ForeignKey("trade_event.id"), primary_key=True)
    producer_id: Mapped[int] = mapped_column(sa.ForeignKey("producer.id"), primary_key=True, index=True)


class ChannelKind(StrEnum):
    """Ways in which a producer's goods are sold."""

    SUPERMARKET = "supermarket"
    CONVENIENCE = "convenience"
    ECOMMERCE = "ecommerce"
    EXPORT = "export"
    AGENT = "agent"
    OWN_SHOP = "own_shop"


class ChannelPresence(Base, PublicFact, OfProducer):
    """A producer sells through a channel from a day on, until `ended_on` where it has ended."""

    __tablename__ = "channel_presence"
    __table_args__ = (sa.CheckConstraint("started_on <= ended_on", name="term"),)

    kind: Mapped[ChannelKind]
    partner: Mapped[str] = mapped_column(sa.String(160))
    started_on: Mapped[date]
    ended_on: Mapped[date | None]

"""What targets need and no other part of the register keeps; each row names its source and who wrote it."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from marketplace.catalogue.models import Product
from marketplace.database import Base, UtcDateTime
from marketplace.places.models import AdminUnit
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


class VillageRelation(StrEnum):
    """What ties a product to a craft village."""

    MADE_IN = "made_in"
    MATERIAL_FROM = "material_from"


class CraftVillage(Base, PublicFact, Recorded):
    """A recognised craft or traditional village (làng nghề) of a district of its time."""

    __tablename__ = "craft_village"
    __table_args__ = (sa.UniqueConstraint("unit_id", "name"),)

    name: Mapped[str] = mapped_column(sa.String(160))
    district_id: Mapped[int] = mapped_column(sa.ForeignKey("admin_unit.id"), index=True)
    recognised_on: Mapped[date]

    district: Mapped[AdminUnit] = relationship(
        foreign_keys=lambda: [CraftVillage.__table__.c.district_id], lazy="raise"
    )


class CraftVillageProduct(Base, PublicFact):
    """A product is made in a craft village, or of its material."""

    __tablename__ = "craft_village_product"

    village_id: Mapped[int] = mapped_column(sa.ForeignKey("craft_village.id"), primary_key=True)
    product_id: Mapped[int] = mapped_column(sa.ForeignKey("product.id"), primary_key=True, index=True)
    relation: Mapped[VillageRelation]


class RightKind(StrEnum):
    """Kinds of intellectual property rights."""

    TRADEMARK = "trademark"
    COLLECTIVE_MARK = "collective_mark"
    CERTIFICATION_MARK = "certification_mark"
    GEOGRAPHICAL_INDICATION = "geographical_indication"
    DESIGN = "design"
    PATENT = "patent"
    COPYRIGHT = "copyright"


class IPRight(Base, PublicFact, OfProducer):
    """An intellectual property right (quyền sở hữu trí tuệ), granted where `granted_on` says so."""

    __tablename__ = "ip_right"
    __table_args__ = (sa.CheckConstraint("filed_on <= granted_on", name="term"),)

    kind: Mapped[RightKind]
    number: Mapped[str] = mapped_column(sa.String(60))
    filed_on: Mapped[date]
    granted_on: Mapped[date | None]


class ProducerYearStat(Base, PublicFact, OfProducer):
    """What a producer reported of a year: people at work, of them local; figures in whole people."""

    __tablename__ = "producer_year_stat"
    __table_args__ = (
        sa.UniqueConstraint("producer_id", "year"),
        sa.CheckConstraint("local_workers BETWEEN 0 AND workers", name="workers"),
    )

    year: Mapped[int]
    workers: Mapped[int]
    local_workers: Mapped[int]


class SupportKind(StrEnum):
    """What a producer was helped with."""

    MANAGEMENT = "management"
    TECHNOLOGY = "technology"
    PACKAGING = "packaging"
    CENTRAL_DOSSIER = "central_dossier"


class CapacitySupport(Base, PublicFact, OfProducer):
    """Help given to a producer, for one product where `product_id` says so."""

    __tablename__ = "capacity_support"
    __table_args__ = (
        sa.CheckConstraint("kind <> 'central_dossier' OR product_id IS NOT NULL", name="dossier"),
    )

    kind: Mapped[SupportKind]
    product_id: Mapped[int | None] = mapped_column(sa.ForeignKey("product.id"), index=True)
    given_on: Mapped[date]

    product: Mapped[Product | None] = relationship(lazy="raise")


class FlagshipProduct(Base, PublicFact, Recorded):
    """A product that a locality named as its flagship (sản phẩm chủ lực)."""

    __tablename__ = "flagship_product"

    product_id: Mapped[int] = mapped_column(sa.ForeignKey("product.id"), unique=True)
    named_on: Mapped[date]

    product: Mapped[Product] = relationship(lazy="raise")

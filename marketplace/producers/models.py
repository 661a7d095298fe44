"""Producers, the spellings they are known by, and the certificates that they show."""

from datetime import date, datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.database import Base, UtcDateTime
from marketplace.media.models import Picture
from marketplace.places.models import Located
from marketplace.register import PublicFact


class LegalForm(StrEnum):
    """Legal forms of a chủ thể OCOP (Decision 26/2026/QĐ-TTg, article 2.3)."""

    COOPERATIVE = "htx"
    COOPERATIVE_GROUP = "to-hop-tac"
    ENTERPRISE = "doanh-nghiep"
    FARM = "trang-trai"
    HOUSEHOLD = "ho-kinh-doanh"
    WORKSHOP = "co-so-san-xuat"
    ASSOCIATION = "hoi"


class Producer(Base, PublicFact, Located):
    """A subject of the programme (chủ thể OCOP) that holds or held certificates.

    `name_key` is the name in the one spelling that the importer matches by: folded, abbreviations
    written out. `printed_type` is the type as the source states it. `sample_contact` marks a street
    address or telephone that the demo made up. `described_at` is when it last spoke for itself:
    imports leave its contact alone from then on. `visiting_hours` are in its own words. A holiday lasts
    from `holiday_from` to the end of `holiday_until`, calendar days in Vietnam.
    """

    __tablename__ = "producer"
    __table_args__ = (
        sa.CheckConstraint("(holiday_from IS NULL) = (holiday_until IS NULL)", name="holiday_whole"),
        sa.CheckConstraint("holiday_from <= holiday_until", name="holiday_order"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(120), unique=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    name_key: Mapped[str] = mapped_column(sa.String(200), index=True)
    legal_form: Mapped[LegalForm | None]
    printed_type: Mapped[str | None] = mapped_column(sa.String(80))
    phone: Mapped[str | None] = mapped_column(sa.String(20))
    email: Mapped[str | None] = mapped_column(sa.String(120))
    website: Mapped[str | None] = mapped_column(sa.String(200))
    tax_code: Mapped[str | None] = mapped_column(sa.String(14))
    story: Mapped[str | None] = mapped_column(sa.Text)
    described_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    visiting_hours: Mapped[str | None] = mapped_column(sa.String(200))
    holiday_from: Mapped[date | None]
    holiday_until: Mapped[date | None]
    holiday_words: Mapped[str | None] = mapped_column(sa.String(200))
    sample_contact: Mapped[bool] = mapped_column(default=False)
    source_url: Mapped[str | None] = mapped_column(sa.String(400))

    aliases: Mapped[list["ProducerAlias"]] = relationship(
        back_populates="producer", cascade="all, delete-orphan", lazy="raise"
    )
    certificates: Mapped[list["QualityCertificate"]] = relationship(
        lazy="raise", viewonly=True, order_by="QualityCertificate.valid_until.desc(), QualityCertificate.id"
    )
    pictures: Mapped[list["ProducerPicture"]] = relationship(
        lazy="raise", viewonly=True, order_by="ProducerPicture.position, ProducerPicture.picture_id"
    )

    @property
    def can_sell(self) -> bool:
        """Whether the law lets it sell here: a seller's name and address are on every offer."""
        return bool(self.name and self.printed_address)

    def on_holiday(self, day: date) -> bool:
        """Whether it takes no orders on a day."""
        if self.holiday_from is None or self.holiday_until is None:
            return False
        return self.holiday_from <= day <= self.holiday_until

    @property
    def reopens_on(self) -> date | None:
        """Return the first day after its holiday, or None when none is planned."""
        return self.holiday_until + timedelta(days=1) if self.holiday_until else None


class ProducerAlias(Base):
    """Another spelling under which sources print a producer."""

    __tablename__ = "producer_alias"

    id: Mapped[int] = mapped_column(primary_key=True)
    producer_id: Mapped[int] = mapped_column(sa.ForeignKey("producer.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    name_key: Mapped[str] = mapped_column(sa.String(200), index=True)

    producer: Mapped[Producer] = relationship(back_populates="aliases", lazy="raise")


class FormerProducer(Base, PublicFact):
    """A producer that stood in the register twice and was merged: its address leads to the other for ever.

    `number` was its id, `name` its name, and the place where sources put it: importers know it by them, so
    that it does not come back. Neither slug nor id is ever given to another one.
    """

    __tablename__ = "former_producer"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    slug: Mapped[str] = mapped_column(sa.String(120), unique=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    producer_id: Mapped[int] = mapped_column(sa.ForeignKey("producer.id"), index=True)
    merged_at: Mapped[datetime] = mapped_column(UtcDateTime)
    printed_province: Mapped[str | None] = mapped_column(sa.String(80))
    printed_district: Mapped[str | None] = mapped_column(sa.String(80))
    printed_commune: Mapped[str | None] = mapped_column(sa.String(80))
    province_id: Mapped[int | None] = mapped_column(sa.ForeignKey("admin_unit.id"), index=True)
    commune_id: Mapped[int | None] = mapped_column(sa.ForeignKey("admin_unit.id"), index=True)


class QualityKind(StrEnum):
    """Kinds of quality certificates; `OTHER` is named by its `title`."""

    VIETGAP = "vietgap"
    GLOBALGAP = "globalgap"
    ORGANIC = "organic"
    HACCP = "haccp"
    ISO_22000 = "iso22000"
    HALAL = "halal"
    OTHER = "other"


class QualityCertificate(Base, PublicFact):
    """A certificate (giấy chứng nhận chất lượng) as its holder states it: number, issuer, last day.

    Unlike the stars it is not issued here: pages say that the producer showed it. `picture` is a
    photograph of the paper.
    """

    __tablename__ = "quality_certificate"
    __table_args__ = (
        sa.CheckConstraint("valid_from <= valid_until", name="validity"),
        sa.CheckConstraint("(kind = 'other') = (title IS NOT NULL)", name="title"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    producer_id: Mapped[int] = mapped_column(sa.ForeignKey("producer.id"), index=True)
    kind: Mapped[QualityKind]
    title: Mapped[str | None] = mapped_column(sa.String(120))
    number: Mapped[str] = mapped_column(sa.String(60))
    issuer: Mapped[str] = mapped_column(sa.String(160))
    valid_from: Mapped[date | None]
    valid_until: Mapped[date]
    picture_id: Mapped[int | None] = mapped_column(sa.ForeignKey("picture.id"), unique=True)

    picture: Mapped[Picture | None] = relationship(lazy="raise")

    def is_valid(self, day: date) -> bool:
        """Whether it holds on a day; the last day counts to its end."""
        return (self.valid_from is None or self.valid_from <= day) and day <= self.valid_until


class ProducerPicture(Base, PublicFact):
    """A picture on a producer's page, the first one on top; `alt` says what it shows."""

    __tablename__ = "producer_picture"

    picture_id: Mapped[int] = mapped_column(sa.ForeignKey("picture.id"), primary_key=True)
    producer_id: Mapped[int] = mapped_column(sa.ForeignKey("producer.id"), index=True)
    position: Mapped[int]
    alt: Mapped[str] = mapped_column(sa.String(160))

    picture: Mapped[Picture] = relationship(lazy="raise")

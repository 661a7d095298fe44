"""What producers and their places have: craft villages, rights, yearly figures, help, flagship products."""

from datetime import date
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.catalogue.models import Product
from marketplace.database import Base
from marketplace.places.models import AdminUnit
from marketplace.programme.fact_models import OfProducer, Recorded
from marketplace.register import PublicFact


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

"""Where material comes from and where it is worked: material zones, and sites with their location numbers."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.database import Base, UtcDateTime
from marketplace.places.models import Located
from marketplace.producers.models import Producer, QualityKind
from marketplace.register import PublicFact


class MaterialZone(Base, PublicFact, Located):
    """A zone that material comes from (vùng nguyên liệu), with the standard it is certified to.

    `growing_area_code` is its code as issued (mã số vùng trồng). `area_ha` is hectares. The certificate
    is as the producer states it. A zone that lots name is never deleted; `retired_at` ends its use.
    """

    __tablename__ = "material_zone"
    __table_args__ = (
        sa.CheckConstraint("area_ha > 0", name="area"),
        sa.CheckConstraint("valid_from <= valid_until", name="validity"),
        sa.UniqueConstraint("producer_id", "name"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    producer_id: Mapped[int] = mapped_column(sa.ForeignKey("producer.id"))
    name: Mapped[str] = mapped_column(sa.String(120))
    growing_area_code: Mapped[str | None] = mapped_column(sa.String(40))
    crop: Mapped[str] = mapped_column(sa.String(120))
    area_ha: Mapped[Decimal | None] = mapped_column(sa.Numeric(10, 3))
    standard: Mapped[QualityKind | None]
    certificate_number: Mapped[str | None] = mapped_column(sa.String(60))
    certificate_issuer: Mapped[str | None] = mapped_column(sa.String(160))
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sample: Mapped[bool] = mapped_column(default=False)

    producer: Mapped[Producer] = relationship(lazy="raise")

    def is_certified(self, day: date) -> bool:
        """Whether its stated certificate holds on a day; the last day counts to its end."""
        if self.standard is None or self.valid_until is None:
            return False
        return (self.valid_from is None or self.valid_from <= day) and day <= self.valid_until


class SiteKind(StrEnum):
    """What is done at a site."""

    FARM = "farm"
    WORKSHOP = "workshop"
    PACKING = "packing"
    WAREHOUSE = "warehouse"
    LABORATORY = "laboratory"
    SHOP = "shop"


class Site(Base, PublicFact, Located):
    """A place where lots are made, kept or sold; `gln` is its GS1 global location number of 13 digits.

    A site that events name is never deleted; `retired_at` ends its use.
    """

    __tablename__ = "site"
    __table_args__ = (sa.UniqueConstraint("producer_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    producer_id: Mapped[int] = mapped_column(sa.ForeignKey("producer.id"))
    name: Mapped[str] = mapped_column(sa.String(120))
    kind: Mapped[SiteKind]
    gln: Mapped[str | None] = mapped_column(sa.String(13), unique=True)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sample: Mapped[bool] = mapped_column(default=False)

    producer: Mapped[Producer] = relationship(lazy="raise")

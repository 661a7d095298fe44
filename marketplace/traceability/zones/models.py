"""Where material comes from and where it is worked: material zones, and sites with their location numbers."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

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
    `chain_length` and `chain_hash` are the end of its chain (`zones.chain`), `changed_at` is when it last
    came to be told otherwise than at first, apart from the end of its use.
    """

    __tablename__ = "material_zone"
    __table_args__ = (
        sa.CheckConstraint("area_ha > 0", name="area"),
        sa.CheckConstraint("valid_from <= valid_until", name="validity"),
        sa.CheckConstraint("(chain_length = 0) = (chain_hash IS NULL)", name="chain"),
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
    chain_length: Mapped[int] = mapped_column(default=0, server_default=sa.text("0"))
    chain_hash: Mapped[str | None] = mapped_column(sa.String(64))
    changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sample: Mapped[bool] = mapped_column(default=False)

    producer: Mapped[Producer] = relationship(lazy="raise")
    last_line: Mapped["ZoneLine | None"] = relationship(
        primaryjoin=lambda: sa.and_(
            ZoneLine.zone_id == MaterialZone.id, ZoneLine.position == MaterialZone.chain_length
        ),
        foreign_keys=lambda: [ZoneLine.zone_id, ZoneLine.position],
        uselist=False,
        viewonly=True,
        lazy="raise",
    )

    def is_certified(self, day: date) -> bool:
        """Whether its stated certificate holds on a day; the last day counts to its end."""
        if self.standard is None or self.valid_until is None:
            return False
        return (self.valid_from is None or self.valid_from <= day) and day <= self.valid_until


class ZoneLine(Base, PublicFact):
    """What a zone was said to be from an instant on, the `position`-th line of its chain, counted from 1.

    `facts` are what `zones.chain` names; rows are only ever added.
    """

    __tablename__ = "zone_line"
    __table_args__ = (
        sa.CheckConstraint("position > 0", name="position"),
        sa.CheckConstraint("(position = 1) = (previous_hash IS NULL)", name="chained"),
    )

    zone_id: Mapped[int] = mapped_column(sa.ForeignKey("material_zone.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    facts: Mapped[dict[str, str]] = mapped_column(sa.JSON)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    previous_hash: Mapped[str | None] = mapped_column(sa.String(64))
    hash: Mapped[str] = mapped_column(sa.String(64))


class ZoneLinesOnlyGrow(RuntimeError):
    """A line of a zone's chain would be changed or deleted: a defect, never a user's doing."""


def _refuse(mapper: Any, connection: Any, line: ZoneLine) -> None:
    raise ZoneLinesOnlyGrow(line.zone_id)


sa.event.listen(ZoneLine, "before_update", _refuse)
sa.event.listen(ZoneLine, "before_delete", _refuse)


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

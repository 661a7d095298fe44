"""Administrative units with their history, and what it means to be located in one."""

from datetime import date
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from marketplace.database import Base
from marketplace.register import PublicFact
from marketplace.text import fold


class Level(StrEnum):
    """Levels of administration; districts ended on 1 July 2025."""

    PROVINCE = "province"
    DISTRICT = "district"
    COMMUNE = "commune"


class AdminUnit(Base, PublicFact):
    """A province, district or commune (đơn vị hành chính), of today or of the past.

    `key` is the stable identity in shipped data. `code` is the code of Decision 19/2025/QĐ-TTg for
    units of today and the older General Statistics Office code for former ones, where known.
    `valid_from` and `valid_to` are the first and last day of existence; None means unknown or
    open. A unit is of today when `ended` is false. `note` says what is unsure, `source` why we
    believe the dates.
    """

    __tablename__ = "admin_unit"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(60), unique=True)
    code: Mapped[str | None] = mapped_column(sa.String(10))
    level: Mapped[Level]
    kind: Mapped[str] = mapped_column(sa.String(20))
    name: Mapped[str] = mapped_column(sa.String(80))
    slug: Mapped[str] = mapped_column(sa.String(80), index=True)
    name_key: Mapped[str] = mapped_column(sa.String(80), index=True)
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("admin_unit.id"), index=True)
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    ended: Mapped[bool] = mapped_column(default=False)
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    source: Mapped[str | None] = mapped_column(sa.String(300))
    note: Mapped[str | None] = mapped_column(sa.String(300))

    parent: Mapped["AdminUnit | None"] = relationship(remote_side="AdminUnit.id", lazy="raise")

    @property
    def full_name(self) -> str:
        """Return the name with its kind, as addresses write it: `xã Phúc Trạch`, `tỉnh Hà Tĩnh`."""
        return f"{self.kind} {self.name}"


class AdminSuccession(Base):
    """A former unit went, wholly or in part, into a later one.

    `main` marks the successor that an address takes when nothing tells the parts apart.
    """

    __tablename__ = "admin_succession"

    predecessor_id: Mapped[int] = mapped_column(sa.ForeignKey("admin_unit.id"), primary_key=True)
    successor_id: Mapped[int] = mapped_column(sa.ForeignKey("admin_unit.id"), primary_key=True, index=True)
    main: Mapped[bool] = mapped_column(default=False)


class Located:
    """What has an address: the place as printed, the unit it then was, and today's units.

    The printed texts are never changed. `origin_id` is the most specific unit, former or of
    today, that the printed place resolves to; `commune_id` and `province_id` are of today and
    None where that is unsure. The point is approximate when `point_accuracy` says what it is the
    centre of ("commune centroid").
    """

    printed_address: Mapped[str | None] = mapped_column(sa.String(300))
    printed_commune: Mapped[str | None] = mapped_column(sa.String(80))
    printed_district: Mapped[str | None] = mapped_column(sa.String(80))
    printed_province: Mapped[str | None] = mapped_column(sa.String(80))
    origin_id: Mapped[int | None] = mapped_column(sa.ForeignKey("admin_unit.id"), index=True)
    commune_id: Mapped[int | None] = mapped_column(sa.ForeignKey("admin_unit.id"), index=True)
    province_id: Mapped[int | None] = mapped_column(sa.ForeignKey("admin_unit.id"), index=True)
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    point_accuracy: Mapped[str | None] = mapped_column(sa.String(40))

    @declared_attr
    def commune(cls: Any) -> Mapped[AdminUnit | None]:  # noqa: N805 - SQLAlchemy passes the class
        """Return today's commune."""
        return relationship(AdminUnit, foreign_keys=lambda: [cls.commune_id], lazy="raise")

    @declared_attr
    def province(cls: Any) -> Mapped[AdminUnit | None]:  # noqa: N805
        """Return today's province."""
        return relationship(AdminUnit, foreign_keys=lambda: [cls.province_id], lazy="raise")

    @property
    def printed_place(self) -> str:
        """Return the place as the source prints it, most specific part first."""
        parts = (self.printed_commune, self.printed_district, self.printed_province)
        return ", ".join(part for part in parts if part)

    @property
    def full_address(self) -> str:
        """Return the printed address with the printed place, nothing said twice."""
        said = self.printed_address or ""
        places = (self.printed_commune, self.printed_district, self.printed_province)
        more = [place for place in places if place and fold(place) not in fold(said)]
        return ", ".join(part for part in (said, *more) if part)

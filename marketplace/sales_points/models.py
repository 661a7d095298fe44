"""Sales points (điểm giới thiệu và bán sản phẩm OCOP) and what they stock."""

from datetime import date
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.database import Base
from marketplace.places.models import Located
from marketplace.register import PublicFact


class PointLevel(StrEnum):
    """The level that runs a point; districts ended on 1 July 2025 and their points are history."""

    PROVINCE = "province"
    DISTRICT = "district"
    COMMUNE = "commune"


class SalesPoint(Base, PublicFact, Located):
    """A place where OCOP products are introduced and sold (Decision 950/QĐ-BCT of 2023).

    `opening_hours` is in the notation of schema.org (`Mo-Su 07:30-21:00`), None when no source
    tells. `verified_on` is the day somebody last checked that it is open.
    `level` is None where no source tells who runs it.
    """

    __tablename__ = "sales_point"
    __table_args__ = (sa.UniqueConstraint("name_key", "printed_province"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(160), unique=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    name_key: Mapped[str] = mapped_column(sa.String(200))
    phone: Mapped[str | None] = mapped_column(sa.String(20))
    opening_hours: Mapped[str | None] = mapped_column(sa.String(200))
    level: Mapped[PointLevel | None]
    opened_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    verified_on: Mapped[date | None]
    source_url: Mapped[str | None] = mapped_column(sa.String(400))


class SalesPointProduct(Base, PublicFact):
    """A product that a sales point stocks, as last confirmed."""

    __tablename__ = "sales_point_product"

    sales_point_id: Mapped[int] = mapped_column(sa.ForeignKey("sales_point.id"), primary_key=True)
    product_id: Mapped[int] = mapped_column(sa.ForeignKey("product.id"), primary_key=True, index=True)
    confirmed_on: Mapped[date | None]
    sample: Mapped[bool] = mapped_column(default=False)

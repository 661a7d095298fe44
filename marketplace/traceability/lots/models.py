"""Lots, what went into them, and the papers that speak of them."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.catalogue.models import Product, Variant
from marketplace.database import Base, UtcDateTime
from marketplace.media.models import Document, Picture
from marketplace.places.models import AdminUnit
from marketplace.producers.models import Producer
from marketplace.register import PublicFact
from marketplace.traceability.zones.models import MaterialZone


class MeasureUnit(StrEnum):
    """Units of quantities, by their codes in UN/ECE Recommendation 20 as EPCIS writes them."""

    KILOGRAM = "KGM"
    LITRE = "LTR"
    PIECE = "H87"


class Lot(Base, PublicFact):
    """Goods made under the same conditions (lô hàng), or material harvested together.

    A lot of goods belongs to a product and usually to one of its packs; a lot of material has a `name`
    instead. `code` is what stands on the pack (GS1 AI 10). `made_on` is the day it was packed or
    harvested, `use_by` the last day of use, to its end in Vietnam. `quantity` counts packs, or measures
    material in `uom`. `certificate_code` is the certificate that the product had on the day of packing.
    `printed_at` is when its code was first printed: from then on the row stands for ever.
    `recalled_at` is written by recalls alone. `gone_at` says that none of it is left on the shelf.
    `chain_length` and `chain_hash` are written by events alone: how many the lot's chain has, and the hash of
    the last, so that a cut end shows. `form_key` is that of the form that made it, so that a form sent twice
    makes one lot.
    """

    __tablename__ = "lot"
    __table_args__ = (
        sa.UniqueConstraint("product_id", "code"),
        sa.UniqueConstraint("producer_id", "form_key"),
        sa.Index(
            "uq_lot_material_code",
            "producer_id",
            "code",
            unique=True,
            sqlite_where=sa.text("product_id IS NULL"),
            postgresql_where=sa.text("product_id IS NULL"),
        ),
        sa.CheckConstraint("(product_id IS NULL) <> (name IS NULL)", name="goods_or_material"),
        sa.CheckConstraint("variant_id IS NULL OR product_id IS NOT NULL", name="variant"),
        sa.CheckConstraint("quantity > 0", name="quantity"),
        sa.CheckConstraint("made_on <= use_by", name="dates"),
        sa.CheckConstraint("(chain_length = 0) = (chain_hash IS NULL)", name="chain"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    producer_id: Mapped[int] = mapped_column(sa.ForeignKey("producer.id"), index=True)
    product_id: Mapped[int | None] = mapped_column(sa.ForeignKey("product.id"))
    variant_id: Mapped[int | None] = mapped_column(sa.ForeignKey("variant.id"), index=True)
    name: Mapped[str | None] = mapped_column(sa.String(120))
    code: Mapped[str] = mapped_column(sa.String(20))
    made_on: Mapped[date]
    use_by: Mapped[date | None]
    quantity: Mapped[Decimal] = mapped_column(sa.Numeric(14, 3))
    uom: Mapped[MeasureUnit] = mapped_column(default=MeasureUnit.PIECE)
    certificate_code: Mapped[str | None] = mapped_column(sa.String(120))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    printed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    recalled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    gone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    chain_length: Mapped[int] = mapped_column(default=0)
    chain_hash: Mapped[str | None] = mapped_column(sa.String(64))
    form_key: Mapped[str | None] = mapped_column(sa.String(64))
    sample: Mapped[bool] = mapped_column(default=False)

    producer: Mapped[Producer] = relationship(lazy="raise")
    product: Mapped[Product | None] = relationship(lazy="raise")
    variant: Mapped[Variant | None] = relationship(lazy="raise")
    inputs: Mapped[list["LotInput"]] = relationship(
        foreign_keys="LotInput.lot_id", order_by="LotInput.id", lazy="raise", viewonly=True
    )
    papers: Mapped[list["LotPaper"]] = relationship(
        order_by="LotPaper.issued_on, LotPaper.id", lazy="raise", viewonly=True
    )

    @property
    def only_made(self) -> bool:
        """Whether nothing of it was printed or recalled, and nothing but its making stands in its chain."""
        return self.printed_at is None and self.recalled_at is None and self.chain_length == 1

    def is_past_use(self, day: date) -> bool:
        """Whether its last day of use is over on a calendar day in Vietnam."""
        return self.use_by is not None and self.use_by < day


class LotInput(Base, PublicFact):
    """Material that went into a lot: from a zone, from another lot, or bought in; exactly one of the three.

    For bought-in material `bought_from` names the seller and the units say where it came from, if known:
    the share of material from the commune and the province is what criteria 1.1 and 1.2 ask for.
    """

    __tablename__ = "lot_input"
    __table_args__ = (
        sa.CheckConstraint(
            "(CASE WHEN zone_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN source_lot_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN bought_from IS NULL THEN 0 ELSE 1 END) = 1",
            name="one_source",
        ),
        sa.CheckConstraint("source_lot_id IS NULL OR source_lot_id <> lot_id", name="not_itself"),
        sa.CheckConstraint("quantity > 0", name="quantity"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    lot_id: Mapped[int] = mapped_column(sa.ForeignKey("lot.id"), index=True)
    zone_id: Mapped[int | None] = mapped_column(sa.ForeignKey("material_zone.id"), index=True)
    source_lot_id: Mapped[int | None] = mapped_column(sa.ForeignKey("lot.id"), index=True)
    material: Mapped[str] = mapped_column(sa.String(120))
    bought_from: Mapped[str | None] = mapped_column(sa.String(160))
    commune_id: Mapped[int | None] = mapped_column(sa.ForeignKey("admin_unit.id"))
    province_id: Mapped[int | None] = mapped_column(sa.ForeignKey("admin_unit.id"))
    harvested_on: Mapped[date | None]
    quantity: Mapped[Decimal | None] = mapped_column(sa.Numeric(14, 3))
    uom: Mapped[MeasureUnit | None]

    zone: Mapped[MaterialZone | None] = relationship(lazy="raise")
    source_lot: Mapped[Lot | None] = relationship(foreign_keys=[source_lot_id], lazy="raise")
    commune: Mapped[AdminUnit | None] = relationship(foreign_keys=[commune_id], lazy="raise")
    province: Mapped[AdminUnit | None] = relationship(foreign_keys=[province_id], lazy="raise")


class PaperKind(StrEnum):
    """Papers that speak of a lot."""

    LAB_REPORT = "lab_report"
    INSPECTION = "inspection"
    OTHER = "other"


class LotPaper(Base, PublicFact):
    """An inspection or laboratory report of a lot, as a PDF or a photograph; `passed` is its verdict."""

    __tablename__ = "lot_paper"
    __table_args__ = (sa.CheckConstraint("(document_id IS NULL) <> (picture_id IS NULL)", name="one_file"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    lot_id: Mapped[int] = mapped_column(sa.ForeignKey("lot.id"), index=True)
    kind: Mapped[PaperKind]
    title: Mapped[str] = mapped_column(sa.String(160))
    number: Mapped[str | None] = mapped_column(sa.String(60))
    issuer: Mapped[str] = mapped_column(sa.String(160))
    issued_on: Mapped[date]
    passed: Mapped[bool | None]
    words: Mapped[str | None] = mapped_column(sa.String(500))
    document_id: Mapped[int | None] = mapped_column(sa.ForeignKey("document.id"), unique=True)
    picture_id: Mapped[int | None] = mapped_column(sa.ForeignKey("picture.id"), unique=True)

    document: Mapped[Document | None] = relationship(lazy="raise")
    picture: Mapped[Picture | None] = relationship(lazy="raise")


class Portal(StrEnum):
    """Portals of authorities that keep trace data of their own."""

    NATIONAL = "national"
    VERIGOODS = "verigoods"
    CHECKVN = "checkvn"
    OTHER = "other"


class ExternalReference(Base, PublicFact):
    """Where else a product or a lot is on record: a reference of the holder, never a claim of ours."""

    __tablename__ = "external_reference"
    __table_args__ = (sa.UniqueConstraint("product_id", "lot_id", "portal", "reference"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(sa.ForeignKey("product.id"), index=True)
    lot_id: Mapped[int | None] = mapped_column(sa.ForeignKey("lot.id"), index=True)
    portal: Mapped[Portal]
    reference: Mapped[str] = mapped_column(sa.String(120))
    url: Mapped[str | None] = mapped_column(sa.String(300))

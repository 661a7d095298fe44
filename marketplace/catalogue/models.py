"""Products as the register and the shop know them."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.catalogue.listing_models import Listing
from marketplace.catalogue.pictures import ProductPicture
from marketplace.database import Base, UtcDateTime
from marketplace.media.models import Picture
from marketplace.places.models import Located
from marketplace.producers.models import LegalForm, Producer
from marketplace.register import PublicFact


class SalePolicy(StrEnum):
    """How goods of a set may be sold at a distance."""

    NORMAL = "normal"
    AGE_18 = "age_18"
    LICENCE_REQUIRED = "licence_required"
    DISPLAY_ONLY = "display_only"
    BOOKING = "booking"
    LIVE = "live"

    @property
    def orderable(self) -> bool:
        """Whether such goods can be put into a cart; live ones where the seller hands them over itself."""
        return self in {SalePolicy.NORMAL, SalePolicy.AGE_18, SalePolicy.LIVE}


class ClassifiedBy(StrEnum):
    """Who says which group and set a product belongs to; `INFERRED` is a guess by name, not reviewed."""

    SOURCE = "source"
    OURS = "ours"
    INFERRED = "inferred"


class Publication(StrEnum):
    """Whether a product is on public view, apart from the state of its certificate."""

    DRAFT = "draft"
    PUBLISHED = "published"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"


class ProductGroup(Base, PublicFact):
    """One of the six groups (ngành, nhóm sản phẩm) of Decision 26/2026/QĐ-TTg, annex I."""

    __tablename__ = "product_group"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(40), unique=True)
    name: Mapped[str] = mapped_column(sa.String(100))
    name_en: Mapped[str] = mapped_column(sa.String(100))
    strictest_policy: Mapped[SalePolicy]


class ProductSet(Base, PublicFact):
    """One of the 26 sets (bộ sản phẩm); `number` is its place in annex I of the regulation."""

    __tablename__ = "product_set"
    __table_args__ = (sa.UniqueConstraint("regulation_code", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    regulation_code: Mapped[str] = mapped_column(sa.String(20))
    number: Mapped[int]
    slug: Mapped[str] = mapped_column(sa.String(100), unique=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    name_en: Mapped[str] = mapped_column(sa.String(200))
    family: Mapped[str] = mapped_column(sa.String(100))
    agency: Mapped[str] = mapped_column(sa.String(120))
    group_id: Mapped[int] = mapped_column(sa.ForeignKey("product_group.id"))
    sale_policy: Mapped[SalePolicy]

    group: Mapped[ProductGroup] = relationship(lazy="raise")


def policy_of(product_set: ProductSet | None, group: ProductGroup | None) -> SalePolicy:
    """Return how goods so classified may be sold: what is not known is sold as the strictest is."""
    if product_set is not None:
        return product_set.sale_policy
    return group.strictest_policy if group is not None else SalePolicy.DISPLAY_ONLY


PRICE_BAND_STARTS = (0, 50_000, 100_000, 200_000, 500_000)
NO_PRICE_BAND = -1

FACTS = (
    "publication",
    "granted_stars",
    "legal_form",
    "offered",
    "price_band",
    "from_price",
    "certified_until",
    "set_id",
    "group_id",
    "province_id",
    "commune_id",
    "origin_id",
    "name_folded",
)
"""What products are filtered and counted by, in the order of one index; the first five lead, because
grouping by them then needs no sorting."""


def _price_band() -> str:
    whens = (f"WHEN from_price >= {start} THEN {n}" for n, start in enumerate(PRICE_BAND_STARTS))
    return f"CASE {' '.join(reversed(list(whens)))} ELSE {NO_PRICE_BAND} END"


class Product(Base, PublicFact, Located):
    """A product or service of the programme.

    `granted_stars` and `certified_until` are written by certification alone; whether the product
    has stars on a given day is `live_stars(day)`, which everything that shows stars reads.
    `decision_checked` is false when no decision number is on record. `name_folded`, `words_folded`,
    `from_price`, `legal_form` and `offered` repeat facts kept elsewhere, so that lists are
    filtered, ordered and counted in one index, `ix_product_facts`, without reading the rows.
    `price_band` is the place of `from_price` among PRICE_BAND_STARTS, kept by the database itself.
    `ever_certified` is written by certification too: whether any recognition is on record, dated or not.
    `ingredients` and `labels` are as the certificate fixes them. `cover_id` is the first photograph of
    its listing while that is live; None else.
    """

    __tablename__ = "product"
    __table_args__ = (
        sa.CheckConstraint("granted_stars IS NULL OR granted_stars BETWEEN 3 AND 5", name="stars"),
        sa.Index("ix_product_newest", "publication", "published_at", "id"),
        sa.Index("ix_product_facts", *FACTS),
        sa.Index("ix_product_by_name", "publication", "name_folded", "certified_until", "granted_stars"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(160), unique=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    name_en: Mapped[str | None] = mapped_column(sa.String(200))
    name_folded: Mapped[str] = mapped_column(sa.String(200))
    words_folded: Mapped[str] = mapped_column(sa.Text)
    producer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("producer.id"), index=True)
    group_id: Mapped[int | None] = mapped_column(sa.ForeignKey("product_group.id"), index=True)
    set_id: Mapped[int | None] = mapped_column(sa.ForeignKey("product_set.id"), index=True)
    classified_by: Mapped[ClassifiedBy | None]
    legal_form: Mapped[LegalForm | None]
    publication: Mapped[Publication] = mapped_column(default=Publication.PUBLISHED)
    granted_stars: Mapped[int | None]
    certified_until: Mapped[date | None]
    decision_checked: Mapped[bool] = mapped_column(default=False)
    ever_certified: Mapped[bool] = mapped_column(default=False, server_default=sa.text("false"))
    from_price: Mapped[int | None] = mapped_column(sa.BigInteger)
    price_band: Mapped[int] = mapped_column(sa.Computed(_price_band(), persisted=True))
    offered: Mapped[bool] = mapped_column(default=False)
    gtin: Mapped[str | None] = mapped_column(sa.String(14), unique=True)
    trace_token: Mapped[str] = mapped_column(sa.String(32), unique=True)
    story: Mapped[str | None] = mapped_column(sa.Text)
    ingredients: Mapped[str | None] = mapped_column(sa.Text)
    labels: Mapped[str | None] = mapped_column(sa.Text)
    cover_id: Mapped[int | None] = mapped_column(sa.ForeignKey("picture.id"))
    season_from: Mapped[int | None]
    season_to: Mapped[int | None]
    fictitious: Mapped[bool] = mapped_column(default=False)
    source_url: Mapped[str | None] = mapped_column(sa.String(400))
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)

    producer: Mapped[Producer | None] = relationship(lazy="raise")
    group: Mapped[ProductGroup | None] = relationship(lazy="raise")
    set: Mapped[ProductSet | None] = relationship(lazy="raise")
    variants: Mapped[list["Variant"]] = relationship(
        back_populates="product", order_by="Variant.position", lazy="raise"
    )
    aliases: Mapped[list["ProductAlias"]] = relationship(back_populates="product", lazy="raise")
    cover: Mapped[Picture | None] = relationship(lazy="raise")
    listing: Mapped[Listing | None] = relationship(lazy="raise", viewonly=True)
    pictures: Mapped[list[ProductPicture]] = relationship(
        order_by=ProductPicture.position, lazy="raise", viewonly=True
    )

    def live_stars(self, day: date) -> int | None:
        """Return the stars the product has on a Vietnamese calendar day, or None."""
        if self.certified_until is None or self.certified_until < day:
            return None
        return self.granted_stars

    @property
    def sale_policy(self) -> SalePolicy:
        """Return the policy of its set; without a set, the strictest of its group; else display only."""
        return policy_of(self.set, self.group)


class ProductAlias(Base):
    """An outside identifier of a product (a row id of a register); all that were ever used are kept."""

    __tablename__ = "product_alias"

    external_id: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    product_id: Mapped[int] = mapped_column(sa.ForeignKey("product.id"), index=True)

    product: Mapped[Product] = relationship(back_populates="aliases", lazy="raise")


class Uom(StrEnum):
    """Units that contents are sold by."""

    GRAM = "g"
    MILLILITRE = "ml"
    PIECE = "piece"


class Variant(Base, PublicFact):
    """What is actually sold: a size or kind of a product, with a price that includes VAT.

    `price` is in whole đồng. `content` is the net content in `uom`; `weight_g` the parcel weight.
    `sample` marks a price made up for the demo. `waiting` marks a pack of a listing that is not live:
    it is on sale when the listing is, and not before. `halted` is written by recalls alone: nothing of it
    is sold while it stands.
    """

    __tablename__ = "variant"
    __table_args__ = (
        sa.CheckConstraint("price > 0", name="price"),
        sa.CheckConstraint("vat_percent BETWEEN 0 AND 20", name="vat"),
        sa.CheckConstraint("content > 0", name="content"),
        sa.CheckConstraint("weight_g > 0", name="weight"),
        sa.CheckConstraint("NOT (active AND waiting)", name="waiting"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(sa.ForeignKey("product.id"), index=True)
    sku: Mapped[str] = mapped_column(sa.String(60), unique=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    position: Mapped[int] = mapped_column(default=0)
    price: Mapped[int] = mapped_column(sa.BigInteger)
    vat_percent: Mapped[int]
    content: Mapped[Decimal] = mapped_column(sa.Numeric(12, 3))
    uom: Mapped[Uom]
    weight_g: Mapped[int]
    active: Mapped[bool] = mapped_column(default=True)
    waiting: Mapped[bool] = mapped_column(default=False, server_default=sa.text("false"))
    halted: Mapped[bool] = mapped_column(default=False, server_default=sa.text("false"))
    sample: Mapped[bool] = mapped_column(default=False)

    product: Mapped[Product] = relationship(back_populates="variants", lazy="raise")


def live_stars(day: date) -> sa.ColumnElement[int | None]:
    """Return the SQL expression of a product's stars on a day.

    Nothing else reads the granted ones but `prominence(day)`, and counts that split them by
    `certified(day)`.
    """
    return sa.case((Product.certified_until >= day, Product.granted_stars), else_=sa.null())


def certified(day: date) -> sa.ColumnElement[bool]:
    """Return the SQL expression of whether a product has a living certificate on a day."""
    return sa.func.coalesce(Product.certified_until >= day, sa.false())


def prominence(day: date) -> sa.ColumnElement[int]:
    """Return what lists put first by: living certificates, then their stars; 0 without one."""
    return sa.case((Product.certified_until >= day, sa.func.coalesce(Product.granted_stars, 0) + 1), else_=0)

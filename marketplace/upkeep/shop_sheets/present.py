"""What a producer keeps now: products, what their listings say, packs, pictures, stock."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from marketplace.catalogue.listing_models import Listing
from marketplace.catalogue.models import Product, Publication, Variant
from marketplace.catalogue.pictures import ProductPicture
from marketplace.ordering.models import StockItem
from marketplace.text import clean, clean_lines, fold
from marketplace.upkeep.shop_sheets.columns import UNITS, Column

_KEY = re.compile(r"[\w-]{22}")
_UNIT_NAMES = {uom: name for name, uom in UNITS.items()}


@dataclass(frozen=True, slots=True)
class Shelf:
    """A stock figure: so many on the shelf, of which so many are promised to orders."""

    on_hand: int = 0
    promised: int = 0


@dataclass(frozen=True, slots=True)
class Kept:
    """One producer's goods. Products by slug, packs by SKU; both are the producer's own and none else's."""

    products: Mapping[str, Product]
    packs: Mapping[str, Variant]
    shelves: Mapping[int, Shelf]
    by_id: Mapping[int, Product]

    def packs_of(self, product: Product) -> list[Variant]:
        """Return the packs of a product in their order, those off sale included."""
        return sorted(product.variants, key=lambda pack: (pack.position, pack.id))

    def pack_named(self, product: Product, name: str) -> Variant | None:
        """Return a product's pack by what it is called, one on sale before one that is not."""
        named = [pack for pack in self.packs_of(product) if fold(pack.name) == fold(name)]
        return min(named, key=lambda pack: not on_sale(pack), default=None)

    def product_of(self, pack: Variant) -> Product:
        """Return the product of a pack."""
        return self.by_id[pack.product_id]

    def shelf(self, pack: Variant) -> Shelf:
        """Return the stock figure of a pack; one never stocked has none on the shelf."""
        return self.shelves.get(pack.id, Shelf())


def on_sale(pack: Variant) -> bool:
    """Return whether a pack is offered, or will be when its listing is let through."""
    return pack.active or pack.waiting


def load_kept(session: Session, producer_id: int, *, lock: bool = False) -> Kept:
    """Load what a producer keeps; with `lock`, nobody changes it until the commit.

    Locks are taken in the order that other deeds take them in: listings, packs, shelves.
    """
    own = sa.select(Product.id).where(
        Product.producer_id == producer_id, Product.publication != Publication.WITHDRAWN
    )
    if lock:
        _lock(session, own)
    products = session.scalars(
        sa.select(Product)
        .where(Product.id.in_(own))
        .options(
            joinedload(Product.set),
            joinedload(Product.producer),
            joinedload(Product.listing),
            selectinload(Product.variants),
            selectinload(Product.pictures).joinedload(ProductPicture.picture),
        )
        .order_by(Product.name_folded, Product.id)
        .execution_options(populate_existing=True)
    ).all()
    packs = {pack.sku: pack for product in products for pack in product.variants}
    return Kept(
        products={product.slug: product for product in products},
        packs=packs,
        shelves=_load_shelves(session, own),
        by_id={product.id: product for product in products},
    )


def _lock(session: Session, own: sa.Select[int]) -> None:
    packs = sa.select(Variant.id).where(Variant.product_id.in_(own))
    for wanted in (
        sa.select(Listing.product_id).where(Listing.product_id.in_(own)).order_by(Listing.product_id),
        packs.order_by(Variant.id),
        sa.select(StockItem.variant_id).where(StockItem.variant_id.in_(packs)).order_by(StockItem.variant_id),
    ):
        session.execute(wanted.with_for_update(key_share=True)).all()


def _load_shelves(session: Session, own: sa.Select[int]) -> dict[int, Shelf]:
    found = session.execute(
        sa.select(StockItem.variant_id, StockItem.on_hand, StockItem.allocated + StockItem.reserved)
        .join(Variant, Variant.id == StockItem.variant_id)
        .where(Variant.product_id.in_(own))
    )
    return {variant_id: Shelf(on_hand, promised) for variant_id, on_hand, promised in found}


def values_of_product(product: Product) -> dict[Column, Any]:
    """Return what the columns of a product hold."""
    listing: Listing | None = product.listing
    return {
        Column.PRODUCT: product.slug,
        Column.NAME: product.name,
        Column.NAME_EN: product.name_en,
        Column.SET: product.set.name if product.set else None,
        Column.PRODUCER: product.producer.name if product.producer else None,
        Column.INGREDIENTS: product.ingredients,
        Column.LABELS: product.labels,
        Column.DESCRIPTION: _lines(listing.description if listing else None),
        Column.USAGE: _lines(listing.usage_note if listing else None),
        Column.STORAGE: _lines(listing.storage_note if listing else None),
        Column.SHELF_LIFE: listing.shelf_life_days if listing else None,
        Column.PICTURES: tuple(shown.picture.key for shown in product.pictures),
    }


def _lines(said: str | None) -> str | None:
    return clean_lines(said) if said else None


def values_of_pack(pack: Variant, shelf: Shelf) -> dict[Column, Any]:
    """Return what the columns of a pack hold."""
    return {
        Column.SKU: pack.sku,
        Column.PACK: clean(pack.name),
        Column.ON_SALE: on_sale(pack),
        Column.PRICE: pack.price,
        Column.VAT: pack.vat_percent,
        Column.CONTENT: pack.content,
        Column.UNIT: pack.uom,
        Column.WEIGHT: pack.weight_g,
        Column.STOCK: shelf.on_hand,
    }


def list_values(kept: Kept, columns: Sequence[Column]) -> Iterator[dict[Column, Any]]:
    """Yield the rows of a sheet: one for each pack on sale, and one for each product without any.

    What belongs to the product stands in the first of its rows, the code and the name in all.
    """
    packs_matter = Column.PRODUCT not in columns
    for product in kept.products.values():
        of_product = values_of_product(product)
        again = {column: of_product[column] for column in (Column.PRODUCT, Column.NAME)}
        packs = [pack for pack in kept.packs_of(product) if on_sale(pack)]
        for number, pack in enumerate(packs):
            yield {**(again if number else of_product), **values_of_pack(pack, kept.shelf(pack))}
        if not packs and not packs_matter:
            yield of_product


def written(column: Column, value: Any) -> str:
    """Return a value as a cell of text holds it, by which it is read back."""
    if value is None or value == ():
        return ""
    if isinstance(value, bool):
        return "có" if value else "không"
    if column is Column.UNIT:
        return _UNIT_NAMES[value]
    if column is Column.CONTENT:
        return f"{value.normalize():f}".replace(".", ",")
    if isinstance(value, tuple):
        return "; ".join(f"{name}.jpg" if _KEY.fullmatch(name) else name for name in value)
    return str(value)


def told(column: Column, value: Any) -> str:
    """Return a value as a message tells it: large numbers in groups."""
    grouped = isinstance(value, int) and not isinstance(value, bool)
    return f"{value:,}".replace(",", ".") if grouped else written(column, value)

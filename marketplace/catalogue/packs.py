"""The packs a product is sold in, and their prices."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.catalogue.actions import refresh_offer
from marketplace.catalogue.errors import InvalidVariant, SkuTaken
from marketplace.catalogue.models import Product, Uom, Variant
from marketplace.catalogue.prices import note_price

MOST: dict[str, int] = {"price": 10_000_000_000, "content": 100_000_000, "weight_g": 10_000_000}
"""The most đồng, units and grams of a pack: beyond lies a slip of the hand, and what tables can hold."""
LONGEST = {"sku": 60, "name": 120}
"""The most characters of a pack's texts."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Pack:
    """What a variant is: `price` in đồng with VAT, `content` in `uom`, parcel weight in grams."""

    sku: str
    name: str
    price: int
    vat_percent: int
    content: Decimal
    uom: Uom
    weight_g: int
    sample: bool = False


@dataclass(frozen=True, slots=True)
class Pricing:
    """Who gives prices and when, for the price history; `confirmed` marks a jump the owner stood by."""

    at: datetime | None = None
    person_id: int | None = None
    confirmed: bool = False

    def note(self, session: Session, variant: Variant, before: int | None) -> None:
        """Write down the price a variant now has."""
        at = self.at or clock.now()
        note_price(session, variant, before, at=at, person_id=self.person_id, confirmed=self.confirmed)


IMPORTED = Pricing()


def set_variants(
    session: Session,
    product: Product,
    packs: Iterable[Pack],
    *,
    waiting: bool = False,
    pricing: Pricing = IMPORTED,
) -> list[Variant]:
    """Offer a product in exactly these packs, in this order.

    With `waiting`, they are on sale only when their listing goes live; what is on sale now stays so,
    and its packs cannot be among them. A variant is known by its SKU; one that is no longer named is
    switched off and not deleted, because orders refer to it. Raises InvalidVariant and SkuTaken.
    """
    session.flush()
    kept = {v.sku: v for v in session.scalars(sa.select(Variant).where(Variant.product_id == product.id))}
    wanted = [checked(pack) for pack in packs]
    _refuse_taken_skus(session, product, [pack.sku for pack in wanted])
    if waiting:
        _refuse_skus_on_sale(kept, wanted)
    prices = {sku: variant.price for sku, variant in kept.items()}
    for variant in kept.values():
        setattr(variant, "waiting" if waiting else "active", False)
    variants = [_variant(product, kept.get(p.sku), p, place) for place, p in enumerate(wanted)]
    for variant in variants:
        variant.active, variant.waiting = not waiting, waiting
    session.add_all(variants)
    session.flush()
    for variant in variants:
        pricing.note(session, variant, prices.get(variant.sku))
    refresh_offer(session, product)
    return variants


def _refuse_skus_on_sale(kept: Mapping[str, Variant], wanted: Iterable[Pack]) -> None:
    for pack in wanted:
        if pack.sku in kept and kept[pack.sku].active:
            raise SkuTaken(sku=pack.sku)


def checked(pack: Pack) -> Pack:
    """Return a pack that can be sold; raises InvalidVariant naming the field that is wrong."""
    wrong = [column for column, most in MOST.items() if not 0 < getattr(pack, column) <= most]
    wrong += [column for column, most in LONGEST.items() if not 0 < len(getattr(pack, column)) <= most]
    if not 0 <= pack.vat_percent <= 20:
        wrong.append("vat_percent")
    if wrong:
        raise InvalidVariant(field=wrong[0], sku=pack.sku)
    return pack


def _refuse_taken_skus(session: Session, product: Product, skus: list[str]) -> None:
    others = sa.select(Variant.sku).where(Variant.sku.in_(skus), Variant.product_id != product.id)
    taken = session.scalar(others.limit(1))
    repeated = next((sku for sku in skus if skus.count(sku) > 1), None)
    if taken or repeated:
        raise SkuTaken(sku=taken or repeated)


def _variant(product: Product, variant: Variant | None, pack: Pack, position: int) -> Variant:
    variant = variant or Variant(product_id=product.id)
    for column, value in asdict(pack).items():
        setattr(variant, column, value)
    variant.position = position
    return variant


def check_price(variant: Variant, price: int) -> None:
    """Raise InvalidVariant for a price that is none, or beyond all goods."""
    if not 0 < price <= MOST["price"]:
        raise InvalidVariant(field="price", sku=variant.sku)


def reprice(session: Session, variant: Variant, price: int, pricing: Pricing = IMPORTED) -> None:
    """Give a variant a new price in đồng, VAT included, and write it down; raises InvalidVariant.

    A person's new price goes through `listing_content.change_price`, which knows how far it may go.
    """
    check_price(variant, price)
    before, variant.price = variant.price, price
    pricing.note(session, variant, before)
    refresh_offer(session, session.get_one(Product, variant.product_id))

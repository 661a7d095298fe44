"""A price that a register states: what is bought for it is one of the product, no more is known."""

from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Product, Uom, Variant
from marketplace.catalogue.packs import Pack, reprice, set_variants
from marketplace.upkeep.importing.cells import Speaker

VAT_PERCENT = 8
ASSUMED_WEIGHT_G = 1_000


def offer_at(session: Session, product: Product, price: int, say: Speaker) -> bool:
    """Offer one of a product at a stated price in đồng; say whether anything changed.

    The source names neither content nor weight nor VAT: the variant is called `1 sản phẩm`, its
    parcel is taken to weigh a kilogram and its VAT to be at the reduced rate. Samples give way;
    packs that the producer keeps are left alone.
    """
    sku = f"SP{product.id}-1"
    own = sa.select(Variant).where(Variant.product_id == product.id, sa.or_(Variant.active, Variant.waiting))
    variants = list(session.scalars(own))
    stated = next((variant for variant in variants if variant.sku == sku), None)
    if stated is not None:
        if stated.price == price:
            return False
        reprice(session, stated, price)
        return True
    if any(not variant.sample for variant in variants):
        say.doubt("price_vnd", "sản phẩm đã có quy cách và giá của chủ thể; giữ giá đó")
        return False
    pack = Pack(
        sku=sku,
        name="1 sản phẩm",
        price=price,
        vat_percent=VAT_PERCENT,
        content=Decimal(1),
        uom=Uom.PIECE,
        weight_g=ASSUMED_WEIGHT_G,
    )
    set_variants(session, product, [pack])
    return True

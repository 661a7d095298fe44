"""Whose goods a lot is of: a producer makes lots of its own products alone."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Product, Variant
from marketplace.errors import NotFound
from marketplace.traceability.lots.errors import InvalidLot


def get_own_goods(
    session: Session, producer_id: int, product_id: int | None, variant_id: int | None, name: str | None
) -> str:
    """Return the name of what a lot is of; raises NotFound for goods of others, and InvalidLot.

    A lot is of a product, and perhaps of one of its packs, or it is material with a name; never both.
    """
    if (product_id is None) == (name is None) or (product_id is None and variant_id is not None):
        raise InvalidLot(field="product")
    if product_id is None:
        return name or ""
    own = sa.select(Product.name).where(Product.id == product_id, Product.producer_id == producer_id)
    found = session.scalar(own)
    if found is None:
        raise NotFound(product=product_id)
    if variant_id is not None:
        _require_pack(session, product_id, variant_id)
    return found


def _require_pack(session: Session, product_id: int, variant_id: int) -> None:
    pack = sa.select(Variant.id).where(Variant.id == variant_id, Variant.product_id == product_id)
    if session.scalar(pack) is None:
        raise NotFound(variant=variant_id)

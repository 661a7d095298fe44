"""A producer's own products, on public view or not, as its workspace lists them."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from marketplace.catalogue.models import Product, Publication


def list_own_products(session: Session, producer_id: int) -> Sequence[Product]:
    """Return what a producer has that is not withdrawn, by name, with listing, cover and all packs."""
    wanted = (
        sa.select(Product)
        .where(Product.producer_id == producer_id, Product.publication != Publication.WITHDRAWN)
        .options(
            joinedload(Product.listing),
            joinedload(Product.cover),
            joinedload(Product.set),
            joinedload(Product.group),
            selectinload(Product.variants),
        )
        .order_by(Product.name_folded, Product.id)
    )
    return session.scalars(wanted).unique().all()

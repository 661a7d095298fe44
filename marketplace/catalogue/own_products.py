"""A producer's own products, on public view or not, and what it asked to be changed of them."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, joinedload

from marketplace.catalogue.change_requests import ChangeRequest, RequestState
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
            joinedload(Product.variants),
        )
        .order_by(Product.name_folded, Product.id)
    )
    return session.scalars(wanted).unique().all()


def list_change_requests(session: Session, product_id: int) -> Sequence[ChangeRequest]:
    """Return what was ever asked to be changed of a product, the newest first."""
    wanted = sa.select(ChangeRequest).where(ChangeRequest.product_id == product_id)
    return session.scalars(wanted.order_by(ChangeRequest.id.desc())).all()


def list_declined_changes(session: Session, producer_id: int, since: datetime) -> Sequence[ChangeRequest]:
    """Return the requests of a producer that were declined since an instant, with their products.

    Of each product only the newest request counts: who has asked again has read the answer.
    """
    later = aliased(ChangeRequest)
    newest = ~sa.exists().where(later.product_id == ChangeRequest.product_id, later.id > ChangeRequest.id)
    wanted = sa.select(ChangeRequest).where(
        ChangeRequest.producer_id == producer_id,
        ChangeRequest.state == RequestState.DECLINED,
        ChangeRequest.decided_at >= since,
        newest,
    )
    loaded = wanted.options(joinedload(ChangeRequest.product)).order_by(ChangeRequest.decided_at)
    return session.scalars(loaded).all()

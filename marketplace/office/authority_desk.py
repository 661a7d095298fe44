"""Orders of authorities in an officer's provinces: those that wait, and one with what it names."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from marketplace.accounts.permissions import Actor
from marketplace.catalogue.models import Product, Publication
from marketplace.certification.oversight.models import AuthorityOrder, OrderedItem
from marketplace.errors import NotFound
from marketplace.office.recall_search import find_recallable
from marketplace.office.tenancy import Reach

AT_ONCE = 100


def open_orders(reach: Reach) -> sa.Select[Any]:
    """Return the statement of the orders that wait for an answer, those due first on top."""
    wanted = sa.select(AuthorityOrder).where(AuthorityOrder.answered_at.is_(None), _of_provinces(reach))
    return wanted.order_by(AuthorityOrder.due_at, AuthorityOrder.id)


def list_open_orders(work: Session, reach: Reach, most: int = AT_ONCE) -> Sequence[AuthorityOrder]:
    """Return the orders that wait for an answer with their items, those due first on top."""
    wanted = open_orders(reach).options(selectinload(AuthorityOrder.items)).limit(most)
    return work.execute(wanted).scalars().all()


def list_answered_orders(work: Session, reach: Reach) -> Sequence[AuthorityOrder]:
    """Return the orders answered last with their items."""
    wanted = sa.select(AuthorityOrder).where(AuthorityOrder.answered_at.is_not(None), _of_provinces(reach))
    newest = wanted.order_by(AuthorityOrder.answered_at.desc(), AuthorityOrder.id.desc()).limit(AT_ONCE)
    return work.execute(newest.options(selectinload(AuthorityOrder.items))).scalars().all()


def authority_order_in_reach(work: Session, actor: Actor, order_id: int) -> AuthorityOrder:
    """Return an order of the actor's provinces with its products and producers; raises NotFound."""
    named = selectinload(AuthorityOrder.items).joinedload(OrderedItem.product)
    wanted = (
        sa.select(AuthorityOrder)
        .where(AuthorityOrder.id == order_id, _of_provinces(Reach.of(actor)))
        .options(named.joinedload(Product.producer))
        .execution_options(populate_existing=True)
    )
    order: AuthorityOrder | None = work.execute(wanted).scalar_one_or_none()
    if order is None:
        raise NotFound
    return order


def find_nameable(work: Session, reach: Reach, order: AuthorityOrder, words: str) -> list[Product]:
    """Return products of the order's province that words or a code on a pack lead to, not yet on it."""
    known = {item.product_id for item in order.items}
    found = find_recallable(work, reach, words)
    products = {product.id: product for product in found.products}
    products |= {lot.product.id: lot.product for lot in found.lots if lot.product is not None}
    return [
        one
        for one in products.values()
        if one.province_id == order.unit_id
        and one.id not in known
        and one.publication is not Publication.DRAFT
    ]


def _of_provinces(reach: Reach) -> sa.ColumnElement[bool]:
    return sa.true() if reach.everywhere else AuthorityOrder.unit_id.in_(reach.provinces)

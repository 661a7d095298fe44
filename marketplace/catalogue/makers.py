"""Producers worth presenting: those with the most living stars, each with one product."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from marketplace.catalogue.filters import Filters, conditions
from marketplace.catalogue.models import Product, live_stars
from marketplace.catalogue.product_list import Sort, card_relations, sort_keys
from marketplace.database import db
from marketplace.producers.models import Producer
from marketplace.settings import LapsedProducts


@dataclass(frozen=True, slots=True)
class Maker:
    """A producer, how many products of theirs are on view and have stars, and the first of them."""

    producer: Producer
    products: int
    starred: int
    best: Product


def list_makers(
    province_id: int | None, *, day: date, lapsed: LapsedProducts = LapsedProducts.SHOW, most: int = 2
) -> list[Maker]:
    """Return producers, those of a province first, then by their living stars; in one statement."""
    counted = _counted(day, lapsed)
    near = sa.case((Producer.province_id == (province_id or 0), 0), else_=1)
    maker = joinedload(Product.producer)
    wanted = (
        sa.select(Product, counted.c.products, counted.c.starred)
        .join(counted, counted.c.best == Product.id)
        .join(Producer, Producer.id == counted.c.producer_id)
        .order_by(near, counted.c.starred.desc(), counted.c.products.desc(), Producer.id)
        .limit(most)
        .options(*card_relations(), maker.joinedload(Producer.commune), maker.joinedload(Producer.province))
    )
    rows = db.session.execute(wanted).unique()
    return [Maker(_maker_of(best), products, starred, best) for best, products, starred in rows]


def _maker_of(product: Product) -> Producer:
    assert product.producer is not None
    return product.producer


def _counted(day: date, lapsed: LapsedProducts) -> sa.Subquery:
    """Count each producer's products and stars, and find the product that stands first."""
    place = sa.func.row_number().over(partition_by=Product.producer_id, order_by=sort_keys(Sort.DEFAULT, day))
    ranked = (
        sa.select(Product.id, Product.producer_id, live_stars(day).label("stars"), place.label("place"))
        .where(Product.producer_id.is_not(None), *conditions(Filters(), day, lapsed).values())
        .subquery()
    )
    return (
        sa.select(
            ranked.c.producer_id,
            sa.func.count().label("products"),
            sa.func.count(ranked.c.stars).label("starred"),
            sa.func.min(sa.case((ranked.c.place == 1, ranked.c.id))).label("best"),
        )
        .group_by(ranked.c.producer_id)
        .subquery()
    )

"""Producers worth presenting: those with the most living stars, each with one product."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from marketplace.catalogue.filters import Filters, conditions
from marketplace.catalogue.listing import Sort, load_cards, sort_keys
from marketplace.catalogue.models import Product, live_stars
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
    """Return producers, those of a province first, then by their living stars; in two statements."""
    counted = _counted(day, lapsed)
    near = sa.case((Producer.province_id == (province_id or 0), 0), else_=1)
    wanted = (
        sa.select(Producer, counted.c.products, counted.c.starred, counted.c.best)
        .join(counted, counted.c.producer_id == Producer.id)
        .order_by(near, counted.c.starred.desc(), counted.c.products.desc(), Producer.id)
        .limit(most)
        .options(joinedload(Producer.commune), joinedload(Producer.province))
    )
    rows = db.session.execute(wanted).all()
    loaded = {product.id: product for product in load_cards([row.best for row in rows])}
    return [Maker(producer, number, stars, loaded[best]) for producer, number, stars, best in rows]


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

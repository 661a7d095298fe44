"""Sales points as the list and the map show them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.interfaces import LoaderOption

from marketplace.catalogue.models import Product, Publication
from marketplace.database import db
from marketplace.errors import NotFound
from marketplace.sales_points.models import SalesPoint, SalesPointProduct


@dataclass(frozen=True, slots=True)
class MapPoint:
    """A sales point with the number of products on view that it is known to stock."""

    point: SalesPoint
    products: int


def list_points(province_id: int | None, day: date) -> list[MapPoint]:
    """Return the points not closed by a day, in one province or everywhere, from north to south."""
    stocked = (
        sa.select(SalesPointProduct.sales_point_id, sa.func.count().label("products"))
        .join(Product, Product.id == SalesPointProduct.product_id)
        .where(Product.publication == Publication.PUBLISHED)
        .group_by(SalesPointProduct.sales_point_id)
        .subquery()
    )
    wanted = (
        sa.select(SalesPoint, sa.func.coalesce(stocked.c.products, 0))
        .outerjoin(stocked, stocked.c.sales_point_id == SalesPoint.id)
        .where(_open_on(day))
        .options(*_place())
        .order_by(SalesPoint.lat.desc().nulls_last(), SalesPoint.name_key, SalesPoint.id)
    )
    if province_id is not None:
        wanted = wanted.where(SalesPoint.province_id == province_id)
    return [MapPoint(point, products) for point, products in db.session.execute(wanted)]


def count_by_province(day: date) -> dict[int | None, int]:
    """Return how many points there are by the id of today's province; None is where that is unsure."""
    counted = sa.select(SalesPoint.province_id, sa.func.count()).where(_open_on(day))
    return dict(db.session.execute(counted.group_by(SalesPoint.province_id)).all())


def get_point(slug: str) -> SalesPoint:
    """Return a sales point with its place, closed ones too; raise NotFound."""
    point = db.session.scalar(sa.select(SalesPoint).where(SalesPoint.slug == slug).options(*_place()))
    if point is None:
        raise NotFound(sales_point=slug)
    return point


def list_stocked(point_id: int) -> dict[int, date | None]:
    """Return the ids of the products on view that a point stocks, with the day each was confirmed."""
    stocked = (
        sa.select(SalesPointProduct.product_id, SalesPointProduct.confirmed_on)
        .join(Product, Product.id == SalesPointProduct.product_id)
        .where(SalesPointProduct.sales_point_id == point_id, Product.publication == Publication.PUBLISHED)
        .order_by(Product.name_folded)
    )
    return dict(db.session.execute(stocked).all())


def list_points_stocking(product_ids: Collection[int], day: date) -> list[SalesPoint]:
    """Return the points that stock any of these products, by name."""
    stocking = sa.select(SalesPointProduct.sales_point_id).where(
        SalesPointProduct.product_id.in_(product_ids)
    )
    wanted = sa.select(SalesPoint).where(SalesPoint.id.in_(stocking), _open_on(day)).options(*_place())
    return list(db.session.scalars(wanted.order_by(SalesPoint.name_key, SalesPoint.id)))


def _open_on(day: date) -> sa.ColumnElement[bool]:
    return sa.or_(SalesPoint.closed_on.is_(None), SalesPoint.closed_on > day)


def _place() -> list[LoaderOption]:
    return [joinedload(SalesPoint.commune), joinedload(SalesPoint.province)]

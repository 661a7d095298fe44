"""Opening and closing sales points."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace import text
from marketplace.places.facts import LAST_OF_DISTRICTS
from marketplace.sales_points.errors import NoDistrictThen
from marketplace.sales_points.models import PointLevel, SalesPoint, SalesPointProduct

SLUG_LENGTH = 150


def name_key(name: str) -> str:
    """Return what equal names of points share: case, diacritics and signs put aside."""
    return text.slugify(name).replace("-", " ")


def open_sales_point(session: Session, name: str, **facts: Any) -> SalesPoint:
    """Put a sales point into the register; `facts` are further columns of SalesPoint."""
    name = text.clean(name)
    point = SalesPoint(slug=_free_slug(session, name), name=name, name_key=name_key(name), **facts)
    session.add(point)
    session.flush()
    return point


def _free_slug(session: Session, name: str) -> str:
    stem = text.slugify(name)[:SLUG_LENGTH].strip("-") or "diem-ban"
    candidates = [stem, *(f"{stem}-{number}" for number in range(2, 100))]
    taken = set(session.scalars(sa.select(SalesPoint.slug).where(SalesPoint.slug.in_(candidates))))
    return next(slug for slug in candidates if slug not in taken)


def stock_product(
    session: Session, point: SalesPoint, product_id: int, confirmed_on: date | None, *, sample: bool = False
) -> None:
    """Note that a point stocks a product, as confirmed on a day; noting it again renews the day."""
    kept = session.get(SalesPointProduct, (point.id, product_id))
    if kept is None:
        kept = SalesPointProduct(sales_point_id=point.id, product_id=product_id, sample=sample)
        session.add(kept)
    kept.confirmed_on = confirmed_on
    session.flush()


def tell_level(session: Session, point: SalesPoint, level: PointLevel, opened_on: date) -> None:
    """Note which level runs a point, and the day it opened.

    Districts are history: raises NoDistrictThen for a day after they ended.
    """
    if level is PointLevel.DISTRICT and opened_on > LAST_OF_DISTRICTS:
        raise NoDistrictThen(field="level", ends=LAST_OF_DISTRICTS)
    point.level, point.opened_on = level, opened_on
    session.flush()

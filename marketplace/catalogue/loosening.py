"""What each condition of a list costs: how many products there were without it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import sqlalchemy as sa

from marketplace.catalogue.filters import Filters, conditions
from marketplace.catalogue.memory import Memory
from marketplace.catalogue.models import Product
from marketplace.database import db
from marketplace.settings import LapsedProducts

KEPT_COUNTS = 256

_counts: Memory[dict[str, int]] = Memory(KEPT_COUNTS)


def count_loosened(
    filters: Filters, *, day: date, lapsed: LapsedProducts = LapsedProducts.SHOW
) -> dict[str, int]:
    """Return how many products each condition alone keeps out of a list, by the condition's name.

    Besides the facets' names there are `words` for what was searched and `origin` for a former
    place. All are counted in one statement.
    """
    return _counts.recall((filters, day, lapsed), lambda: _count(filters, day, lapsed))


def _count(filters: Filters, day: date, lapsed: LapsedProducts) -> dict[str, int]:
    parts = [*_without_facets(filters, day, lapsed), *_without_hits_or_origin(filters, day, lapsed)]
    if not parts:
        return {}
    row = db.session.execute(sa.select(*parts)).one()
    return dict(row._mapping)  # noqa: SLF001  (SQLAlchemy's documented name)


def _without_facets(filters: Filters, day: date, lapsed: LapsedProducts) -> Iterator[sa.ColumnElement[int]]:
    """Yield the counts without each facet's condition, all found in one reading of the products."""
    asked = conditions(filters, day, lapsed)
    always = asked.pop("always")
    columns = []
    for name in asked:
        others = [condition for other, condition in asked.items() if other != name]
        columns.append(sa.func.count(sa.case((sa.and_(sa.true(), *others), 1))).label(name))
    if columns:
        yield from sa.select(*columns).select_from(Product).where(always).subquery().c


def _without_hits_or_origin(
    filters: Filters, day: date, lapsed: LapsedProducts
) -> Iterator[sa.ColumnElement[int]]:
    without = {}
    if filters.product_ids is not None:
        without["words"] = replace(filters, product_ids=None)
    if filters.origin_ids:
        without["origin"] = replace(filters, origin_ids=())
    for name, looser in without.items():
        held = conditions(looser, day, lapsed).values()
        yield sa.select(sa.func.count(Product.id)).where(*held).scalar_subquery().label(name)

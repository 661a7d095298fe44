"""What each condition of a list costs: how many products there were without it."""

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
    place. One statement counts the facets, one more each of these two.
    """
    return _counts.recall((filters, day, lapsed), lambda: _count(filters, day, lapsed))


def _count(filters: Filters, day: date, lapsed: LapsedProducts) -> dict[str, int]:
    counts = _count_facets(filters, day, lapsed)
    if filters.product_ids is not None:
        counts["words"] = _count_all(replace(filters, product_ids=None), day, lapsed)
    if filters.origin_ids:
        counts["origin"] = _count_all(replace(filters, origin_ids=()), day, lapsed)
    return counts


def _count_facets(filters: Filters, day: date, lapsed: LapsedProducts) -> dict[str, int]:
    asked = conditions(filters, day, lapsed)
    always = asked.pop("always")
    if not asked:
        return {}
    columns = []
    for name in asked:
        others = [condition for other, condition in asked.items() if other != name]
        columns.append(sa.func.count(sa.case((sa.and_(sa.true(), *others), 1))).label(name))
    row = db.session.execute(sa.select(*columns).select_from(Product).where(always)).one()
    return dict(row._mapping)  # noqa: SLF001  (SQLAlchemy's documented name)


def _count_all(filters: Filters, day: date, lapsed: LapsedProducts) -> int:
    held = conditions(filters, day, lapsed).values()
    return db.session.scalar(sa.select(sa.func.count()).select_from(Product).where(*held)) or 0

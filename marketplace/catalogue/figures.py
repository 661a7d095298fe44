"""A producer's figures: views by month, product and province, and the words that led here."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

import sqlalchemy as sa

from marketplace.catalogue.models import Product
from marketplace.catalogue.tallies import NOWHERE, RARE, LeadingWords, ProductView
from marketplace.clock import add_months
from marketplace.database import db
from marketplace.places.models import AdminUnit

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Views:
    """How often a product was looked at in a month from a province; None where no province was chosen."""

    month: date
    product_id: int
    product: str
    province: str | None
    views: int


@dataclass(frozen=True, slots=True)
class Led:
    """How often words led to a product."""

    product_id: int
    product: str
    words: str
    times: int


def months_until(day: date, number: int) -> list[date]:
    """Return the first days of so many months, the last one that of the day."""
    first = day.replace(day=1)
    return [add_months(first, -back) for back in range(number - 1, -1, -1)]


def list_views(producer_id: int, since: date) -> list[Views]:
    """Return a producer's views since a day, by month, product and province, in one statement."""
    year, month = sa.extract("year", ProductView.day), sa.extract("month", ProductView.day)
    found = db.session.execute(
        sa.select(year, month, Product.id, Product.name, AdminUnit.name, sa.func.sum(ProductView.views))
        .join(Product, Product.id == ProductView.product_id)
        .outerjoin(
            AdminUnit, sa.and_(AdminUnit.id == ProductView.province_id, ProductView.province_id != NOWHERE)
        )
        .where(Product.producer_id == producer_id, ProductView.day >= since)
        .group_by(year, month, Product.id, Product.name, AdminUnit.name)
    )
    rows = [
        Views(date(int(y), int(m), 1), number, name, place, int(n)) for y, m, number, name, place, n in found
    ]
    return sorted(rows, key=lambda row: (row.month, row.product, row.product_id, row.province or ""))


def list_led(producer_id: int, since: date) -> list[Led]:
    """Return the words that led to a producer's products three times or more since a month."""
    times = sa.func.sum(LeadingWords.times)
    found = db.session.execute(
        sa.select(Product.id, Product.name, LeadingWords.words, times)
        .join(Product, Product.id == LeadingWords.product_id)
        .where(Product.producer_id == producer_id, LeadingWords.month >= since)
        .group_by(Product.id, Product.name, LeadingWords.words)
        .having(times >= RARE)
        .order_by(times.desc(), LeadingWords.words, Product.id)
    )
    return [Led(number, name, words, int(n)) for number, name, words, n in found]


def by_month(rows: Sequence[Views], months: Sequence[date]) -> list[tuple[date, int]]:
    """Return the views of each month, those without any included."""
    counted: Counter[date] = Counter()
    for row in rows:
        counted[row.month] += row.views
    return [(month, counted[month]) for month in months]


def by_product(rows: Sequence[Views]) -> list[tuple[int, str, int]]:
    """Return number, name and views of each product, the most looked at first."""
    counted: Counter[tuple[int, str]] = Counter()
    for row in rows:
        counted[row.product_id, row.product] += row.views
    return [(number, name, views) for (number, name), views in _highest_first(counted)]


def by_province(rows: Sequence[Views]) -> list[tuple[str | None, int]]:
    """Return the views from each province, the most first; those from none chosen come last."""
    counted: Counter[str | None] = Counter()
    for row in rows:
        counted[row.province] += row.views
    unknown = counted.pop(None, 0)
    return [*_highest_first(counted), *([(None, unknown)] if unknown else [])]


def _highest_first(counted: Counter[T]) -> list[tuple[T, int]]:
    return sorted(counted.items(), key=lambda one: (-one[1], str(one[0])))

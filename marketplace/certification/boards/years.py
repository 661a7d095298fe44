"""The register over the years: what lived at the end of each, and what was recognised in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Product
from marketplace.certification.boards.living import ByStars, number_of, was_living
from marketplace.certification.boards.territory import Territory
from marketplace.certification.models import Certificate

MOST_YEARS = 10


@dataclass(frozen=True, slots=True)
class YearCount:
    """A year: products with a living certificate on its last day, and certificates given in it, by stars.

    Of the present year the last day is today.
    """

    year: int
    living: ByStars
    recognised: ByStars


def last_day_of(year: int, day: date) -> date:
    """Return the day up to which a year is told: its last, or today while it lasts."""
    return min(date(year, 12, 31), day)


def count_years(session: Session, territory: Territory, day: date) -> list[YearCount]:
    """Return the years from the first certificate to this one, at most ten, oldest first."""
    recognised = _recognised(session, territory)
    first = max(min(recognised, default=day.year), day.year - MOST_YEARS + 1)
    years = range(min(first, day.year), day.year + 1)
    ends = [number_of(was_living(last_day_of(year, day))) for year in years]
    rows: Sequence[Any] = session.execute(
        sa.select(Certificate.stars, *ends)
        .join(Product, Product.id == Certificate.product_id)
        .where(territory.over(Product))
        .group_by(Certificate.stars)
    ).all()
    return [
        YearCount(
            year,
            {row[0]: int(row[place]) for row in rows if row[place]},
            recognised.get(year, {}),
        )
        for place, year in enumerate(years, start=1)
    ]


def _recognised(session: Session, territory: Territory) -> dict[int, Mapping[int | None, int]]:
    rows = session.execute(
        sa.select(Certificate.year, Certificate.stars, sa.func.count())
        .join(Product, Product.id == Certificate.product_id)
        .where(Certificate.year.is_not(None), territory.over(Product))
        .group_by(Certificate.year, Certificate.stars)
    )
    found: dict[int, dict[int | None, int]] = {}
    for year, stars, count in rows:
        assert year is not None
        found.setdefault(year, {})[stars] = count
    return dict(found)

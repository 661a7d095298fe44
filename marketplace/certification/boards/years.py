"""The register over the years: what lived at the end of each, and what was recognised in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.certification.boards.living import ByStars, certificates_of, number_of, was_living
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
    """Return the years from the first certificate to this one, at most ten, oldest first; one statement."""
    years = range(day.year - MOST_YEARS + 1, day.year + 1)
    ends = [number_of(was_living(last_day_of(year, day))) for year in years]
    given = (Certificate.year, Certificate.stars)
    rows: Sequence[Any] = session.execute(
        certificates_of(sa.select(*given, sa.func.count(), *ends), territory).group_by(*given)
    ).all()
    recognised: dict[int, dict[int | None, int]] = {}
    living: dict[int, dict[int | None, int]] = {year: {} for year in years}
    for begun, stars, number, *alive in rows:
        if begun is not None:
            recognised.setdefault(begun, {})[stars] = number
        for year, count in zip(years, alive, strict=True):
            if count:
                living[year][stars] = living[year].get(stars, 0) + int(count)
    first = min(recognised, default=day.year)
    return [YearCount(year, living[year], recognised.get(year, {})) for year in years if year >= first]

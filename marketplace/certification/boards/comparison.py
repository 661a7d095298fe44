"""Provinces beside one another, in a year: only complete registers are compared."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Product
from marketplace.certification.boards.living import ByStars, number_of, was_living
from marketplace.certification.boards.marks import list_marks
from marketplace.certification.boards.models import RegisterMark
from marketplace.certification.boards.years import last_day_of
from marketplace.certification.models import Certificate
from marketplace.places.models import AdminUnit
from marketplace.places.queries import list_provinces


@dataclass(frozen=True, slots=True)
class ProvinceYear:
    """A province of today in a year: living at its end and recognised in it, by stars.

    Without a `mark` the numbers are lower bounds.
    """

    province: AdminUnit
    living: ByStars
    recognised: ByStars
    mark: RegisterMark | None

    @property
    def total(self) -> int:
        """Return how many products lived at the end of the year."""
        return sum(self.living.values())


def list_province_years(session: Session, year: int, day: date) -> list[ProvinceYear]:
    """Return the provinces of today: complete ones first, most products on top; the others by name."""
    living: dict[int | None, dict[int | None, int]] = {}
    recognised: dict[int | None, dict[int | None, int]] = {}
    rows = session.execute(
        sa.select(
            Product.province_id,
            Certificate.stars,
            number_of(was_living(last_day_of(year, day))),
            number_of(Certificate.year == year),
        )
        .join(Product, Product.id == Certificate.product_id)
        .group_by(Product.province_id, Certificate.stars)
    )
    for province_id, stars, alive, given in rows:
        living.setdefault(province_id, {})[stars] = int(alive)
        recognised.setdefault(province_id, {})[stars] = int(given)
    marks = list_marks(session, year)
    found = [
        ProvinceYear(unit, living.get(unit.id, {}), recognised.get(unit.id, {}), marks.get(unit.id))
        for unit in list_provinces()
    ]
    return sorted(found, key=lambda one: (one.mark is None, -one.total if one.mark else 0))

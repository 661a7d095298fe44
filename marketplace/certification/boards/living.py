"""How many products have a living certificate: by place, group and stars, on any day."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import NamedTuple, TypeVarTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Product, certified
from marketplace.certification.boards.territory import Territory
from marketplace.certification.models import Certificate

Columns = TypeVarTuple("Columns")

ByStars = Mapping[int | None, int]
"""Numbers of products by stars; None stands for certificates of which no source names the stars."""


class Living(NamedTuple):
    """How many products of a place and a group have so many living stars."""

    place_id: int | None
    group_id: int | None
    stars: int | None
    number: int


def count_living(session: Session, territory: Territory, day: date) -> list[Living]:
    """Return how many products there are by place, group and stars on this day, in one statement.

    Products off public view count as well: their certificates live.
    """
    parts = (territory.part_of(Product), Product.group_id, Product.granted_stars)
    rows = session.execute(
        sa.select(*parts, sa.func.count()).where(certified(day), territory.over(Product)).group_by(*parts)
    )
    return [Living(*row) for row in rows]


def add_up(
    cells: Iterable[Living], by: Callable[[Living], int | None]
) -> dict[int | None, dict[int | None, int]]:
    """Return cells added up by place or by group, each by stars."""
    sums: dict[int | None, dict[int | None, int]] = {}
    for cell in cells:
        of_stars = sums.setdefault(by(cell), {})
        of_stars[cell.stars] = of_stars.get(cell.stars, 0) + cell.number
    return sums


def was_living(day: date) -> sa.ColumnElement[bool]:
    """Return the SQL expression of whether a certificate lived on a day, as `history.standing_on` has it.

    One whose day of issue no source tells began on 1 January of its year.
    """
    begun = sa.or_(
        Certificate.issued_on <= day, sa.and_(Certificate.issued_on.is_(None), Certificate.year <= day.year)
    )
    return sa.and_(
        begun,
        sa.func.coalesce(Certificate.extended_until, Certificate.valid_until) >= day,
        sa.or_(Certificate.revoked_on.is_(None), Certificate.revoked_on > day),
        sa.or_(Certificate.superseded_on.is_(None), Certificate.superseded_on > day),
    )


def certificates_of(wanted: sa.Select[*Columns], territory: Territory) -> sa.Select[*Columns]:
    """Narrow a statement about certificates down to those of a territory's products."""
    wanted = wanted.select_from(Certificate)
    if territory == Territory():
        return wanted
    return wanted.join(Product, Product.id == Certificate.product_id).where(territory.over(Product))


def number_of(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    """Return the SQL expression of how many rows of a group meet a condition."""
    return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)

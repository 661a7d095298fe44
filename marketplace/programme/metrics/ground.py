"""The ground that a plan counts on: its land, its districts, and periods as conditions on certificates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from marketplace.catalogue.models import Product
from marketplace.certification.models import Certificate
from marketplace.places.lineage import territory_of
from marketplace.places.models import AdminUnit
from marketplace.programme.models import Programme

Statement = sa.Select[Any]


class Subject(StrEnum):
    """What is counted, and so what a drill-down lists."""

    PRODUCT = "product"
    PRODUCER = "producer"
    POINT = "point"
    EVENT = "event"
    SESSION = "session"
    RIGHT = "right"
    IDEA = "idea"
    INSPECTION = "inspection"


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows behind a figure.

    `counted` yields (id, origin_id, year): what is counted, where it lies, and the year it counts in; the
    last two may be null. `base` and `unsure` yield ids: what a percentage is of, and what might count if the
    register told more.
    """

    counted: Statement
    base: Statement | None = None
    unsure: Statement | None = None


@dataclass(frozen=True, slots=True)
class Ground:
    """A plan's province at its time: every unit of its land, and those of each of its districts.

    `areas` yields (start_id, unit_id) for the province and for each district at once.
    """

    unit_id: int
    district_ids: tuple[int, ...]
    areas: sa.CTE

    @classmethod
    def of(cls, programme: Programme, district_ids: Sequence[int]) -> "Ground":
        """Return the ground of a plan."""
        starts: Statement = sa.select(AdminUnit.id).where(
            AdminUnit.id.in_([programme.unit_id, *district_ids])
        )
        return cls(programme.unit_id, tuple(district_ids), territory_of(starts))

    @property
    def land(self) -> Statement:
        """Return the ids of all units of the province, of its time and of the same territory."""
        return sa.select(self.areas.c.unit_id).where(self.areas.c.start_id == self.unit_id)

    def products(self, *columns: Any) -> Statement:
        """Return a question about products of the land; made-up ones are none."""
        return sa.select(*columns).where(Product.origin_id.in_(self.land), Product.fictitious.is_(False))


def within(start: date, end: date) -> sa.ColumnElement[bool]:
    """Return whether a certificate was issued in a period; of a year alone, all of which must lie in it."""
    first = start.year if start <= date(start.year, 1, 1) else start.year + 1
    last = end.year if end >= date(end.year, 12, 31) else end.year - 1
    by_year = sa.and_(Certificate.issued_on.is_(None), Certificate.year.between(first, last))
    return sa.or_(Certificate.issued_on.between(start, end), by_year)


def before(day: date) -> sa.ColumnElement[bool]:
    """Return whether a certificate was issued before a day, in the year before where only that is known."""
    by_year = sa.and_(Certificate.issued_on.is_(None), Certificate.year < day.year)
    return sa.or_(Certificate.issued_on < day, by_year)


def undated() -> sa.ColumnElement[bool]:
    """Return whether nothing tells when a certificate was issued."""
    return sa.and_(Certificate.issued_on.is_(None), Certificate.year.is_(None))


def alive(day: date) -> sa.ColumnElement[bool]:
    """Return whether a certificate surely lived on a day; one of a known year alone from its last day on."""
    begun_year = day.year if day >= date(day.year, 12, 31) else day.year - 1
    begun = sa.or_(
        Certificate.issued_on <= day,
        sa.and_(Certificate.issued_on.is_(None), Certificate.year <= begun_year),
    )
    ends = sa.func.coalesce(Certificate.extended_until, Certificate.valid_until)
    revoked = sa.or_(Certificate.revoked_on.is_(None), Certificate.revoked_on > day)
    return sa.and_(begun, ends >= day, revoked)


def has_certificate(*conditions: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """Return whether a product has a certificate of a kind."""
    return sa.exists().where(Certificate.product_id == Product.id, *conditions)

"""The six groups and 26 sets of Decision 26/2026/QĐ-TTg, annex I, and how products fall into them."""

import csv
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.catalogue.models import ProductGroup, ProductSet, SalePolicy
from marketplace.text import slugify

REGULATION = "26/2026"


def _rows(name: str) -> Iterator[dict[str, str]]:
    shipped = files("marketplace") / "data" / "catalogue" / name
    with shipped.open(encoding="utf-8") as file:
        yield from csv.DictReader(file)


def load_groups_and_sets(session: Session) -> None:
    """Write the groups and sets as shipped, changing those that are there; safe to repeat.

    Set 18 holds medicines, which need a licence to be sold, beside health foods, which do not: all
    of it takes the stricter policy.
    """
    groups = {group.slug: group for group in session.scalars(sa.select(ProductGroup))}
    for row in _rows("groups.csv"):
        group = groups.setdefault(row["slug"], ProductGroup(slug=row["slug"]))
        group.name, group.name_en = row["name"], row["name_en"]
        group.strictest_policy = SalePolicy(row["strictest_policy"])
        session.add(group)
    session.flush()
    sets = {kept.number: kept for kept in session.scalars(sa.select(ProductSet))}
    for row in _rows("sets.csv"):
        number = int(row["number"])
        kept = sets.setdefault(number, ProductSet(number=number, regulation_code=REGULATION))
        for column in ("slug", "name", "name_en", "family", "agency"):
            setattr(kept, column, row[column])
        kept.group_id = groups[row["group"]].id
        kept.sale_policy = SalePolicy(row["sale_policy"])
        session.add(kept)
    session.flush()


@cache
def _group_slugs() -> dict[str, str]:
    today = {slugify(row["name"]): row["slug"] for row in _rows("groups.csv")}
    former = {slugify(row["former_name"]): row["group"] for row in _rows("former_groups.csv")}
    return {**former, **today, **{slug: slug for slug in today.values()}}


def group_slug_of(name: str) -> str | None:
    """Return today's group for a group's name of this or an earlier regulation, None when unknown."""
    return _group_slugs().get(slugify(name))


@cache
def reviewed_sets() -> dict[str, int]:
    """Return the set numbers we gave to rows of the shipped register, by the row's id."""
    return {row["id"]: int(row["set"]) for row in _rows("set_of_products.csv")}

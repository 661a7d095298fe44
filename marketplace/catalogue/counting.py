"""The one statement that counts what each further filter would leave."""

from datetime import date
from typing import Any

import sqlalchemy as sa

from marketplace.catalogue.filters import Filters, conditions
from marketplace.catalogue.models import Product, ProductGroup, ProductSet, certified
from marketplace.places.models import AdminUnit, Level
from marketplace.settings import LapsedProducts

OWN_FACETS = ("stars", "price", "legal_form", "offered", "state")
NUMBERS = 6


def counting_statement(filters: Filters, day: date, lapsed: LapsedProducts) -> sa.CompoundSelect[Any]:
    """Return the statement; `facet` says what a row counts, `n` how many.

    `kind` rows hold products alike in granted stars (k1), offer (k2) and price band (k3), legal
    form in `slug`; of these k4 live, k5 are in the price range, k6 both: the caller adds them up
    with and without each filter. All other rows are a choice: id (k1), what it lies in (k2), names.
    """
    asked = conditions(filters, day, lapsed)

    def without(*facets: str) -> list[sa.ColumnElement[bool]]:
        return [condition for facet, condition in asked.items() if facet not in facets]

    branches = [
        _kinds(without(*OWN_FACETS), asked.get("price", sa.true()), day),
        *_groups_and_sets(without("group", "set"), filters),
        _provinces(without("province", "commune")),
    ]
    if filters.province_ids or filters.commune_ids:
        branches.append(_communes(without("commune"), filters))
    return sa.union_all(*branches)


def _row(facet: str, *numbers: Any, n: Any, **words: Any) -> sa.Select[Any]:
    """Return the columns that every branch of the statement has."""
    padded = [*numbers, *[sa.null()] * (NUMBERS - len(numbers))]
    named = [words.get(name, sa.null()) for name in ("slug", "name", "name_en")]
    columns: list[sa.ColumnElement[Any]] = [
        sa.literal(facet, sa.Text).label("facet"),
        *(sa.cast(number, sa.Integer).label(f"k{i}") for i, number in enumerate(padded, 1)),
        *(
            sa.cast(name, sa.Text).label(x)
            for x, name in zip(("slug", "name", "name_en"), named, strict=True)
        ),
    ]
    return sa.select(*columns, n.label("n"))


def _kinds(held: list[sa.ColumnElement[bool]], price: sa.ColumnElement[bool], day: date) -> sa.Select[Any]:
    """Group by the leading columns of `ix_product_facts` as they are, so that nothing is sorted."""
    keys = (Product.granted_stars, Product.legal_form, Product.offered, Product.price_band)
    alike = sa.select(
        *keys,
        _how_many(certified(day)).label("alive"),
        _how_many(price).label("in_price"),
        _how_many(sa.and_(certified(day), price)).label("both"),
        sa.func.count().label("n"),
    )
    of = alike.where(*held).group_by(*keys).subquery().c
    numbers = (of.granted_stars, of.offered, of.price_band, of.alive, of.in_price, of.both)
    return _row("kind", *numbers, slug=of.legal_form, n=of.n)


def _how_many(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.sum(sa.case((condition, 1), else_=0))


def _groups_and_sets(held: list[sa.ColumnElement[bool]], filters: Filters) -> list[sa.Select[Any]]:
    counted = sa.select(Product.group_id, Product.set_id, sa.func.count().label("n"))
    classified = counted.where(*held).group_by(Product.group_id, Product.set_id).cte("classified")
    of_group, of_set = classified.alias(), classified.alias()
    groups = (
        _row("group", ProductGroup.id, **_names(ProductGroup), n=_total(of_group.c.n))
        .join_from(ProductGroup, of_group, of_group.c.group_id == ProductGroup.id, isouter=True)
        .group_by(ProductGroup.id)
    )
    sets = (
        _row("set", ProductSet.id, ProductSet.group_id, **_names(ProductSet), n=_total(of_set.c.n))
        .join_from(ProductSet, of_set, of_set.c.set_id == ProductSet.id, isouter=True)
        .group_by(ProductSet.id)
    )
    if filters.groups:
        chosen = sa.select(ProductGroup.id).where(ProductGroup.slug.in_(filters.groups))
        sets = sets.where(ProductSet.group_id.in_(chosen))
    return [groups, sets]


def _names(named: type[ProductGroup] | type[ProductSet]) -> dict[str, Any]:
    return {"slug": named.slug, "name": named.name, "name_en": named.name_en}


def _total(numbers: sa.ColumnElement[int]) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(numbers), 0)


def _provinces(held: list[sa.ColumnElement[bool]]) -> sa.Select[Any]:
    units = sa.and_(AdminUnit.level == Level.PROVINCE, sa.not_(AdminUnit.ended))
    return _units("province", Product.province_id, held).where(units)


def _communes(held: list[sa.ColumnElement[bool]], filters: Filters) -> sa.Select[Any]:
    named = sa.select(AdminUnit.parent_id).where(AdminUnit.id.in_(filters.commune_ids))
    provinces = sa.or_(AdminUnit.parent_id.in_(filters.province_ids), AdminUnit.parent_id.in_(named))
    units = sa.and_(AdminUnit.level == Level.COMMUNE, sa.not_(AdminUnit.ended), provinces)
    return _units("commune", Product.commune_id, held).where(units)


def _units(facet: str, column: Any, held: list[sa.ColumnElement[bool]]) -> sa.Select[Any]:
    counted = sa.select(column.label("unit_id"), sa.func.count().label("n"))
    by_unit = counted.where(*held, column.is_not(None)).group_by(column).subquery()
    names = {"slug": AdminUnit.slug, "name": AdminUnit.kind + " " + AdminUnit.name}
    counts = sa.func.coalesce(by_unit.c.n, 0)
    row = _row(facet, AdminUnit.id, AdminUnit.parent_id, **names, n=counts)
    return row.join_from(AdminUnit, by_unit, by_unit.c.unit_id == AdminUnit.id, isouter=True)

"""How many products each further filter would leave, counted in one statement."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, TypeVar

import sqlalchemy as sa

from marketplace.catalogue.filters import Filters, State, conditions, for_sale
from marketplace.catalogue.memory import Memory
from marketplace.catalogue.models import Product, ProductGroup, ProductSet, certified, live_stars
from marketplace.database import db
from marketplace.places.models import AdminUnit, Level
from marketplace.producers.models import LegalForm
from marketplace.settings import LapsedProducts

KEPT_FACETS = 512
BAND_STARTS = (0, 50_000, 100_000, 200_000, 500_000)
OWN_ATTRIBUTES = ("stars", "price", "legal_form", "offered", "state")


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that can be chosen in a facet, and how many products it would show."""

    id: int
    slug: str
    name: str
    name_en: str
    parent_id: int | None
    count: int


@dataclass(frozen=True, slots=True)
class PriceBand:
    """A range of prices in whole đồng, both ends included, None where it is open."""

    price_from: int | None
    price_to: int | None
    count: int


@dataclass(frozen=True, slots=True)
class Facets:
    """The counts beside a list; each facet is counted as if its own filter were not set.

    Groups also leave the set filter aside, and provinces the commune filter, as they lie above
    them. `total` counts what all filters leave. Communes are those of the provinces chosen.
    """

    total: int
    stars: dict[int, int]
    groups: tuple[Choice, ...]
    sets: tuple[Choice, ...]
    provinces: tuple[Choice, ...]
    communes: tuple[Choice, ...]
    price_bands: tuple[PriceBand, ...]
    legal_forms: dict[LegalForm, int]
    offered: int
    states: dict[State, int]


@dataclass(frozen=True, slots=True)
class _Kind:
    """Products alike in all that the product row says of itself, and how many they are."""

    stars: int | None
    alive: bool
    offered: bool
    band: int | None
    in_price: bool
    legal_form: LegalForm | None
    count: int


Value = TypeVar("Value")

_facets: Memory[Facets] = Memory(KEPT_FACETS)


def count_facets(filters: Filters, *, day: date, lapsed: LapsedProducts = LapsedProducts.SHOW) -> Facets:
    """Return the counts beside a list; kept per register version, day and filters."""
    return _facets.recall((filters, day, lapsed), lambda: _count(filters, day, lapsed))


def _count(filters: Filters, day: date, lapsed: LapsedProducts) -> Facets:
    rows = db.session.execute(_statement(filters, day, lapsed)).all()
    kinds = [_kind(row) for row in rows if row.facet == "kind"]
    choices = {facet: tuple(_choices(rows, facet)) for facet in ("group", "set", "province", "commune")}
    matching = partial(_matching, _tests(filters), kinds)
    return Facets(
        total=sum(kind.count for kind in matching()),
        stars=_by(matching("stars"), lambda kind: kind.stars, (5, 4, 3)),
        groups=choices["group"],
        sets=choices["set"],
        provinces=choices["province"],
        communes=choices["commune"],
        price_bands=_price_bands(matching("price")),
        legal_forms=_by(matching("legal_form"), lambda kind: kind.legal_form, LegalForm),
        offered=_by(matching("offered"), lambda kind: kind.offered, (True,))[True],
        states=_by_state(matching("state")),
    )


def _kind(row: sa.Row[Any]) -> _Kind:
    form = LegalForm(row.slug) if row.slug else None
    return _Kind(row.k1, bool(row.k2), bool(row.k3), row.k4, bool(row.k5), form, row.n)


def _choices(rows: Iterable[sa.Row[Any]], facet: str) -> Iterable[Choice]:
    for row in rows:
        if row.facet == facet:
            yield Choice(row.k1, row.slug, row.name, row.name_en or row.name, row.k2, row.n)


def _tests(filters: Filters) -> dict[str, Callable[[_Kind], bool]]:
    return {
        "stars": lambda kind: not filters.stars or kind.stars in filters.stars,
        "price": lambda kind: kind.in_price,
        "legal_form": lambda kind: not filters.legal_forms or kind.legal_form in filters.legal_forms,
        "offered": lambda kind: kind.offered or not filters.offered,
        "state": lambda kind: filters.state is State.ALL or kind.alive is (filters.state is State.ALIVE),
    }


def _matching(
    tests: dict[str, Callable[[_Kind], bool]], kinds: list[_Kind], but: str | None = None
) -> list[_Kind]:
    """Return the kinds that pass every filter but one."""
    asked = [test for facet, test in tests.items() if facet != but]
    return [kind for kind in kinds if all(test(kind) for test in asked)]


def _by(
    kinds: list[_Kind], value: Callable[[_Kind], Value | None], shown: Iterable[Value]
) -> dict[Value, int]:
    """Return how many products have each of the values shown, none left out."""
    counts: Counter[Value | None] = Counter()
    for kind in kinds:
        counts[value(kind)] += kind.count
    return {one: counts[one] for one in shown}


def _price_bands(kinds: list[_Kind]) -> tuple[PriceBand, ...]:
    counts = _by(kinds, lambda kind: kind.band, range(len(BAND_STARTS)))
    ends = [*(start - 1 for start in BAND_STARTS[1:]), None]
    bands = enumerate(zip(BAND_STARTS, ends, strict=True))
    return tuple(PriceBand(start or None, end, counts[number]) for number, (start, end) in bands)


def _by_state(kinds: list[_Kind]) -> dict[State, int]:
    counts = _by(kinds, lambda kind: kind.alive, (True, False))
    return {State.ALIVE: counts[True], State.LAPSED: counts[False], State.ALL: sum(counts.values())}


def _statement(filters: Filters, day: date, lapsed: LapsedProducts) -> sa.CompoundSelect[Any]:
    asked = conditions(filters, day, lapsed)

    def without(*facets: str) -> list[sa.ColumnElement[bool]]:
        return [condition for facet, condition in asked.items() if facet not in facets]

    branches = [
        _kinds(without(*OWN_ATTRIBUTES), asked.get("price"), day, lapsed),
        *_groups_and_sets(without("group", "set"), filters),
        _provinces(without("province", "commune")),
    ]
    if filters.province_ids or filters.commune_ids:
        branches.append(_communes(without("commune"), filters))
    return sa.union_all(*branches)


def _row(
    facet: str, *keys: Any, slug: Any = None, name: Any = None, name_en: Any = None, n: Any
) -> sa.Select[Any]:
    """Return the columns that every branch of the statement has."""
    padded = [*keys, *[sa.null()] * (5 - len(keys))]
    numbers = [sa.cast(key, sa.Integer).label(f"k{i}") for i, key in enumerate(padded, 1)]
    texts = {"slug": slug, "name": name, "name_en": name_en}
    words = [sa.cast(sa.null() if t is None else t, sa.Text).label(x) for x, t in texts.items()]
    columns: list[sa.ColumnElement[Any]] = [sa.literal(facet, sa.Text).label("facet"), *numbers, *words]
    return sa.select(*columns, n.label("n"))


def _kinds(
    held: list[sa.ColumnElement[bool]],
    price: sa.ColumnElement[bool] | None,
    day: date,
    lapsed: LapsedProducts,
) -> sa.Select[Any]:
    in_price = sa.true() if price is None else sa.func.coalesce(price, sa.false())
    bands = [(Product.from_price >= start, number) for number, start in enumerate(BAND_STARTS)]
    alike = sa.select(
        live_stars(day).label("stars"),
        certified(day).label("alive"),
        for_sale(day, lapsed).label("offered"),
        sa.case(*reversed(bands), else_=None).label("band"),
        in_price.label("in_price"),
        sa.cast(Product.legal_form, sa.Text).label("form"),
    )
    of = alike.where(*held).subquery()
    keys = [of.c.stars, of.c.alive, of.c.offered, of.c.band, of.c.in_price]
    return _row("kind", *keys, slug=of.c.form, n=sa.func.count()).group_by(*keys, of.c.form)


def _groups_and_sets(held: list[sa.ColumnElement[bool]], filters: Filters) -> list[sa.Select[Any]]:
    counted = (
        sa.select(Product.group_id, Product.set_id, sa.func.count().label("n"))
        .where(*held)
        .group_by(Product.group_id, Product.set_id)
        .cte("classified")
    )
    of_group, of_set = counted.alias(), counted.alias()
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
    named = {"slug": AdminUnit.slug, "name": AdminUnit.kind + " " + AdminUnit.name}
    counts = sa.func.coalesce(by_unit.c.n, 0)
    row = _row(facet, AdminUnit.id, AdminUnit.parent_id, **named, n=counts)
    return row.join_from(AdminUnit, by_unit, by_unit.c.unit_id == AdminUnit.id, isouter=True)

"""How many products each further filter would leave, counted in one statement."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache, partial
from typing import Any, TypeVar

import sqlalchemy as sa

from marketplace.catalogue.counting import counting_statement
from marketplace.catalogue.filters import HITS, Filters, State, as_parameter
from marketplace.catalogue.memory import Memory
from marketplace.catalogue.models import PRICE_BAND_STARTS
from marketplace.database import db
from marketplace.producers.models import LegalForm
from marketplace.settings import LapsedProducts

KEPT_FACETS = 512
KEPT_STATEMENTS = 64


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
    band: int
    in_price: bool
    legal_form: LegalForm | None
    count: int


Value = TypeVar("Value")

_facets: Memory[Facets] = Memory(KEPT_FACETS)


def count_facets(filters: Filters, *, day: date, lapsed: LapsedProducts = LapsedProducts.SHOW) -> Facets:
    """Return the counts beside a list; kept per register version, day and filters."""
    return _facets.recall((filters.question, day, lapsed), lambda: _count(filters, day, lapsed))


def _count(filters: Filters, day: date, lapsed: LapsedProducts) -> Facets:
    rows: defaultdict[str, list[sa.Row[Any]]] = defaultdict(list)
    for row in db.session.execute(*_statement(filters, day, lapsed)):
        rows[row.facet].append(row)
    kinds = [kind for row in rows["kind"] for kind in _kinds(row, lapsed)]
    matching = partial(_matching, _failures(kinds, filters))
    return Facets(
        total=sum(kind.count for kind in matching()),
        stars=_by(matching("stars"), lambda kind: kind.stars, (5, 4, 3)),
        groups=_choices(rows["group"]),
        sets=_choices(rows["set"]),
        provinces=_choices(rows["province"], by_name=True),
        communes=_choices(rows["commune"], by_name=True),
        price_bands=_price_bands(matching("price")),
        legal_forms=_by(matching("legal_form"), lambda kind: kind.legal_form, LegalForm),
        offered=_by(matching("offered"), lambda kind: kind.offered, (True,))[True],
        states=_by_state(matching("state")),
    )


def _statement(
    filters: Filters, day: date, lapsed: LapsedProducts
) -> tuple[sa.CompoundSelect[Any], dict[str, str]]:
    """Return the counting statement and its parameters; that of a search is made once for all hits."""
    if filters.product_ids is None:
        return counting_statement(filters, day, lapsed), {}
    alike = replace(filters, product_ids=())
    return _made(alike, day, lapsed, db.engine.dialect.name), {HITS: as_parameter(filters.product_ids)}


@lru_cache(maxsize=KEPT_STATEMENTS)
def _made(filters: Filters, day: date, lapsed: LapsedProducts, dialect: str) -> sa.CompoundSelect[Any]:
    return counting_statement(filters, day, lapsed)


def _kinds(row: sa.Row[Any], lapsed: LapsedProducts) -> Iterable[_Kind]:
    """Yield the kinds of a row, which are apart in whether they live and are in the price range."""
    form = LegalForm(row.slug) if row.slug else None
    alive, in_price, both = row.k4, row.k5, row.k6
    for lives, priced, count in (
        (True, True, both),
        (True, False, alive - both),
        (False, True, in_price - both),
        (False, False, row.n - alive - in_price + both),
    ):
        if count:
            offered = bool(row.k2) and (lives or lapsed is LapsedProducts.SELL)
            yield _Kind(row.k1 if lives else None, lives, offered, row.k3, priced, form, count)


def _choices(rows: Iterable[sa.Row[Any]], by_name: bool = False) -> tuple[Choice, ...]:
    """Return the choices of a facet, in the regulation's order or by name."""
    found = [Choice(row.k1, row.slug, row.name, row.name_en or row.name, row.k2, row.n) for row in rows]
    return tuple(sorted(found, key=lambda choice: (choice.slug if by_name else "", choice.id)))


def _tests(filters: Filters) -> dict[str, Callable[[_Kind], bool]]:
    """Return what the filters that are set ask of a kind."""
    asked: dict[str, Callable[[_Kind], bool]] = {}
    if filters.stars:
        asked["stars"] = lambda kind: kind.stars in filters.stars
    if filters.price_from is not None or filters.price_to is not None:
        asked["price"] = lambda kind: kind.in_price
    if filters.legal_forms:
        asked["legal_form"] = lambda kind: kind.legal_form in filters.legal_forms
    if filters.offered:
        asked["offered"] = lambda kind: kind.offered
    if filters.state is not State.ALL:
        asked["state"] = lambda kind: kind.alive is (filters.state is State.ALIVE)
    return asked


def _failures(kinds: list[_Kind], filters: Filters) -> list[tuple[_Kind, list[str]]]:
    """Return each kind with the facets whose filters leave it out."""
    tests = _tests(filters)
    return [(kind, [facet for facet, test in tests.items() if not test(kind)]) for kind in kinds]


def _matching(judged: list[tuple[_Kind, list[str]]], but: str | None = None) -> list[_Kind]:
    """Return the kinds that pass every filter, that of one facet set aside."""
    return [kind for kind, failed in judged if not failed or failed == [but]]


def _by(
    kinds: list[_Kind], value: Callable[[_Kind], Value | None], shown: Iterable[Value]
) -> dict[Value, int]:
    """Return how many products have each of the values shown, none left out."""
    counts: Counter[Value | None] = Counter()
    for kind in kinds:
        counts[value(kind)] += kind.count
    return {one: counts[one] for one in shown}


def _price_bands(kinds: list[_Kind]) -> tuple[PriceBand, ...]:
    counts = _by(kinds, lambda kind: kind.band, range(len(PRICE_BAND_STARTS)))
    ends = [*(start - 1 for start in PRICE_BAND_STARTS[1:]), None]
    bands = enumerate(zip(PRICE_BAND_STARTS, ends, strict=True))
    return tuple(PriceBand(start or None, end, counts[number]) for number, (start, end) in bands)


def _by_state(kinds: list[_Kind]) -> dict[State, int]:
    counts = _by(kinds, lambda kind: kind.alive, (True, False))
    return {State.ALIVE: counts[True], State.LAPSED: counts[False], State.ALL: sum(counts.values())}

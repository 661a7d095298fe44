"""The home page: what the market holds today, the reader's region, the season, producers, shops."""

from dataclasses import dataclass
from datetime import date
from math import cos, hypot, radians

from marketplace.catalogue.facets import Facets, count_facets
from marketplace.catalogue.filters import Filters
from marketplace.catalogue.in_season import list_in_season
from marketplace.catalogue.makers import Maker, list_makers
from marketplace.catalogue.models import Product
from marketplace.catalogue.product_list import list_first
from marketplace.certification.register_book import EntryFilter, count_by_state
from marketplace.sales_points.map_points import MapPoint, list_points
from marketplace.settings import Settings
from marketplace.storefront.list_places import NamedUnit, provinces_by_slug

SHELF = 4
PRODUCERS = 2
POINTS = 3
NEIGHBOURS = 2


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A province close by that has products, and how many."""

    province: NamedUnit
    products: int


@dataclass(frozen=True, slots=True)
class Region:
    """The reader's region: chosen by them or the shop's own, never guessed; None means everywhere.

    An empty region tells how many certificates its register holds, and who is near.
    """

    province: NamedUnit | None
    products: tuple[Product, ...]
    total: int
    certificates: int = 0
    neighbours: tuple[Neighbour, ...] = ()


@dataclass(frozen=True, slots=True)
class Home:
    """Everything the home page shows."""

    facets: Facets
    region: Region
    season: list[Product]
    makers: list[Maker]
    points: list[MapPoint]


def compose(chosen: str, day: date, settings: Settings) -> Home:
    """Put the home page together; `chosen` is the slug of a province, or nothing."""
    provinces = provinces_by_slug()
    province = provinces.get(chosen)
    if province is None and not chosen:
        own = settings.province_code
        province = next((unit for unit in provinces.values() if own and unit.code == own), None)
    facets = count_facets(Filters(), day=day, lapsed=settings.lapsed_products)
    return Home(
        facets=facets,
        region=_region(province, facets, day, settings),
        season=list_in_season(day.month, day=day, lapsed=settings.lapsed_products, most=SHELF),
        makers=list_makers(
            province.id if province else None, day=day, lapsed=settings.lapsed_products, most=PRODUCERS
        ),
        points=list_points(province.id if province else None, day)[:POINTS],
    )


def _region(province: NamedUnit | None, facets: Facets, day: date, settings: Settings) -> Region:
    wanted = Filters(province_ids=(province.id,)) if province else Filters()
    counts = {choice.id: choice.count for choice in facets.provinces}
    total = counts.get(province.id, 0) if province else facets.total
    if total or province is None:
        return Region(province, list_first(wanted, SHELF, day=day, lapsed=settings.lapsed_products), total)
    kept = count_by_state(EntryFilter(province_ids=frozenset({province.id})), day)
    return Region(province, (), 0, sum(kept.values()), _neighbours(province, facets))


def _neighbours(province: NamedUnit, facets: Facets) -> tuple[Neighbour, ...]:
    """Return the nearest provinces that have products, by the distance of their centres."""
    counts = {choice.slug: choice.count for choice in facets.provinces if choice.count}
    others = [unit for slug, unit in provinces_by_slug().items() if slug in counts and unit != province]
    others.sort(key=lambda unit: _distance(unit, province))
    return tuple(Neighbour(unit, counts[unit.slug]) for unit in others[:NEIGHBOURS])


def _distance(one: NamedUnit, other: NamedUnit) -> float:
    """Return how far two centres lie apart, in degrees of latitude; good enough to order neighbours."""
    if one.lat is None or one.lon is None or other.lat is None or other.lon is None:
        return float("inf")
    return hypot(one.lat - other.lat, (one.lon - other.lon) * cos(radians(one.lat)))

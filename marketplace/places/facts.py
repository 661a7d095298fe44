"""Facts of administrative units as shipped data states them, before they have ids."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from math import cos, hypot, radians

from marketplace.places.models import Level
from marketplace.places.names import readings
from marketplace.text import canonical, slugify

REFORM = date(2025, 7, 1)
LAST_OF_DISTRICTS = date(2025, 6, 30)

Point = tuple[float, float]
Row = dict[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class UnitFact:
    """What is known of one unit; `parent` and `key` are keys of shipped data."""

    key: str
    level: Level
    kind: str
    name: str
    code: str | None = None
    parent: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    ended: bool = False
    lat: float | None = None
    lon: float | None = None
    source: str | None = None
    note: str | None = None


@dataclass(slots=True)
class Shipped:
    """Units by key, and for each former unit its successors, the main one first."""

    units: dict[str, UnitFact] = field(default_factory=dict)
    successors: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def add(self, unit: UnitFact, successors: Iterable[str] = ()) -> None:
        """Add a unit with what it went into."""
        self.units[unit.key] = unit
        if found := tuple(dict.fromkeys(successors)):
            self.successors[unit.key] = found


def kind_and_name(text: str) -> tuple[str, str]:
    """Return (kind, name) of a unit written in full: `Huyện Cẩm Xuyên` is (huyện, Cẩm Xuyên)."""
    kind, name = next(readings(text))
    if kind is None:
        raise ValueError(f"no kind of unit in {text!r}")
    return kind, canonical(name)


def district_key(province_code: str, full_name: str) -> str:
    """Return the key of a district: `district-42-huyen-cam-xuyen`."""
    return f"district-{province_code}-{slugify(full_name)}"


def middle(points: list[Point]) -> Point:
    """Return the mean of some points, (latitude, longitude) in degrees."""
    lats, lons = zip(*points, strict=True)
    return round(sum(lats) / len(lats), 6), round(sum(lons) / len(lons), 6)


def kilometres(one: Point, other: Point) -> float:
    """Return the distance of two points in kilometres, good enough within a country."""
    north = (one[0] - other[0]) * 111.2
    east = (one[1] - other[1]) * 111.2 * cos(radians(one[0]))
    return hypot(north, east)

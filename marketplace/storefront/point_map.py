"""The map of sales points: numbered pins on a province, or how many there are on the country."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from marketplace.places.models import AdminUnit
from marketplace.places.outlines import Map, country_map, province_map
from marketplace.sales_points.map_points import MapPoint

COUNTRY_WIDTH = 420
PIN_WIDTH = 36
PIN_HEIGHT = 48
STEPS = range(-6, 7)
OFFSETS = sorted(
    ((x * PIN_WIDTH // 2, y * PIN_HEIGHT // 2) for x in STEPS for y in STEPS),
    key=lambda offset: (offset[0] ** 2 + offset[1] ** 2, offset),
)
LEVELS = ((20, "l3"), (5, "l2"), (0, "l1"))


@dataclass(frozen=True, slots=True)
class Pin:
    """A pin whose tip is at x, y, on the country a disc around it; `spoken` is what it is called aloud."""

    x: int
    y: int
    text: str
    href: str
    spoken: str


@dataclass(frozen=True, slots=True)
class Shape:
    """A province as drawn: its path, its shade, its name's place, and where its link leads."""

    name: str
    path: str
    shade: str
    slug: str
    label: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class PointMap:
    """A map with its pins; `inset` shades the country beside a province's map."""

    map: Map
    shapes: tuple[Shape, ...]
    pins: tuple[Pin, ...]
    inset: tuple[Shape, ...] = ()
    corner: str = ""


def country_points(provinces: Sequence[AdminUnit], counts: Mapping[int | None, int]) -> PointMap:
    """Return the country with one pin on each province that has points."""
    drawn = country_map(COUNTRY_WIDTH)
    pins = [
        Pin(*drawn.project(unit.lat, unit.lon), str(counts[unit.id]), unit.slug, unit.name)
        for unit in provinces
        if counts.get(unit.id) and unit.lat is not None and unit.lon is not None
    ]
    return PointMap(drawn, _shapes(drawn, provinces, counts, None), tuple(pins))


def province_points(
    province: AdminUnit,
    provinces: Sequence[AdminUnit],
    counts: Mapping[int | None, int],
    points: Sequence[MapPoint],
) -> PointMap:
    """Return a province with a pin for each point, numbered as in the list, and the country as inset."""
    drawn = province_map(province.code or "")
    pins = []
    for number, shown in enumerate(points, 1):
        lat, lon = shown.point.lat, shown.point.lon
        if lat is not None and lon is not None and drawn.shows(lat, lon):
            pins.append(Pin(*drawn.project(lat, lon), str(number), f"d{number}", shown.point.name))
    assert drawn.inset is not None
    assert drawn.inset_at is not None
    x, y = drawn.inset_at
    corner = ("r " if x > drawn.width / 2 else "") + ("t" if y < drawn.height / 2 else "")
    return PointMap(
        drawn,
        _shapes(drawn, provinces, counts, province),
        _apart(pins, drawn),
        _shapes(drawn.inset, provinces, counts, province),
        corner.strip(),
    )


def _shapes(
    drawn: Map, provinces: Sequence[AdminUnit], counts: Mapping[int | None, int], chosen: AdminUnit | None
) -> tuple[Shape, ...]:
    by_code = {unit.code: unit for unit in provinces}
    return tuple(
        Shape(
            shape.name,
            shape.path,
            "sel" if unit is chosen else _shade(counts.get(unit.id, 0)),
            unit.slug,
            shape.label,
        )
        for shape in drawn.provinces
        if (unit := by_code.get(shape.code)) is not None
    )


def _shade(count: int) -> str:
    return next((shade for least, shade in LEVELS if count > least), "")


def _apart(pins: Sequence[Pin], drawn: Map) -> tuple[Pin, ...]:
    """Move pins that would hide each other to the nearest free place: several share a commune's middle."""
    placed: list[Pin] = []
    for pin in pins:
        spots = ((pin.x + dx, pin.y + dy) for dx, dy in OFFSETS)
        x, y = next((spot for spot in spots if _inside(spot, drawn) and _free(spot, placed)), (pin.x, pin.y))
        placed.append(replace(pin, x=x, y=y))
    return tuple(placed)


def _inside(spot: tuple[int, int], drawn: Map) -> bool:
    half = PIN_WIDTH // 2
    return half <= spot[0] <= drawn.width - half and PIN_HEIGHT <= spot[1] <= drawn.height


def _free(spot: tuple[int, int], placed: Sequence[Pin]) -> bool:
    return all(abs(spot[0] - one.x) >= PIN_WIDTH or abs(spot[1] - one.y) >= PIN_HEIGHT for one in placed)

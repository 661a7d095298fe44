"""The map of sales points: numbered pins on a province, or how many there are on the country."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from marketplace.places.models import AdminUnit
from marketplace.places.outlines import Map, country_map, province_map
from marketplace.sales_points.map_points import MapPoint

COUNTRY_WIDTH = 420
PIN_WIDTH = 34
PIN_HEIGHT = 48
LEVELS = ((20, "l3"), (5, "l2"), (0, "l1"))


@dataclass(frozen=True, slots=True)
class Pin:
    """A pin whose tip is at x, y; `spoken` is what it is called aloud."""

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
    return PointMap(drawn, _shapes(drawn, provinces, counts, None), _apart(pins, drawn))


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
    """Move pins that would hide each other aside; several points share the middle of one commune."""
    placed: list[Pin] = []
    for pin in pins:
        x = min(max(pin.x, PIN_WIDTH // 2), drawn.width - PIN_WIDTH // 2)
        y = min(max(pin.y, PIN_HEIGHT), drawn.height)
        while any(abs(x - one.x) < PIN_WIDTH * 0.8 and abs(y - one.y) < PIN_HEIGHT * 0.6 for one in placed):
            x += PIN_WIDTH
            if x > drawn.width - PIN_WIDTH // 2:
                x, y = PIN_WIDTH // 2, min(y + PIN_HEIGHT, drawn.height)
                if y == drawn.height:
                    break
        placed.append(Pin(x, y, pin.text, pin.href, pin.spoken))
    return tuple(placed)

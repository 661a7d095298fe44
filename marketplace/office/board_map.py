"""The map of a board: provinces shaded by how many products live there, communes as discs as large."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from marketplace.office.territories import Place
from marketplace.places.models import AdminUnit, Level
from marketplace.places.outlines import Map, country_map, province_map

COUNTRY_WIDTH, PROVINCE_WIDTH = 420, 560
LEAST_RADIUS, MOST_RADIUS = 5, 22
LEVELS = ((200, "l3"), (50, "l2"), (0, "l1"))
"""From more than how many products a province has which shade."""


@dataclass(frozen=True, slots=True)
class Area:
    """A province as drawn: its path, its shade, and the unit that it leads to, 0 for none."""

    name: str
    path: str
    shade: str
    unit_id: int
    count: int
    label: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Disc:
    """A commune with products; the area of its disc is as large as their number."""

    name: str
    x: int
    y: int
    radius: int
    unit_id: int
    count: int


@dataclass(frozen=True, slots=True)
class BoardMap:
    """A map ready to be drawn; `inset` are the provinces of the small country beside a province."""

    map: Map
    areas: tuple[Area, ...]
    discs: tuple[Disc, ...] = ()
    inset: tuple[Area, ...] = ()
    corner: str = ""


def map_of(place: Place, counts: Mapping[int | None, int]) -> BoardMap | None:
    """Return the map of a place with how many products each of its parts has; None where there is none."""
    if place.unit is None:
        drawn = country_map(COUNTRY_WIDTH)
        return BoardMap(drawn, _areas(drawn, place.parts, counts))
    if place.unit.level is not Level.PROVINCE:
        return None
    try:
        drawn = province_map(place.unit.code or "", PROVINCE_WIDTH)
    except KeyError:
        return None
    assert drawn.inset is not None
    assert drawn.inset_at is not None
    x, y = drawn.inset_at
    corner = ("r " if x > drawn.width / 2 else "") + ("t" if y < drawn.height / 2 else "")
    focus = {place.unit.code: place.unit}
    areas, inset = _plain(drawn, focus), _plain(drawn.inset, focus)
    return BoardMap(drawn, areas, _discs(drawn, place.parts, counts), inset, corner.strip())


def _areas(drawn: Map, provinces: Sequence[AdminUnit], counts: Mapping[int | None, int]) -> tuple[Area, ...]:
    units = {unit.code: unit for unit in provinces}
    return tuple(
        Area(shape.name, shape.path, _shade(counts.get(unit.id, 0)), unit.id, counts.get(unit.id, 0))
        for shape in drawn.provinces
        if (unit := units.get(shape.code)) is not None
    )


def _shade(count: int) -> str:
    return next((shade for least, shade in LEVELS if count > least), "")


def _plain(drawn: Map, focus: Mapping[str | None, AdminUnit]) -> tuple[Area, ...]:
    return tuple(
        Area(shape.name, shape.path, "l1" if shape.code in focus else "", 0, 0, shape.label)
        for shape in drawn.provinces
    )


def _discs(drawn: Map, communes: Sequence[AdminUnit], counts: Mapping[int | None, int]) -> tuple[Disc, ...]:
    """Return the discs, the largest first so that none hides a smaller one."""
    most = max((counts.get(unit.id, 0) for unit in communes), default=0) or 1
    found = [
        Disc(unit.full_name, *drawn.project(unit.lat, unit.lon), _radius(count, most), unit.id, count)
        for unit in communes
        if (count := counts.get(unit.id, 0)) and unit.lat is not None and unit.lon is not None
    ]
    return tuple(sorted(found, key=lambda disc: (-disc.radius, disc.name)))


def _radius(count: int, most: int) -> int:
    return round(LEAST_RADIUS + (MOST_RADIUS - LEAST_RADIUS) * sqrt(count / most))

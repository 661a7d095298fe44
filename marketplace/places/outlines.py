"""Maps of the provinces of today, as shapes for SVG: the country, and one province with its neighbours.

Every map holds Hoàng Sa (Đà Nẵng) and Trường Sa (Khánh Hòa) with their names: the country map
itself, and each province map through its inset.
"""

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from marketplace.places.geometry import (
    Pixel,
    Position,
    Projection,
    Ring,
    area,
    bounds,
    clip,
    label_point,
    path,
)
from marketplace.settings import PROJECT

FOLDER = PROJECT / "marketplace" / "data" / "places"

WIDTH = 640
COUNTRY_WIDTH = 520
INSET_WIDTH = 160
COUNTRY = (101.7, 116.2, 7.4, 23.75)
MARGIN = 0.3
FLATTEST = 0.7
TALLEST = 1.15
ISLAND_SHARE = 0.02
OUTSIDE_PX = 8
SMALLEST_PX = 2
LABEL_PX = 60
BIEN_DONG = (14.3, 111.6)

ISLANDS = {
    "Hoàng Sa": (
        (16.98, 112.27), (16.83, 112.34), (16.67, 112.73), (16.53, 111.61), (16.45, 111.51),
        (16.45, 111.72), (16.06, 111.77), (16.05, 112.52), (15.78, 111.20),
    ),
    "Trường Sa": (
        (11.43, 114.33), (11.05, 114.28), (10.67, 114.42), (10.38, 114.37), (10.18, 114.36),
        (9.89, 114.33), (9.90, 114.56), (8.97, 113.70), (8.86, 114.65), (8.81, 113.98),
        (8.93, 112.35), (8.86, 112.22), (8.65, 111.92), (7.89, 112.92),
    ),
}  # fmt: skip
BELONGS_TO = {"Hoàng Sa": "48", "Trường Sa": "56"}
LABEL_LAT_LON = {"Hoàng Sa": (17.45, 112.0), "Trường Sa": (11.95, 114.2)}


@dataclass(frozen=True, slots=True)
class ProvinceShape:
    """A province on a map; `label` is where its name fits, None where there is no room for it."""

    code: str
    name: str
    path: str
    label: Pixel | None
    focus: bool = False


@dataclass(frozen=True, slots=True)
class Archipelago:
    """Islands (quần đảo) drawn as dots, with the place of their name and the province they belong to."""

    name: str
    province_code: str
    islands: tuple[Pixel, ...]
    label: Pixel


@dataclass(frozen=True, slots=True)
class Map:
    """A map ready to be written as SVG with `viewBox="0 0 width height"`.

    A map of one province carries the map of the country as `inset`, to be drawn with its top left
    at `inset_at`; its own `archipelagos` are those within its frame.
    """

    projection: Projection
    provinces: tuple[ProvinceShape, ...]
    archipelagos: tuple[Archipelago, ...]
    sea_label: Pixel | None = None
    inset: "Map | None" = None
    inset_at: Pixel | None = None

    @property
    def width(self) -> int:
        """Width in pixels."""
        return self.projection.width

    @property
    def height(self) -> int:
        """Height in pixels."""
        return self.projection.height

    def project(self, lat: float, lon: float) -> Pixel:
        """Return the place of a point on this map."""
        return self.projection.project(lat, lon)

    def shows(self, lat: float, lon: float) -> bool:
        """Say whether a point lies within the frame."""
        x, y = self.project(lat, lon)
        return 0 <= x <= self.width and 0 <= y <= self.height


@dataclass(frozen=True, slots=True)
class _Outline:
    code: str
    name: str
    rings: tuple[Ring, ...]


@cache
def country_map(width: int = COUNTRY_WIDTH) -> Map:
    """Return the map of the whole country with both archipelagos."""
    west, east, south, north = COUNTRY
    projection = Projection(west, east, south, north, width)
    shapes = [_shape(outline, projection, None) for outline in _outlines().values()]
    return Map(
        projection,
        tuple(shape for shape in shapes if shape),
        tuple(_archipelago(name, projection) for name in ISLANDS),
        sea_label=projection.project(*BIEN_DONG),
    )


@cache
def province_map(code: str, width: int = WIDTH) -> Map:
    """Return the map of one province of today by its code, neighbours cut at the frame.

    Raises KeyError for a code that no province has.
    """
    focus = _outlines()[code]
    projection = _around(focus, width)
    shapes = [_shape(outline, projection, code) for outline in _outlines().values()]
    archipelagos = [_archipelago(name, projection) for name in ISLANDS]
    inset = country_map(INSET_WIDTH)
    corner = _emptiest_corner(focus, projection, inset)
    return Map(
        projection,
        tuple(_unhidden(shape, corner, inset) for shape in shapes if shape),
        tuple(found for found in archipelagos if _within(found.label, projection)),
        inset=inset,
        inset_at=corner,
    )


def project(lat: float, lon: float) -> Pixel:
    """Return the place of a point on the country map at its usual width."""
    return country_map().project(lat, lon)


@cache
def _outlines() -> Mapping[str, _Outline]:
    """Return the outlines by code; rings hold (longitude, latitude)."""
    with (FOLDER / "admin_provinces_2025.csv").open(encoding="utf-8", newline="") as file:
        codes = {row["short_name"]: row["code"] for row in csv.DictReader(file)}
    collection = json.loads((FOLDER / "provinces_34.geojson").read_text(encoding="utf-8"))
    outlines = (_outline(feature, codes) for feature in collection["features"])
    return {outline.code: outline for outline in sorted(outlines, key=lambda outline: outline.code)}


def _outline(feature: dict[str, Any], codes: Mapping[str, str]) -> _Outline:
    name, geometry = feature["properties"]["p"].removeprefix("TP. "), feature["geometry"]
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    rings = tuple(tuple((lon, lat) for lon, lat in ring) for polygon in polygons for ring in polygon)
    return _Outline(codes[name], name, rings)


def _shape(outline: _Outline, projection: Projection, focus: str | None) -> ProvinceShape | None:
    edge = OUTSIDE_PX
    box = (-edge, -edge, projection.width + edge, projection.height + edge)
    placed = [[projection.position(lat, lon) for lon, lat in ring] for ring in outline.rings]
    rings = [ring for ring in (clip(ring, box) for ring in placed) if area(ring) >= SMALLEST_PX]
    drawn = path(rings)
    if not drawn:
        return None
    point, room = label_point(max(rings, key=area))
    fits = room >= LABEL_PX and _within(point, projection, LABEL_PX // 2)
    return ProvinceShape(outline.code, outline.name, drawn, point if fits else None, outline.code == focus)


def _archipelago(name: str, projection: Projection) -> Archipelago:
    islands = tuple(projection.project(lat, lon) for lat, lon in ISLANDS[name])
    return Archipelago(name, BELONGS_TO[name], islands, projection.project(*LABEL_LAT_LON[name]))


def _around(outline: _Outline, width: int) -> Projection:
    """Return a frame with a margin around a province and its larger islands, neither flat nor tall."""
    least = ISLAND_SHARE * max(map(area, outline.rings))
    west, south, east, north = bounds(ring for ring in outline.rings if area(ring) >= least)
    across, along = (east - west) * (1 + MARGIN), (north - south) * (1 + MARGIN)
    across, along = max(across, along / TALLEST), max(along, across * FLATTEST)
    lon, lat = (west + east) / 2, (south + north) / 2
    return Projection(lon - across / 2, lon + across / 2, lat - along / 2, lat + along / 2, width)


def _within(point: Position, projection: Projection, edge: int = 0) -> bool:
    return edge <= point[0] <= projection.width - edge and edge <= point[1] <= projection.height - edge


def _unhidden(shape: ProvinceShape, corner: Pixel, inset: Map) -> ProvinceShape:
    """Leave out a name that the inset would cover."""
    if shape.label is None:
        return shape
    x, y = shape.label[0] - corner[0], shape.label[1] - corner[1]
    aside = x < -LABEL_PX or x > inset.width + LABEL_PX
    above_or_below = y < 0 or y > inset.height + LABEL_PX // 2
    return shape if aside or above_or_below else replace(shape, label=None)


def _emptiest_corner(focus: _Outline, projection: Projection, inset: Map) -> Pixel:
    """Return the top left of the inset in the corner that hides least of the province."""
    gap = OUTSIDE_PX
    right, bottom = projection.width - inset.width - gap, projection.height - inset.height - gap
    corners = [(gap, bottom), (right, bottom), (right, gap), (gap, gap)]
    placed = [[projection.position(lat, lon) for lon, lat in ring] for ring in focus.rings]

    def hidden(corner: Pixel) -> float:
        box = (*corner, corner[0] + inset.width, corner[1] + inset.height)
        return sum(area(clip(ring, box)) for ring in placed)

    return min(corners, key=hidden)

"""Plane geometry of outlines: projecting, clipping, labelling, and writing compact SVG paths."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import degrees, log, pi, radians, tan

Position = tuple[float, float]
Pixel = tuple[int, int]
Ring = Sequence[Position]
Box = tuple[float, float, float, float]


def mercator(lat: float) -> float:
    """Return the height of a latitude on a Mercator map, in degrees of longitude at the equator."""
    return degrees(log(tan(pi / 4 + radians(lat) / 2)))


@dataclass(frozen=True, slots=True)
class Projection:
    """Mercator onto a picture of a given width; west, east, south and north in degrees."""

    west: float
    east: float
    south: float
    north: float
    width: int

    @property
    def scale(self) -> float:
        """Pixels per degree of longitude."""
        return self.width / (self.east - self.west)

    @property
    def height(self) -> int:
        """The height of the picture in pixels."""
        return round((mercator(self.north) - mercator(self.south)) * self.scale)

    def position(self, lat: float, lon: float) -> Position:
        """Return where a point lies on the picture, unrounded."""
        return (lon - self.west) * self.scale, (mercator(self.north) - mercator(lat)) * self.scale

    def project(self, lat: float, lon: float) -> Pixel:
        """Return where a point lies on the picture, in whole pixels from the top left."""
        x, y = self.position(lat, lon)
        return round(x), round(y)


def clip(ring: Ring, box: Box) -> Ring:
    """Cut a ring to a box (left, top, right, bottom), after Sutherland and Hodgman."""
    left, top, right, bottom = box
    for axis, limit, sign in ((0, left, 1), (0, right, -1), (1, top, 1), (1, bottom, -1)):
        ring = _cut(ring, axis, limit, sign)
    return ring


def _cut(ring: Ring, axis: int, limit: float, sign: int) -> Ring:
    kept: list[Position] = []
    for before, point in zip((*ring[-1:], *ring[:-1]), ring, strict=True):
        inside, was_inside = sign * (point[axis] - limit) >= 0, sign * (before[axis] - limit) >= 0
        if inside != was_inside:
            kept.append(_crossing(before, point, axis, limit))
        if inside:
            kept.append(point)
    return kept


def _crossing(one: Position, other: Position, axis: int, limit: float) -> Position:
    share = (limit - one[axis]) / (other[axis] - one[axis])
    return one[0] + (other[0] - one[0]) * share, one[1] + (other[1] - one[1]) * share


def area(ring: Ring) -> float:
    """Return the area of a ring, never negative."""
    closed = (*ring, *ring[:1])
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(closed))) / 2


def label_point(ring: Ring) -> tuple[Pixel, int]:
    """Return a point well inside a ring and the width of the ring there, both in pixels."""
    heights = [y for _, y in ring]
    top, bottom = min(heights), max(heights)
    rows = [top + (bottom - top) * part / 10 for part in (5, 4, 6, 3, 7)]
    widest = max((_widest_chord(ring, y), -index, y) for index, y in enumerate(rows))
    (width, middle), _, y = widest
    return (round(middle), round(y)), round(width)


def _widest_chord(ring: Ring, y: float) -> tuple[float, float]:
    closed = (*ring, *ring[:1])
    crossings = sorted(_crossing(a, b, 1, y)[0] for a, b in pairwise(closed) if (a[1] > y) != (b[1] > y))
    chords = zip(crossings[::2], crossings[1::2], strict=True)
    return max(((right - left, (left + right) / 2) for left, right in chords), default=(0.0, closed[0][0]))


def path(rings: Iterable[Ring]) -> str:
    """Return rings as one SVG path of whole relative steps; what rounds to nothing is left out."""
    return "".join(map(_ring_path, rings))


def _ring_path(ring: Ring) -> str:
    points = _without_repeats([(round(x), round(y)) for x, y in ring])
    if len(points) < 3:
        return ""
    steps = [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(points)]
    return f"M{points[0][0]} {points[0][1]}l{_joined(_straightened(steps))}z"


def _without_repeats(points: list[Pixel]) -> list[Pixel]:
    kept = [point for before, point in zip([None, *points], points, strict=False) if point != before]
    return kept[:-1] if len(kept) > 1 and kept[0] == kept[-1] else kept


def _straightened(steps: list[Pixel]) -> list[Pixel]:
    """Join steps that lead on in exactly the same direction."""
    kept: list[Pixel] = []
    for dx, dy in steps:
        if kept and kept[-1][0] * dy == kept[-1][1] * dx and kept[-1][0] * dx + kept[-1][1] * dy > 0:
            kept[-1] = kept[-1][0] + dx, kept[-1][1] + dy
        else:
            kept.append((dx, dy))
    return kept


def _joined(steps: list[Pixel]) -> str:
    numbers = " ".join(f"{dx} {dy}" for dx, dy in steps)
    return numbers.replace(" -", "-")


def bounds(rings: Iterable[Ring]) -> Box:
    """Return the smallest box around rings: (left, top, right, bottom)."""
    xs, ys = zip(*(point for ring in rings for point in ring), strict=True)
    return min(xs), min(ys), max(xs), max(ys)

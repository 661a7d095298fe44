"""Points of members as dots over a line of points, with the marks between stars and the mean."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from marketplace.certification.rubrics.stars import BANDS

WIDTH, TOP, STEP, LEAST_SPAN = 340, 26, 22, 8
MOST_TICKS = 10
NARROWEST = 90


@dataclass(frozen=True, slots=True)
class Zone:
    """A stretch of points that gives so many stars."""

    x: float
    width: float
    stars: int
    begins: int | None

    @property
    def roomy(self) -> bool:
        """Return whether words fit above it."""
        return self.width >= NARROWEST


@dataclass(frozen=True, slots=True)
class DotPlot:
    """Where everything of the drawing stands, in its own units."""

    depth: int
    zones: tuple[Zone, ...]
    dots: tuple[tuple[float, float], ...]
    mean_x: float
    ticks: tuple[tuple[float, int], ...]
    width: int = WIDTH
    top: int = TOP

    @property
    def foot(self) -> int:
        """Return where the zones end."""
        return self.top + self.depth

    @property
    def mean_anchor(self) -> str:
        """Return how the words of the mean stand, so that none runs out of the drawing."""
        if self.mean_x < WIDTH / 4:
            return "start"
        return "end" if self.mean_x > WIDTH * 3 / 4 else "middle"


def draw_dots(totals: Sequence[int], mean: Decimal) -> DotPlot:
    """Return the drawing of the points that members gave."""
    low, high = _range(totals)
    unit = WIDTH / (high - low)

    def at(points: Decimal | int) -> float:
        return round((float(points) - low) * unit, 1)

    stacks = Counter(totals)
    depth = max(54, STEP * max(stacks.values()) + 14)
    middle = TOP + depth / 2
    dots = tuple(
        (at(points), middle + STEP * (place - (number - 1) / 2))
        for points, number in sorted(stacks.items())
        for place in range(number)
    )
    every = next(step for step in (1, 2, 5, 10, 20) if (high - low) / step <= MOST_TICKS)
    ticks = tuple(
        (at(points), points) for points in range(low + 1, high) if points % every == 0 and 0 <= points <= 100
    )
    return DotPlot(depth=depth, zones=tuple(_zones(low, high, at)), dots=dots, mean_x=at(mean), ticks=ticks)


def _range(totals: Sequence[int]) -> tuple[int, int]:
    """Return between which points to draw: a little more than was given, within 0 and 100."""
    low, high = min(totals) - 2, max(totals) + 2
    lacking = LEAST_SPAN - (high - low)
    if lacking > 0:
        low, high = low - (lacking + 1) // 2, high + (lacking + 1) // 2
    return max(low, -2), min(high, 102)


def _zones(low: int, high: int, at: Callable[[int], float]) -> Iterator[Zone]:
    """Yield the stretches of stars between two points, the lowest first."""
    marks = sorted((int(begin), stars) for stars, begin in BANDS.items())
    ends = [begin for begin, _ in marks[1:]] + [high + 1]
    for (begin, stars), end in zip(marks, ends, strict=True):
        left, right = (low if begin == 0 else max(begin, low)), min(end, high)
        if left < right:
            yield Zone(at(left), round(at(right) - at(left), 1), stars, begin if begin > low else None)

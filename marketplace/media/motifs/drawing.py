"""How a motif is written down: coloured shapes under a thick ink line, on a 400 × 400 block.

Each motif is its coloured areas (path, colour) and its extra ink lines; `MAIN` is the colour that
the words of a product's name decide.
"""

from dataclasses import dataclass

MAIN = "main"
INK = "#1b2320"
RED, GOLD, TEAL, LEAF, PAPER = "#c5402a", "#f2b62a", "#1c5a63", "#3f7d4e", "#fffdf4"
BROWN, PINK, SAND, LIME, CREAM, CLAY = "#8c4a23", "#eba58f", "#e9d9ae", "#7fb069", "#f6f1e1", "#b8693c"


@dataclass(frozen=True, slots=True)
class Motif:
    """One drawing: coloured areas from back to front, then lines in ink alone."""

    areas: tuple[tuple[str, str], ...]
    lines: tuple[str, ...] = ()


def ring(x: int, y: int, r: int) -> str:
    """Return the path of a circle."""
    return f"M{x - r} {y}a{r} {r} 0 1 0 {2 * r} 0a{r} {r} 0 1 0-{2 * r} 0z"


def dots(*points: tuple[int, int]) -> str:
    """Return a path of dots, each a stroke of no length that round caps turn into a point."""
    return "".join(f"M{x} {y}h0" for x, y in points)

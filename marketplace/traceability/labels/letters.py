"""The letters on labels: Be Vietnam Pro, which PDFs carry along, and how texts are broken to fit."""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont, TTFontFile

FONTS = Path(__file__).parents[2] / "data" / "fonts"
REGULAR, BOLD = "be-vietnam-pro-400", "be-vietnam-pro-700"
LEADING = 1.17
"""Distance of lines by the size of the letters: room for the marks of Ế and Ậ."""
CAPITALS = 0.74
"""Height of capitals by the size of the letters."""


@lru_cache
def load_fonts() -> frozenset[int]:
    """Make both weights known to the PDF writer, and return the code points that they draw."""
    for name in (REGULAR, BOLD):
        pdfmetrics.registerFont(TTFont(name, FONTS / f"{name}.ttf"))
    return frozenset(TTFontFile(FONTS / f"{REGULAR}.ttf").charToGlyph)


def drawable(text: str) -> str:
    """Return a text in composed letters; what the fonts cannot draw becomes a question mark."""
    known = load_fonts()
    return "".join(one if ord(one) in known else "?" for one in unicodedata.normalize("NFC", text))


def width_of(text: str, font: str, size: float) -> float:
    """Return the width of a text in points."""
    return _unit_width(text, font) * size


@lru_cache(maxsize=4096)
def _unit_width(text: str, font: str) -> float:
    load_fonts()
    return float(pdfmetrics.stringWidth(text, font, 1))


def wrap(text: str, font: str, size: float, width: float) -> list[str]:
    """Break a text between words into lines of a width in points, and words longer than a line anywhere."""
    lines: list[str] = []
    space, left = width_of(" ", font, size), 0.0
    for word in _pieces(text, font, size, width):
        left -= space + width_of(word, font, size)
        if lines and left >= 0:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
            left = width - width_of(word, font, size)
    return lines


def shorten(lines: list[str], most: int, font: str, size: float, width: float) -> list[str]:
    """Return at most so many lines, the last ending in an ellipsis if any were left out."""
    if len(lines) <= most:
        return lines
    last = lines[most - 1]
    while width_of(f"{last}…", font, size) > width:
        last = last[:-1].rstrip()
    return [*lines[: most - 1], f"{last}…"]


def _pieces(text: str, font: str, size: float, width: float) -> Iterator[str]:
    for word in text.split(" "):
        rest = word
        while width_of(rest, font, size) > width and len(rest) > 1:
            fits = next(
                n for n in range(len(rest) - 1, 0, -1) if n == 1 or width_of(rest[:n], font, size) <= width
            )
            yield rest[:fits]
            rest = rest[fits:]
        yield rest

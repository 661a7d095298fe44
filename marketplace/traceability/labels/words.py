"""The words of a label, broken and sized to fit their room; lengths are points."""

from dataclasses import dataclass

from marketplace.traceability.labels.face import Face
from marketplace.traceability.labels.formats import LabelFormat
from marketplace.traceability.labels.letters import (
    BOLD,
    LEADING,
    REGULAR,
    drawable,
    shorten,
    width_of,
    wrap,
)

LEAST_NAME, LEAST_BESIDE = 3.8, 4.6
"""Smallest letters of a name that stands alone, and of one that has its producer beneath it."""
LEAST_SMALL = 3.6
STEP = 0.2
SAMPLE = "TEM MẪU"
NUMBER = "Tem"
"""What stands in for a label's own number until it is drawn."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of text that has no place yet; `leading` is the height that it takes up."""

    text: str
    font: str
    size: float
    leading: float


def height_of(rows: list[Row]) -> float:
    """Return the height of rows beneath one another."""
    return sum(row.leading for row in rows)


def fact_size(form: LabelFormat, face: Face, width: float) -> float:
    """Return the size of facts at which dates fit into a width, at most that of the format."""
    return min(_narrowed(date, form.fact_pt, width) for date in face.dates)


def fact_rows(form: LabelFormat, face: Face, width: float) -> list[Row]:
    """Return lot, number and dates; a long lot is a little smaller, and broken when that is not enough."""
    size = fact_size(form, face, width)
    lot = drawable(face.lot_words)
    lot_size = max(size * 0.8, _narrowed(lot, size, width))
    rows = [Row(line, REGULAR, lot_size, size * LEADING) for line in wrap(lot, REGULAR, lot_size, width)]
    if face.numbered:
        rows.append(Row(NUMBER, BOLD, size, size * LEADING))
    rows += [Row(date, REGULAR, size, size * LEADING) for date in face.dates]
    if face.sample and not face.numbered:
        rows.append(Row(SAMPLE, BOLD, size, size * LEADING))
    return rows


def name_rows(form: LabelFormat, face: Face, width: float, height: float) -> list[Row]:
    """Return name and producer as large as they fit into a height.

    The producer is left out where neither could be read; the name is whole unless it does not fit at its
    smallest size.
    """
    name, producer = drawable(face.name), drawable(face.producer)
    size = form.name_pt
    while size >= LEAST_BESIDE:
        small = max(LEAST_SMALL, min(form.fact_pt, size * 0.75))
        rows = [*_rows(name, BOLD, size, width), *_rows(producer, REGULAR, small, width)]
        if height_of(rows) <= height:
            return rows
        size -= STEP
    size = form.name_pt
    while size > LEAST_NAME and height_of(_rows(name, BOLD, size, width)) > height:
        size -= STEP
    most = max(1, int(height / (size * LEADING)))
    lines = shorten(wrap(name, BOLD, size, width), most, BOLD, size, width)
    return [Row(line, BOLD, size, size * LEADING) for line in lines]


def _rows(text: str, font: str, size: float, width: float) -> list[Row]:
    return [Row(line, font, size, size * LEADING) for line in wrap(text, font, size, width)]


def _narrowed(text: str, size: float, width: float) -> float:
    """Return the size at which a text fits into a width, at most the one given."""
    return size * min(1.0, 0.999 * width / width_of(text, REGULAR, size))

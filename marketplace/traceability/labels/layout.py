"""Where each part of a label lies; all in points from its lower left corner."""

from dataclasses import dataclass, field

from reportlab.lib.units import mm

from marketplace.traceability.labels.face import Face
from marketplace.traceability.labels.formats import LabelFormat
from marketplace.traceability.labels.letters import (
    BOLD,
    CAPITALS,
    LEADING,
    REGULAR,
    drawable,
    shorten,
    width_of,
    wrap,
)

QUIET = 4
"""Light modules around a QR code (ISO/IEC 18004)."""
LEAST_NAME, LEAST_SMALL, LEAST_BESIDE = 3.8, 3.6, 4.6
"""Smallest letters of a name alone, of a producer, and of a name that has its producer beneath it."""
EAN_SIZE = (31.0, 8.2)
"""Room for an EAN at 80 % of its full size, quiet zones and digits included, in millimetres."""
PLATE_HEIGHT, LEAST_PLATE = 3.6, 2.7
"""Height of the star plate among the words, and at least beneath the QR code, in millimetres."""
LEAST_FACTS = 5.0
"""Smallest letters of facts beside a DataMatrix; else it stands beneath the QR code."""
HINT = "Quét xem nguồn gốc"
SAMPLE = "TEM MẪU"
BESIDE = 1.1
"""Between facts and DataMatrix, in millimetres."""
NUMBER = "Tem"
"""What stands in for a label's own number until it is drawn."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text by the left end of its baseline."""

    x: float
    y: float
    size: float
    font: str
    text: str


@dataclass
class Layout:
    """The parts of a label; `number` says where its own number stands."""

    qr: Box
    lines: list[Line] = field(default_factory=list)
    number: Line | None = None
    matrix: Box | None = None
    ean: Box | None = None
    plate: Box | None = None
    pin: Box | None = None


def module_side(side: float, modules: int, dot: float | None) -> float:
    """Return the side of a code's modules: whole dots of the printer, unless that made them too small."""
    module = side / modules
    if dot is not None and (dots := int(module / (dot * mm) + 1e-6)) >= 3:
        return dots * dot * mm
    return module


def lay_out(form: LabelFormat, face: Face, modules: int, *, with_pins: bool) -> Layout:
    """Place all that a face says on a label of a format, the QR code being so many modules wide.

    Left stands the QR code with a field beneath it, right the words; what has no room there is left out.
    The name is always whole, unless it does not fit at the smallest size.
    """
    module = module_side(form.qr * mm, modules, form.dot)
    side, height = module * modules, (form.height - 2 * form.pad_y) * mm
    left, bottom = form.pad_x * mm, form.pad_y * mm
    layout = Layout(Box(left, bottom + height - side, side, side))
    gap = module * QUIET
    under = Box(left, bottom, side, height - side - gap)
    column = Box(left + side + gap, bottom, (form.width - 2 * form.pad_x) * mm - side - gap, height)
    beside = _fact_size(form, face, column.width - (form.matrix + BESIDE) * mm) >= LEAST_FACTS
    _fill_under(layout, form, face, under, with_pins=with_pins, matrix_here=not beside)
    _fill_column(layout, form, face, column, matrix_here=beside)
    return layout


def _fill_under(
    layout: Layout, form: LabelFormat, face: Face, under: Box, *, with_pins: bool, matrix_here: bool
) -> None:
    """Give the field beneath the QR code to the first that asks: PIN, DataMatrix, stars, a word of use."""
    if with_pins:
        height = min(under.height, 8 * mm)
        layout.pin = Box(under.x, under.y + under.height - height, under.width, height)
    elif matrix_here and form.matrix and face.barcodes:
        side = min(form.matrix * mm, under.height)
        layout.matrix = Box(under.x, under.y + under.height - side, side, side)
    elif under.height < LEAST_PLATE * mm:
        return
    elif face.stars:
        height = min(under.height, 5 * mm)
        layout.plate = Box(under.x, under.y + under.height - height, under.width, height)
    else:
        size = min(6.0, 6.0 * under.width / width_of(HINT, REGULAR, 6))
        layout.lines.append(Line(under.x, under.y + under.height - size, size, REGULAR, HINT))


def _fill_column(layout: Layout, form: LabelFormat, face: Face, column: Box, *, matrix_here: bool) -> None:
    """Fill the column of words from its ends: name above, EAN at the foot, facts upon that."""
    foot = column.y
    if form.ean and face.barcodes:
        width, height = (one * mm for one in EAN_SIZE)
        layout.ean, foot = Box(column.x, foot, width, height), foot + height + 1 * mm
    if face.stars and layout.plate is None:
        width = min(column.width, 20 * mm)
        layout.plate, foot = Box(column.x, foot, width, PLATE_HEIGHT * mm), foot + (PLATE_HEIGHT + 0.8) * mm
    facts = _facts(face)
    side = form.matrix * mm if matrix_here and face.barcodes else 0.0
    room = column.width - (side + BESIDE * mm if side else 0)
    size = _fact_size(form, face, room)
    wrapped = [line for fact in facts for line in wrap(fact, _font(fact), size, room)]
    block = max(len(wrapped) * size * LEADING, side)
    top = _write_name(layout, form, face, column, column.y + column.height - foot - block)
    if side:
        layout.matrix = Box(column.x + column.width - side, top - side, side, side)
    for place, text in enumerate(wrapped):
        line = _line(column.x, top, place, size, _font(text), text)
        if text == NUMBER:
            layout.number = line
        else:
            layout.lines.append(line)


def _fact_size(form: LabelFormat, face: Face, room: float) -> float:
    """Return the size of facts at which dates fit into a width, at most that of the format."""
    widest = max(width_of(date, REGULAR, form.fact_pt) for date in face.dates)
    return form.fact_pt * min(1.0, 0.999 * room / widest)


def _facts(face: Face) -> list[str]:
    lot, dates = drawable(face.lot_words), face.dates
    if face.numbered:
        return [lot, NUMBER, *dates]
    return [lot, *dates, SAMPLE] if face.sample else [lot, *dates]


def _font(fact: str) -> str:
    return BOLD if fact in (NUMBER, SAMPLE) else REGULAR


def _write_name(layout: Layout, form: LabelFormat, face: Face, column: Box, height: float) -> float:
    """Write name and producer as large as they fit into a height, and return where they end."""
    room = height - 0.6 * mm
    size, name, small, producer = _fit(form, drawable(face.name), drawable(face.producer), column.width, room)
    top = column.y + column.height
    layout.lines += [_line(column.x, top, n, size, BOLD, text) for n, text in enumerate(name)]
    top -= len(name) * size * LEADING
    layout.lines += [_line(column.x, top, n, small, REGULAR, text) for n, text in enumerate(producer)]
    return top - len(producer) * small * LEADING - 0.6 * mm


def _fit(
    form: LabelFormat, name: str, producer: str, width: float, height: float
) -> tuple[float, list[str], float, list[str]]:
    """Return sizes and lines of name and producer: both if they can be read, else the name alone."""
    size = form.name_pt
    while size >= LEAST_BESIDE:
        small = max(LEAST_SMALL, min(form.fact_pt, size * 0.75))
        first, second = wrap(name, BOLD, size, width), wrap(producer, REGULAR, small, width)
        if (len(first) * size + len(second) * small) * LEADING <= height:
            return size, first, small, second
        size -= 0.2
    size = form.name_pt
    while size > LEAST_NAME and len(wrap(name, BOLD, size, width)) * size * LEADING > height:
        size -= 0.2
    most = max(1, int(height / (size * LEADING)))
    return size, shorten(wrap(name, BOLD, size, width), most, BOLD, size, width), LEAST_SMALL, []


def _line(x: float, top: float, place: int, size: float, font: str, text: str) -> Line:
    return Line(x, top - place * size * LEADING - size * CAPITALS, size, font, text)

"""Where each part of a label lies: left the QR code with a field beneath it, right the words."""

from reportlab.lib.units import mm

from marketplace.traceability.labels.face import Face
from marketplace.traceability.labels.formats import LabelFormat
from marketplace.traceability.labels.letters import CAPITALS, REGULAR, width_of
from marketplace.traceability.labels.parts import Box, Layout, Line
from marketplace.traceability.labels.words import NUMBER, Row, fact_rows, fact_size, height_of, name_rows

QUIET = 4
"""Light modules around a QR code (ISO/IEC 18004)."""
EAN_SIZE = (31.0 * mm, 8.2 * mm)
"""Room for an EAN at 80 % of its full size, quiet zones and digits included."""
PLATE_HEIGHT, PLATE_WIDTH = 3.6 * mm, 20 * mm
"""The star plate among the words."""
LEAST_PLATE, LARGEST_PLATE = 2.7 * mm, 5 * mm
"""Heights of the star plate beneath the QR code."""
PIN_HEIGHT = 8 * mm
BESIDE = 1.1 * mm
"""Between facts and DataMatrix."""
LEAST_FACTS = 4.7
"""Smallest letters of facts beside a DataMatrix; else it stands beneath the QR code."""
GAP = 0.6 * mm
HINT = "Quét xem nguồn gốc"


def module_side(side: float, modules: int, dot: float | None) -> float:
    """Return the side of a code's modules: whole dots of the printer, unless that made them too small."""
    module = side / modules
    if dot is not None and (dots := int(module / (dot * mm) + 1e-6)) >= 3:
        return dots * dot * mm
    return module


def lay_out(form: LabelFormat, face: Face, modules: int, *, with_pins: bool) -> Layout:
    """Place all that a face says on a label of a format, the QR code being so many modules wide.

    What has no room is left out: the producer first.
    """
    module = module_side(form.qr * mm, modules, form.dot)
    side, gap = module * modules, module * QUIET
    left, bottom = form.pad_x * mm, form.pad_y * mm
    width, height = (form.width - 2 * form.pad_x) * mm, (form.height - 2 * form.pad_y) * mm
    layout = Layout(Box(left, bottom + height - side, side, side))
    under = Box(left, bottom, side, height - side - gap)
    column = Box(left + side + gap, bottom, width - side - gap, height)
    matrix = form.matrix * mm if face.barcodes else 0.0
    beside = fact_size(form, face, column.width - matrix - BESIDE) >= LEAST_FACTS
    _fill_under(layout, face, under, 0.0 if beside else matrix, with_pins=with_pins)
    _fill_column(layout, form, face, column, matrix if beside else 0.0)
    return layout


def _fill_under(layout: Layout, face: Face, under: Box, matrix: float, *, with_pins: bool) -> None:
    """Give the field beneath the QR code to the first that asks: PIN, DataMatrix, stars, a word of use."""
    if with_pins:
        layout.pin = under.top(PIN_HEIGHT)
    elif matrix:
        layout.matrix = under.top(matrix)
    elif under.height < LEAST_PLATE:
        return
    elif face.stars:
        layout.plate = under.top(LARGEST_PLATE)
    else:
        size = min(6.0, 6.0 * under.width / width_of(HINT, REGULAR, 6))
        layout.lines.append(Line(under.x, under.y + under.height - size, size, REGULAR, HINT))


def _fill_column(layout: Layout, form: LabelFormat, face: Face, column: Box, matrix: float) -> None:
    """Fill the column of words: the name has what its foot, the facts and a DataMatrix leave."""
    foot = _fill_foot(layout, form, face, column)
    room = column.width - (matrix + BESIDE if matrix else 0)
    facts = fact_rows(form, face, room)
    block = max(height_of(facts), matrix)
    top = column.y + column.height
    name = name_rows(form, face, column.width, top - foot - block - GAP)
    layout.lines += _place(name, column.x, top)
    top -= height_of(name) + GAP
    if matrix:
        layout.matrix = Box(column.x + column.width - matrix, top - matrix, matrix, matrix)
    for line in _place(facts, column.x, top):
        if line.text == NUMBER:
            layout.number = line
        else:
            layout.lines.append(line)


def _fill_foot(layout: Layout, form: LabelFormat, face: Face, column: Box) -> float:
    """Place EAN and stars at the foot of the column, and return where they end; a PIN displaces the EAN."""
    foot = column.y
    if form.ean and face.barcodes and layout.pin is None:
        layout.ean = Box(column.x, foot, *EAN_SIZE)
        foot += EAN_SIZE[1] + GAP
    if face.stars and layout.plate is None:
        layout.plate = Box(column.x, foot, min(column.width, PLATE_WIDTH), PLATE_HEIGHT)
        foot += PLATE_HEIGHT + GAP
    return foot


def _place(rows: list[Row], x: float, top: float) -> list[Line]:
    """Return rows beneath one another; capitals of the first touch the top."""
    lines = []
    for row in rows:
        lines.append(Line(x, top - row.size * CAPITALS, row.size, row.font, row.text))
        top -= row.leading
    return lines

"""Drawing the parts of a label as vectors, in black alone: thermal printers have no other colour."""

import math
from itertools import groupby

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.pathobject import PDFPathObject

from marketplace.traceability.labels.barcodes import Ean
from marketplace.traceability.labels.layout import module_side
from marketplace.traceability.labels.letters import BOLD, CAPITALS, REGULAR, width_of
from marketplace.traceability.labels.parts import Box, Line

EAN_MODULE = 0.264 * mm
"""80 % of the full width, the least that tills must read (GS1 General Specifications, 5.12.3)."""
EAN_QUIET = 11
PIN_WORDS = "Cào lấy mã bí mật"


def draw_modules(canvas: Canvas, rows: list[list[bool]], box: Box, *, dot: float | None = None) -> None:
    """Fill a square with the dark modules of a code, from its upper left corner; `dot` is in millimetres."""
    module = module_side(min(box.width, box.height), len(rows), dot)
    canvas.saveState()
    canvas.translate(box.x, box.y + box.height)
    canvas.scale(module, -module)
    canvas.drawPath(PDFPathObject(code=_runs(rows)), stroke=0, fill=1)
    canvas.restoreState()


def _runs(rows: list[list[bool]]) -> list[str]:
    """Return a rectangle for each run of dark modules, in whole modules, as PDF writes it."""
    runs = []
    for y, row in enumerate(rows):
        x = 0
        for dark, run in groupby(row):
            length = len(list(run))
            if dark:
                runs.append(f"{x} {y} {length} 1 re")
            x += length
    return runs


def draw_ean(canvas: Canvas, ean: Ean, box: Box) -> None:
    """Draw bars and the digits beneath them; guards reach down between the digits."""
    quiet = EAN_QUIET * EAN_MODULE
    digits_height = 2.1 * mm
    path = canvas.beginPath()
    for place, dark in enumerate(ean.bars):
        if dark:
            foot = box.y + (digits_height / 2 if ean.guards[place] else digits_height)
            path.rect(box.x + quiet + place * EAN_MODULE, foot, EAN_MODULE, box.y + box.height - foot)
    canvas.drawPath(path, stroke=0, fill=1)
    for left, digits in _digit_groups(ean):
        _draw(canvas, Line(box.x + quiet + left * EAN_MODULE, box.y + 0.2 * mm, 6.2, REGULAR, digits))


def _digit_groups(ean: Ean) -> list[tuple[int, str]]:
    if len(ean.digits) == 8:
        return [(5, ean.digits[:4]), (36, ean.digits[4:])]
    return [(-8, ean.digits[0]), (8, ean.digits[1:7]), (54, ean.digits[7:])]


def draw_plate(canvas: Canvas, stars: int, box: Box) -> None:
    """Draw the plate: as many stars as were granted, and what they are."""
    words = f"OCOP {stars} sao"
    height = min(box.height, box.width / 5)
    y = box.y + box.height - height
    size = height * 0.5
    star = height * 0.52
    width = stars * star * 1.05 + star * 0.3 + width_of(words, BOLD, size)
    room = box.width - height * 0.5
    if width > room:
        size, star, width = size * room / width, star * room / width, room
    canvas.setLineWidth(0.6)
    canvas.roundRect(box.x, y, width + height * 0.5, height, height * 0.2, stroke=1, fill=0)
    x, middle = box.x + height * 0.25, y + height / 2
    path = canvas.beginPath()
    for place in range(stars):
        _trace_star(path, x + (place * 1.05 + 0.5) * star, middle, star / 2)
    canvas.drawPath(path, stroke=0, fill=1)
    x += stars * star * 1.05 + star * 0.3
    _draw(canvas, Line(x, middle - size * CAPITALS / 2, size, BOLD, words))


def draw_pin(canvas: Canvas, pin: str, box: Box) -> None:
    """Draw the field that a scratch sticker covers, with words above it."""
    height = box.height - 2.1 * mm
    size = _size_for(PIN_WORDS, REGULAR, 4.6, box.width)
    _draw(canvas, Line(box.x, box.y + height + 0.6 * mm, size, REGULAR, PIN_WORDS))
    canvas.setLineWidth(0.4)
    canvas.rect(box.x, box.y, box.width, height, stroke=1, fill=0)
    words = f"{pin[:4]} {pin[4:]}"
    size = min(_size_for(words, BOLD, 8, box.width - 1.5 * mm), height * 0.95)
    x = box.x + (box.width - width_of(words, BOLD, size)) / 2
    _draw(canvas, Line(x, box.y + (height - size * CAPITALS) / 2, size, BOLD, words))


def draw_line(canvas: Canvas, line: Line, text: str | None = None) -> None:
    """Write a line of text, or another text in its place."""
    _draw(canvas, line if text is None else Line(line.x, line.y, line.size, line.font, text))


def _size_for(words: str, font: str, size: float, width: float) -> float:
    """Return a size of letters, made smaller where words were wider than their room."""
    return size * min(1.0, width / width_of(words, font, size))


def _draw(canvas: Canvas, line: Line) -> None:
    canvas.setFont(line.font, line.size)
    canvas.drawString(line.x, line.y, line.text)


def _trace_star(path: PDFPathObject, x: float, y: float, radius: float) -> None:
    for place in range(10):
        reach = radius if place % 2 == 0 else radius * 0.45
        angle = math.pi / 2 + place * math.pi / 5
        point = x + reach * math.cos(angle), y + reach * math.sin(angle)
        (path.lineTo if place else path.moveTo)(*point)
    path.close()

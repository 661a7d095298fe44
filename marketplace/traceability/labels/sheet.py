"""The PDF of a batch of labels: what all labels share is drawn once, codes and numbers on each."""

from collections.abc import Iterator, Sequence
from datetime import date
from io import BytesIO
from typing import Any

from reportlab import rl_config
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from marketplace.media.qr import qr_matrix
from marketplace.traceability.codes.models import LabelBatch, LabelLevel
from marketplace.traceability.codes.serials import Minted
from marketplace.traceability.labels.barcodes import data_matrix, ean_of, element_string
from marketplace.traceability.labels.drawing import (
    draw_ean,
    draw_line,
    draw_modules,
    draw_pin,
    draw_plate,
)
from marketplace.traceability.labels.errors import InvalidLabels
from marketplace.traceability.labels.face import Face, face_of, number_words
from marketplace.traceability.labels.formats import LabelFormat, get_format
from marketplace.traceability.labels.layout import lay_out
from marketplace.traceability.labels.letters import REGULAR, load_fonts
from marketplace.traceability.labels.parts import Layout

MASK = 3
"""Drawn on all codes of a sheet: to look for the evenest of eight would take most of the time."""
CUT_MARK = 1.5 * mm
rl_config.useA85 = 0  # files of bytes, a fifth smaller than files of ASCII


def draw_batch(
    batch: LabelBatch, labels: Sequence[Minted], site_url: str, day: date, *, skip: int = 0
) -> bytes:
    """Return the labels of a batch as a PDF; `skip` places of the first sheet were used before.

    `batch` is as `get_own_batch` loads it, `labels` are what was minted with it or what `list_serials`
    returns; a batch of labels that are all alike has none. Raises InvalidLabels for a place that the
    sheet does not have.
    """
    form, face = get_format(batch.format), face_of(batch, day)
    if not 0 <= skip < form.per_page:
        raise InvalidLabels(field="skip", most=form.per_page - 1)
    load_fonts()
    stored = BytesIO()
    canvas = _canvas(stored, form, face)
    first = qr_matrix(_address(face, labels[0].serial if labels else None, site_url), MASK)
    layout = lay_out(form, face, len(first), with_pins=any(label.pin for label in labels))
    _draw_face(canvas, layout, face, form, site_url)
    each = labels if batch.level is LabelLevel.ITEM else [None] * batch.count
    for place, label in _places(canvas, form, each, skip):
        x, y = form.corner(place)
        canvas.saveState()
        canvas.translate(x * mm, y * mm)
        canvas.doForm("face")
        if label is not None:
            _draw_own(canvas, layout, face, form, label, site_url)
        canvas.restoreState()
    canvas.save()
    return stored.getvalue()


def _canvas(stored: BytesIO, form: LabelFormat, face: Face) -> Canvas:
    page = form.page[0] * mm, form.page[1] * mm
    letters: Any = REGULAR  # the published stubs take the name of a font for a number
    canvas = Canvas(stored, pagesize=page, pageCompression=1, invariant=1, lang="vi", initialFontName=letters)
    canvas.setTitle(f"Tem {face.name}, lô {face.code.lot}")
    canvas.setAuthor(face.producer)
    canvas.setViewerPreference("PrintScaling", "None")
    return canvas


def _places(
    canvas: Canvas, form: LabelFormat, labels: Sequence[Minted | None], skip: int
) -> Iterator[tuple[int, Minted | None]]:
    """Yield the place of each label on its page, turning pages as they are full."""
    for position, label in enumerate(labels, skip):
        place = position % form.per_page
        if place == 0 and position > skip:
            canvas.showPage()
        yield place, label


def _draw_face(canvas: Canvas, layout: Layout, face: Face, form: LabelFormat, site_url: str) -> None:
    """Draw what all labels share; the codes too when all labels are alike."""
    canvas.beginForm("face", 0, 0, form.width * mm, form.height * mm)
    if not form.is_roll:
        _draw_cut_marks(canvas, form)
    for line in layout.lines:
        draw_line(canvas, line)
    if layout.plate is not None and face.stars:
        draw_plate(canvas, face.stars, layout.plate)
    ean = ean_of(face.code.gtin) if layout.ean is not None and face.code.gtin else None
    if ean is not None and layout.ean is not None:
        draw_ean(canvas, ean, layout.ean)
    if not face.numbered:
        _draw_codes(canvas, layout, face, form, None, site_url)
    canvas.endForm()


def _draw_own(
    canvas: Canvas, layout: Layout, face: Face, form: LabelFormat, label: Minted, site_url: str
) -> None:
    _draw_codes(canvas, layout, face, form, label.serial, site_url)
    if layout.number is not None:
        draw_line(canvas, layout.number, number_words(label.number, sample=face.sample))
    if layout.pin is not None and label.pin:
        draw_pin(canvas, label.pin, layout.pin)


def _draw_codes(
    canvas: Canvas, layout: Layout, face: Face, form: LabelFormat, serial: str | None, site_url: str
) -> None:
    draw_modules(canvas, qr_matrix(_address(face, serial, site_url), MASK), layout.qr, dot=form.dot)
    if layout.matrix is not None:
        rows = data_matrix(element_string(face.code_of(serial), face.use_by))
        draw_modules(canvas, rows, layout.matrix, dot=form.dot)


def _address(face: Face, serial: str | None, site_url: str) -> str:
    return f"{site_url}{face.code_of(serial).path}"


def _draw_cut_marks(canvas: Canvas, form: LabelFormat) -> None:
    """Mark the corners, to cut along on plain paper and to check the position on cut sheets."""
    width, height = form.width * mm, form.height * mm
    canvas.setLineWidth(0.25)
    canvas.setStrokeGray(0.6)
    for x in (0, width):
        for y in (0, height):
            canvas.line(x, y, x + (CUT_MARK if x == 0 else -CUT_MARK), y)
            canvas.line(x, y, x, y + (CUT_MARK if y == 0 else -CUT_MARK))
    canvas.setStrokeGray(0)

"""Printed sheets as a camera sees them: rendered, blurred, turned, and read by another reader."""

from contextlib import closing
from dataclasses import dataclass
from random import Random

import pypdfium2
import zxingcpp
from PIL import Image, ImageFilter
from reportlab.lib.units import mm

from marketplace.traceability.labels.formats import LabelFormat

DPI = 300
PRINTED = zxingcpp.BarcodeFormats(
    [
        zxingcpp.BarcodeFormat.QRCode,
        zxingcpp.BarcodeFormat.DataMatrix,
        zxingcpp.BarcodeFormat.EAN13,
        zxingcpp.BarcodeFormat.EAN8,
    ]
)
"""What tills and phones are set to read; the end of an EAN-13 alone can be taken for a UPC-E."""


@dataclass(frozen=True)
class Seen:
    """What a label's codes say; None where there is none or it cannot be read."""

    qr: str | None
    matrix: str | None
    ean: str | None


def label_pictures(pdf: bytes, form: LabelFormat, count: int, skip: int = 0) -> list[Image.Image]:
    """Return pictures of the labels of a PDF at 300 dpi, cut where their format says that they lie."""
    pictures: list[Image.Image] = []
    with closing(pypdfium2.PdfDocument(pdf)) as document:
        for position in range(skip, skip + count):
            number, place = divmod(position, form.per_page)
            bitmap = document[number].render(scale=DPI / 72, grayscale=True, crop=_margins(form, place))
            pictures.append(bitmap.to_pil())
    return pictures


def page_texts(pdf: bytes) -> list[str]:
    """Return the text of each page."""
    with closing(pypdfium2.PdfDocument(pdf)) as document:
        return [page.get_textpage().get_text_bounded() for page in document]


def distorted(picture: Image.Image, random: Random) -> Image.Image:
    """Return a label as a hand holds it before a camera: out of focus and turned."""
    blurred = picture.filter(ImageFilter.GaussianBlur(random.uniform(0.6, 1.2)))
    angle = random.choice((0, 90, 180, 270)) + random.uniform(-12, 12)
    return blurred.rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor=255)


def read(picture: Image.Image) -> Seen:
    """Read all codes of a label."""
    found = {_kind(one): one.text for one in zxingcpp.read_barcodes(picture, PRINTED)}
    return Seen(found.get("qr"), found.get("matrix"), found.get("ean"))


def _kind(code: zxingcpp.Barcode) -> str:
    if code.format == zxingcpp.BarcodeFormat.QRCode:
        return "qr"
    return "matrix" if code.format == zxingcpp.BarcodeFormat.DataMatrix else "ean"


def _margins(form: LabelFormat, place: int) -> tuple[float, ...]:
    """Return what lies left, below, right and above of a label on its page, in points."""
    left, bottom = form.corner(place)
    margins = (left, bottom, form.page[0] - left - form.width, form.page[1] - bottom - form.height)
    return tuple(max(0.0, margin) * mm for margin in margins)

"""QR codes of our permanent addresses: drawn as one compact path, or as a picture for printers."""

from functools import lru_cache
from io import BytesIO
from itertools import groupby

import qrcode
from PIL import Image
from qrcode.constants import ERROR_CORRECT_M

KEPT_CODES = 1024
"""Drawings kept by a process, about 5 kB each; finding the best mask takes milliseconds."""

QUIET_ZONE = 4
"""Light modules around a code, as ISO/IEC 18004 asks."""


def qr_matrix(text: str, mask: int | None = None) -> list[list[bool]]:
    """Return the dark modules of a code at error correction M, row by row, without a quiet zone.

    The evenest of the eight masks is looked for, which takes six times as long as to draw with the one
    that is named; readers are told which it is. Raises qrcode's DataOverflowError for more text than a
    code holds (2,331 bytes).
    """
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=0, mask_pattern=mask)
    code.add_data(text)
    code.make(fit=True)
    return [[bool(module) for module in row] for row in code.get_matrix()]


@lru_cache(maxsize=KEPT_CODES)
def qr_svg(text: str, label: str = "") -> str:
    """Return a code as an SVG element on white, whatever the theme; `label` is what it is called aloud."""
    return modules_svg(qr_matrix(text), QUIET_ZONE, label)


def modules_svg(rows: list[list[bool]], quiet: int, label: str = "") -> str:
    """Return the dark modules of a square code as an SVG element on white, with so many light ones around."""
    side = len(rows) + 2 * quiet
    path = "".join(_row_path(row, quiet, y + quiet) for y, row in enumerate(rows))
    name = f'role="img" aria-label="{_attribute(label)}"' if label else 'aria-hidden="true"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" {name} '
        'shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{side}v{side}H0z"/><path fill="#000" d="{path}"/></svg>'
    )


def _row_path(row: list[bool], x: int, y: int) -> str:
    """Return the runs of dark modules of a row that begins at a point, each as a bar one module high."""
    path = ""
    for dark, run in groupby(row):
        length = len(list(run))
        if dark:
            path += f"M{x} {y}h{length}v1h-{length}z"
        x += length
    return path


def _attribute(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")


def qr_png(text: str, module_pixels: int = 10) -> bytes:
    """Return a code as a black and white PNG, a module being so many pixels wide."""
    return modules_png(qr_matrix(text), QUIET_ZONE, module_pixels)


def modules_png(rows: list[list[bool]], quiet: int, module_pixels: int = 10) -> bytes:
    """Return the dark modules of a square code as a black and white PNG, with so many light ones around."""
    side = len(rows) + 2 * quiet
    picture = Image.new("1", (side, side), 1)
    for y, row in enumerate(rows):
        for x, dark in enumerate(row):
            if dark:
                picture.putpixel((x + quiet, y + quiet), 0)
    stored = BytesIO()
    size = side * module_pixels
    picture.resize((size, size), Image.Resampling.NEAREST).save(stored, "PNG", optimize=True)
    return stored.getvalue()

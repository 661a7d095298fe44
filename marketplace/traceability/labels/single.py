"""One code as a picture, for those who draw their own packs."""

from datetime import date, datetime
from enum import StrEnum

from marketplace.media.qr import QUIET_ZONE, modules_png, modules_svg, qr_matrix
from marketplace.traceability.codes.trace_code import TraceCode
from marketplace.traceability.labels.barcodes import data_matrix, element_string, is_global
from marketplace.traceability.labels.errors import NoBarcode
from marketplace.traceability.lots.models import Lot

MATRIX_QUIET_ZONE = 2
"""Light modules around a DataMatrix: one is enough (ISO/IEC 16022), two bear a trimming."""


class Symbol(StrEnum):
    """What a code is drawn as."""

    QR = "qr"
    DATA_MATRIX = "datamatrix"


def single_svg(symbol: Symbol, code: TraceCode, use_by: date | None, site_url: str, label: str) -> str:
    """Return a code as an SVG element called `label`; raises NoBarcode."""
    rows, quiet = _modules(symbol, code, use_by, site_url)
    return modules_svg(rows, quiet, label)


def single_png(
    symbol: Symbol, code: TraceCode, use_by: date | None, site_url: str, module_pixels: int = 20
) -> bytes:
    """Return a code as a black and white PNG, a module being so many pixels wide; raises NoBarcode."""
    rows, quiet = _modules(symbol, code, use_by, site_url)
    return modules_png(rows, quiet, module_pixels)


def note_as_printed(lot: Lot, at: datetime) -> None:
    """Note that a lot's code was given away to be printed: its row stands for ever from then on."""
    lot.printed_at = lot.printed_at or at


def _modules(
    symbol: Symbol, code: TraceCode, use_by: date | None, site_url: str
) -> tuple[list[list[bool]], int]:
    if symbol is Symbol.QR:
        return qr_matrix(f"{site_url}{code.path}"), QUIET_ZONE
    if not is_global(code.gtin):
        raise NoBarcode
    return data_matrix(element_string(code, use_by)), MATRIX_QUIET_ZONE

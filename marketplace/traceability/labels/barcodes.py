"""GS1 DataMatrix and EAN beside the QR code: only of numbers that GS1 gave."""

from dataclasses import dataclass
from datetime import date

import zxingcpp

from marketplace.traceability.codes.trace_code import TraceCode

EXAMPLE_PREFIX = "952"
"""Numbers that GS1 keeps for examples: barcodes of them are drawn on labels marked as samples."""


def is_global(gtin: str | None) -> bool:
    """Whether a GTIN of 14 digits means the same goods everywhere.

    Prefixes 02, 04 and 2, and GTIN-8 that begin with 0 or 2, are for use within a company (GS1 General
    Specifications, 1.4.3 and 1.4.4).
    """
    if gtin is None:
        return False
    if gtin.startswith("000000"):
        return gtin[6] not in "02"
    return not gtin[1:].startswith(("02", "04", "2"))


def is_example(gtin: str | None) -> bool:
    """Whether GS1 keeps a GTIN for examples."""
    return gtin is not None and gtin[1:].startswith(EXAMPLE_PREFIX)


def element_string(code: TraceCode, use_by: date | None) -> str:
    """Return what a DataMatrix says, in brackets: (01) item, (17) last day of use, (10) lot, (21) serial."""
    parts = [f"(01){code.gtin}"]
    if use_by is not None:
        parts.append(f"(17){use_by:%y%m%d}")
    parts += [f"({key}){value}" for key, value in (("10", code.lot), ("21", code.serial)) if value]
    return "".join(parts)


def data_matrix(elements: str) -> list[list[bool]]:
    """Return the dark modules of a square GS1 DataMatrix, row by row, without its quiet zone."""
    kind = zxingcpp.BarcodeFormat.DataMatrix
    return _modules(zxingcpp.create_barcode(elements, kind, gs1=True, force_square=True))


@dataclass(frozen=True, slots=True)
class Ean:
    """An EAN-13 or EAN-8: its digits, its bars as modules, and which of them are the longer guards."""

    digits: str
    bars: list[bool]
    guards: list[bool]


def ean_of(gtin: str) -> Ean | None:
    """Return the barcode for tills of a GTIN of 14 digits; cases (GTIN-14 proper) have none."""
    if not gtin.startswith("0"):
        return None
    short = gtin.startswith("000000")
    digits = gtin[6:] if short else gtin[1:]
    kind = zxingcpp.BarcodeFormat.EAN8 if short else zxingcpp.BarcodeFormat.EAN13
    rows = _modules(zxingcpp.create_barcode(digits, kind))
    return Ean(digits, rows[0], rows[-1])


def _modules(code: zxingcpp.Barcode) -> list[list[bool]]:
    picture = memoryview(code.to_image(scale=1, add_quiet_zones=False))  # type: ignore[arg-type]
    height, width = picture.shape or (0, 0)
    return [[picture[y, x] == 0 for x in range(width)] for y in range(height)]

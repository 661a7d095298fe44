"""Tables for spreadsheets, whose cells are never taken for formulas and always read back."""

import csv
import io
from collections.abc import Iterable, Sequence

GUARD = "'"
RISKY = frozenset("=+-@|\t\r\n＝＋－＠" + GUARD)
BYTE_ORDER_MARK = "\ufeff"


def neutralise(text: str) -> str:
    """Return a cell that no spreadsheet runs: a quote goes before what could begin a formula.

    `restore` undoes it, so a cell that begins with a quote of its own gets one more
    (OWASP ASVS 5.0, 1.2.10).
    """
    return GUARD + text if text.lstrip(" \u00a0")[:1] in RISKY else text


def restore(cell: str) -> str:
    """Return the text that `neutralise` made a cell of."""
    return cell[1:] if cell.startswith(GUARD) else cell


def write_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table as CSV with a byte order mark, by which spreadsheets know UTF-8; None is empty."""
    out = io.StringIO()
    out.write(BYTE_ORDER_MARK)
    writer = csv.writer(out)
    writer.writerow(header)
    for row in rows:
        writer.writerow("" if value is None else neutralise(str(value)) for value in row)
    return out.getvalue()

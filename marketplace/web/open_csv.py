"""Tables for spreadsheets, whose cells are never taken for formulas and always read back."""

import csv
import io
from collections.abc import Iterable, Sequence

from marketplace.upkeep.sheets.formulas import neutralise, restore

__all__ = ["BYTE_ORDER_MARK", "neutralise", "restore", "write_csv"]

BYTE_ORDER_MARK = "\ufeff"


def write_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table as CSV with a byte order mark, by which spreadsheets know UTF-8; None is empty."""
    out = io.StringIO()
    out.write(BYTE_ORDER_MARK)
    writer = csv.writer(out)
    writer.writerow(header)
    for row in rows:
        writer.writerow("" if value is None else neutralise(str(value)) for value in row)
    return out.getvalue()

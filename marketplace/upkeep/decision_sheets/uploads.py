"""A sheet of decisions as it comes in, and as the page of its trial carries it."""

import json
from collections.abc import Sequence
from pathlib import Path

from marketplace.upkeep import sheets
from marketplace.upkeep.decision_sheets.rows import COLUMNS
from marketplace.upkeep.sheets import Finding, Row, SheetRefused

MOST_BYTES = 1_000_000
MOST_ROWS = 300
MOST_CARRIED = 180_000
"""Bytes of the rows that the page of a trial carries: what a form may hold, less its other fields."""
_GONE = "Không đọc được các dòng đã xem thử. Mời gửi lại tệp."


def read_sheet(content: bytes) -> tuple[list[Row], list[Finding]]:
    """Return the rows of a CSV or XLSX file and what is wrong with its cells; raises SheetRefused."""
    rows, found = sheets.read_upload(content, COLUMNS, most_bytes=MOST_BYTES, most_rows=MOST_ROWS)
    rows = [row for row in rows if row.cells]
    if len(carry(rows).encode()) > MOST_CARRIED:
        raise SheetRefused("Các ô của tệp có quá nhiều chữ. Hãy chia nhỏ.")
    if not rows and not found:
        raise SheetRefused("Tệp không có dòng nào dưới dòng tên cột.")
    return rows, found


def read_path(path: Path) -> tuple[list[Row], list[Finding]]:
    """Return the rows of a file at the machine, as long as files may be there; raises SheetRefused."""
    with sheets.reading(path, COLUMNS) as sheet:
        return list(sheet.rows()), list(sheet.findings)


def carry(rows: Sequence[Row]) -> str:
    """Return rows as the text that a page carries."""
    return json.dumps([[row.number, row.cells] for row in rows], ensure_ascii=False)


def read_carried(text: str) -> list[Row]:
    """Return the rows that a page carried, cleaned as those of a file; raises SheetRefused for the rest."""
    try:
        told = json.loads(text)
    except ValueError as error:
        raise SheetRefused(_GONE) from error
    if not isinstance(told, list) or not 0 < len(told) <= MOST_ROWS:
        raise SheetRefused(_GONE)
    return [_row(one) for one in told]


def _row(told: object) -> Row:
    match told:
        case [int(number), dict(cells)] if all(
            name in COLUMNS.known and isinstance(cell, str) for name, cell in cells.items()
        ):
            return Row(number, {name: COLUMNS.clean(name, cell) for name, cell in cells.items()})
    raise SheetRefused(_GONE)

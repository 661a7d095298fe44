"""A sheet of events as it comes in, and its cells as facts."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from marketplace.text import fold, read_number
from marketplace.traceability.events.models import BizStep
from marketplace.traceability.lots.models import MeasureUnit
from marketplace.upkeep import sheets
from marketplace.upkeep.event_sheets.columns import (
    MOST_BYTES,
    MOST_LETTERS,
    MOST_ROWS,
    SHEET_COLUMNS,
    STEPS,
    UNIT_SPELLINGS,
    heading_of,
)
from marketplace.upkeep.sheets import Finding, Row, SheetRefused, limits

DAY_FORMS = ("%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y")
MOST_FINDINGS = 500
_STEPS = {fold(words): step for words, step in STEPS.items()}
_UNITS = {fold(words): unit for words, unit in UNIT_SPELLINGS.items()}


@dataclass(frozen=True, slots=True)
class Upload:
    """The rows of a sheet that hold something, and what was found wrong with its cells."""

    rows: Sequence[Row] = ()
    findings: Sequence[Finding] = field(default_factory=tuple)

    def to_json(self) -> str:
        """Return its rows as the text that a page carries back."""
        return json.dumps([[row.number, row.cells] for row in self.rows], ensure_ascii=False)

    @classmethod
    def from_json(cls, carried: str) -> "Upload":
        """Return what a page carried back; raises SheetRefused for anything else than `to_json` writes."""
        try:
            rows = [_row(one) for one in json.loads(carried)]
        except (ValueError, TypeError, RecursionError, OverflowError) as error:
            raise SheetRefused("Bản xem thử bị hỏng. Hãy gửi lại tệp.") from error
        _check_size(rows)
        return cls(rows)


def read_upload(content: bytes) -> Upload:
    """Read a CSV or XLSX file; its first sheet counts. Raises SheetRefused."""
    read, found = sheets.read_upload(content, SHEET_COLUMNS, most_bytes=MOST_BYTES, most_rows=MOST_ROWS)
    rows = [row for row in read if row.cells]
    _check_size(rows)
    findings = [Finding(one.severity, one.row, heading_of(one.column), one.message) for one in found]
    return Upload(rows, findings[:MOST_FINDINGS])


def read_step(cell: str) -> BizStep:
    """Return the step that a cell names; raises ValueError."""
    try:
        return _STEPS[fold(cell)]
    except KeyError as error:
        raise ValueError(cell) from error


def read_unit(cell: str) -> MeasureUnit:
    """Return the unit that a cell names; raises ValueError."""
    try:
        return _UNITS[fold(cell)]
    except KeyError as error:
        raise ValueError(cell) from error


def read_day(cell: str) -> date:
    """Return the day that a cell holds; raises ValueError."""
    for form in DAY_FORMS:
        try:
            return datetime.strptime(cell.split(" ", maxsplit=1)[0].split("T", maxsplit=1)[0], form).date()  # noqa: DTZ007
        except ValueError:
            continue
    raise ValueError(cell)


def read_time(cell: str) -> time:
    """Return the time of day that a cell holds, noon for none; raises ValueError."""
    return time.fromisoformat((cell or "12:00").replace("h", ":").removesuffix(":").zfill(5)).replace(
        tzinfo=None
    )


def read_quantity(cell: str) -> Decimal:
    """Return a quantity, read as the form of an event reads it; raises ValueError."""
    quantity = read_number(cell)
    if not 0 < quantity < 10**11:
        raise ValueError(cell)
    return quantity


def _row(one: Any) -> Row:
    number, cells = one
    known = {name: str(cell) for name, cell in dict(cells).items() if name in SHEET_COLUMNS.known}
    for cell in known.values():
        cell.encode()
        if limits.fault_of(cell) is not None:
            raise ValueError(cell)
    return Row(int(number), known)


def _check_size(rows: Sequence[Row]) -> None:
    if len(rows) > MOST_ROWS:
        raise SheetRefused(f"Tệp có {len(rows)} dòng, nhiều nhất là {MOST_ROWS}. Hãy chia nhỏ.")
    if sum(len(cell) for row in rows for cell in row.cells.values()) > MOST_LETTERS:
        raise SheetRefused("Các ô của tệp có quá nhiều chữ. Hãy chia nhỏ.")
    if not rows:
        raise SheetRefused("Tệp không có dòng nào dưới dòng tên cột.")

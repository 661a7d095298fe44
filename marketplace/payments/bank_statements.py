"""A bank's statement, row by row: money that came in, and every cell of it that cannot be read.

Pure: rows come as text from whoever opened the file; what comes out is handed to `take_transfer`.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from marketplace import clock
from marketplace.errors import InvalidInput
from marketplace.payments.bank import Line
from marketplace.payments.bank_columns import Column, find_columns, list_missing
from marketplace.payments.bank_notice import MOST_AMOUNT, read_reference
from marketplace.text import clean, fold

HEADING_WITHIN = 60
MOST_LINES = 200
"""Transfers taken at once, in one transaction that others wait for."""
FIRST_YEAR = 2020
_DAY_FIRST = re.compile(
    r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:[ T,-]*(\d{1,2}):(\d{2})(?::(\d{2}))?)?", re.ASCII
)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]+(\d{1,2}):(\d{2})(?::(\d{2}))?.*)?", re.ASCII)
_PLAIN = re.compile(r"\d+(?:[.,]0{1,2})?", re.ASCII)
_GROUPED = re.compile(r"\d{1,3}(?:([.,\u00a0 ])\d{3})(?:\1\d{3})*(?:[.,]0{1,2})?", re.ASCII)
_CURRENCY = re.compile(r"\s*(?:vnđ|vnd|đồng|đ|₫)$")
_SUMS = ("tong", "cong", "so du", "total", "opening", "closing", "balance", "phat sinh", "cong phat sinh")
_OUT, _IN = {"-", "d", "dr", "no", "ghi no"}, {"+", "c", "cr", "co", "ghi co"}


class FaultKind(StrEnum):
    """Why a cell cannot be read."""

    NO_DATE = "no_date"
    FUTURE = "future"
    NO_AMOUNT = "no_amount"
    NO_REFERENCE = "no_reference"
    NO_SIGN = "no_sign"
    DIFFERS = "differs"


@dataclass(frozen=True, slots=True)
class Fault:
    """A cell that cannot be read, by its row as spreadsheets count and the heading of its column."""

    row: int
    column: str
    kind: FaultKind
    cell: str


@dataclass(frozen=True, slots=True)
class Statement:
    """What a statement tells: transfers in, with their rows; rows passed over; cells not understood."""

    lines: tuple[tuple[int, Line], ...]
    passed_over: int
    faults: tuple[Fault, ...]


class NoStatement(InvalidInput):
    """A sheet without the heading of a statement; `missing` names the columns that were not found."""

    code = "no_statement"


class TooManyTransfers(InvalidInput):
    """A statement with more transfers than are taken at once; `most` says how many."""

    code = "too_many_transfers"


class _Unreadable(Exception):
    def __init__(self, column: Column, kind: FaultKind) -> None:
        self.column, self.kind = column, kind


def read_statement(rows: Iterable[tuple[int, Sequence[str]]], today: date) -> Statement:
    """Read a statement; money that went out, sums and empty rows are passed over.

    Raises NoStatement without a heading, TooManyTransfers beyond MOST_LINES.
    """
    listed = list(rows)
    at, columns = _find_heading(listed)
    heading = listed[at][1]
    lines: dict[str, tuple[int, Line]] = {}
    faults: list[Fault] = []
    passed_over = 0
    for number, cells in listed[at + 1 :]:
        row = {column: clean(cells[place]) if place < len(cells) else "" for column, place in columns.items()}
        try:
            line = None if _is_no_transfer(cells, row) else _read_line(row, today)
            if line is None:
                passed_over += 1
            else:
                _add(lines, number, line)
        except _Unreadable as fault:
            name = clean(heading[columns[fault.column]])
            faults.append(Fault(number, name, fault.kind, row[fault.column][:40]))
    if len(lines) > MOST_LINES:
        raise TooManyTransfers(field="file", most=MOST_LINES)
    return Statement(tuple(lines.values()), passed_over, tuple(faults))


def _find_heading(rows: Sequence[tuple[int, Sequence[str]]]) -> tuple[int, dict[Column, int]]:
    fewest = list_missing({})
    for at, (_, cells) in enumerate(rows[:HEADING_WITHIN]):
        columns = find_columns(cells)
        missing = list_missing(columns)
        if not missing:
            return at, columns
        fewest = min(fewest, missing, key=len)
    raise NoStatement(field="file", missing=fewest)


def _is_no_transfer(cells: Sequence[str], row: dict[Column, str]) -> bool:
    """Return whether a row is empty, a sum, the names of the columns again, or money that went out."""
    first = next((fold(cell) for cell in cells if cell.strip()), "")
    if not first or not list_missing(find_columns(cells)):
        return True
    if first.startswith(_SUMS) and not row[Column.REFERENCE]:
        return True
    amount = row[_money_column(row)]
    return amount in {"", "-"} or amount.startswith("-") or bool(re.fullmatch(r"0+(?:[.,]0+)?", amount))


def _money_column(row: dict[Column, str]) -> Column:
    return Column.CREDIT if Column.CREDIT in row else Column.AMOUNT


def _read_line(row: dict[Column, str], today: date) -> Line | None:
    column = _money_column(row)
    if column is Column.AMOUNT and not _came_in(row):
        return None
    return Line(
        reference=_read_reference(row[Column.REFERENCE]),
        amount=_read_amount(row[column], column),
        message=row[Column.MESSAGE],
        at=_read_moment(row[Column.DATE], today),
    )


def _came_in(row: dict[Column, str]) -> bool:
    """Return whether money came in where one column holds both: never guessed, money out names orders too."""
    if Column.SIGN not in row:
        if row[Column.AMOUNT].startswith("+"):
            return True
        raise _Unreadable(Column.AMOUNT, FaultKind.NO_SIGN)
    plain = fold(row[Column.SIGN])
    if plain not in _IN | _OUT:
        raise _Unreadable(Column.SIGN, FaultKind.NO_SIGN)
    return plain in _IN


def _read_amount(cell: str, column: Column) -> int:
    """Return whole đồng; `1.250.000`, `1,250,000` and `1250000.00` are the same."""
    plain = _CURRENCY.sub("", cell.casefold().lstrip("+").strip())
    if not (_PLAIN.fullmatch(plain) or _GROUPED.fullmatch(plain)):
        raise _Unreadable(column, FaultKind.NO_AMOUNT)
    digits = re.sub(r"\D", "", re.sub(r"[.,]0{1,2}$", "", plain))
    if not 0 < int(digits) <= MOST_AMOUNT:
        raise _Unreadable(column, FaultKind.NO_AMOUNT)
    return int(digits)


def _read_reference(cell: str) -> str:
    try:
        return read_reference(cell)
    except InvalidInput as refusal:
        raise _Unreadable(Column.REFERENCE, FaultKind.NO_REFERENCE) from refusal


def _read_moment(cell: str, today: date) -> datetime:
    """Return an instant, day first as Vietnamese write; a day without an hour begins at 00:00."""
    if found := _DAY_FIRST.fullmatch(cell):
        day, month, year = found[1], found[2], found[3]
    elif found := _ISO.fullmatch(cell):
        year, month, day = found[1], found[2], found[3]
    else:
        raise _Unreadable(Column.DATE, FaultKind.NO_DATE)
    hour, minute, second = (int(part or 0) for part in found.groups()[3:6])
    try:
        moment = datetime(int(year), int(month), int(day), hour, minute, second, tzinfo=clock.VIETNAM)
    except ValueError as error:
        raise _Unreadable(Column.DATE, FaultKind.NO_DATE) from error
    if moment.date() > today + timedelta(days=1):
        raise _Unreadable(Column.DATE, FaultKind.FUTURE)
    if moment.year < FIRST_YEAR:
        raise _Unreadable(Column.DATE, FaultKind.NO_DATE)
    return moment


def _add(lines: dict[str, tuple[int, Line]], row: int, line: Line) -> None:
    """Add a transfer, once for each reference; the same one with another amount is a fault."""
    _, known = lines.setdefault(line.reference, (row, line))
    if known.amount != line.amount:
        raise _Unreadable(Column.REFERENCE, FaultKind.DIFFERS)

"""The report of a year as a workbook: a sheet for each section; no cell is a formula."""

import io
import re
from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from marketplace.office.year_report import Section
from marketplace.web.open_csv import neutralise

LONGEST_NAME = 31
"""Letters that spreadsheets take in the name of a sheet."""
_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
_WIDTHS = (44, 20, 24, 18, 18, 18)


def write_book(heading: str, note: str, sections: Sequence[Section]) -> bytes:
    """Return an XLSX file with every section of a report that has something to tell."""
    book = Workbook()
    cover = book.active
    assert isinstance(cover, Worksheet)
    cover.title = _name(1, heading)
    _put(cover, 1, 1, heading).font = Font(bold=True, size=14)
    _put(cover, 2, 1, note)
    cover.column_dimensions["A"].width = 100
    told = [section for section in sections if not section.empty]
    for number, section in enumerate(told, start=2):
        _put(cover, number + 2, 1, section.title)
        _write(book.create_sheet(_name(number, section.title)), section)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def _write(sheet: Worksheet, section: Section) -> None:
    _put(sheet, 1, 1, section.title).font = Font(bold=True, size=13)
    _put(sheet, 2, 1, section.note)
    for place, words in enumerate(section.columns, start=1):
        _put(sheet, 3, place, words).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(place)].width = _WIDTHS[min(place, len(_WIDTHS)) - 1]
    for number, row in enumerate(section.rows, start=4):
        for place, value in enumerate(row, start=1):
            _put(sheet, number, place, value).alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "A4"


def _put(sheet: Worksheet, row: int, place: int, value: str | int | None) -> Cell:
    """Write a cell; text is guarded, and marked as text whatever it begins with."""
    cell = sheet.cell(row, place)
    assert isinstance(cell, Cell)
    if isinstance(value, int):
        cell.value = value
    elif value:
        cell.value = neutralise(ILLEGAL_CHARACTERS_RE.sub("", value))
        cell.data_type = "s"
    return cell


def _name(number: int, title: str) -> str:
    """Return the name of a sheet, its number before it so that no two are the same."""
    return f"{number}. {_FORBIDDEN.sub(' ', title)}"[:LONGEST_NAME].strip()

"""The empty sheet of events as an XLSX file: choices in its cells, how to fill it in, and the lots."""

import io
from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from marketplace.traceability.lots.models import Lot
from marketplace.upkeep.event_sheets.columns import (
    EXPLANATIONS,
    MOST_ROWS,
    REQUIRED,
    STEPS,
    UNITS,
    Column,
)
from marketplace.upkeep.sheets.formulas import neutralise

EVENTS, GUIDE, LOTS = "Việc đã làm", "Hướng dẫn", "Các lô"
CHOICES: dict[Column, Sequence[str]] = {Column.STEP: tuple(STEPS), Column.UNIT: tuple(UNITS)}
WIDTHS = {Column.PLACE: 28, Column.WORDS: 48, Column.PRODUCT: 28, Column.EVENT: 24}
_BLUE, _GREY = PatternFill("solid", fgColor="DCE6F1"), PatternFill("solid", fgColor="E8E8E4")


def blank_workbook(lots: Sequence[Lot]) -> bytes:
    """Return an XLSX file to be filled in; `lots` are named in it, their products loaded."""
    book = Workbook()
    events = book.active
    assert isinstance(events, Worksheet)
    events.title = EVENTS
    _write_events(events)
    guide = [(column.value, *EXPLANATIONS[column]) for column in Column]
    _write_table(book.create_sheet(GUIDE), [("Cột", "Ghi gì", "Ví dụ"), *guide], (18, 90, 30))
    named = [(lot.code, lot.product.name if lot.product else lot.name or "") for lot in lots]
    _write_table(book.create_sheet(LOTS), [("Mã lô", "Sản phẩm"), *named], (20, 50))
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def _write_events(sheet: Worksheet) -> None:
    for place, column in enumerate(Column, start=1):
        letter = get_column_letter(place)
        head = _put(sheet, 1, place, column.value)
        head.font = Font(bold=True)
        head.fill = _BLUE if column in REQUIRED else _GREY
        sheet.column_dimensions[letter].width = WIDTHS.get(column, 14)
        if column in CHOICES:
            offered = DataValidation(type="list", formula1=f'"{",".join(CHOICES[column])}"', allow_blank=True)
            offered.add(f"{letter}2:{letter}{MOST_ROWS + 1}")
            sheet.add_data_validation(offered)
    sheet.freeze_panes = "A2"


def _write_table(sheet: Worksheet, rows: Sequence[Sequence[str]], widths: Sequence[int]) -> None:
    for number, row in enumerate(rows, start=1):
        for place, words in enumerate(row, start=1):
            cell = _put(sheet, number, place, words)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.font = Font(bold=number == 1)
    for place, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width


def _put(sheet: Worksheet, row: int, place: int, words: str) -> Cell:
    """Write a cell as text, whatever it begins with."""
    cell = sheet.cell(row, place)
    assert isinstance(cell, Cell)
    cell.value = neutralise(words)
    cell.data_type = "s"
    return cell

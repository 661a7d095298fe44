"""A producer's goods as an XLSX file: the sheet, choices offered in its cells, and how to fill it in."""

import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from marketplace.upkeep.sheets.formulas import neutralise
from marketplace.upkeep.shop_sheets.columns import (
    CERTIFIED,
    ERASE,
    EXPLANATIONS,
    NO,
    NUMBERS,
    REASONS,
    UNITS,
    VAT_RATES,
    YES,
    Column,
)
from marketplace.upkeep.shop_sheets.limits import MOST_ROWS
from marketplace.upkeep.shop_sheets.present import written

GOODS, GUIDE = "Hàng bán", "Hướng dẫn"
LONGEST_CELL = 32_000
"""Characters; spreadsheets take 32,767 in a cell."""
CHOICES: dict[Column, Sequence[object]] = {
    Column.ON_SALE: (YES, NO),
    Column.VAT: VAT_RATES,
    Column.UNIT: tuple(UNITS),
    Column.REASON: tuple(REASONS),
}
WIDTHS: dict[Column, int] = {Column.NAME: 32, Column.DESCRIPTION: 48, Column.PACK: 22, Column.PICTURES: 32}
_GREY = PatternFill("solid", fgColor="E8E8E4")
_BLUE = PatternFill("solid", fgColor="DCE6F1")
_RULES = (
    "Ô để trống thì giữ nguyên. Bỏ bớt cột hay dòng không cần đổi cũng được.",
    f"Muốn xoá một ô chữ, số ngày hay ảnh, ghi {ERASE}.",
    "Cột nền xám do giấy chứng nhận quy định: bảng tính không đổi được, hãy gửi đề nghị thay đổi.",
    "Sau khi gửi tệp, trang cho xem trước từng ô sẽ đổi; chưa bấm ghi thì chưa có gì thay đổi.",
    "Dấu nháy đơn ở đầu ô giữ cho bảng tính không chạy ô như công thức.",
)


def workbook_of(columns: Sequence[Column], rows: Iterable[Mapping[Column, Any]]) -> bytes:
    """Return rows as an XLSX file whose first sheet has these columns; no cell is a formula."""
    book = Workbook()
    goods = book.active
    assert isinstance(goods, Worksheet)
    goods.title = GOODS
    _write_goods(goods, columns, rows)
    _write_guide(book.create_sheet(GUIDE), columns)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def _write_goods(sheet: Worksheet, columns: Sequence[Column], rows: Iterable[Mapping[Column, Any]]) -> None:
    for place, column in enumerate(columns, start=1):
        head = _put(sheet, 1, place, column.value)
        head.font = Font(bold=True)
        head.fill = _GREY if column in CERTIFIED else _BLUE
        head.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.column_dimensions[get_column_letter(place)].width = WIDTHS.get(column, 18)
        _offer_choices(sheet, column, get_column_letter(place))
    for number, row in enumerate(rows, start=2):
        for place, column in enumerate(columns, start=1):
            _put(sheet, number, place, _cell(column, row.get(column)))
    sheet.freeze_panes = "A2"


def _cell(column: Column, value: Any) -> Any:
    return value if column in NUMBERS and isinstance(value, int) else written(column, value)


def _put(sheet: Worksheet, row: int, place: int, value: Any) -> Cell:
    """Write a cell; text is guarded, and marked as text whatever it begins with."""
    cell = sheet.cell(row, place)
    assert isinstance(cell, Cell)
    if isinstance(value, int):
        cell.value = value
    elif value:
        cell.value = neutralise(ILLEGAL_CHARACTERS_RE.sub("", value))[:LONGEST_CELL]
        cell.data_type = "s"
    return cell


def _offer_choices(sheet: Worksheet, column: Column, letter: str) -> None:
    if column not in CHOICES:
        return
    listed = ",".join(str(choice) for choice in CHOICES[column])
    offered = DataValidation(type="list", formula1=f'"{listed}"', allow_blank=True, showErrorMessage=True)
    offered.errorTitle, offered.error = column.value, f"Chọn một trong: {listed}"
    offered.add(f"{letter}2:{letter}{MOST_ROWS + 1}")
    sheet.add_data_validation(offered)


def _write_guide(sheet: Worksheet, columns: Sequence[Column]) -> None:
    for place, (head, width) in enumerate((("Cột", 24), ("Ghi gì", 80), ("Ví dụ", 36)), start=1):
        _put(sheet, 1, place, head).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(place)].width = width
    number = 1
    for number, column in enumerate(columns, start=2):
        explained = EXPLANATIONS[column]
        for place, words in enumerate((column.value, explained.words, explained.example), start=1):
            _put(sheet, number, place, words).alignment = Alignment(wrap_text=True, vertical="top")
    for further, rule in enumerate(_RULES, start=number + 2):
        _put(sheet, further, 1, rule)

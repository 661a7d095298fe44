"""XLSX: the archive's directory is judged before anything is unpacked; formulas are never read."""

import re
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import IO, Any

from openpyxl import load_workbook

from marketplace.text import parts_thousands
from marketplace.upkeep.sheets import limits
from marketplace.upkeep.sheets.findings import SheetRefused

FORMULA = "="
_BROKEN = (KeyError, ValueError, IndexError, SyntaxError, AttributeError, EOFError, zipfile.BadZipFile)
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*ref=\"([A-Z]+\d+:[A-Z]+\d+)\"")


def judge_archive(path: Path) -> None:
    """Raise SheetRefused when the archive would unpack to more than a sheet should."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except zipfile.BadZipFile as error:
        raise SheetRefused("Tệp XLSX bị hỏng: không mở được gói nén.") from error
    packed = sum(entry.compress_size for entry in entries) or 1
    unpacked = sum(entry.file_size for entry in entries)
    swollen = unpacked > limits.SMALL_UNPACKED and unpacked / packed > limits.MAX_RATIO
    if len(entries) > limits.MAX_ENTRIES or unpacked > limits.MAX_UNPACKED or swollen:
        raise SheetRefused(
            f"Tệp XLSX bung ra {unpacked // 1_000_000} MB từ {packed // 1_000} kB trong "
            f"{len(entries)} phần: quá lớn, có thể là bom nén."
        )
    if "xl/workbook.xml" not in {entry.filename for entry in entries}:
        raise SheetRefused("Gói nén này không phải bảng tính XLSX.")


def rows_of_xlsx(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield the number and the cells of each row of the first sheet.

    A formula comes as a text that begins with `=`, whatever its kept value. Raises SheetRefused
    for broken or oversized archives and for merged cells.
    """
    judge_archive(path)
    with path.open("rb") as file:
        sheet, part = _open_sheet(file)
        _refuse_merged(path, part)
        sheet.reset_dimensions()
        try:
            for number, row in enumerate(sheet.iter_rows(), start=1):
                yield number, [_text(cell) for cell in row]
        except _BROKEN as error:
            raise SheetRefused("Tệp XLSX bị hỏng: không đọc được trang tính.") from error


def _open_sheet(file: IO[bytes]) -> tuple[Any, str]:
    """Return the first sheet, to be streamed, and the name of its part in the archive."""
    try:
        sheet = load_workbook(file, read_only=True, data_only=False, keep_links=False).worksheets[0]
        return sheet, vars(sheet)["_worksheet_path"]
    except _BROKEN as error:
        raise SheetRefused("Tệp XLSX bị hỏng: không đọc được sổ tính.") from error


def _refuse_merged(path: Path, part: str) -> None:
    with zipfile.ZipFile(path) as archive, archive.open(part.lstrip("/")) as stream:
        tail = b""
        while chunk := stream.read(1 << 20):
            if found := _MERGED.search(tail + chunk):
                raise SheetRefused(f"Các ô {found[1].decode()} bị gộp. Hãy bỏ gộp ô rồi gửi lại.")
            tail = chunk[-200:]


def _text(cell: Any) -> str:
    """Return a cell as text; the number 1.234 gets a comma, for as text its dot would part thousands."""
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        return FORMULA
    if isinstance(value, bool | float) and float(value).is_integer():
        return str(int(value))
    if isinstance(value, date):
        return value.isoformat()[:10]
    if isinstance(value, float) and parts_thousands(str(value)):
        return str(value).replace(".", ",")
    return str(value)

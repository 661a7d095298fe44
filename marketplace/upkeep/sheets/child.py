"""The process that opens a stranger's file: it limits itself first, and answers in JSON lines.

Run as `python -m marketplace.upkeep.sheets.child FILE`. Each line is `{"row": number, "cells": […]}`,
`{"finding": [severity, row, column, message]}` or, last and alone, `{"refused": reason}`.
"""

import json
import resource
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from marketplace.upkeep.sheets import limits
from marketplace.upkeep.sheets.csv_rows import rows_of_csv
from marketplace.upkeep.sheets.findings import Severity, SheetRefused, letters_of

OLD_EXCEL = b"\xd0\xcf\x11\xe0"

Line = dict[str, Any]


def limit_process() -> None:
    """Bound this process's memory and processor time; exceeding them ends it, not the importer."""
    resource.setrlimit(resource.RLIMIT_AS, (limits.MEMORY_BYTES, limits.MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.CPU_SECONDS, limits.CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def rows_of(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a file whose kind is told by its first bytes, not by its name."""
    with path.open("rb") as file:
        content = file.read(limits.MAX_BYTES + 1)
    if not content.strip():
        raise SheetRefused("Tệp rỗng.")
    if len(content) > limits.MAX_BYTES:
        raise SheetRefused(f"Tệp lớn hơn {limits.MAX_BYTES // 1_000_000} MB. Hãy chia nhỏ.")
    if content.startswith(OLD_EXCEL):
        raise SheetRefused("Tệp là Excel kiểu cũ (.xls) hoặc có mật khẩu. Hãy lưu thành .xlsx hay CSV.")
    if content.startswith(b"PK\x03\x04"):
        from marketplace.upkeep.sheets.xlsx_rows import rows_of_xlsx  # noqa: PLC0415 - takes as long as the rest

        del content
        return rows_of_xlsx(path)
    return rows_of_csv(content)


def lines_of(path: Path) -> Iterator[Line]:
    """Yield what is to be told of a file, the heading's row first."""
    heading: list[str] = []
    for number, cells in rows_of(path):
        if not any(cell.strip() for cell in cells):
            continue
        if number > limits.MAX_ROWS:
            raise SheetRefused(f"Tệp có hơn {limits.MAX_ROWS:,} dòng. Hãy chia nhỏ.".replace(",", "."))
        if len(cells) > limits.MAX_COLUMNS:
            raise SheetRefused(f"Dòng {number} có {len(cells)} cột, nhiều nhất là {limits.MAX_COLUMNS}.")
        heading = heading or cells
        yield from _judged(number, cells, heading)
    if not heading:
        raise SheetRefused("Tệp rỗng.")


def _judged(number: int, cells: list[str], heading: list[str]) -> Iterator[Line]:
    kept = []
    for index, cell in enumerate(cells):
        fault = limits.fault_of(cell)
        visible = limits.without_invisible(cell) if fault is None else ""
        if fault is not None:
            yield _finding(Severity.ERROR, number, _column(index, heading), fault)
        elif visible != cell and number > 1:
            yield _finding(Severity.DOUBT, number, _column(index, heading), "đã bỏ ký tự không nhìn thấy")
        kept.append(visible)
    yield {"row": number, "cells": kept}


def _finding(severity: Severity, row: int, column: str, message: str) -> Line:
    return {"finding": [severity.value, row, column, message]}


def _column(index: int, heading: list[str]) -> str:
    name = heading[index].strip() if index < len(heading) else ""
    return name[:40] or letters_of(index)


def main(path: str) -> None:
    """Tell of the file on the standard output."""
    try:
        for line in lines_of(Path(path)):
            sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
    except SheetRefused as refusal:
        sys.stdout.write(json.dumps({"refused": refusal.reason}, ensure_ascii=False) + "\n")
    except MemoryError:
        sys.stdout.write(json.dumps({"refused": limits.TOO_HEAVY}) + "\n")


if __name__ == "__main__":
    limit_process()
    main(sys.argv[1])

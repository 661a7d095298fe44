"""Read a sheet through the child process and check its columns."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from marketplace import text
from marketplace.upkeep.sheets import limits
from marketplace.upkeep.sheets.findings import Finding, Severity, SheetRefused, letters_of
from marketplace.upkeep.sheets.formulas import restore


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a sheet: its number as spreadsheets count, and its cells by column, cleaned."""

    number: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        """Return a cell, empty when the sheet has no such column."""
        return self.cells.get(column, "")


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns a sheet may have, those without which it makes no sense, and those of several lines.

    `guarded` sheets are those we hand out: the guard that keeps a cell from being a formula goes again.
    """

    known: Sequence[str]
    required: Sequence[str]
    lines: frozenset[str] = frozenset()
    guarded: bool = False

    def clean(self, name: str, cell: str) -> str:
        """Return the cell of a column cleaned; where it may have several lines, they stay apart."""
        cell = restore(cell) if self.guarded else cell
        return text.clean_lines(cell) if name in self.lines else text.clean(cell)


@dataclass(slots=True)
class Sheet:
    """A sheet that was read: what was found wrong with its cells, and its rows, one at a time."""

    columns: Columns
    findings: list[Finding] = field(default_factory=list)
    count: int = 0
    _answer: IO[str] | None = None

    def rows(self) -> Iterator[Row]:
        """Yield the rows below the heading; can be asked for again."""
        assert self._answer is not None
        self._answer.seek(0)
        names: list[str] = []
        for line in self._answer:
            said = json.loads(line)
            if "cells" not in said:
                continue
            if not names:
                names = [_name(cell) for cell in said["cells"]]
                continue
            cells = dict(zip(names, said["cells"], strict=False))
            cleaned = {name: self.columns.clean(name, cells.get(name, "")) for name in self.columns.known}
            yield Row(said["row"], cleaned)


@contextmanager
def reading(path: Path, columns: Columns) -> Iterator[Sheet]:
    """Read a CSV or XLSX file, held in a temporary file while the context lasts.

    Raises SheetRefused when it cannot be read as a sheet within the limits of `limits`.
    """
    with tempfile.TemporaryFile("w+", encoding="utf-8") as answer:
        _run_child(path, answer)
        sheet = Sheet(columns, _answer=answer)
        _examine(sheet, answer)
        yield sheet


def read_upload(
    content: bytes, columns: Columns, *, most_bytes: int, most_rows: int
) -> tuple[list[Row], list[Finding]]:
    """Return the rows of a sheet that somebody sent, empty cells left out, and what is wrong with them.

    Raises SheetRefused as `reading` does, and beyond these limits.
    """
    if len(content) > most_bytes:
        raise SheetRefused(f"Tệp lớn hơn {most_bytes // 1_000_000} MB. Hãy chia nhỏ.")
    with tempfile.NamedTemporaryFile(suffix=".sheet") as file:
        file.write(content)
        file.flush()
        with reading(Path(file.name), columns) as sheet:
            if sheet.count > most_rows:
                raise SheetRefused(f"Tệp có {sheet.count} dòng, nhiều nhất là {most_rows}. Hãy chia nhỏ.")
            filled = ((row.number, {k: v for k, v in row.cells.items() if v}) for row in sheet.rows())
            return [Row(number, cells) for number, cells in filled], list(sheet.findings)


def read_cells(path: Path) -> list[tuple[int, list[str]]]:
    """Return the rows of a sheet of others' making as they stand, which may begin with more than a heading.

    Cells that cannot be taken come empty. Raises SheetRefused as `reading` does.
    """
    rows: list[tuple[int, list[str]]] = []
    with tempfile.TemporaryFile("w+", encoding="utf-8") as answer:
        _run_child(path, answer)
        answer.seek(0)
        for line in answer:
            said = json.loads(line)
            if "refused" in said:
                raise SheetRefused(said["refused"])
            if "cells" in said:
                rows.append((said["row"], said["cells"]))
    return rows


def _run_child(path: Path, answer: IO[str]) -> None:
    """Have a file read by a process that finds our modules where this one does."""
    command = [sys.executable, "-m", "marketplace.upkeep.sheets.child", str(path.absolute())]
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8", "PYTHONPATH": os.pathsep.join(sys.path)}
    try:
        done = subprocess.run(  # noqa: S603 - our own module, and a path that is no option
            command,
            stdout=answer,
            stderr=subprocess.DEVNULL,
            env=environment,
            timeout=limits.WALL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise SheetRefused(limits.TOO_HEAVY) from error
    if done.returncode:
        raise SheetRefused(limits.TOO_HEAVY if done.returncode < 0 else "Tệp bị hỏng: không đọc được.")


def _examine(sheet: Sheet, answer: IO[str]) -> None:
    """Collect refusals and findings, check the heading, and count the rows."""
    answer.seek(0)
    heading: list[str] | None = None
    for line in answer:
        said = json.loads(line)
        if "refused" in said:
            raise SheetRefused(said["refused"])
        if "finding" in said:
            severity, row, column, message = said["finding"]
            sheet.findings.append(Finding(Severity(severity), row, column, message))
        elif heading is None:
            heading = [_name(cell) for cell in said["cells"]]
            sheet.findings.extend(_check_heading(heading, sheet.columns, said["row"]))
        else:
            sheet.count += 1
            sheet.findings.extend(_check_width(said["row"], said["cells"], heading))
        if len(sheet.findings) > limits.MAX_FINDINGS:
            raise SheetRefused(f"Tệp có hơn {limits.MAX_FINDINGS} ô nghi vấn; {sheet.findings[0]}")


def _name(cell: str) -> str:
    return text.clean(cell).casefold()


def _check_heading(heading: list[str], columns: Columns, row: int) -> Iterator[Finding]:
    for index, name in enumerate(heading):
        if name and name not in columns.known:
            yield Finding(Severity.DOUBT, row, name[:40], "cột lạ, được bỏ qua")
        if name and name in heading[:index]:
            yield Finding(Severity.ERROR, row, name[:40], f"cột lặp lại ở {letters_of(index)}")
    for name in columns.required:
        if name not in heading:
            yield Finding(Severity.ERROR, row, name, "thiếu cột bắt buộc")


def _check_width(row: int, cells: list[str], heading: list[str]) -> Iterator[Finding]:
    for index, cell in enumerate(cells[len(heading) :], start=len(heading)):
        if cell.strip():
            yield Finding(Severity.ERROR, row, letters_of(index), "ô nằm ngoài các cột có tên")
    for index, cell in enumerate(cells[: len(heading)]):
        if cell.strip() and not heading[index]:
            yield Finding(Severity.ERROR, row, letters_of(index), "cột không có tên")

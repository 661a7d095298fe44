"""The frame of every import: read it all, refuse it all or write it all."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Protocol

from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.database import unit_of_work
from marketplace.upkeep.importing.cells import Speaker, doubt_lost_letters
from marketplace.upkeep.importing.report import Report
from marketplace.upkeep.sheets import Columns, Row, Sheet, reading

Progress = Callable[[int, int], None]


def no_progress(done: int, total: int) -> None:
    """Tell nobody how far an import is."""


class Importer(Protocol):
    """What one kind of file needs: its columns, how rows are examined, and how they are applied."""

    what: str
    columns: Columns

    def examine(self, row: Row, report: Report) -> None:
        """Note what is wrong with a row; nothing is written yet."""

    def prepare(self, session: Session) -> None:
        """Read from the database what applying rows needs."""

    def apply(self, row: Row, report: Report) -> None:
        """Write a row that has no errors."""

    def finish(self, report: Report) -> None:
        """Write what still waits."""


class _DryRun(Exception):
    """Takes a tried import back: no error, only the way out of a unit of work without its commit."""


def run_import(
    importer: Importer, path: Path, *, dry_run: bool = False, progress: Progress = no_progress
) -> Report:
    """Import a file in one unit of work, or, on any error, nothing of it.

    A dry run does everything and takes it back. Raises SheetRefused when the file is no sheet.
    """
    report = Report(importer.what, dry_run=dry_run)
    with reading(path, importer.columns) as sheet:
        report.rows = sheet.count
        report.findings.extend(sheet.findings)
        if not report.errors:
            for row in sheet.rows():
                doubt_lost_letters(row, Speaker(row.number, report.findings))
                importer.examine(row, report)
        if report.errors:
            return report
        _write(importer, sheet, report, progress)
    return report


def _write(importer: Importer, sheet: Sheet, report: Report, progress: Progress) -> None:
    try:
        with unit_of_work() as session:
            importer.prepare(session)
            for done, row in enumerate(sheet.rows(), start=1):
                importer.apply(row, report)
                progress(done, report.rows)
            importer.finish(report)
            _undo(report.dry_run)
    except _DryRun:
        return
    report.applied = True


def _undo(dry_run: bool) -> None:
    if dry_run:
        raise _DryRun


def day_or_today(day: date | None) -> date:
    """Return the day an import counts as made on."""
    return day or clock.today()

"""Sheets: CSV and XLSX files from outside, read into rows of text within bounded time and memory."""

from marketplace.upkeep.sheets.findings import Finding, Severity, SheetRefused
from marketplace.upkeep.sheets.reading import Columns, Row, Sheet, read_cells, read_upload, reading

__all__ = [
    "Columns",
    "Finding",
    "Row",
    "Severity",
    "Sheet",
    "SheetRefused",
    "read_cells",
    "read_upload",
    "reading",
]

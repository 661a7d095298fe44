"""A producer's sheet as it comes in: read within its limits into rows that can be kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from marketplace.upkeep import sheets
from marketplace.upkeep.importing.cells import Speaker
from marketplace.upkeep.sheets import Finding, Row, Severity, SheetRefused
from marketplace.upkeep.shop_sheets.columns import SHEET_COLUMNS, Column, column_named
from marketplace.upkeep.shop_sheets.limits import MOST_BYTES, MOST_LETTERS, MOST_ROWS
from marketplace.upkeep.shop_sheets.wishes import Wish, read_wish


@dataclass(frozen=True, slots=True)
class Upload:
    """The rows of a sheet, empty cells left out, and what was found wrong with its cells."""

    rows: Sequence[Row] = ()
    findings: Sequence[Finding] = field(default_factory=tuple)

    def wishes(self) -> tuple[list[Wish], list[Finding]]:
        """Return what the rows wish for, and what of them is not understood."""
        findings: list[Finding] = []
        wishes = [read_wish(row, Speaker(row.number, findings)) for row in self.rows]
        return wishes, [*self.findings, *findings]

    def picture_names(self) -> set[str]:
        """Return the names of pictures that rows ask for."""
        wishes, _ = self.wishes()
        return {name for wish in wishes for name in wish.values.get(Column.PICTURES) or ()}

    def beside(self, refused: Mapping[str, str]) -> "Upload":
        """Return it with what is said of pictures that were not taken, by their names in lower case."""
        wishes, _ = self.wishes()
        said = [
            Finding(Severity.ERROR, wish.row, Column.PICTURES, refused[name.casefold()])
            for wish in wishes
            for name in wish.values.get(Column.PICTURES) or ()
            if name.casefold() in refused
        ]
        return replace(self, findings=[*self.findings, *said])

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {
            "rows": [[row.number, row.cells] for row in self.rows],
            "findings": [[one.severity.value, one.row, one.column, one.message] for one in self.findings],
        }

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Upload":
        """Return an upload from its JSON values."""
        return cls(
            [Row(number, cells) for number, cells in kept["rows"]],
            [Finding(Severity(kind), row, column, words) for kind, row, column, words in kept["findings"]],
        )


def read_upload(content: bytes) -> Upload:
    """Read a CSV or XLSX file; its first sheet counts.

    Raises SheetRefused for what is no sheet or beyond the limits of `limits`. It takes a moment: a
    process of its own opens the file.
    """
    rows, found = sheets.read_upload(content, SHEET_COLUMNS, most_bytes=MOST_BYTES, most_rows=MOST_ROWS)
    if sum(len(cell) for row in rows for cell in row.cells.values()) > MOST_LETTERS:
        raise SheetRefused("Các ô của tệp có quá nhiều chữ. Hãy chia nhỏ.")
    if not rows:
        raise SheetRefused("Tệp không có dòng nào dưới dòng tên cột.")
    return Upload([row for row in rows if row.cells], [_renamed(one) for one in found])


def _renamed(found: Finding) -> Finding:
    """Return a finding with its column called as its heading is."""
    known = column_named(found.column)
    return Finding(found.severity, found.row, known.value if known else found.column, found.message)

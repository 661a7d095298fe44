"""What is said about the cells of a sheet: errors stop an import, doubts are noted."""

from dataclasses import dataclass
from enum import StrEnum

from marketplace.errors import InvalidInput


class Severity(StrEnum):
    """Whether a finding stops the import of its whole file."""

    ERROR = "error"
    DOUBT = "doubt"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a person should look at; `row` counts from 1 as spreadsheets do, 0 is the whole file."""

    severity: Severity
    row: int
    column: str
    message: str

    def __str__(self) -> str:
        """Return the finding as a line of a report: severity, row and column, message."""
        place = ", ".join(
            part for part in (self.row and f"dòng {self.row}", self.column and f"cột {self.column}") if part
        )
        kind = "LỖI" if self.severity is Severity.ERROR else "nghi vấn"
        return f"{kind}: {place}: {self.message}" if place else f"{kind}: {self.message}"


class SheetRefused(InvalidInput):
    """A file that cannot be read as a sheet at all; `reason` says why in words for its sender."""

    code = "sheet_refused"

    def __init__(self, reason: str) -> None:
        super().__init__(reason=reason)
        self.reason = reason

    def __str__(self) -> str:
        """Return the reason."""
        return self.reason


def letters_of(index: int) -> str:
    """Return the letters by which spreadsheets name a column: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters

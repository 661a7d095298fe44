"""What somebody typed into a form: read field by field, with the words for each that is wrong."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import TypeVar

from marketplace.errors import InvalidInput
from marketplace.text import whole_number
from marketplace.workspace.numbers import read_whole

EARLIEST_YEAR, LATEST_YEAR = 1990, 2100
_FORMS = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y")

Value = TypeVar("Value")


class Typed:
    """The fields of a form as they came, and what is wrong with them, in the order of the page."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        self.fields = fields
        self.faults: list[tuple[str, str]] = []

    def text(self, field: str) -> str:
        """Return a field as it came; nothing for one that did not."""
        return self.fields.get(field, "")

    def read(self, field: str, reader: Callable[[str], Value], words: str) -> Value | None:
        """Return what a reader makes of a field; where it refuses, note the words and return None."""
        try:
            return reader(self.text(field))
        except InvalidInput:
            self.faults.append((field, words))
            return None

    def whole(self, field: str, words: str) -> int:
        """Return a whole number; where it is none, note the words and return 0."""
        return self.read(field, lambda text: read_whole(field, text), words) or 0

    def id(self, field: str) -> int:
        """Return the number of a row, 0, which no row has, for anything else."""
        return whole_number(self.text(field).strip()) or 0

    def fault(self, field: str, words: str) -> None:
        """Note that a field is wrong."""
        self.faults.append((field, words))


def read_day(text: str) -> date | None:
    """Return a day as browsers send it or as people in Vietnam write it, None for none.

    Raises InvalidInput for what is no day of these times.
    """
    typed = text.strip()
    if not typed:
        return None
    for form in _FORMS:
        try:
            day = datetime.strptime(typed, form).date()  # noqa: DTZ007 - a day has no time zone
        except ValueError:
            continue
        if EARLIEST_YEAR <= day.year <= LATEST_YEAR:
            return day
    raise InvalidInput(field="day")


def read_required_day(text: str) -> date:
    """Return a day that has to be there; raises InvalidInput."""
    day = read_day(text)
    if day is None:
        raise InvalidInput(field="day")
    return day

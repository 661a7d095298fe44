"""Days as people type them into the forms of the office."""

import re
from datetime import date

_DAY = re.compile(r"\s*(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})\s*", re.ASCII)


def read_day(typed: str) -> date | None:
    """Return a typed day, 20/11/2026 or 2026-11-20; None for what is no day."""
    try:
        if written := _DAY.fullmatch(typed):
            day, month, year = map(int, written.groups())
            return date(year, month, day)
        return date.fromisoformat(typed.strip())
    except ValueError:
        return None

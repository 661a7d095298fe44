"""The files of the shipped rubrics as they stand, read past the code under test."""

import json
from pathlib import Path
from typing import Any

from marketplace.settings import PROJECT

FOLDER: Path = PROJECT / "marketplace" / "data" / "certification" / "rubrics" / "26-2026" / "1"


def raw_file(name: str) -> Any:
    """Return what a file of the edition holds."""
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def raw_set(number: int) -> dict[str, Any]:
    """Return what the file of a set holds."""
    [file] = (FOLDER / "sets").glob(f"{number:02}-*.json")
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found


def rows_of(number: int) -> list[tuple[str, int, int, int]]:
    """Return all options of a set as flat rows: criterion, place from 1, points, star mark or 0."""
    rows: list[tuple[str, int, int, int]] = []
    waiting = [one for part in raw_set(number)["parts"] for one in part["criteria"]]
    while waiting:
        criterion = waiting.pop()
        waiting += criterion.get("children", [])
        for place, option in enumerate(criterion.get("options", []), 1):
            rows.append((criterion["code"], place, option["points"], option.get("gate", 0)))
    return rows

"""The administrative units that the project ships, read from marketplace/data/places.

Three layers, each laid over the one before: units of today and of 30 June 2025, units of 2021–2024
that had ended or changed by then, and the dated supplement. README.md beside the files names their
sources and licences.
"""

import csv
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from marketplace.places.district_successors import succeed_districts
from marketplace.places.earlier_units import EarlierUnits
from marketplace.places.facts import Point, Row, Shipped, UnitFact, middle
from marketplace.places.models import Level
from marketplace.places.reform import (
    Provinces,
    add_communes_of_today,
    add_units_of_mid_2025,
)
from marketplace.places.repairs import drop_namesakes, place_by_former_communes
from marketplace.settings import PROJECT
from marketplace.text import canonical

FOLDER = PROJECT / "marketplace" / "data" / "places"


def read_shipped(folder: Path = FOLDER) -> Shipped:
    """Read all shipped units and successions."""
    shipped = Shipped()
    units_2021 = _rows(folder / "admin_units_2021.csv")
    mid_2025 = _rows(folder / "admin_old_to_new.csv")
    resolutions = {row["province_code"]: row["resolution"] for row in _rows(folder / "resolutions_2025.csv")}
    provinces = Provinces(_rows(folder / "admin_provinces_2025.csv"), units_2021)
    provinces.add_to(shipped)
    add_communes_of_today(shipped, _rows(folder / "admin_communes_2025.csv"), mid_2025, resolutions)
    districts = add_units_of_mid_2025(shipped, mid_2025, provinces)
    drop_namesakes(shipped)
    place_by_former_communes(shipped)
    EarlierUnits(units_2021, provinces, districts, shipped).add()
    _place_former_provinces(shipped)
    _lay_supplement_over(shipped, _rows(folder / "supplement.csv"))
    succeed_districts(shipped)
    return shipped


def _rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _place_former_provinces(shipped: Shipped) -> None:
    points: dict[str, list[Point]] = defaultdict(list)
    for unit in shipped.units.values():
        if unit.level is Level.DISTRICT and unit.parent and unit.lat is not None and unit.lon is not None:
            points[unit.parent].append((unit.lat, unit.lon))
    for key, found in points.items():
        if shipped.units[key].lat is None:
            lat, lon = middle(found)
            shipped.units[key] = replace(shipped.units[key], lat=lat, lon=lon)


def _lay_supplement_over(shipped: Shipped, rows: Iterable[Row]) -> None:
    """Let dated, sourced rows add units or correct derived ones; an empty cell keeps what is there."""
    for row in rows:
        known = shipped.units.get(row["key"])
        changes = {column: read(row[column]) for column, read in _COLUMNS.items() if row[column]}
        if known is None:
            unit = UnitFact(key=row["key"], ended=bool(row["valid_to"] or row["successors"]), **changes)
        else:
            unit = replace(known, **changes)
        shipped.add(unit, row["successors"].split("|") if row["successors"] else ())


_COLUMNS: dict[str, Callable[[str], Any]] = {
    "level": Level,
    "kind": str,
    "name": canonical,
    "code": str,
    "parent": str,
    "valid_from": date.fromisoformat,
    "valid_to": date.fromisoformat,
    "lat": float,
    "lon": float,
    "source": str,
    "note": str,
}

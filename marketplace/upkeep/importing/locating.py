"""Printed places read once each, however many rows print them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from marketplace.places.gazetteer import Gazetteer
from marketplace.places.queries import names_around
from marketplace.places.resolving import ResolvedPlace, resolve
from marketplace.producers.matching import Whereabouts
from marketplace.upkeep.importing.cells import Speaker
from marketplace.upkeep.sheets import Row

PARTS = ("commune", "district", "province")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row puts something: as printed, and as resolved."""

    commune: str | None
    district: str | None
    province: str | None
    resolved: ResolvedPlace

    def columns(self) -> dict[str, Any]:
        """Return the columns of `Located`, the street address apart."""
        return {
            "printed_commune": self.commune,
            "printed_district": self.district,
            "printed_province": self.province,
            "origin_id": self.resolved.origin_id,
            "commune_id": self.resolved.commune_id,
            "province_id": self.resolved.province_id,
            "lat": self.resolved.lat,
            "lon": self.resolved.lon,
            "point_accuracy": self.resolved.accuracy,
        }

    def whereabouts(self) -> Whereabouts:
        """Return what telling namesakes apart needs."""
        return Whereabouts(
            province=self.province,
            district=self.district,
            commune=self.commune,
            province_id=self.resolved.province_id,
            commune_id=self.resolved.commune_id,
        )


class Locator:
    """Reads the places of rows with one gazetteer and remembers them."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer
        self._around: dict[int, tuple[str, ...]] = {}
        self._read: dict[tuple[str | None, ...], Place] = {}

    def place_of(self, row: Row, on: date | None, say: Speaker) -> Place:
        """Return the place of a row; what is doubtful about it is said in its column."""
        commune, district, province = (row[part] or None for part in PARTS)
        era = None if on is None else date(on.year, 1 if on.month < 7 else 7, 1)
        key = (commune, district, province, row["province_2025"] or None, str(era))
        if key not in self._read:
            resolved = resolve(
                self.gazetteer, commune, district, province or row["province_2025"] or None, on
            )
            self._read[key] = Place(commune, district, province or row["province_2025"] or None, resolved)
        place = self._read[key]
        for doubt in place.resolved.doubts:
            say.doubt(_column_of(doubt, row), doubt)
        if not place.province:
            say.doubt("province", "thiếu tỉnh, thành phố")
        self._compare_with_today(place, row["province_2025"], say)
        return place

    def names_around(self, place: Place) -> tuple[str, ...]:
        """Return the names that search should know a place by, read once for each unit."""
        origin = place.resolved.origin_id
        if origin is None:
            return ()
        if origin not in self._around:
            self._around[origin] = names_around([origin]).get(origin, ())
        return self._around[origin]

    def _compare_with_today(self, place: Place, stated: str, say: Speaker) -> None:
        if not stated or place.resolved.province_id is None:
            return
        meant = self.gazetteer.find_provinces(stated).units
        if place.resolved.province_id not in {unit.id for unit in meant}:
            name = self.gazetteer.units[place.resolved.province_id].full_name
            say.doubt("province_2025", f"ghi «{stated}», nhưng nơi này nay thuộc {name}")


def _column_of(doubt: str, row: Row) -> str:
    quoted = (part for part in PARTS if row[part] and f"“{row[part]}”" in doubt)
    filled = (part for part in PARTS if row[part])
    return next(quoted, next(filled, "province"))


def likely_day(decided_on: date | None, year: int | None) -> date | None:
    """Return a day to judge namesakes of places by, None where the reform fell into the year."""
    if decided_on is not None:
        return decided_on
    if year is None or year == 2025:
        return None
    return date(year, 6, 1)

"""The administrative units that the project ships, read from marketplace/data/places.

Four layers, each laid over the one before: units of today and of 30 June 2025, units of 2021–2024
that had ended or changed by then, and the dated supplement. README.md beside the files names their
sources and licences.
"""

import csv
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from marketplace.places.models import Level
from marketplace.places.names import loose_key, readings
from marketplace.settings import PROJECT
from marketplace.text import canonical, slugify

FOLDER = PROJECT / "marketplace" / "data" / "places"

REFORM = date(2025, 7, 1)
LAST_OF_DISTRICTS = date(2025, 6, 30)

MERGED = "Nghị quyết 202/2025/QH15 ngày 12/6/2025"
DISTRICTS_ENDED = "Nghị quyết 203/2025/QH15 ngày 16/6/2025; Luật 72/2025/QH15"
COMMUNES_REARRANGED = (
    "Các nghị quyết của Ủy ban Thường vụ Quốc hội ngày 16/6/2025 về sắp xếp đơn vị hành chính cấp xã năm 2025"
)
CODES = "Mã số: Quyết định 19/2025/QĐ-TTg"
OLD_CODES = "Danh mục đơn vị hành chính của Tổng cục Thống kê, dữ liệu 2021–2024"
UNTOUCHED = "Không sắp xếp năm 2025; ngày thành lập chưa đối chiếu"
ENDED_UNDATED = "Chưa đối chiếu ngày kết thúc: có trong danh mục 2021–2024, không còn ngày 30/6/2025"
SUCCESSOR_BY_CODE = "Đơn vị kế tiếp xác định theo mã số hoặc tên được giữ lại"
SUCCESSOR_UNKNOWN = "Chưa đối chiếu đã nhập vào đơn vị nào"

Point = tuple[float, float]


@dataclass(frozen=True, kw_only=True, slots=True)
class UnitFact:
    """What is known of one unit; `parent` and `key` are keys of shipped data."""

    key: str
    level: Level
    kind: str
    name: str
    code: str | None = None
    parent: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    ended: bool = False
    lat: float | None = None
    lon: float | None = None
    source: str | None = None
    note: str | None = None


@dataclass(slots=True)
class Shipped:
    """Units by key, and for each former unit its successors, the main one first."""

    units: dict[str, UnitFact] = field(default_factory=dict)
    successors: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def add(self, unit: UnitFact, successors: Iterable[str] = ()) -> None:
        """Add a unit with what it went into."""
        self.units[unit.key] = unit
        if found := tuple(dict.fromkeys(successors)):
            self.successors[unit.key] = found


def read_shipped(folder: Path = FOLDER) -> Shipped:
    """Read all shipped units and successions."""
    shipped = Shipped()
    provinces = _Provinces(_rows(folder / "admin_provinces_2025.csv"), _rows(folder / "admin_units_2021.csv"))
    provinces.add_to(shipped)
    mid_2025 = list(_rows(folder / "admin_old_to_new.csv"))
    _add_communes_of_today(shipped, list(_rows(folder / "admin_communes_2025.csv")), mid_2025)
    districts = _add_units_of_mid_2025(shipped, mid_2025, provinces)
    _EarlierUnits(list(_rows(folder / "admin_units_2021.csv")), provinces, districts, shipped).add()
    _place_former_provinces(shipped)
    _lay_supplement_over(shipped, _rows(folder / "supplement.csv"))
    return shipped


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _kind_and_name(text: str) -> tuple[str, str]:
    kind, name = next(readings(text))
    if kind is None:
        raise ValueError(f"no kind of unit in {text!r}")
    return kind, canonical(name)


class _Provinces:
    """The provinces of today and those before, and which key an older name or code has."""

    def __init__(self, today: Iterable[dict[str, str]], units_2021: Iterable[dict[str, str]]) -> None:
        self._today = list(today)
        self._older = [row for row in units_2021 if row["level"] == "province"]
        self._by_name: dict[str, str] = {}
        self.by_code: dict[str, str] = {}
        unchanged = {row["short_name"]: row for row in self._today if "|" not in row["merged_from"]}
        for row in self._older:
            same = unchanged.get(row["name"])
            key = f"province-{same['code']}" if same else f"former-province-{row['code']}"
            self._by_name[row["name"]] = self.by_code[row["code"]] = key
        self._by_name["Huế"] = "province-46"

    def key_of(self, name: str) -> str:
        """Return the key of a province of mid-2025 by its name."""
        return self._by_name[name]

    def add_to(self, shipped: Shipped) -> None:
        """Add the provinces of today and the former ones with their successors."""
        went_into: dict[str, str] = {"former-province-46": "province-46"}
        for row in self._today:
            kind, name = _kind_and_name(row["name"])
            key = f"province-{row['code']}"
            merged = "|" in row["merged_from"]
            went_into |= {self.key_of(old): key for old in row["merged_from"].split("|")}
            shipped.add(
                UnitFact(
                    key=key, code=row["code"], level=Level.PROVINCE, kind=kind, name=name,
                    lat=float(row["lat"]), lon=float(row["lon"]),
                    valid_from=REFORM if merged else None,
                    source=f"{MERGED}. {CODES}" if merged else CODES,
                    note=None if merged else UNTOUCHED,
                )
            )  # fmt: skip
        for row in self._older:
            key = self.by_code[row["code"]]
            if key not in shipped.units:
                unit = UnitFact(
                    key=key, code=row["code"], level=Level.PROVINCE, kind=row["kind"], name=row["name"],
                    valid_to=LAST_OF_DISTRICTS, ended=True, source=MERGED,
                )  # fmt: skip
                shipped.add(unit, [went_into[key]])


def _add_communes_of_today(
    shipped: Shipped, communes: list[dict[str, str]], mid_2025: list[dict[str, str]]
) -> None:
    untouched = _untouched(communes, mid_2025)
    for row in communes:
        kept = row["code"] in untouched
        shipped.add(
            UnitFact(
                key=f"commune-{row['code']}", code=row["code"], level=Level.COMMUNE,
                kind=row["type"].lower(), name=canonical(row["name"]),
                parent=f"province-{row['province_code']}",
                lat=float(row["lat"]), lon=float(row["lon"]),
                valid_from=None if kept else REFORM,
                source=CODES if kept else f"{COMMUNES_REARRANGED}. {CODES}",
                note=UNTOUCHED if kept else None,
            )
        )  # fmt: skip


def _untouched(communes: list[dict[str, str]], mid_2025: list[dict[str, str]]) -> set[str]:
    """Return the codes of communes that kept code, kind, name and territory in 2025."""
    parts: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in mid_2025:
        for code in row["new_codes"].split("|"):
            parts[code].append(row)
    return {
        row["code"]
        for row in communes
        if [
            (part["old_code"], part["new_codes"], loose_key(part["old_commune"]))
            for part in parts[row["code"]]
        ]
        == [(row["code"], row["code"], loose_key(f"{row['type']} {row['name']}"))]
    }


def _district_key(province_code: str, full_name: str) -> str:
    return f"district-{province_code}-{slugify(full_name)}"


def _code_of(province_key: str) -> str:
    return province_key.rsplit("-", 1)[1]


def _add_units_of_mid_2025(
    shipped: Shipped, rows: list[dict[str, str]], provinces: _Provinces
) -> dict[str, str]:
    """Add the districts and communes of 30 June 2025; return the district key of each commune code."""
    members: dict[str, list[dict[str, str]]] = defaultdict(list)
    names: dict[str, tuple[str, str]] = {}
    for row in rows:
        province = provinces.key_of(row["old_province"])
        district = _district_key(_code_of(province), row["old_district"])
        members[district].append(row)
        names[district] = (row["old_district"], province)
    for key, communes in members.items():
        _add_district(shipped, key, *names[key], communes)
        for row in communes:
            _add_former_commune(shipped, key, row)
    return {row["old_code"]: key for key, communes in members.items() for row in communes}


def _add_district(
    shipped: Shipped, key: str, full_name: str, province: str, communes: list[dict[str, str]]
) -> None:
    kind, name = _kind_and_name(full_name)
    lat, lon = _middle([(float(row["old_lat"]), float(row["old_lon"])) for row in communes])
    unit = UnitFact(
        key=key, level=Level.DISTRICT, kind=kind, name=name, parent=province, lat=lat, lon=lon,
        valid_to=LAST_OF_DISTRICTS, ended=True, source=DISTRICTS_ENDED,
    )  # fmt: skip
    counted = Counter(row["default_new_code"] for row in communes)
    parts = {code for row in communes for code in row["new_codes"].split("|")}
    ordered = sorted(parts, key=lambda code: (-counted[code], code))
    today = shipped.successors.get(province, (province,))[0]
    shipped.add(unit, [today, *(f"commune-{code}" for code in ordered)])


def _add_former_commune(shipped: Shipped, district: str, row: dict[str, str]) -> None:
    kind, name = _kind_and_name(row["old_commune"])
    unit = UnitFact(
        key=f"former-commune-{row['old_code']}", code=row["old_code"], level=Level.COMMUNE, kind=kind,
        name=name, parent=district, lat=float(row["old_lat"]), lon=float(row["old_lon"]),
        valid_to=LAST_OF_DISTRICTS, ended=True, source=COMMUNES_REARRANGED,
    )  # fmt: skip
    codes = [row["default_new_code"], *row["new_codes"].split("|")]
    shipped.add(unit, [f"commune-{code}" for code in codes])


def _middle(points: list[Point]) -> Point:
    lats, lons = zip(*points, strict=True)
    return round(sum(lats) / len(lats), 6), round(sum(lons) / len(lons), 6)


class _EarlierUnits:
    """Districts and communes of 2021–2024 that had ended or changed by 30 June 2025."""

    def __init__(
        self,
        rows: list[dict[str, str]],
        provinces: _Provinces,
        district_of: dict[str, str],
        shipped: Shipped,
    ) -> None:
        self.districts = [row for row in rows if row["level"] == "district"]
        self.communes = [row for row in rows if row["level"] == "commune"]
        self.provinces = provinces
        self.district_of = district_of
        self.shipped = shipped
        self.key_by_code: dict[str, str] = {}

    def add(self) -> None:
        """Add them with the successors that a kept code or name shows."""
        same = {loose_key(key): key for key in self.shipped.units if key.startswith("district-")}
        earlier = []
        for row in self.districts:
            key = _district_key(row["parent_code"], f"{row['kind']} {row['name']}")
            self.key_by_code[row["code"]] = same.get(loose_key(key), key)
            if known := same.get(loose_key(key)):
                self.shipped.units[known] = replace(self.shipped.units[known], code=row["code"])
            else:
                earlier.append(row)
        for row in earlier:
            self._add_district(row)
        for row in self.communes:
            self._add_commune(row)

    def _add_district(self, row: dict[str, str]) -> None:
        codes = [
            commune["successor_code"]
            for commune in self.communes
            if commune["parent_code"] == row["code"] and commune["successor_code"]
        ]
        went_into = Counter(self.district_of[code] for code in codes)
        points = [self._point(code) for code in codes]
        lat, lon = _middle(points) if points else (None, None)
        unit = UnitFact(
            key=self.key_by_code[row["code"]], code=row["code"], level=Level.DISTRICT, kind=row["kind"],
            name=row["name"], parent=self.provinces.by_code[row["parent_code"]], lat=lat, lon=lon,
            ended=True, source=OLD_CODES, note=ENDED_UNDATED,
        )  # fmt: skip
        self.shipped.add(unit, [key for key, _ in went_into.most_common()])

    def _add_commune(self, row: dict[str, str]) -> None:
        successor = row["successor_code"]
        lat, lon = self._point(successor) if successor else (None, None)
        unit = UnitFact(
            key=f"earlier-commune-{row['code']}", code=row["code"], level=Level.COMMUNE, kind=row["kind"],
            name=row["name"], parent=self.key_by_code[row["parent_code"]], lat=lat, lon=lon,
            ended=True, source=OLD_CODES,
            note=f"{ENDED_UNDATED}. {SUCCESSOR_BY_CODE if successor else SUCCESSOR_UNKNOWN}",
        )  # fmt: skip
        self.shipped.add(unit, [f"former-commune-{successor}"] if successor else [])

    def _point(self, code: str) -> Point:
        unit = self.shipped.units[f"former-commune-{code}"]
        assert unit.lat is not None
        assert unit.lon is not None
        return unit.lat, unit.lon


def _place_former_provinces(shipped: Shipped) -> None:
    points: dict[str, list[Point]] = defaultdict(list)
    for unit in shipped.units.values():
        if unit.level is Level.DISTRICT and unit.parent and unit.lat is not None and unit.lon is not None:
            points[unit.parent].append((unit.lat, unit.lon))
    for key, found in points.items():
        if shipped.units[key].lat is None:
            lat, lon = _middle(found)
            shipped.units[key] = replace(shipped.units[key], lat=lat, lon=lon)


def _lay_supplement_over(shipped: Shipped, rows: Iterable[dict[str, str]]) -> None:
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

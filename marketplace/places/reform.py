"""The units of today, and those of 30 June 2025 that became them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from marketplace.places.facts import (
    LAST_OF_DISTRICTS,
    REFORM,
    Row,
    Shipped,
    UnitFact,
    district_key,
    kind_and_name,
    middle,
)
from marketplace.places.models import Level
from marketplace.places.names import loose_key
from marketplace.text import canonical

MERGED = "Nghị quyết 202/2025/QH15 ngày 12/6/2025"
DISTRICTS_ENDED = "Nghị quyết 203/2025/QH15 ngày 16/6/2025; Luật 72/2025/QH15"
CODES = "Mã số: Quyết định 19/2025/QĐ-TTg"
UNTOUCHED = "Không sắp xếp năm 2025; ngày thành lập chưa đối chiếu"


class Provinces:
    """The provinces of today and those before, and which key an older name or code has."""

    def __init__(self, today: Iterable[Row], units_2021: Iterable[Row]) -> None:
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
            kind, name = kind_and_name(row["name"])
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
        self._add_former(shipped, went_into)

    def _add_former(self, shipped: Shipped, went_into: Mapping[str, str]) -> None:
        for row in self._older:
            key = self.by_code[row["code"]]
            if key not in shipped.units:
                unit = UnitFact(
                    key=key, code=row["code"], level=Level.PROVINCE, kind=row["kind"], name=row["name"],
                    valid_to=LAST_OF_DISTRICTS, ended=True, source=MERGED,
                )  # fmt: skip
                shipped.add(unit, [went_into[key]])


def add_communes_of_today(
    shipped: Shipped, communes: list[Row], mid_2025: list[Row], resolutions: Mapping[str, str]
) -> None:
    """Add the communes of today; `resolutions` are those of 16 June 2025 by code of province."""
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
                source=CODES if kept else f"{_rearranged(resolutions[row['province_code']])}. {CODES}",
                note=UNTOUCHED if kept else None,
            )
        )  # fmt: skip


def _rearranged(resolution: str) -> str:
    return f"Nghị quyết {resolution} ngày 16/6/2025"


def _untouched(communes: list[Row], mid_2025: list[Row]) -> set[str]:
    """Return the codes of communes that kept code, kind, name and territory in 2025."""
    parts: dict[str, list[Row]] = defaultdict(list)
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


def _code_of(province_key: str) -> str:
    return province_key.rsplit("-", 1)[1]


def add_units_of_mid_2025(shipped: Shipped, rows: list[Row], provinces: Provinces) -> dict[str, str]:
    """Add the districts and communes of 30 June 2025; return the district key of each commune code."""
    members: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        members[row["old_district"], provinces.key_of(row["old_province"])].append(row)
    district_of = {}
    for (full_name, province), communes in members.items():
        key = district_key(_code_of(province), full_name)
        _add_district(shipped, key, full_name, province, communes)
        for row in communes:
            _add_former_commune(shipped, key, row)
            district_of[row["old_code"]] = key
    return district_of


def _add_district(shipped: Shipped, key: str, full_name: str, province: str, communes: list[Row]) -> None:
    kind, name = kind_and_name(full_name)
    lat, lon = middle([(float(row["old_lat"]), float(row["old_lon"])) for row in communes])
    shipped.add(
        UnitFact(
            key=key, level=Level.DISTRICT, kind=kind, name=name, parent=province, lat=lat, lon=lon,
            valid_to=LAST_OF_DISTRICTS, ended=True, source=DISTRICTS_ENDED,
        )
    )  # fmt: skip


def _add_former_commune(shipped: Shipped, district: str, row: Row) -> None:
    kind, name = kind_and_name(row["old_commune"])
    today = shipped.units[f"commune-{row['default_new_code']}"]
    unit = UnitFact(
        key=f"former-commune-{row['old_code']}", code=row["old_code"], level=Level.COMMUNE, kind=kind,
        name=name, parent=district, lat=float(row["old_lat"]), lon=float(row["old_lon"]),
        valid_to=LAST_OF_DISTRICTS, ended=True, source=(today.source or "").partition(". ")[0],
    )  # fmt: skip
    codes = [row["default_new_code"], *row["new_codes"].split("|")]
    shipped.add(unit, [f"commune-{code}" for code in codes])

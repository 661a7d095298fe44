"""Districts and communes of 2021–2024 that had ended or changed by 30 June 2025."""

from collections import Counter
from dataclasses import replace

from marketplace.places.facts import Point, Row, Shipped, UnitFact, district_key, middle
from marketplace.places.models import Level
from marketplace.places.names import loose_key
from marketplace.places.reform import Provinces

OLD_CODES = "Danh mục đơn vị hành chính của Tổng cục Thống kê, dữ liệu 2021–2024"
ENDED_UNDATED = "Chưa đối chiếu ngày kết thúc: có trong danh mục 2021–2024, không còn ngày 30/6/2025"
SUCCESSOR_BY_CODE = "Đơn vị kế tiếp xác định theo mã số hoặc tên được giữ lại"
SUCCESSOR_UNKNOWN = "Chưa đối chiếu đã nhập vào đơn vị nào"


class EarlierUnits:
    """Districts and communes of 2021–2024 that had ended or changed by 30 June 2025."""

    def __init__(
        self,
        rows: list[Row],
        provinces: Provinces,
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
            key = district_key(row["parent_code"], f"{row['kind']} {row['name']}")
            self.key_by_code[row["code"]] = same.get(loose_key(key), key)
            if known := same.get(loose_key(key)):
                self.shipped.units[known] = replace(self.shipped.units[known], code=row["code"])
            else:
                earlier.append(row)
        for row in earlier:
            self._add_district(row)
        for row in self.communes:
            self._add_commune(row)

    def _add_district(self, row: Row) -> None:
        codes = [
            commune["successor_code"]
            for commune in self.communes
            if commune["parent_code"] == row["code"] and commune["successor_code"]
        ]
        went_into = Counter(self.district_of[code] for code in codes)
        points = [self._point(code) for code in codes]
        lat, lon = middle(points) if points else (None, None)
        unit = UnitFact(
            key=self.key_by_code[row["code"]], code=row["code"], level=Level.DISTRICT, kind=row["kind"],
            name=row["name"], parent=self.provinces.by_code[row["parent_code"]], lat=lat, lon=lon,
            ended=True, source=OLD_CODES, note=ENDED_UNDATED,
        )  # fmt: skip
        self.shipped.add(unit, [key for key, _ in went_into.most_common()])

    def _add_commune(self, row: Row) -> None:
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

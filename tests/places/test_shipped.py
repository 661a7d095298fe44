"""What the shipped files say, before a database sees it."""

import csv
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from marketplace.places.facts import Shipped, UnitFact, kilometres, kind_and_name
from marketplace.places.models import Level
from marketplace.places.repairs import drop_namesakes, place_by_former_communes
from marketplace.places.shipped import FOLDER, read_shipped

ENDED = date(2025, 6, 30)


def test_there_are_34_provinces_and_3321_communes_of_today(shipped: Shipped) -> None:
    today = Counter(unit.level for unit in shipped.units.values() if not unit.ended)
    assert today == {Level.PROVINCE: 34, Level.COMMUNE: 3321}


def test_the_63_provinces_of_before_the_merger_are_there(shipped: Shipped) -> None:
    provinces = [unit for unit in shipped.units.values() if unit.level is Level.PROVINCE]
    last = [unit.name for unit in provinces if unit.valid_to == ENDED]
    unchanged = [unit.name for unit in provinces if not unit.ended and unit.valid_from is None]
    assert len(last) == 52
    assert len(unchanged) == 10
    assert len({*last, *unchanged, "Huế"}) == 63
    assert shipped.units["former-province-46"].valid_to == date(2024, 12, 31)
    assert shipped.units["province-46"].valid_from == date(2025, 1, 1)


def test_696_districts_ended_on_30_june_2025(shipped: Shipped) -> None:
    districts = [unit for unit in shipped.units.values() if unit.level is Level.DISTRICT]
    assert all(unit.ended for unit in districts)
    assert sum(unit.valid_to == ENDED for unit in districts) == 696


def test_every_unit_says_where_it_comes_from(shipped: Shipped) -> None:
    assert [unit.key for unit in shipped.units.values() if not unit.source] == []


def test_what_has_no_last_day_says_that_it_was_not_checked(shipped: Shipped) -> None:
    undated = [unit for unit in shipped.units.values() if unit.ended and unit.valid_to is None]
    assert undated
    assert [unit.key for unit in undated if "hưa đối chiếu" not in (unit.note or "")] == []


def test_parents_and_successors_exist(shipped: Shipped) -> None:
    assert {unit.parent for unit in shipped.units.values() if unit.parent} <= shipped.units.keys()
    assert {key for later in shipped.successors.values() for key in later} <= shipped.units.keys()
    assert not [key for key in shipped.successors if not shipped.units[key].ended]


def test_every_commune_of_mid_2025_and_every_district_went_somewhere(shipped: Shipped) -> None:
    left = [
        key
        for key, unit in shipped.units.items()
        if unit.ended and key not in shipped.successors and not key.startswith("earlier-commune-")
    ]
    assert left == []


@pytest.mark.parametrize(
    ("key", "valid_from", "valid_to", "successor", "source"),
    [
        ("district-42-huyen-loc-ha", "2007-02-22", "2024-12-31", "district-42-huyen-thach-ha", "1283"),
        ("district-38-huyen-dong-son", None, "2024-12-31", "district-38-thanh-pho-thanh-hoa", "1238"),
        ("district-38-huyen-tinh-gia", None, "2020-05-31", "district-38-thi-xa-nghi-son", "933"),
        ("district-46-thanh-pho-hue", None, "2024-12-31", "district-46-quan-thuan-hoa", "1314"),
        ("district-46-huyen-nam-dong", None, "2024-12-31", "district-46-huyen-phu-loc", "1314"),
        ("district-46-huyen-phong-dien", None, "2024-12-31", "district-46-thi-xa-phong-dien", "1314"),
        ("district-87-thi-xa-hong-ngu", "2009-01-07", "2020-10-31", "district-87-thanh-pho-hong-ngu", "1003"),
        ("district-91-huyen-phu-quoc", None, "2020-12-31", "district-91-thanh-pho-phu-quoc", "1109"),
        ("province-75-2025", "2025-07-01", "2026-04-29", "province-75", "30/2026/QH16"),
        ("former-province-44", None, "2025-06-30", "province-44", "202/2025/QH15"),
        ("commune-2018-20032", None, "2021-06-30", "earlier-commune-20032", "1264"),
    ],
)
def test_dates_and_sources(
    shipped: Shipped, key: str, valid_from: str | None, valid_to: str, successor: str, source: str
) -> None:
    unit = shipped.units[key]
    assert unit.valid_from == (date.fromisoformat(valid_from) if valid_from else None)
    assert unit.valid_to == date.fromisoformat(valid_to)
    assert shipped.successors[key][0] == successor
    assert source in (unit.source or "")


def test_dong_nai_is_a_city_since_30_april_2026(shipped: Shipped) -> None:
    unit = shipped.units["province-75"]
    assert (unit.kind, unit.valid_from) == ("thành phố", date(2026, 4, 30))


def test_a_district_goes_into_the_communes_of_its_own_communes(shipped: Shipped) -> None:
    names = {shipped.units[key].name for key in shipped.successors["district-42-huyen-loc-ha"]}
    assert {"Lộc Hà", "Hồng Lộc", "Mai Phụ", "Thạch Hà"} <= names
    assert "Cẩm Bình" not in names


def test_special_zones_without_communes_come_from_their_districts(shipped: Shipped) -> None:
    assert shipped.successors["district-48-huyen-hoang-sa"] == ("commune-20333", "province-48")


def test_namesakes_in_a_merged_province_are_told_apart(shipped: Shipped) -> None:
    ward = next(
        key
        for key, unit in shipped.units.items()
        if unit.name == "4" and unit.parent == "district-82-thanh-pho-my-tho" and key.startswith("former")
    )
    assert [shipped.units[key].name for key in shipped.successors[ward]] == ["Đạo Thạnh"]


def test_communes_lie_where_their_parts_lie(shipped: Shipped) -> None:
    today = next(
        unit
        for unit in shipped.units.values()
        if (unit.name, unit.parent, unit.ended) == ("Thanh Bình", "province-82", False)
    )
    district = shipped.units["district-87-huyen-thanh-binh"]
    points = [(unit.lat or 0.0, unit.lon or 0.0) for unit in (today, district)]
    assert kilometres(*points) < 20


def a_commune(key: str, lat: float, lon: float, *, ended: bool = True, kind: str = "xã") -> UnitFact:
    return UnitFact(key=key, level=Level.COMMUNE, kind=kind, name="An", lat=lat, lon=lon, ended=ended)


def test_a_far_successor_that_is_the_namesakes_is_dropped_and_a_near_one_kept() -> None:
    shipped = Shipped()
    for unit in (a_commune("here", 10, 105, ended=False), a_commune("there", 11, 106, ended=False)):
        shipped.add(unit)
    shipped.add(a_commune("one", 10.01, 105), ["here", "there"])
    shipped.add(a_commune("other", 11, 106.01), ["there"])
    drop_namesakes(shipped)
    assert shipped.successors["one"] == ("here",)
    near = Shipped()
    for unit in (a_commune("here", 10, 105, ended=False), a_commune("there", 10.1, 105, ended=False)):
        near.add(unit)
    near.add(a_commune("one", 10.01, 105), ["here", "there"])
    near.add(a_commune("other", 10.1, 105), ["there"])
    drop_namesakes(near)
    assert near.successors["one"] == ("here", "there")


def test_an_island_zone_keeps_its_point_and_gives_it_to_its_parts() -> None:
    shipped = Shipped()
    shipped.add(a_commune("zone", 9.7, 114.4, ended=False, kind="đặc khu"))
    shipped.add(a_commune("part", 10.9, 108.2), ["zone"])
    place_by_former_communes(shipped)
    assert (shipped.units["part"].lat, shipped.units["part"].lon) == (9.7, 114.4)


def test_a_unit_without_a_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="no kind"):
        kind_and_name("Cẩm Xuyên")


def test_every_shipped_file_is_named_in_the_readme() -> None:
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert {path.name for path in FOLDER.iterdir() if path.name not in readme} == {"README.md"}
    assert "Tran Ngoc Minh Hieu" in readme
    assert "HanChinhVN" in readme
    assert "Permission is hereby granted" in readme


def test_the_supplement_can_be_read_from_elsewhere(tmp_path: Path) -> None:
    for path in FOLDER.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    columns = (tmp_path / "supplement.csv").read_text(encoding="utf-8").splitlines()[0]
    with (tmp_path / "supplement.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns.split(","), restval="")
        writer.writeheader()
        writer.writerow({"key": "district-42-huyen-can-loc", "valid_from": "2000-01-01"})
    assert read_shipped(tmp_path).units["district-42-huyen-can-loc"].valid_from == date(2000, 1, 1)

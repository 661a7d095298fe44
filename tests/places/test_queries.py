"""Questions about units."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import event

from marketplace.database import db
from marketplace.errors import NotFound
from marketplace.places.gazetteer import Gazetteer
from marketplace.places.queries import (
    find_today,
    get_unit,
    list_communes,
    list_provinces,
    names_around,
    resolve_place,
)
from marketplace.places.resolving import resolve

IdOf = Callable[[str], int]


def test_provinces_stand_in_the_order_of_the_vietnamese_alphabet(loaded: Flask) -> None:
    names = [unit.name for unit in list_provinces()]
    assert len(names) == 34
    assert names[:7] == [
        "An Giang",
        "Bắc Ninh",
        "Cà Mau",
        "Cao Bằng",
        "Cần Thơ",
        "Đà Nẵng",
        "Đắk Lắk",
    ]
    assert names.index("Thái Nguyên") < names.index("Thanh Hóa") < names.index("Tuyên Quang")


def test_communes_of_a_province(loaded: Flask, id_of: IdOf) -> None:
    names = [unit.full_name for unit in list_communes(id_of("province-42"))]
    assert len(names) == 69
    assert "xã Cẩm Bình" in names
    assert "phường Thành Sen" in names


def test_a_unit_that_is_not_there_is_not_found(loaded: Flask, id_of: IdOf) -> None:
    assert get_unit(id_of("province-42")).name == "Hà Tĩnh"
    with pytest.raises(NotFound):
        get_unit(10_000_000)


@pytest.mark.parametrize(
    ("text", "first_today", "former"),
    [
        ("quang-binh", "tỉnh Quảng Trị", "tỉnh Quảng Bình"),
        ("Quảng Bình", "tỉnh Quảng Trị", "tỉnh Quảng Bình"),
        ("tỉnh Quảng Bình", "tỉnh Quảng Trị", "tỉnh Quảng Bình"),
        ("Thừa Thiên Huế", "thành phố Huế", "tỉnh Thừa Thiên Huế"),
        ("thừa thiên - huế", "thành phố Huế", "tỉnh Thừa Thiên Huế"),
        ("huyện Quảng Trạch", "tỉnh Quảng Trị", "huyện Quảng Trạch"),
        ("huyen quang trach", "tỉnh Quảng Trị", "huyện Quảng Trạch"),
        ("Nam Đông", "thành phố Huế", "huyện Nam Đông"),
        ("huyện Lộc Hà", "tỉnh Hà Tĩnh", "huyện Lộc Hà"),
        ("ha-tinh", "tỉnh Hà Tĩnh", "thành phố Hà Tĩnh"),
    ],
)
def test_a_name_of_the_past_finds_todays_unit(
    loaded: Flask, text: str, first_today: str, former: str
) -> None:
    found = find_today(text)
    assert found.today[0].full_name == first_today
    assert former in [one.unit.full_name for one in found.former]


def test_a_district_finds_the_communes_it_was_divided_into(loaded: Flask) -> None:
    assert [unit.full_name for unit in find_today("huyện Quảng Trạch").today] == [
        "tỉnh Quảng Trị",
        "xã Hòa Trạch",
        "xã Phú Trạch",
        "xã Quảng Trạch",
        "xã Tân Gianh",
        "xã Trung Thuần",
    ]


def test_codes_of_today_find_their_unit(loaded: Flask) -> None:
    assert [unit.full_name for unit in find_today("44").today] == ["tỉnh Quảng Trị"]
    assert [unit.full_name for unit in find_today("20333").today] == ["đặc khu Hoàng Sa"]


def test_what_nobody_is_called_finds_nothing(loaded: Flask) -> None:
    found = find_today("Atlantis")
    assert (found.today, found.former) == ((), ())


def former_names(text: str) -> list[str]:
    return [one.unit.full_name for one in find_today(text).former]


def test_accents_tell_names_apart_when_typed(loaded: Flask) -> None:
    assert "huyện Quang Bình" in former_names("quang binh")
    assert "huyện Quang Bình" not in former_names("Quảng Bình")


def test_a_merged_district_did_not_become_the_communes_of_the_other(loaded: Flask) -> None:
    [loc_ha] = [one for one in find_today("huyện Lộc Hà").former if one.unit.slug == "loc-ha"]
    names = [unit.full_name for unit in loc_ha.today]
    assert "xã Lộc Hà" in names
    assert "xã Thạch Khê" not in names


def territory(text: str, id_of: IdOf, key: str) -> set[int]:
    [found] = [one for one in find_today(text).former if one.unit.id == id_of(key)]
    return set(found.territory)


def test_a_territory_is_that_of_the_units_own_time(id_of: IdOf) -> None:
    found = territory("quang-binh", id_of, "former-province-44")
    assert {id_of("district-44-huyen-bo-trach"), id_of("former-province-44")} <= found
    assert id_of("province-44") not in found
    assert id_of("district-45-huyen-cam-lo") not in found
    loc_ha = territory("huyện Lộc Hà", id_of, "district-42-huyen-loc-ha")
    assert id_of("earlier-commune-18580") in loc_ha
    assert id_of("district-42-huyen-thach-ha") not in loc_ha


def test_units_of_the_same_territory_share_it(id_of: IdOf) -> None:
    found = territory("Thừa Thiên Huế", id_of, "former-province-46")
    assert {id_of("province-46"), id_of("district-46-huyen-a-luoi"), id_of("earlier-commune-20188")} <= found
    town = territory("thị xã Hồng Ngự", id_of, "district-87-thi-xa-hong-ngu")
    assert id_of("district-87-thanh-pho-hong-ngu") in town
    assert id_of("district-87-huyen-hong-ngu") not in town


def test_names_that_search_knows_a_place_by(id_of: IdOf) -> None:
    commune, district = id_of("earlier-commune-20188"), id_of("district-42-huyen-loc-ha")
    names = names_around([commune, district, commune, 10_000_000])
    assert names.keys() == {commune, district}
    assert names[commune] == (
        "xã Thượng Long",
        "huyện Nam Đông",
        "tỉnh Thừa Thiên Huế",
        "huyện Phú Lộc",
        "thành phố Huế",
        "xã Long Quảng",
    )
    assert names[district] == ("huyện Lộc Hà", "tỉnh Hà Tĩnh", "huyện Thạch Hà", "thành phố Hà Tĩnh")


def test_names_come_in_three_statements_however_many_units(id_of: IdOf) -> None:
    ids = list(db.session.scalars(sa.text("SELECT id FROM admin_unit ORDER BY id DESC LIMIT 400")))
    statements: list[str] = []

    def count(*arguments: object) -> None:
        statements.append(str(arguments[2]))

    event.listen(db.engine, "before_cursor_execute", count)
    try:
        assert len(names_around(ids)) == 400
    finally:
        event.remove(db.engine, "before_cursor_execute", count)
    assert len(statements) <= 3


def test_the_database_reads_the_same(loaded: Flask, gazetteer: Gazetteer) -> None:
    stored = Gazetteer.load()
    for printed in (("xã Cẩm Vịnh", "huyện Cẩm Xuyên", "Hà Tĩnh"), ("xã Quảng Bình", None, "Thanh Hóa")):
        found, expected = resolve(stored, *printed), resolve(gazetteer, *printed)
        assert found == resolve_place(*printed)
        assert found.doubts == expected.doubts
        for one, other in ((found.origin_id, expected.origin_id), (found.commune_id, expected.commune_id)):
            assert stored.units[one or 0].full_name == gazetteer.units[other or 0].full_name

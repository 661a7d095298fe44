"""When two spellings mean one producer."""

import csv
from importlib.resources import files

import pytest
from flask import Flask

from marketplace.database import unit_of_work
from marketplace.producers.actions import add_spelling, register_producer
from marketplace.producers.known import KnownProducers
from marketplace.producers.legal_forms import form_of_name, form_of_type
from marketplace.producers.matching import (
    Whereabouts,
    core_of,
    may_be_same_place,
    name_key,
    place_key,
    same_name,
    spelled_out,
    surely_same_place,
)
from marketplace.producers.models import LegalForm

SHIPPED = files("marketplace") / "data" / "register"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Công ty CP Dược liệu Pù Mát", "Công ty cổ phần Dược liệu Pù Mát"),
        ("Cty TNHH MTV Từ Phong", "Công ty trách nhiệm hữu hạn một thành viên Từ Phong"),
        ("Công ty TNHH 1 thành viên Từ Phong", "Công ty TNHH 1TV Từ Phong"),
        ("Công ty TNHH Trà Vinh FARM", "Công ty Trách nhiệm hữu hạn Trà Vinh Farm"),
        ("HTX DVNN Hà Long", "Hợp tác xã Dịch vụ Nông nghiệp Hà Long"),
        ("HTX SXKD-DV tinh bột Hiền Thuấn", "HTX sản xuất, kinh doanh, dịch vụ tinh bột Hiền Thuấn"),
        ("Công ty TNHH TM&DVTH Trầm Nhân", "Công ty TNHH Thương mại và Dịch vụ tổng hợp Trầm Nhân"),
        ("HKD Kiều Trang", "Hộ kinh doanh Kiều Trang"),
        ("Hộ SXKD Đỗ Xuân Dũng", "Hộ sản xuất Đỗ Xuân Dũng"),
        ("CSSX Lâm Thu", "Cơ sở Lâm Thu"),
        ("THT Farm An Xuân", "Tổ hợp tác Farm An Xuân"),
        ("DNTN Hoà Bình", "Doanh nghiệp tư nhân Hòa Bình"),
        ("\u00d0ông Á", "Đông Á"),
        ('HTX "Bao La"', "HTX Bao La"),
        ("CONG TY TNHH HA DIEP", "Công ty TNHH Hà Diệp"),
    ],
)
def test_spellings_of_one_name(one: str, other: str) -> None:
    assert same_name(one, other)
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("HTX Tân Thành", "HTX Tấn Thành"),
        ("HTX dịch vụ nông nghiệp Bình Sơn", "HTX nông nghiệp Bình Sơn"),
        ("Công ty TNHH Nam Huy", "Công ty TNHH MTV Nam Huy"),
        ("Chi nhánh Công ty CP Sen", "Công ty CP Sen"),
        ("Hộ kinh doanh Nguyễn Văn Hùng", "Nguyễn Văn Hùng"),
        ("Hồ Thị Lan", "Hộ Thị Lan"),
    ],
)
def test_names_of_two(one: str, other: str) -> None:
    assert not same_name(one, other)


def test_a_name_keeps_words_that_only_look_like_abbreviations() -> None:
    assert spelled_out("HTX Sen Thu") == "hợp tác xã sen thu"
    assert spelled_out("Công ty TNHH Hồng Liên TV").endswith("hồng liên tv")


def test_the_core_is_what_forms_and_trades_leave() -> None:
    assert core_of("HTX Dịch vụ nông lâm nghiệp Bình Sơn") == core_of("HTX nông lâm nghiệp Bình Sơn")
    assert core_of("Hợp tác xã Nông nghiệp") == ""


def test_the_shipped_register_holds_two_firms_spelled_twice() -> None:
    rows = csv.DictReader((SHIPPED / "producers.csv").read_text(encoding="utf-8").splitlines())
    names: dict[tuple[str, str], set[str]] = {}
    for row in rows:
        names.setdefault((name_key(row["name"]), row["province"]), set()).add(row["name"])
    twice = [spellings for spellings in names.values() if len(spellings) > 1]
    assert len(twice) == 2
    assert {"Công ty CP Dược liệu Pù Mát", "Công ty cổ phần Dược liệu Pù Mát"} in twice
    assert {"Công ty TNHH Trà Vinh FARM", "Công ty trách nhiệm hữu hạn Trà Vinh Farm"} in twice


@pytest.mark.parametrize(
    ("printed", "form"),
    [
        ("Hợp tác xã", LegalForm.COOPERATIVE),
        ("Doanh nghiệp", LegalForm.ENTERPRISE),
        ("HỘ KINH DOANH", LegalForm.HOUSEHOLD),
        ("Tổ hợp tác", LegalForm.COOPERATIVE_GROUP),
        ("Trang trại", LegalForm.FARM),
        ("Cơ sở sản xuất", LegalForm.WORKSHOP),
        ("Hiệp hội", LegalForm.ASSOCIATION),
        ("Tập đoàn", None),
        ("", None),
    ],
)
def test_forms_by_type(printed: str, form: LegalForm | None) -> None:
    assert form_of_type(printed) is form


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("HTX trà Minh Đeng", LegalForm.COOPERATIVE),
        ("Liên hiệp HTX Đồng Tháp", LegalForm.COOPERATIVE),
        ("Chi nhánh Cty CP Sen Đại Việt", LegalForm.ENTERPRISE),
        ("DNTN Hòa Bình", LegalForm.ENTERPRISE),
        ("Hộ Lê Anh Tuấn", LegalForm.HOUSEHOLD),
        ("Hội Nông dân", LegalForm.ASSOCIATION),
        ("Hồ Thị Lan", None),
        ("Phan Hồ Điệp", None),
    ],
)
def test_forms_by_name(name: str, form: LegalForm | None) -> None:
    assert form_of_name(name) is form


HUONG_KHE = Whereabouts(province="Hà Tĩnh", district="huyện Hương Khê", commune="xã Hương Đô")


@pytest.mark.parametrize(
    ("other", "may", "surely"),
    [
        (HUONG_KHE, True, True),
        (Whereabouts(province="tỉnh Hà Tĩnh", district="Hương Khê", commune="Hương Đô"), True, True),
        (Whereabouts(province="Hà Tĩnh"), True, False),
        (Whereabouts(province="Hà Tĩnh", commune="xã Hương Đô"), True, False),
        (Whereabouts(province="Hà Tĩnh", district="huyện Hương Sơn"), False, False),
        (Whereabouts(province="Hà Tĩnh", district="huyện Hương Khê", commune="xã Phú Gia"), False, False),
        (Whereabouts(province="Nghệ An", district="huyện Hương Khê"), False, False),
        (Whereabouts(), False, False),
    ],
)
def test_places_agree(other: Whereabouts, may: bool, surely: bool) -> None:
    assert may_be_same_place(HUONG_KHE, other) is may
    assert surely_same_place(HUONG_KHE, other) is surely


def test_units_of_today_tell_more_than_their_names() -> None:
    old = Whereabouts(province="Trà Vinh", commune="xã Phú Cần", province_id=1, commune_id=5)
    assert may_be_same_place(old, Whereabouts(province="Vĩnh Long", province_id=1, commune_id=5))
    assert not may_be_same_place(old, Whereabouts(province="Trà Vinh", province_id=1, commune_id=6))
    assert not may_be_same_place(old, Whereabouts(province="Trà Vinh", province_id=2))


def test_a_place_keeps_its_name_without_its_kind() -> None:
    assert place_key("huyện Hương Sơn") == "huong son"
    assert place_key("Phường 4") == "4"
    assert place_key("Quan Sơn") == place_key("huyện Quan Sơn") == "quan son"
    assert place_key("huyen Huong Son") == "huong son"
    assert place_key("Xã") == "xa"


def test_a_producer_is_found_by_any_spelling(app: Flask) -> None:
    where = Whereabouts(province="Nghệ An")
    with unit_of_work() as session:
        kept = register_producer(session, "Công ty CP Pù Mát", location={"printed_province": "Nghệ An"})
        assert add_spelling(session, kept, "Dược liệu Pù Mát")
        assert not add_spelling(session, kept, "Dược liệu  Pù Mát")
        assert not add_spelling(session, kept, "Công ty CP Pù Mát")
        known = KnownProducers.load(session)
    for name in ("CTCP Pù Mát", "Dược liệu Pù Mát"):
        found = known.find(name, where)
        assert found is not None
        assert found.id == kept.id
    assert known.find("CTCP Pù Mát", Whereabouts(province="Hà Tĩnh")) is None

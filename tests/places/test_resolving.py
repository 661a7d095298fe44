"""Reading printed places."""

import csv
from datetime import date
from pathlib import Path

import pytest

from marketplace.places.gazetteer import Gazetteer
from marketplace.places.resolving import ResolvedPlace, resolve
from marketplace.settings import PROJECT

REGISTER = PROJECT / "marketplace" / "data" / "register"
HUE, TTH, DA_NANG = "thành phố Huế", "Thừa Thiên Huế", "thành phố Đà Nẵng"
HA_TINH, THANH_HOA, HAC_THANH = "tỉnh Hà Tĩnh", "tỉnh Thanh Hóa", "phường Hạc Thành"
Read = tuple[str | None, str | None, str | None, tuple[str, ...]]
BEFORE, AFTER = date(2023, 5, 1), date(2026, 5, 1)


class Reader:
    """Reads places and names what was found."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer

    def name(self, unit_id: int | None) -> str | None:
        return None if unit_id is None else self.gazetteer.units[unit_id].full_name

    def __call__(
        self, commune: str | None, district: str | None, province: str | None, on: date | None = None
    ) -> Read:
        place = resolve(self.gazetteer, commune, district, province, on)
        return (
            self.name(place.origin_id),
            self.name(place.commune_id),
            self.name(place.province_id),
            place.doubts,
        )


@pytest.fixture(scope="session")
def read(gazetteer: Gazetteer) -> Reader:
    return Reader(gazetteer)


@pytest.mark.parametrize(
    ("printed", "origin", "commune", "province"),
    [
        (("xã Cẩm Trung", "huyện Cẩm Xuyên", "Hà Tĩnh"), "xã Cẩm Trung", "xã Cẩm Trung", HA_TINH),
        (("xã Cẩm Vịnh", "huyện Cẩm Xuyên", "Hà Tĩnh"), "xã Cẩm Vịnh", "xã Cẩm Bình", HA_TINH),
        (("XÃ CẨM VỊNH", "H. Cẩm Xuyên", HA_TINH), "xã Cẩm Vịnh", "xã Cẩm Bình", HA_TINH),
        (("xa cam trung", "huyen cam xuyen", "ha tinh"), "xã Cẩm Trung", "xã Cẩm Trung", HA_TINH),
        (("Cẩm Trung", "Cẩm Xuyên", "Hà Tĩnh"), "xã Cẩm Trung", "xã Cẩm Trung", HA_TINH),
        (("xã Thạch Kim", "huyện Lộc Hà", "Hà Tĩnh"), "xã Thạch Kim", "xã Lộc Hà", HA_TINH),
        (("xã Sơn Bình", "huyện Hương Sơn", "Hà Tĩnh"), "xã Sơn Bình", "xã Tứ Mỹ", HA_TINH),
        (("xã Tam Vinh", "huyện Phú Ninh", "Quảng Nam"), "xã Tam Vinh", "xã Chiên Đàn", DA_NANG),
        (("xã Thượng Long", "huyện Nam Đông", TTH), "xã Thượng Long", "xã Long Quảng", HUE),
        (("xã Hương Thọ", "TX. Hương Trà", "TT-Huế"), "xã Hương Thọ", "phường Kim Long", HUE),
        (("Thuận An", "TP. Huế", TTH), "phường Thuận An", "phường Thuận An", HUE),
        (("xã Hải Thanh", "huyện Tĩnh Gia", "Thanh Hoá"), "phường Hải Thanh", "phường Tĩnh Gia", THANH_HOA),
        ((None, "huyện Phú Quốc", "Kiên Giang"), "huyện Phú Quốc", None, "tỉnh An Giang"),
        ((None, "huyện Lý Sơn", "Quảng Ngãi"), "huyện Lý Sơn", "đặc khu Lý Sơn", "tỉnh Quảng Ngãi"),
        ((None, "thị xã Hồng Ngự", "Đồng Tháp"), "thị xã Hồng Ngự", None, "tỉnh Đồng Tháp"),
        ((None, "thị xã Sầm Sơn", "Thanh Hóa"), "thành phố Sầm Sơn", None, THANH_HOA),
        ((None, "huyện Bố Trạch", "Quảng Trị"), "huyện Bố Trạch", None, "tỉnh Quảng Trị"),
        ((None, None, "Quảng Bình"), "tỉnh Quảng Bình", None, "tỉnh Quảng Trị"),
        ((None, None, "TP.HCM"), "thành phố Hồ Chí Minh", None, "thành phố Hồ Chí Minh"),
        ((None, None, "Đồng Nai"), "thành phố Đồng Nai", None, "thành phố Đồng Nai"),
        (("phường Ðông Vệ", "thành phố Thanh Hóa", "Thanh Hóa"), "phường Đông Vệ", HAC_THANH, THANH_HOA),
        (("P. 01", "TP Cao Lãnh", "Đồng Tháp"), "phường 1", "phường Cao Lãnh", "tỉnh Đồng Tháp"),
        (("xã Cự Nẫm", None, "Quảng Bình"), "xã Cự Nẫm", "xã Bố Trạch", "tỉnh Quảng Trị"),
        (("phường Nguyệt Viên", None, "Thanh Hóa"), "phường Nguyệt Viên", "phường Nguyệt Viên", THANH_HOA),
    ],
)  # fmt: skip
def test_a_printed_place_finds_its_unit_and_todays(
    read: Reader,
    printed: tuple[str | None, str | None, str | None],
    origin: str,
    commune: str | None,
    province: str,
) -> None:
    assert read(*printed)[:3] == (origin, commune, province)
    assert not [doubt for doubt in read(*printed)[3] if "không" in doubt]


def test_the_trap_of_thanh_hoa(read: Reader) -> None:
    trap = ("xã Quảng Bình", None, "Thanh Hóa")
    assert read(*trap, AFTER) == ("xã Quảng Bình", "xã Quảng Bình", "tỉnh Thanh Hóa", ())
    assert read(*trap) == ("xã Quảng Bình", "xã Quảng Bình", "tỉnh Thanh Hóa", ())
    assert read(None, None, "Quảng Bình")[2] == "tỉnh Quảng Trị"


def test_the_day_tells_a_commune_of_today_from_its_former_namesake(gazetteer: Gazetteer) -> None:
    now = resolve(gazetteer, "xã Lương Sơn", None, "Thanh Hóa", AFTER)
    then = resolve(gazetteer, "xã Lương Sơn", None, "Thanh Hóa", BEFORE)
    assert not gazetteer.units[now.origin_id or 0].ended
    assert gazetteer.units[then.origin_id or 0].ended
    assert now.commune_id == then.commune_id


def test_namesakes_that_went_apart_stay_open_without_a_day(read: Reader) -> None:
    printed = ("xã Lam Sơn", None, "Thanh Hóa")
    assert read(*printed, AFTER)[:2] == ("xã Lam Sơn", "xã Lam Sơn")
    assert read(*printed, BEFORE)[:2] == ("xã Lam Sơn", "xã Minh Sơn")
    origin, commune, province, doubts = read(*printed)
    assert (origin, commune, province) == (THANH_HOA, None, THANH_HOA)
    assert doubts == ("có 2 đơn vị tên “xã Lam Sơn” thuộc tỉnh Thanh Hóa, chưa rõ đơn vị nào",)


def test_a_divided_commune_has_no_commune_of_today_and_says_so(read: Reader) -> None:
    origin, commune, province, doubts = read("thị trấn Thiệu Hóa", "huyện Thiệu Hóa", "Thanh Hóa")
    assert (origin, commune, province) == ("thị trấn Thiệu Hóa", None, THANH_HOA)
    assert doubts == (
        "thị trấn Thiệu Hóa nay chia vào xã Thiệu Hóa, xã Thiệu Quang, xã Thiệu Trung: chưa rõ nơi nào",
    )


@pytest.mark.parametrize(
    ("printed", "doubt"),
    [
        (("xã Không Có", "huyện Cẩm Xuyên", "Hà Tĩnh"), "không tìm thấy “xã Không Có” thuộc huyện Cẩm Xuyên"),
        (("xã Cẩm Trung", "huyện Không Có", "Hà Tĩnh"), "không tìm thấy “huyện Không Có” trong tỉnh Hà Tĩnh"),
        (("xã Cẩm Trung", "huyện Cẩm Xuyên", "Hà Bắc"), "không có tỉnh, thành phố nào tên “Hà Bắc”"),
        (("xã Không Có", None, "Hà Tĩnh"), "không tìm thấy “xã Không Có” thuộc tỉnh Hà Tĩnh"),
        (("xã Cẩm Trung", "huyện Cẩm Xuyên", None), "thiếu tên tỉnh, thành phố"),
    ],
)
def test_what_is_not_found_is_a_doubt_and_no_commune(
    read: Reader, printed: tuple[str | None, str | None, str | None], doubt: str
) -> None:
    _, commune, _, doubts = read(*printed)
    assert commune is None
    assert doubts == (doubt,)


def test_a_misspelling_is_read_and_named(read: Reader) -> None:
    assert read("xã Cẩm Trùng", "huyện Cẩm Xuyên", "Hà Tĩnh") == (
        "xã Cẩm Trung",
        "xã Cẩm Trung",
        "tỉnh Hà Tĩnh",
        ("“xã Cẩm Trùng” được hiểu là xã Cẩm Trung",),
    )
    assert read(None, None, "Hà Tỉnh")[2:] == ("tỉnh Hà Tĩnh", ("“Hà Tỉnh” được hiểu là tỉnh Hà Tĩnh",))
    assert read(None, "huyện Cẩm Xuyện", "Hà Tĩnh")[3] == ("“huyện Cẩm Xuyện” được hiểu là huyện Cẩm Xuyên",)


def test_the_printed_kind_tells_namesakes_apart(read: Reader) -> None:
    assert read(None, "huyện Cao Lãnh", "Đồng Tháp")[0] == "huyện Cao Lãnh"
    assert read(None, "TP. Cao Lãnh", "Đồng Tháp")[0] == "thành phố Cao Lãnh"
    assert read(None, "huyện Kỳ Anh", "Hà Tĩnh")[0] == "huyện Kỳ Anh"
    assert read(None, "TX Kỳ Anh", "Hà Tĩnh")[0] == "thị xã Kỳ Anh"


def test_a_commune_of_today_is_found_under_the_district_it_lies_in(read: Reader) -> None:
    assert read("xã Lộc Hà", "huyện Lộc Hà", "Hà Tĩnh", AFTER)[1] == "xã Lộc Hà"
    assert read("xã Đồng Tiến", "huyện Thạch Hà", "Hà Tĩnh", AFTER)[1] == "xã Đồng Tiến"


def test_a_commune_is_not_looked_for_in_what_its_district_was_merged_with(read: Reader) -> None:
    for name in ("xã Thạch Xuân", "xã Toàn Lưu"):
        assert read(name, "huyện Thạch Hà", "Hà Tĩnh")[1] is not None
        assert read(name, "huyện Lộc Hà", "Hà Tĩnh")[1] is None


def test_a_commune_of_today_under_a_province_of_the_past_must_lie_there(read: Reader) -> None:
    assert read("xã Nam Gianh", None, "Quảng Bình", AFTER)[:2] == ("xã Nam Gianh", "xã Nam Gianh")
    origin, commune, _, doubts = read("xã Cam Lộ", None, "Quảng Bình", AFTER)
    assert (origin, commune) == ("tỉnh Quảng Bình", None)
    assert doubts == ("không tìm thấy “xã Cam Lộ” thuộc tỉnh Quảng Bình",)


def test_nothing_printed_is_nothing_found(gazetteer: Gazetteer) -> None:
    assert resolve(gazetteer, None, None, None) == ResolvedPlace()


def test_the_point_is_that_of_the_most_specific_unit(gazetteer: Gazetteer) -> None:
    commune = resolve(gazetteer, "xã Cẩm Trung", "huyện Cẩm Xuyên", "Hà Tĩnh")
    assert (commune.lat, commune.lon, commune.accuracy) == (18.220598, 106.101806, "commune centroid")
    assert resolve(gazetteer, None, "huyện Cẩm Xuyên", "Hà Tĩnh").accuracy == "district centroid"
    assert resolve(gazetteer, None, None, "Quảng Bình").accuracy == "province centroid"
    lost = resolve(gazetteer, "xã Thạch Đồng", "huyện Thạch Thành", "Thanh Hóa")
    assert lost.commune_id is None
    assert lost.accuracy == "district centroid"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("name", ["products", "producers", "sales_points", "pending"])
def test_every_row_of_the_register_has_a_province_and_a_point(gazetteer: Gazetteer, name: str) -> None:
    for row in rows(REGISTER / f"{name}.csv"):
        place = resolve(gazetteer, row["commune"], row["district"], row["province"])
        assert place.province_id is not None, row
        assert place.lat is not None, row
        if stated := row.get("province_2025"):
            assert gazetteer.units[place.province_id].name == stated


def test_all_but_two_products_with_a_commune_have_one_of_today(read: Reader) -> None:
    products = [row for row in rows(REGISTER / "products.csv") if row["commune"]]
    left = [
        (row["commune"], row["district"])
        for row in products
        if read(row["commune"], row["district"], row["province"])[1] is None
    ]
    assert len(products) == 116
    assert left == [("thị trấn Thiệu Hóa", "huyện Thiệu Hóa")] * 2

"""How people write the names of units."""

import pytest

from marketplace.places.names import (
    alphabetical,
    exact_key,
    loose_key,
    name_key,
    province_by_other_name,
    readings,
)


@pytest.mark.parametrize(
    ("text", "kind", "name"),
    [
        ("TP. Hà Tĩnh", "thành phố", "Hà Tĩnh"),
        ("TP Huế", "thành phố", "Huế"),
        ("TP.HCM", "thành phố", "HCM"),
        ("TX. Kỳ Anh", "thị xã", "Kỳ Anh"),
        ("TT. Phố Châu", "thị trấn", "Phố Châu"),
        ("h. Nga Sơn", "huyện", "Nga Sơn"),
        ("P5", "phường", "5"),
        ("Q.1", "quận", "1"),
        ("Phường Phường Đúc", "phường", "Phường Đúc"),
        ("Thành Phố Đồng Hới", "thành phố", "Đồng Hới"),
        ("huyen Cam Xuyen", "huyện", "Cam Xuyen"),
        ("thị xã Ba Đồn (nay là phường)", "thị xã", "Ba Đồn"),
        ("Đặc khu Hoàng Sa", "đặc khu", "Hoàng Sa"),
        ("Quan Sơn", None, "Quan Sơn"),
        ("huyện", None, "huyện"),
    ],
)
def test_the_kind_is_read_however_it_is_written(text: str, kind: str | None, name: str) -> None:
    assert next(readings(text)) == (kind, name)


def test_a_plain_word_may_also_be_part_of_the_name() -> None:
    assert list(readings("Xa Dung")) == [("xã", "Dung"), (None, "Xa Dung")]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Thanh Hoá", "Thanh Hóa"),
        ("Krông A Na", "Krông Ana"),
        ("Ea H'Leo", "Ea Hleo"),
        ("01", "1"),
        ("ÐÔNG", "Đông"),
    ],
)
def test_spellings_of_one_name_compare_equal(one: str, other: str) -> None:
    assert exact_key(one) == exact_key(other)


def test_accents_count_exactly_and_not_loosely() -> None:
    assert exact_key("Quang Bình") != exact_key("Quảng Bình")
    assert loose_key("Quang Bình") == loose_key("Quảng Bình")
    assert loose_key("Quí Lộc") == loose_key("Quý Lộc")
    assert name_key("Thanh Hoá") == "thanh hoa"


def test_provinces_have_other_names() -> None:
    assert province_by_other_name("Sài Gòn") == "Hồ Chí Minh"
    assert province_by_other_name("BR-VT") == "Bà Rịa - Vũng Tàu"
    assert province_by_other_name("Hà Tĩnh") == "Hà Tĩnh"


def test_letters_stand_in_the_order_of_the_alphabet() -> None:
    words = ["Đà Nẵng", "Dầu Tiếng", "Âu Lâu", "An Bình", "Ăn", "Lâm", "Lạng", "Ư", "U", "Ơ", "Ô", "O"]
    assert sorted(words, key=alphabetical) == [
        "An Bình", "Ăn", "Âu Lâu", "Dầu Tiếng", "Đà Nẵng", "Lạng", "Lâm", "O", "Ô", "Ơ", "U", "Ư",
    ]  # fmt: skip
    assert sorted(["Hạ", "Hà", "Há", "Ha"], key=alphabetical) == ["Ha", "Hà", "Há", "Hạ"]

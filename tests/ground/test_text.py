"""One spelling for comparing, folding for searching, slugs for addresses."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace import text


def test_text_is_composed_and_spaced_once() -> None:
    assert text.clean("  Che\u0300   Tha\u0301i\u00a0Nguye\u0302n\n") == "Chè Thái Nguyên"


@pytest.mark.parametrize("stray", ["Ðặc sản", "\u0189ặc sản"])
def test_letters_that_look_like_d_with_stroke_become_it(stray: str) -> None:
    assert text.clean(stray) == "Đặc sản"


@pytest.mark.parametrize(
    ("newer", "older"),
    [
        ("hoà", "hòa"),
        ("Hoà Bình", "Hòa Bình"),
        ("khoẻ", "khỏe"),
        ("thuý", "thúy"),
        ("quý", "quý"),
        ("Quỳ", "Quỳ"),
        ("hoàn", "hoàn"),
        ("Thuỷ", "Thủy"),
        ("xoài", "xoài"),
        ("muối", "muối"),
    ],
)
def test_the_tone_stands_in_one_place(newer: str, older: str) -> None:
    assert text.canonical(newer) == older
    assert text.canonical(older) == older


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Đặc sản CAO BẰNG", "dac san cao bang"),
        ("Ðường thốt nốt", "duong thot not"),
        ("Ưu Ơ ă â ê ô", "uu o a a e o"),
    ],
)
def test_folding_leaves_plain_letters(written: str, folded: str) -> None:
    assert text.fold(written) == folded


@pytest.mark.parametrize(
    ("name", "slug"),
    [("Cu đơ Thành Đạt", "cu-do-thanh-dat"), ("  Rượu (40%) – 500ml! ", "ruou-40-500ml"), ("!!!", "")],
)
def test_slugs_hold_letters_figures_and_single_dashes(name: str, slug: str) -> None:
    assert text.slugify(name) == slug


@given(st.text())
def test_folding_twice_is_folding_once_whatever_the_form(anything: str) -> None:
    folded = text.fold(anything)
    assert text.fold(unicodedata.normalize("NFD", anything)) == folded
    assert text.slugify(folded) == text.slugify(anything)


@given(st.text(alphabet="aăâeêioôơuưyđqhntmc \u0300\u0301\u0303\u0309\u0323", max_size=20))
def test_canonical_text_stays_as_it_is(anything: str) -> None:
    canonical = text.canonical(anything)
    assert text.canonical(canonical) == canonical
    assert text.fold(canonical) == text.fold(anything)


def test_lines_stay_apart_and_empty_ones_do_not_pile_up() -> None:
    assert text.clean_lines(" Hái  sớm. \r\n\r\n\n\n Ðóng\tgói\u00a0kỹ.\n") == "Hái sớm.\n\nĐóng gói kỹ."


@given(st.text(alphabet="a \n\r\t\u00a0\u2028"))
def test_cleaning_lines_twice_is_cleaning_them_once(anything: str) -> None:
    cleaned = text.clean_lines(anything)
    assert text.clean_lines(cleaned) == cleaned


@pytest.mark.parametrize(
    ("typed", "most", "number"),
    [
        ("0", 9, 0),
        ("2147483647", text.LARGEST_ID, 2_147_483_647),
        ("2147483648", text.LARGEST_ID, None),
        ("0012", 9999, 12),
        ("00012", 9999, None),
        ("9" * 5000, text.LARGEST_ID, None),
        ("", 9, None),
        ("-1", 9, None),
        (" 1", 9, None),
        ("1_0", 99, None),
        ("²", 9, None),
        ("٣", 9, None),
    ],
)
def test_a_whole_number_is_written_with_ten_digits_alone(typed: str, most: int, number: int | None) -> None:
    assert text.whole_number(typed, most) == number

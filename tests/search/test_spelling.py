"""Syllables: marks taken apart, put together, left out, put in the wrong place."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace import text
from marketplace.search.spelling import TONES, begins, join, may_stand_for, part, spell, split_words, twin


@pytest.mark.parametrize(
    ("written", "spelled"),
    [
        ("hoà", "hòa"),
        ("hòan", "hoàn"),
        ("thuý", "thúy"),
        ("qủa", "quả"),
        ("gìa", "già"),
        ("ngòai", "ngoài"),
        ("khủyu", "khuỷu"),
        ("nươć", "nước"),
        ("gì", "gì"),
        ("súzin", "suzín"),
    ],
)
def test_the_tone_mark_goes_where_the_rules_put_it(written: str, spelled: str) -> None:
    assert spell(unicodedata.normalize("NFC", written)) == spelled


def test_words_without_a_vowel_or_with_two_marks_are_left_alone() -> None:
    assert join("xx", TONES[0]) == "xx"
    assert spell("àá") == "àá"


def test_signs_are_dropped_and_stray_letters_mended() -> None:
    assert split_words("Sen Ðại Việt – 50%, (20°N)") == ("sen", "đại", "việt", "50", "20", "n")
    assert split_words(unicodedata.normalize("NFD", "Giò lụa")) == ("giò", "lụa")


@given(st.text(alphabet="abcdeghiklmnopqrstuvxyăâêôơưđ" + "".join(TONES), max_size=8))
def test_spelling_a_word_twice_is_spelling_it_once(letters: str) -> None:
    word = unicodedata.normalize("NFC", letters)
    once = spell(word)
    assert spell(once) == once
    assert text.fold(once) == text.fold(word)


def test_marks_may_be_left_out_but_not_changed() -> None:
    assert may_stand_for("nươc", "nước")
    assert may_stand_for("nuoc", "nước")
    assert not may_stand_for("nướd", "nước")
    assert not may_stand_for("dừa", "dứa")
    assert not may_stand_for("tú", "túi")


def test_a_beginning_may_bear_its_marks_early() -> None:
    assert begins("tú", "túi")
    assert begins("hòa", "hoàng")
    assert begins("đ", "đơ")
    assert not begins("tù", "túi")
    assert not begins("túi", "tú")


@pytest.mark.parametrize(
    ("word", "other"), [("mì", "mỳ"), ("kỹ", "kĩ"), ("quý", "quí"), ("tuy", None), ("y", None)]
)
def test_i_and_y_are_one_after_some_consonants(word: str, other: str | None) -> None:
    assert twin(word) == other


def test_a_word_is_parted_into_letters_and_tone() -> None:
    base, tone = part("nước")
    assert join(base, tone) == "nước"
    assert part("gao") == ("gao", "")

"""What people type is kept as they wrote it, within bounds."""

import unicodedata

import pytest

from marketplace.reviews.errors import InvalidVoice
from marketplace.reviews.reading import propose_author, read_author, read_rating, read_words


def test_words_are_composed_and_keep_their_lines() -> None:
    typed = unicodedata.normalize("NFD", "Cam ngọt.\r\n\r\n\r\n\r\nGửi  nhanh\u202e\x07!")
    assert read_words("words", typed, 0, 100) == "Cam ngọt.\n\nGửi nhanh !"


@pytest.mark.parametrize(("text", "fits"), [("a" * 9, False), ("a" * 10, True), ("a" * 21, False)])
def test_words_have_bounds(text: str, fits: bool) -> None:
    if fits:
        assert read_words("words", text, 10, 20) == text
        return
    with pytest.raises(InvalidVoice) as refusal:
        read_words("words", text, 10, 20)
    assert refusal.value.parameters == {"field": "words", "shortest": 10, "most": 20}


@pytest.mark.parametrize("text", ["", "   ", "123", "An 0912345678", "an@example.vn", "x" * 61])
def test_what_is_no_name_is_refused(text: str) -> None:
    with pytest.raises(InvalidVoice):
        read_author(text)


def test_names_are_tidied() -> None:
    assert read_author("  An\u200b  T. 2 ") == "An T. 2"


@pytest.mark.parametrize("text", ["", "0", "6", "4.5", "٤", "five", " 4"])
def test_ratings_are_five(text: str) -> None:
    with pytest.raises(InvalidVoice):
        read_rating(text)
    assert read_rating("4") == 4


@pytest.mark.parametrize(
    ("name", "proposed"),
    [("Trần Văn An", "An T."), ("đỗ Thị Ỷ", "Ỷ Đ."), ("An", "An"), ("", ""), ("0912345678", "")],
)
def test_the_name_proposed_is_short(name: str, proposed: str) -> None:
    assert propose_author(name) == proposed
    assert len(propose_author("A " + "b" * 100)) <= 60

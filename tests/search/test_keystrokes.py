"""Raw Telex and VNI keystrokes."""

import pytest

from marketplace.search.keystrokes import decode
from marketplace.search.understanding import read_words
from marketplace.search.vocabulary import FoldedVocabulary, Vocabulary

KNOWN = (
    "kẹo", "lạc", "sửu", "hà", "cu", "đơ", "thành", "đạt", "sen", "sấy", "wasabi", "suzin", "farm", "coffee",
    "tỏi", "đen", "cơ", "mã", "giò", "lụa",
)  # fmt: skip
WORDS = Vocabulary(dict.fromkeys(KNOWN, 1))


@pytest.mark.parametrize(
    ("keys", "word"),
    [
        ("keoj", "kẹo"),
        ("suwur", "sửu"),
        ("ddow", "đơ"),
        ("dadtj", "đạt"),
        ("thuowngf", "thường"),
        ("thuwowngf", "thường"),
        ("wng", "ưng"),
        ("quowr", "quở"),
        ("nawms", "nắm"),
        ("hoanf", "hoàn"),
        ("gio2", "giò"),
        ("d9a5t", "đạt"),
        ("tua6n1", "tuấn"),
        ("ruo7u5", "rượu"),
        ("ma8m1", "mắm"),
        ("toanz", "toan"),
    ],
)
def test_keys_give_the_word_they_were_pressed_for(keys: str, word: str) -> None:
    assert decode(keys) == word


@pytest.mark.parametrize("word", ["cu", "an", "kẹo", "38", "6n1", "", "b9", "c6", "c7", "c8"])
def test_other_words_mean_themselves(word: str) -> None:
    assert decode(word) is None


def test_a_line_is_decoded_only_where_that_gives_known_words() -> None:
    assert read_words("keoj lacj suwur haf", WORDS) == ("kẹo", "lạc", "sửu", "hà")
    assert read_words("sen saays wasabi", WORDS) == ("sen", "sấy", "wasabi")
    assert read_words("toir dden suzin farm", WORDS) == ("tỏi", "đen", "suzin", "farm")
    assert read_words("coffee", WORDS) == ("coffee",)
    assert read_words("xyzf", WORDS) == ("xyzf",)


def test_a_last_word_only_begun_is_decoded_too() -> None:
    assert read_words("cu ddow dda", WORDS) == ("cu", "đơ", "đa")
    assert read_words("cu dd", WORDS) == ("cu", "đ")


def test_without_marks_in_the_vocabulary_decoding_goes_by_folded_words() -> None:
    folded = FoldedVocabulary({"keo": 1, "lac": 2})
    assert read_words("keoj lacj", folded) == ("kẹo", "lạc")
    assert read_words("keo lac", folded) == ("keo", "lac")


def test_a_line_is_cut_to_what_people_type() -> None:
    assert read_words("lạc " * 100, WORDS) == ("lạc", "lạc")
    assert len(read_words(" ".join(f"{n}" for n in range(50)), WORDS)) == 12
    assert read_words("x" * 5_000, WORDS) == ("x" * 200,)

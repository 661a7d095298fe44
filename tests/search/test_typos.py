"""What slips cost, and which words are near."""

import pytest

from marketplace.search.mending import mend, word_by_word
from marketplace.search.query import Term
from marketplace.search.typos import NOT_NEAR, cost, sound
from marketplace.search.understanding import understand
from marketplace.search.vocabulary import FoldedVocabulary, Vocabulary

WORDS = Vocabulary(
    dict.fromkeys(
        [
            "giò",
            "dò",
            "bột",
            "thắm",
            "thanh",
            "rằn",
            "hoa",
            "hoàn",
            "tranh",
            "gạo",
            "sào",
            "khô",
            "ô",
            "vicosap",
        ],
        3,
    ),
    pairs=["bot tham", "giò bot", "thanh hoa"],
)


def test_slips_heard_alike_cost_less_than_others() -> None:
    assert cost("mảng", "mãng") < cost("màng", "mãng") < cost("máng", "mắng") + cost("màng", "mãng")
    assert cost("xào", "sào") < cost("hào", "sào")
    assert cost("nươc", "nước") < cost("nược", "nước")
    assert cost("hao", "hoa") < cost("hạo", "hoa")
    assert cost("vùng", "vừng") < cost("chùng", "vừng")
    assert cost("lạc", "lạc") == 0


@pytest.mark.parametrize(("one", "other"), [("lạc", "bưởi"), ("a", "ba"), ("trà", "trứng")])
def test_other_words_are_not_near(one: str, other: str) -> None:
    assert cost(one, other) == NOT_NEAR


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("gio", "do"),
        ("rau", "dau"),
        ("xao", "sao"),
        ("tranh", "chanh"),
        ("nghe", "nge"),
        ("lat", "lac"),
        ("quy", "qui"),
    ],
)
def test_regional_sounds_are_one(one: str, other: str) -> None:
    assert sound(one) == sound(other)


def test_near_words_come_cheapest_first() -> None:
    assert [form for _, form in WORDS.near("dò")][:2] == ["dò", "giò"]
    assert "rằn" in [form for _, form in WORDS.near("gằn")]
    assert "hoàn" in [form for _, form in WORDS.near("hòa")]
    assert WORDS.near("mít") == []


def test_a_folded_vocabulary_compares_folded_words() -> None:
    folded = FoldedVocabulary({"muc": 1, "kho": 2})
    assert [form for _, form in folded.near("mục")] == ["muc"]
    assert folded.completions("mự") == ["muc"]
    assert not folded.rules("muc")


def test_only_suspected_words_are_mended() -> None:
    query = word_by_word(understand(("dò", "bột"), WORDS))
    first, second = mend(query, WORDS, [0]).needs
    assert Term("giò") in {option.terms[0] for option in first.alternatives}
    assert {option.terms[0].word for option in second.alternatives} == {"bột"}


def test_forgotten_and_surplus_spaces_are_mended() -> None:
    (need,) = mend(understand(("botthắm",), WORDS), WORDS).needs
    assert any([term.word for term in option.terms] == ["bot", "thắm"] for option in need.alternatives)
    (joined,) = mend(understand(("vico", "sap"), WORDS), WORDS).needs
    assert joined.alternatives[0].terms == (Term("vicosap", folded=True),)

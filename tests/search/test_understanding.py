"""Set phrases, places, fillers and legal forms in a typed line."""

from marketplace.search import synonyms
from marketplace.search.query import Alternative
from marketplace.search.understanding import understand
from marketplace.search.vocabulary import Vocabulary

WORDS = Vocabulary(
    {
        "kẹo": 5, "lạc": 9, "lác": 1, "mè": 4, "me": 6, "vừng": 3, "heo": 4, "trà": 20, "chè": 6, "lam": 1,
        "hương": 9, "sơn": 9, "giá": 1, "đỗ": 1, "thành": 3, "đạt": 2, "tuấn": 2, "linh": 4, "mỳ": 1,
        "nước": 3, "túi": 2, "tú": 1, "sắn": 2, "dây": 2,
    },
    pairs=["gia do", "thanh dat", "tra tui", "san day"],
    places=["hương sơn", "lạc sơn"],
)  # fmt: skip


def ways(line: str) -> list[set[str]]:
    """Return what each need of a line may be met by."""
    query = understand(tuple(line.split()), WORDS)
    return [
        {" ".join(term.word for term in option.terms) for option in need.alternatives} for need in query.needs
    ]


def required(line: str) -> list[str]:
    query = understand(tuple(line.split()), WORDS)
    return [" ".join(need.typed) for need in query.required]


def test_regional_words_stand_for_each_other_as_phrases() -> None:
    assert ways("kẹo đậu phộng") == [{"kẹo"}, {"đậu phộng", "lạc", "đậu phụng", "phộng", "phụng"}]
    assert "lạc" in ways("dau phong")[0]
    assert "đậu phộng" in ways("kẹo lạc")[1]


def test_an_ambiguous_syllable_without_marks_is_not_expanded() -> None:
    assert "vừng" in ways("mè")[0]
    assert ways("me") == [{"me"}]
    assert "đậu phộng" in ways("lac")[0]
    assert "lợn" in ways("heo")[0]


def test_one_way_words_are_tried_backwards_far_behind() -> None:
    (need,) = understand(("chè",), WORDS).needs
    cost = {option.terms[0].word: option.cost for option in need.alternatives}
    assert cost["trà"] == synonyms.BACKWARDS
    (need,) = understand(("trà",), WORDS).needs
    assert {option.terms[0].word: option.cost for option in need.alternatives}["chè"] == synonyms.SAME


def test_phrases_in_which_a_word_means_something_else_are_left_alone() -> None:
    assert ways("chè lam") == [{"chè"}, {"lam"}]
    assert ways("lạc lạc") == [{"lạc"}, {"lạc"}]
    assert ways("sắn dây")[0] == {"sắn"}
    (need,) = understand(("khoai", "mì"), WORDS).needs
    assert any(option.unless == ("cu san", "san day", "san nuoc") for option in need.alternatives)


def test_rows_that_say_no_are_not_expanded() -> None:
    assert ways("bánh chưng") == [{"bánh"}, {"chưng"}]


def test_a_place_is_one_need_whose_words_stand_together() -> None:
    query = understand(("huong", "son"), WORDS)
    assert [need.place for need in query.needs] == [True]
    assert query.needs[0].alternatives[0].side_by_side
    assert ways("lạc sơn") == [{"lạc sơn"}]


def test_provinces_are_known_by_their_other_names() -> None:
    assert ways("sài gòn") == [{"sài gòn", "hồ chí minh"}]


def test_fillers_are_optional_while_something_else_remains() -> None:
    assert required("đặc sản hương sơn") == ["hương sơn"]
    assert required("mua kẹo giá rẻ") == ["kẹo"]
    assert required("ocop") == ["ocop"]


def test_a_filler_in_company_is_a_word() -> None:
    assert required("giá đỗ") == ["giá", "đỗ"]
    assert required("thành đạt") == ["thành", "đạt"]


def test_legal_forms_are_optional_and_ask_for_producers() -> None:
    query = understand(("công", "ty", "tnhh", "sx", "tuấn", "linh"), WORDS)
    assert query.of_producer
    assert [need.typed for need in query.required] == [("tuấn",), ("linh",)]
    assert not understand(("sx", "tuấn"), WORDS).of_producer
    assert required("cong ty tuan linh") == ["tuan", "linh"]


def test_the_last_word_may_be_only_begun() -> None:
    assert ways("trà tú")[1] == {"tú", "túi"}
    assert ways("nướ") == [{"nướ", "nước"}]
    typing = understand(("tú",), WORDS, typing=True)
    assert {option.terms[0].word for option in typing.needs[0].alternatives} == {"tú", "túi", "tuấn"}
    assert ways("tú") == [{"tú"}]


def test_i_for_y_and_marks_left_out_are_understood() -> None:
    assert "mỳ" in ways("mì")[0]
    assert "nước" in ways("nươc mè")[0]


def test_an_alternative_is_a_phrase_unless_said_otherwise() -> None:
    assert Alternative(()).side_by_side

"""Finding products, with an index and without one."""

import unicodedata

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace.database import unit_of_work
from marketplace.search import actions, engine
from marketplace.search.models import SearchGeneration
from marketplace.search.queries import Found, find
from tests.factories.catalogue import a_product
from tests.factories.search import a_small_register

ENGINES = ["whoosh", "database"]


@pytest.fixture(params=ENGINES)
def products(request: pytest.FixtureRequest, app: Flask) -> dict[str, int]:
    """The ids of a small register by name, searched by each engine."""
    with unit_of_work() as session:
        found = {name: product.id for name, product in a_small_register(session).items()}
    if request.param == "whoosh":
        actions.rebuild()
    assert find("kẹo").engine == request.param
    return found


def first(line: str, products: dict[str, int]) -> str:
    names = {identity: name for name, identity in products.items()}
    return names[find(line).product_ids[0]]


MEANT = (
    ("Kẹo lạc Sửu Hà", "Kẹo lạc Sửu Hà"),
    ("keo lac suu ha", "Kẹo lạc Sửu Hà"),
    ("keoj lacj suwur haf", "Kẹo lạc Sửu Hà"),
    ("keo5 lac5 su73u ha2", "Kẹo lạc Sửu Hà"),
    (unicodedata.normalize("NFD", "dừa sáp hoà tân"), "Dừa sáp Hòa Tân"),
    ("Ðũa móc", "Đũa móc Thuận Ái"),
    ("nươc măm", "Nước mắm Lạch Kèn"),
    ("nước mắm lạch kẽn", "Nước mắm Lạch Kèn"),
    ("sen xấy wasabi", "Sen sấy Wasabi"),
    ("dưa lưới an x", "Dưa lưới An Xuân"),
    ("mứt trái thơm", "Mứt dứa Đồng Dao"),
)


def test_people_find_what_they_mean(products: dict[str, int]) -> None:
    for line, name in MEANT:
        assert first(line, products) == name, line


def test_exact_marks_come_first(products: dict[str, int]) -> None:
    assert first("dừa", products) == "Dừa sáp Hòa Tân"
    assert first("dứa", products) == "Mứt dứa Đồng Dao"
    assert len(find("dua").product_ids) == 4


def test_regional_words_find_each_other(products: dict[str, int]) -> None:
    wanted = {products["Kẹo lạc Sửu Hà"], products["Kẹo đậu phộng Tân Mỹ"]}
    assert set(find("kẹo lạc").product_ids) == set(find("kẹo đậu phộng").product_ids) == wanted


def test_producers_and_places_find_their_products(products: dict[str, int]) -> None:
    for line in ("htx trúc phượng", "hợp tác xã truc phuong", "xã cẩm vịnh", "đặc sản hà tĩnh"):
        assert set(find(line).product_ids) == set(products.values()), line


SIGNS = (
    "*", "kẹo*", "name:kẹo", "(((", '"', "kẹo AND", "%", "_", "\\", "\x00", "[a TO z]", "kẹo~2",
    "' OR 1=1 --",
)  # fmt: skip


def test_signs_and_operators_are_plain_text(products: dict[str, int]) -> None:
    for line in SIGNS:
        assert isinstance(find(line), Found)


def test_a_wildcard_finds_nothing_more(products: dict[str, int]) -> None:
    assert find("*").product_ids == find("%").product_ids == find("_").product_ids == ()
    assert find("   ").product_ids == ()


def test_nothing_like_it_finds_nothing(products: dict[str, int]) -> None:
    assert find("zzzzqqq").product_ids == ()


def test_a_limit_cuts_the_best(products: dict[str, int]) -> None:
    assert find("kẹo", limit=1).product_ids == find("kẹo").product_ids[:1]


def test_a_line_over_many_words_asks_for_most_of_them(app: Flask) -> None:
    with unit_of_work() as session:
        a_small_register(session)
    actions.rebuild()
    found = find("kẹo lạc zzzzz")
    assert found.loosened
    assert found.product_ids


def test_a_mended_line_says_what_it_was_taken_for(app: Flask) -> None:
    with unit_of_work() as session:
        products = a_small_register(session)
    actions.rebuild()
    found = find("sen xấy wasabi")
    assert found.corrected == "sen sấy wasabi"
    assert found.product_ids == (products["Sen sấy Wasabi"].id,)
    assert find("keoj lacj").understood == "kẹo lạc"


def test_scattered_words_give_way_to_a_name_that_was_meant(app: Flask) -> None:
    with unit_of_work() as session:
        meant = a_product(session, "Tôm khô")
        a_product(session, "Tỏi đen hồ sen", printed_commune="xã Tom")
        a_product(session, "Gà đồi", printed_commune="xã Tom", printed_district="huyện Ho")
    actions.rebuild()
    found = find("tom ho")
    assert found.product_ids[0] == meant.id
    assert found.corrected == "tom khô"
    assert len(found.product_ids) == 3


def test_kinds_are_searched_when_names_say_nothing(app: Flask) -> None:
    with unit_of_work() as session:
        products = a_small_register(session)
    actions.rebuild()
    found = find("rau củ quả")
    assert found.product_ids
    assert set(found.product_ids) <= {product.id for product in products.values()}
    assert not found.loosened


def test_places_apart_are_better_than_nothing(app: Flask) -> None:
    with unit_of_work() as session:
        product = a_product(session, "Mật ong", printed_commune="Nghi Lâm", printed_district="Xuân Hòa")
        a_product(session, "Rượu nếp", printed_district="huyện Nghi Xuân")
    actions.rebuild()
    assert find("mật ong nghi xuân").product_ids == (product.id,)


def test_an_empty_register_is_searched_in_peace(app: Flask) -> None:
    assert find("kẹo").product_ids == ()
    actions.rebuild()
    assert find("kẹo") == Found((), "kẹo", None, loosened=True, engine="whoosh")


def test_thousands_of_hits_are_cut_to_the_best(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("marketplace.search.ranking.MOST_RANKED", 3)
    with unit_of_work() as session:
        products = a_small_register(session)
    actions.rebuild()
    found = find("truc phuong dua")
    assert len(found.product_ids) == 3
    assert find("trúc phượng").product_ids
    assert find("Dừa sáp Hòa Tân").product_ids[0] == products["Dừa sáp Hòa Tân"].id


def test_without_its_generation_the_database_answers(app: Flask) -> None:
    with unit_of_work() as session:
        a_small_register(session)
    actions.rebuild()
    with unit_of_work() as session:
        session.execute(sa.update(SearchGeneration).values(name="generation-of-a-backup"))
    engine.opened().forget()
    assert find("keo lac").engine == "database"


def test_set_phrases_and_places_are_mended_word_by_word(app: Flask) -> None:
    with unit_of_work() as session:
        product = a_product(session, "Chả lụa Hai Pha", printed_district="huyện Tam Nông")
    actions.rebuild()
    assert find("chả lụa hái pha tam nông").product_ids == (product.id,)
    assert find("chả lụạ hai pha tam nôngg").product_ids == (product.id,)


def test_postings_kept_beyond_measure_are_let_go(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("marketplace.search.whoosh_engine.KEPT_NUMBERS", 2)
    with unit_of_work() as session:
        a_small_register(session)
    actions.rebuild()
    assert find("kẹo lạc").product_ids == find("kẹo lạc").product_ids != ()

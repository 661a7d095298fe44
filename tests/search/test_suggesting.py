"""Suggestions while typing."""

import pytest
from flask import Flask

from marketplace.catalogue.actions import suspend_product
from marketplace.catalogue.models import Product
from marketplace.database import unit_of_work
from marketplace.places.models import Level
from marketplace.search import actions
from marketplace.search.suggesting import Kind, Suggestion, suggest
from tests.factories.catalogue import a_product
from tests.factories.places import make_unit
from tests.factories.search import a_small_register


@pytest.fixture(params=["whoosh", "database"])
def products(request: pytest.FixtureRequest, app: Flask) -> dict[str, Product]:
    """A small register, with a former district of another one."""
    with unit_of_work() as session:
        found = a_small_register(session)
        province = make_unit(session, "Quảng Bình", "tỉnh", Level.PROVINCE, ended=True)
        district = make_unit(
            session, "Quảng Trạch", "huyện", Level.DISTRICT, ended=True, parent_id=province.id
        )
        commune = make_unit(session, "Quảng Lưu", "xã", Level.COMMUNE, ended=True, parent_id=district.id)
        make_unit(session, "Quảng Nam", "tỉnh", Level.PROVINCE, ended=True)
        a_product(session, "Rượu mú từn", location={"origin_id": commune.id})
    if request.param == "whoosh":
        actions.rebuild()
    return found


def labels(line: str) -> dict[Kind, list[str]]:
    found: dict[Kind, list[str]] = {}
    for row in suggest(line).rows:
        found.setdefault(row.kind, []).append(row.label)
    return found


def test_products_are_suggested_as_they_are_typed(products: dict[str, Product]) -> None:
    for line in ("nước m", "nuoc mam l", "Nước mắm Lạch Kèn"):
        assert labels(line)[Kind.PRODUCT][0] == "Nước mắm Lạch Kèn"


def test_producers_match_by_words_and_beginnings(products: dict[str, Product]) -> None:
    for line in ("truc ph", "htx nông nghiệp tr", "Trúc Phượng"):
        assert labels(line)[Kind.PRODUCER] == ["HTX Nông nghiệp Trúc Phượng"]
    assert Kind.PRODUCER not in labels("uc phuong")


def test_places_former_ones_too_lead_to_their_products(products: dict[str, Product]) -> None:
    assert labels("cam v")[Kind.PLACE] == ["xã Cẩm Vịnh"]
    assert labels("hà tĩnh")[Kind.PLACE] == ["tỉnh Hà Tĩnh"]
    places = suggest("quang").places
    assert [place.label for place in places] == ["tỉnh Quảng Bình", "huyện Quảng Trạch"]
    assert places[1] == Suggestion(
        Kind.PLACE, "huyện Quảng Trạch", "quang-trach", "tỉnh Quảng Bình", level=Level.DISTRICT, former=True
    )
    assert [place.label for place in suggest("xã quảng l").places] == ["xã Quảng Lưu"]


def test_groups_and_sets_are_suggested(products: dict[str, Product]) -> None:
    assert labels("đồ u")[Kind.GROUP] == ["Đồ uống"]
    assert Kind.SET in labels("ca phe")


def test_at_most_eight_rows_and_nothing_for_nothing(products: dict[str, Product]) -> None:
    assert len(suggest("t").rows) <= 8
    assert len(suggest("hà tĩnh").rows) == 8
    assert suggest("  ").rows == suggest("???").rows == ()
    assert len(suggest("hà tĩnh", limit=4).rows) == 4


def test_what_is_not_public_is_not_suggested(products: dict[str, Product]) -> None:
    with unit_of_work() as session:
        suspend_product(session, session.get_one(Product, products["Sen sấy Wasabi"].id))
    assert "Sen sấy Wasabi" not in labels("sen sấy").get(Kind.PRODUCT, [])

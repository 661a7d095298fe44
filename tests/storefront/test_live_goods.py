"""Live goods before the order: what their page and the cart say of how they reach a buyer."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from marketplace import clock
from marketplace.catalogue.models import Product, Variant
from marketplace.database import unit_of_work
from marketplace.ordering.shipping_rules import Pickup, set_pickup
from marketplace.places.models import AdminUnit
from tests.factories.accounts import an_actor
from tests.factories.ordering import a_commune, product_of, seller_of, stocked
from tests.pages import visit
from tests.storefront.pages import add, get, place_order


@pytest.fixture
def commune(app: Flask) -> AdminUnit:
    with unit_of_work() as session:
        return a_commune(session)


@pytest.fixture
def tree(app: Flask) -> Variant:
    with unit_of_work() as session:
        return stocked(session, "Cây mai", price=900_000, weight_g=9_000, set_number=24)


def page_of(variant: Variant) -> str:
    with unit_of_work() as session:
        product: Product = product_of(session, variant)
        return f"/san-pham/{product.slug}"


def hand_over(variant: Variant, **told: Any) -> None:
    with unit_of_work() as session:
        set_pickup(session, an_actor(1), seller_of(session, variant), Pickup(**told), clock.now())


def test_without_a_way_to_the_buyer_they_are_only_shown(client: FlaskClient, tree: Variant) -> None:
    page = visit(client, page_of(tree))
    assert "người bán chưa mở nơi đến lấy" in page.words
    assert not page.soup.select("#mua")


def test_they_are_fetched(client: FlaskClient, tree: Variant, commune: AdminUnit) -> None:
    hand_over(tree, pickup=True, pickup_address="Vườn mai Bình Lợi")
    words = visit(client, page_of(tree)).words
    assert "chỉ giao tại cơ sở, không gửi đi. Vườn mai Bình Lợi" in words
    assert "Tỉnh khác" not in words
    add(client, tree.id)
    assert "chỉ đến lấy tại cơ sở" in get(client, "/gio-hang").words
    order = get(client, place_order(client, commune))
    assert "900.000 ₫" in order.words.replace("\xa0", " ")
    add(client, tree.id)
    hand_over(tree)
    assert "người bán chưa mở nơi đến lấy" in get(client, "/gio-hang").words


def test_they_are_brought_by_the_seller_itself(client: FlaskClient, tree: Variant) -> None:
    hand_over(tree, sends_live=True)
    words = visit(client, page_of(tree)).words.replace("\xa0", " ")
    assert "cơ sở tự chở đến" in words
    assert "Tỉnh khác: 2–5 ngày, phí 78.000 ₫" in words

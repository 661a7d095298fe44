"""The inbox and the page of an order: what is to be done, as much of the buyer as it takes, one tap each."""

import pytest
from sqlalchemy.orm import Session

from marketplace.ordering.models import Order
from tests.factories.ordering import a_commune, ordered, stocked
from tests.signin.browsing import write
from tests.workspace.conftest import Shop


def an_order(shop: Shop, quantity: int = 2, on_hand: int = 10, **changes: object) -> Order:
    """Have somebody order two packs of a product of a shop."""
    variant = write(stocked, "Cam Khe Mây", producer=shop.producer, on_hand=on_hand)
    return ordered({variant.id: quantity}, write(a_commune), **changes).orders[0]


def test_inbox(shop: Shop) -> None:
    an_order(shop)
    page = shop.browser.open(f"{shop.base}/don-hang")
    print(page.words)
    assert page.heading == "Chờ nhận: 1 đơn"

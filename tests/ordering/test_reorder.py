from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import clock
from marketplace.catalogue.models import Variant
from marketplace.database import db, unit_of_work
from marketplace.ordering.cancellation import cancel_order
from marketplace.ordering.models import CancelReason, Cart, CartLine, OrderGroup, PaymentMethod
from marketplace.ordering.reorder import reorder
from tests.factories.ordering import a_commune, fill_cart, ordered, product_of, stocked, terms


@pytest.fixture
def items(app: Flask) -> list[int]:
    with unit_of_work() as session:
        return [stocked(session, name).id for name in ("Cam", "Bưởi")]


@pytest.fixture
def group(items: list[int]) -> OrderGroup:
    """A group of two orders: three units and two."""
    with unit_of_work() as session:
        commune = a_commune(session)
    return ordered({items[0]: 3, items[1]: 2}, commune, method=PaymentMethod.CARD)


def cancel(group: OrderGroup, *positions: int) -> None:
    for position in positions:
        with unit_of_work() as session:
            cancel_order(session, group.orders[position - 1].id, CancelReason.EXPIRED, clock.now())


def again(token: str | None, group: OrderGroup) -> Any:
    with unit_of_work() as session:
        return reorder(session, token, group.id, terms(), clock.now())


def in_cart() -> dict[int, int]:
    db.session.rollback()
    rows = db.session.execute(sa.select(CartLine.variant_id, CartLine.quantity))
    return {row.variant_id: row.quantity for row in rows}


def test_what_was_held_is_back_in_the_cart(group: OrderGroup, items: list[int]) -> None:
    cancel(group, 1, 2)
    done = again(None, group)
    assert (done.taken, done.left_out) == (2, 0)
    assert in_cart() == {items[0]: 3, items[1]: 2}


def test_pressing_twice_doubles_nothing(group: OrderGroup, items: list[int]) -> None:
    cancel(group, 1, 2)
    token = again(None, group).token
    done = again(token, group)
    assert (done.token, done.taken) == (token, 2)
    assert in_cart() == {items[0]: 3, items[1]: 2}
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Cart)) == 2


def test_what_stands_is_not_ordered_again(group: OrderGroup, items: list[int]) -> None:
    cancel(group, 2)
    assert again(None, group).taken == 1
    assert in_cart() == {items[1]: 2}


def test_what_the_cart_holds_is_filled_up(group: OrderGroup, items: list[int]) -> None:
    cancel(group, 1, 2)
    token = fill_cart({items[0]: 1, items[1]: 5})
    assert again(token, group).taken == 2
    assert in_cart() == {items[0]: 3, items[1]: 5}


def test_what_is_not_for_sale_any_more_is_left_out(group: OrderGroup, items: list[int]) -> None:
    cancel(group, 1, 2)
    with unit_of_work() as session:
        product_of(session, session.get_one(Variant, items[0])).certified_until = None
    done = again(None, group)
    assert (done.taken, done.left_out) == (1, 1)
    assert in_cart() == {items[1]: 2}

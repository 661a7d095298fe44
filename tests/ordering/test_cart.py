from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import clock
from marketplace.catalogue.packs import set_variants
from marketplace.database import db, unit_of_work
from marketplace.ordering.cart import (
    CartChange,
    add_to_cart,
    change_cart,
    lock_cart,
    open_cart,
    read_quantity,
)
from marketplace.ordering.errors import CartFull, InvalidQuantity, NotForSale
from marketplace.ordering.models import Cart, CartLine
from marketplace.ordering.queries import find_cart, quote_by_token, quote_cart
from marketplace.ordering.sale import MOST_LINES
from marketplace.ordering.secret import draw_secret
from tests.factories.catalogue import a_pack
from tests.factories.ordering import a_commune, fill_cart, product_of, stocked, terms


def lines(token: str) -> dict[int, tuple[int, int]]:
    db.session.rollback()
    cart = find_cart(token)
    assert cart
    rows = db.session.scalars(sa.select(CartLine).where(CartLine.cart_id == cart.id))
    return {line.variant_id: (line.quantity, line.seen_price) for line in rows}


def change(token: str, quantities: dict[int, int], **more: int | bool) -> None:
    with unit_of_work() as session:
        cart = lock_cart(session, token)
        assert cart
        change_cart(session, cart, CartChange(quantities=quantities, **more), clock.now())  # type: ignore[arg-type]


@pytest.mark.parametrize(("typed", "quantity"), [("1", 1), (" 12 ", 12), ("999", 999), ("007", 7)])
def test_quantities_are_whole_numbers(typed: str, quantity: int) -> None:
    assert read_quantity(typed) == quantity


@pytest.mark.parametrize(
    "typed",
    ["", "0", "000", "-1", "+1", "1.5", "1,5", "1e2", "1000", "१", "٣", "²", "1 2", "NaN", "0x1", "1\x00"],
)
def test_anything_else_is_refused(typed: str) -> None:
    with pytest.raises(InvalidQuantity):
        read_quantity(typed)


def test_adding_twice_adds_up_at_the_price_of_today(app: Flask) -> None:
    with unit_of_work() as session:
        variant = stocked(session, price=10_000)
    token = fill_cart({variant.id: 2})
    with unit_of_work() as session:
        session.merge(variant).price = 12_000
        cart, same = open_cart(session, token, clock.now())
        add_to_cart(session, cart, variant.id, 3, terms(), clock.now())
    assert same == token
    assert lines(token) == {variant.id: (5, 12_000)}


def test_the_database_keeps_no_token(app: Flask) -> None:
    with unit_of_work() as session:
        variant = stocked(session)
    token = fill_cart({variant.id: 1})
    kept = db.session.execute(sa.select(Cart)).scalar_one()
    assert token != kept.token_hash
    assert len(kept.token_hash) == 64


def test_a_token_that_opens_nothing_opens_a_new_cart(app: Flask) -> None:
    for token in (None, "", "x", "0" * 31, "0" * 32):
        assert find_cart(token) is None
        with unit_of_work() as session:
            _, fresh = open_cart(session, token, clock.now())
        assert fresh != token
        assert find_cart(fresh) is not None


def test_what_cannot_be_sold_does_not_go_in(app: Flask) -> None:
    with unit_of_work() as session:
        lapsed = stocked(session, stars=None)
    for variant_id, reason in ((lapsed.id, "lapsed"), (10**6, "not_offered")):
        with pytest.raises(NotForSale) as refusal:
            fill_cart({variant_id: 1})
        assert refusal.value.parameters == {"obstacle": reason}


def test_a_line_holds_999_at_most(app: Flask) -> None:
    with unit_of_work() as session:
        variant = stocked(session)
    token = fill_cart({variant.id: 600})
    with pytest.raises(InvalidQuantity), unit_of_work() as session:
        cart, _ = open_cart(session, token, clock.now())
        add_to_cart(session, cart, variant.id, 400, terms(), clock.now())
    assert lines(token)[variant.id][0] == 600


def test_a_cart_holds_fifty_lines_at_most(app: Flask) -> None:
    with unit_of_work() as session:
        product = product_of(session, stocked(session, on_hand=0))
        ids = [one.id for one in set_variants(session, product, [a_pack() for _ in range(MOST_LINES + 1)])]
    token = fill_cart(dict.fromkeys(ids[:MOST_LINES], 1))
    with pytest.raises(CartFull), unit_of_work() as session:
        cart, _ = open_cart(session, token, clock.now())
        add_to_cart(session, cart, ids[MOST_LINES], 1, terms(), clock.now())
    assert len(lines(token)) == MOST_LINES


def test_quantities_change_and_lines_go(app: Flask) -> None:
    with unit_of_work() as session:
        one, other = stocked(session, "Cam", price=10_000), stocked(session, "Bưởi", price=10_000)
    token = fill_cart({one.id: 1, other.id: 1})
    with unit_of_work() as session:
        session.merge(one).price = 11_000
    change(token, {one.id: 4, other.id: 0, 10**6: 5})
    assert lines(token) == {one.id: (4, 11_000)}


def test_province_and_age_stay_until_they_are_told_anew(app: Flask) -> None:
    with unit_of_work() as session:
        variant, province_id = stocked(session), a_commune(session).parent_id
    assert province_id
    token = fill_cart({variant.id: 1})
    change(token, {}, province_id=province_id, of_age=True)
    change(token, {})
    cart = find_cart(token)
    assert cart
    assert (cart.province_id, cart.age_confirmed) == (province_id, True)
    change(token, {}, of_age=False)
    db.session.rollback()
    cart = find_cart(token)
    assert cart
    assert cart.age_confirmed is False


def test_carts_untouched_for_thirty_days_are_swept_when_others_are_opened(app: Flask) -> None:
    with unit_of_work() as session:
        variant = stocked(session)
    old, fresh = fill_cart({variant.id: 1}), fill_cart({variant.id: 1})
    with unit_of_work() as session:
        cart = lock_cart(session, old)
        assert cart
        cart.touched_at = clock.now() - timedelta(days=30, seconds=1)
    with unit_of_work() as session:
        open_cart(session, draw_secret(), clock.now())
    db.session.rollback()
    assert find_cart(old) is None
    assert lines(fresh)
    assert db.session.execute(sa.select(sa.func.count()).select_from(CartLine)).scalar_one() == 1


def test_no_cart_comes_to_nothing(app: Flask) -> None:
    for quote in (quote_cart(None, terms(), None), quote_by_token(None, terms(), None)):
        assert (quote.parcels, quote.blocked, quote.total) == ((), (), 0)

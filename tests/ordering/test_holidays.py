"""A seller on holiday takes no orders: by the day alone, from midnight to midnight in Vietnam."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask

from marketplace import clock
from marketplace.catalogue.models import Variant
from marketplace.database import db, unit_of_work
from marketplace.ordering.cart import add_to_cart, open_cart
from marketplace.ordering.checkout import find_change, place_order
from marketplace.ordering.errors import NothingToOrder, QuoteChanged, SellerOnHoliday
from marketplace.ordering.queries import find_cart, quote_cart
from marketplace.ordering.sale import Obstacle, SaleTerms
from tests.factories.ordering import a_checkout, a_commune, fill_cart, seller_of, stocked, terms

FIRST, LAST = date(2026, 11, 23), date(2026, 11, 25)
BEFORE_MIDNIGHT = datetime(2026, 11, 22, 16, 59, 59, tzinfo=UTC)
AT_MIDNIGHT = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)
LAST_SECOND = datetime(2026, 11, 25, 16, 59, 59, tzinfo=UTC)
OPEN_AGAIN = datetime(2026, 11, 25, 17, 0, tzinfo=UTC)


@pytest.fixture
def cam(app: Flask) -> Variant:
    with unit_of_work() as session:
        variant = stocked(session)
        seller = seller_of(session, variant)
        seller.holiday_from, seller.holiday_until = FIRST, LAST
    return variant


def obstacles(token: str) -> list[Obstacle | None]:
    db.session.rollback()
    quote = quote_cart(find_cart(token), terms(), None)
    return [line.obstacle for line in (*quote.lines, *quote.blocked)]


@pytest.mark.parametrize(
    ("instant", "said"),
    [
        (BEFORE_MIDNIGHT, None),
        (AT_MIDNIGHT, Obstacle.HOLIDAY),
        (LAST_SECOND, Obstacle.HOLIDAY),
        (OPEN_AGAIN, None),
    ],
)
def test_a_cart_follows_the_day_at_midnight(cam: Variant, instant: datetime, said: Obstacle | None) -> None:
    token = fill_cart({cam.id: 1})
    with clock.stopped(instant):
        assert obstacles(token) == [said]


def test_nothing_of_theirs_goes_into_a_cart(cam: Variant) -> None:
    with clock.stopped(LAST_SECOND), pytest.raises(SellerOnHoliday) as refusal, unit_of_work() as session:
        cart, _ = open_cart(session, None, clock.now())
        add_to_cart(session, cart, cam.id, 1, terms(), clock.now())
    assert refusal.value.parameters == {"obstacle": "holiday", "reopens": date(2026, 11, 26)}


def test_a_page_shown_before_midnight_orders_nothing_after_it(cam: Variant) -> None:
    with unit_of_work() as session:
        tea, commune = stocked(session, "Chè"), a_commune(session)
    for token, refusal in (
        (fill_cart({cam.id: 1}), NothingToOrder),
        (fill_cart({cam.id: 1, tea.id: 1}), QuoteChanged),
    ):
        db.session.rollback()
        checkout = a_checkout(db.session(), token, commune)
        with clock.stopped(AT_MIDNIGHT):
            assert find_change(token, checkout, commune.parent_id, terms()) is not None
            with pytest.raises(refusal), unit_of_work() as session:
                place_order(session, token, checkout, terms(), clock.now())


def test_what_has_lapsed_is_not_promised_for_after_the_holiday(app: Flask) -> None:
    with unit_of_work() as session:
        cam = stocked(session, stars=None)
        seller = seller_of(session, cam)
        seller.holiday_from, seller.holiday_until = FIRST, LAST
        with pytest.raises(Exception, match="lapsed"):
            cart, _ = open_cart(session, None, clock.now())
            add_to_cart(session, cart, cam.id, 1, SaleTerms(FIRST, sell_lapsed=False), clock.now())

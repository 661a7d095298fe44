from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from marketplace import clock, register
from marketplace.catalogue.models import Variant
from marketplace.database import db, unit_of_work
from marketplace.ordering.checkout import place_order
from marketplace.ordering.errors import InvalidShippingRule, QuoteChanged
from marketplace.ordering.queries import find_cart, find_shelf, quote_cart
from marketplace.ordering.quote import Quote, read_memo
from marketplace.ordering.shipping import RATES, Zone, quote_shipping
from marketplace.ordering.shipping_rules import (
    MOST_FEE,
    ShippingPrices,
    ShippingRule,
    drop_shipping_rule,
    find_shipping_rule,
    set_shipping_rule,
)
from marketplace.places.models import AdminUnit
from tests.factories.accounts import an_actor
from tests.factories.deeds import deeds
from tests.factories.ordering import a_checkout, a_commune, fill_cart, seller_of, stocked, terms

PRICES = {"near_fee": 15_000, "near_further": 2_000, "far_fee": 30_000, "far_further": 5_000}


@pytest.fixture
def cam(app: Flask) -> Variant:
    with unit_of_work() as session:
        return stocked(session, "Cam Khe Mây", price=90_000, weight_g=900)


def rule(variant: Variant, **changes: Any) -> int:
    with unit_of_work() as session:
        seller = seller_of(session, variant)
        set_shipping_rule(session, an_actor(1), seller, ShippingPrices(**{**PRICES, **changes}), clock.now())
        return seller.id


def quote_of(token: str, province_id: int | None = None) -> Quote:
    db.session.rollback()
    return quote_cart(find_cart(token), terms(), province_id)


@pytest.mark.parametrize(
    ("weight_g", "near", "far"),
    [(1, 15_000, 30_000), (1_000, 15_000, 30_000), (1_001, 17_000, 35_000), (3_000, 19_000, 40_000)],
)
def test_further_kilograms_begun_cost_more(weight_g: int, near: int, far: int) -> None:
    rates = ShippingRule(producer_id=1, free_from=None, **PRICES).rates
    assert quote_shipping(Zone.SAME_PROVINCE, weight_g, 10**9, rates).fee == near
    assert quote_shipping(Zone.ELSEWHERE, weight_g, 10**9, rates).fee == far


def test_goods_of_enough_worth_travel_free_and_the_days_stay(cam: Variant) -> None:
    rates = ShippingRule(producer_id=1, free_from=200_000, **PRICES).rates
    assert quote_shipping(Zone.ELSEWHERE, 500, 199_999, rates).fee == 30_000
    free = quote_shipping(Zone.ELSEWHERE, 500, 200_000, rates)
    assert (free.fee, (free.days_from, free.days_to)) == (0, RATES[Zone.ELSEWHERE].days)


def test_a_parcel_is_priced_by_the_rule_of_its_own_seller(cam: Variant) -> None:
    with unit_of_work() as session:
        tea = stocked(session, "Chè", weight_g=900)
        home = a_commune(session).parent_id
        seller_of(session, cam).province_id = home
    rule(cam, pickup=True)
    token = fill_cart({cam.id: 2, tea.id: 1})
    assert [parcel.shipping.fee for parcel in quote_of(token).parcels] == [35_000, 32_000]
    assert [parcel.shipping.fee for parcel in quote_of(token, home).parcels] == [17_000, 32_000]
    assert [parcel.pickup for parcel in quote_of(token).parcels] == [True, False]


def test_what_was_shown_decides(cam: Variant) -> None:
    with unit_of_work() as session:
        commune = a_commune(session)
    token = fill_cart({cam.id: 1})
    db.session.rollback()
    checkout = a_checkout(db.session(), token, commune)
    seller_id = rule(cam)
    with pytest.raises(QuoteChanged):
        _place(token, checkout)
    db.session.rollback()
    fresh = a_checkout(db.session(), token, commune)
    assert read_memo(fresh.shown).fees == {seller_id: 30_000}
    assert _place(token, fresh).shipping_total == 30_000


def _place(token: str, checkout: Any) -> Any:
    with unit_of_work() as session:
        return place_order(session, token, checkout, terms(), clock.now())


def test_orders_keep_the_fee_that_was_shown(cam: Variant) -> None:
    commune = _write_commune()
    rule(cam)
    token = fill_cart({cam.id: 1})
    db.session.rollback()
    order = _place(token, a_checkout(db.session(), token, commune)).orders[0]
    rule(cam, far_fee=99_000)
    db.session.rollback()
    assert db.session.get_one(type(order), order.id).shipping_fee == 30_000


def _write_commune() -> AdminUnit:
    with unit_of_work() as session:
        return a_commune(session)


def test_a_rule_is_changed_and_dropped_and_each_is_a_deed(cam: Variant) -> None:
    seller_id = rule(cam)
    db.session.rollback()
    before = register.current_version()
    rule(cam, far_fee=31_000, free_from=500_000)
    with unit_of_work() as session:
        for _ in range(2):
            drop_shipping_rule(session, an_actor(1), seller_of(session, cam), clock.now())
    assert find_shipping_rule(db.session(), seller_id) is None
    assert len(deeds("shipping_rule:set")) == 2
    assert len(deeds("shipping_rule:drop")) == 1
    assert register.current_version() == before + 2


@pytest.mark.parametrize(
    ("field", "amount"),
    [
        ("near_fee", -1),
        ("far_fee", MOST_FEE + 1),
        ("near_further", -1),
        ("far_further", 50_001),
        ("free_from", 0),
        ("free_from", 100_000_001),
    ],
)
def test_impossible_prices_are_refused(cam: Variant, field: str, amount: int) -> None:
    with pytest.raises(InvalidShippingRule) as refusal:
        rule(cam, **{field: amount})
    assert refusal.value.parameters["field"] == field


def test_nothing_may_be_free_altogether(cam: Variant) -> None:
    rule(cam, near_fee=0, near_further=0, far_fee=0, far_further=0, free_from=1)
    token = fill_cart({cam.id: 9})
    assert quote_of(token).shipping_total == 0


def test_the_database_refuses_fees_below_nothing(cam: Variant) -> None:
    for field in (*PRICES, "free_from"):
        with pytest.raises(IntegrityError), unit_of_work() as session:
            seller = seller_of(session, cam)
            session.add(ShippingRule(producer_id=seller.id, **{**PRICES, field: -1}))


def test_the_shelf_knows_variants_never_stocked(cam: Variant) -> None:
    with unit_of_work() as session:
        other = stocked(session, "Bưởi", on_hand=0)
    shelf = find_shelf(db.session(), [cam.id, other.id])
    assert shelf.available == {cam.id: 100, other.id: 0}
    assert shelf.rules == {}

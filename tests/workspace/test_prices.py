"""Prices in the workspace: small changes at once, jumps by the owner alone and confirmed."""

from datetime import timedelta

import pytest
from flask import Flask

from marketplace import clock
from marketplace.catalogue.listing_models import Listing, ListingState
from marketplace.catalogue.models import Product, Variant
from marketplace.catalogue.prices import price_history
from marketplace.database import db, unit_of_work
from tests.factories.accounts import PASSWORD
from tests.factories.deeds import deeds
from tests.factories.ordering import stocked
from tests.signin.browsing import write
from tests.workspace.conftest import Shop

DAYS_AGO = timedelta(days=2)


@pytest.fixture
def cam(shop: Shop) -> Variant:
    with clock.stopped(clock.now() - DAYS_AGO):
        variant: Variant = write(stocked, "Cam Khe Mây", producer=shop.producer, price=100_000)
    return variant


def price(variant: Variant) -> int:
    db.session.rollback()
    return db.session.get_one(Variant, variant.id).price


def test_staff_change_prices_and_see_what_they_were(shop: Shop, cam: Variant) -> None:
    at = f"{shop.base}/gia/{cam.id}"
    assert "100.000\xa0₫" in shop.staff_browser.open(f"{shop.base}/gia").response.text
    answer = shop.staff_browser.send(at, gia="120.000")
    assert answer.location == f"{shop.base}/gia"
    assert price(cam) == 120_000
    words = shop.staff_browser.open(at).words
    assert "+20 %" in words
    assert price_history(cam.id)[0].person_id == shop.staff.id
    assert db.session.get_one(Product, cam.product_id).from_price == 120_000


def test_the_same_price_again_is_no_change(shop: Shop, cam: Variant) -> None:
    before = len(price_history(cam.id))
    shop.browser.send(f"{shop.base}/gia/{cam.id}", gia="100000")
    db.session.rollback()
    assert len(price_history(cam.id)) == before


def test_staff_do_not_let_prices_jump(shop: Shop, cam: Variant) -> None:
    answer = shop.staff_browser.send(f"{shop.base}/gia/{cam.id}", 409, gia="131.000")
    assert "chỉ chủ cơ sở" in answer.text
    shop.staff_browser.open(f"{shop.base}/gia/{cam.id}/131000", 404)
    shop.staff_browser.send(f"{shop.base}/gia/{cam.id}/131000", 404)
    assert price(cam) == 100_000


def test_an_owner_is_asked_whether_a_jump_is_meant(shop: Shop, cam: Variant) -> None:
    ahead = shop.browser.send(f"{shop.base}/gia/{cam.id}", gia="10.000").location
    assert ahead == f"{shop.base}/gia/{cam.id}/10000"
    assert "Giảm 90 %" in shop.browser.open(ahead).words
    assert price(cam) == 100_000
    assert shop.browser.send(ahead).location == f"{shop.base}/gia"
    assert price(cam) == 10_000
    assert price_history(cam.id)[0].confirmed
    assert deeds("price:change")[-1].data == '{"price":10000}'


def test_a_jump_asks_who_it_is_and_comes_back_to_the_question(app: Flask, shop: Shop, cam: Variant) -> None:
    ahead = f"{shop.base}/gia/{cam.id}/150000"
    with clock.stopped(clock.now() + timedelta(minutes=11)):
        shop.browser.ask_again(ahead)
        assert price(cam) == 100_000
        assert shop.browser.send("/xac-nhan-lai", mat_khau=PASSWORD).location == ahead
        shop.browser.send(ahead)
    assert price(cam) == 150_000


@pytest.mark.parametrize("typed", ["", "0", "-5", "1,5", "mười", "1000000001", "9" * 20, "1e5"])
def test_what_is_no_price_is_named(shop: Shop, cam: Variant, typed: str) -> None:
    answer = shop.browser.send(f"{shop.base}/gia/{cam.id}", 422, gia=typed)
    assert 'href="#gia"' in answer.text
    assert price(cam) == 100_000


def test_a_rival_finds_no_price(shop: Shop, rival: Shop, cam: Variant) -> None:
    for base in (shop.base, rival.base):
        rival.browser.open(f"{base}/gia/{cam.id}", 404)
        rival.browser.open(f"{base}/gia/{cam.id}/200000", 404)
        rival.browser.send(f"{base}/gia/{cam.id}", 404, gia="110000")
        rival.browser.send(f"{base}/gia/{cam.id}/200000", 404)
    assert price(cam) == 100_000


def test_no_price_changes_while_the_office_reads_the_listing(shop: Shop, cam: Variant) -> None:
    with unit_of_work() as session:
        listing = Listing(product_id=cam.product_id, producer_id=shop.producer.id, touched_at=clock.now())
        listing.state = ListingState.SUBMITTED
        listing.submitted_at = listing.answer_due_at = clock.now()
        session.add(listing)
    answer = shop.staff_browser.send(f"{shop.base}/gia/{cam.id}", 409, gia="110.000")
    assert 'href="#gia"' in answer.text
    shop.browser.send(f"{shop.base}/gia/{cam.id}/200000", 409)
    assert price(cam) == 100_000


def test_a_shop_without_packs_is_led_to_its_products(shop: Shop) -> None:
    assert f"{shop.base}/san-pham" in shop.browser.open(f"{shop.base}/gia").links()

"""Stock in the workspace: seen, taken in, counted again; a rival's shelf is not there."""

from typing import Any

import pytest

from marketplace.catalogue.models import Variant
from marketplace.database import db, unit_of_work
from marketplace.ordering.stock_keeping import get_shelved, list_movements
from tests.factories.deeds import deeds
from tests.factories.ordering import a_commune, ordered, stocked
from tests.signin.browsing import write
from tests.workspace.conftest import Shop


@pytest.fixture
def cam(shop: Shop) -> Variant:
    variant: Variant = write(stocked, "Cam Khe Mây", producer=shop.producer, on_hand=10)
    return variant


def on_hand(shop: Shop, variant: Variant) -> int:
    db.session.rollback()
    return get_shelved(db.session(), shop.producer.id, variant.id).on_hand


def test_the_shelf_is_shown_with_what_is_promised(shop: Shop, cam: Variant) -> None:
    with unit_of_work() as session:
        commune = a_commune(session)
    ordered({cam.id: 4}, commune)
    words = shop.staff_browser.open(f"{shop.base}/kho").words
    assert "Còn bán được 6" in words
    assert "Trên kệ 10 · đã hứa 4" in words
    page = shop.staff_browser.open(f"{shop.base}/kho/{cam.id}")
    assert page.heading == "Kho: Cam Khe Mây, Túi 1 kg"
    assert "Hứa cho đơn" in page.words
    assert "kiểm kê đầu kỳ" in page.words


def test_a_shop_without_packs_is_led_to_its_products(shop: Shop) -> None:
    page = shop.browser.open(f"{shop.base}/kho")
    assert f"{shop.base}/san-pham" in page.links()


def test_goods_are_taken_in_once_however_often_the_form_is_sent(shop: Shop, cam: Variant) -> None:
    form: dict[str, Any] = {"so_nhap": "1.000", "ly_do_nhap": "produced", "da_thay": "10"}
    answer = shop.staff_browser.send(f"{shop.base}/kho/{cam.id}/nhap", **form)
    assert answer.location == f"{shop.base}/kho"
    assert "Đã ghi: Cam Khe Mây, Túi 1 kg." in shop.staff_browser.open(f"{shop.base}/kho").words
    again = shop.staff_browser.send(f"{shop.base}/kho/{cam.id}/nhap", 409, **form)
    assert "nay là 1010" in again.text
    assert on_hand(shop, cam) == 1_010
    [deed] = deeds("stock:receive")
    assert (deed.actor_id, deed.org) == (shop.staff.id, f"producer:{shop.producer.id}")


def test_a_count_takes_the_place_of_the_number(shop: Shop, cam: Variant) -> None:
    shop.browser.send(f"{shop.base}/kho/{cam.id}/dem", so_dem="7", ly_do_dem="damaged", da_thay="10")
    assert on_hand(shop, cam) == 7
    assert list_movements(db.session(), cam.id)[0].reason == "damaged"
    assert "Hỏng, hết hạn, thất lạc" in shop.browser.open(f"{shop.base}/kho/{cam.id}").words


@pytest.mark.parametrize(
    ("deed", "form", "field"),
    [
        ("nhap", {"so_nhap": "-1", "ly_do_nhap": "produced"}, "so_nhap"),
        ("nhap", {"so_nhap": "1,5", "ly_do_nhap": "produced"}, "so_nhap"),
        ("nhap", {"so_nhap": "", "ly_do_nhap": "produced"}, "so_nhap"),
        ("nhap", {"so_nhap": "0", "ly_do_nhap": "produced"}, "so_nhap"),
        ("nhap", {"so_nhap": "99999999999", "ly_do_nhap": "produced"}, "so_nhap"),
        ("nhap", {"so_nhap": "5", "ly_do_nhap": "damaged"}, "ly_do_nhap"),
        ("nhap", {"so_nhap": "5"}, "ly_do_nhap"),
        ("dem", {"so_dem": "1000001", "ly_do_dem": "damaged"}, "so_dem"),
    ],
)
def test_what_is_wrong_is_named(
    shop: Shop, cam: Variant, deed: str, form: dict[str, Any], field: str
) -> None:
    answer = shop.browser.send(f"{shop.base}/kho/{cam.id}/{deed}", 422, **{"da_thay": "10", **form})
    assert f'href="#{field}"' in answer.text
    assert f'id="{field}"' in answer.text
    assert on_hand(shop, cam) == 10


def test_a_form_that_does_not_say_what_it_showed_is_not_taken(shop: Shop, cam: Variant) -> None:
    for seen in ({}, {"da_thay": "x"}, {"da_thay": "9" * 30}):
        form: dict[str, Any] = {"so_dem": "7", "ly_do_dem": "damaged", **seen}
        shop.browser.send(f"{shop.base}/kho/{cam.id}/dem", 409, **form)
    assert on_hand(shop, cam) == 10


def test_no_count_goes_below_what_is_promised(shop: Shop, cam: Variant) -> None:
    with unit_of_work() as session:
        commune = a_commune(session)
    ordered({cam.id: 4}, commune)
    form: dict[str, Any] = {"so_dem": "3", "ly_do_dem": "damaged", "da_thay": "10"}
    assert "đã hứa cho đơn" in shop.browser.send(f"{shop.base}/kho/{cam.id}/dem", 409, **form).text
    assert on_hand(shop, cam) == 10


def test_a_rival_finds_no_shelf(shop: Shop, rival: Shop, cam: Variant) -> None:
    form: dict[str, Any] = {"so_nhap": "5", "ly_do_nhap": "produced", "da_thay": "10"}
    for base in (shop.base, rival.base):
        rival.browser.open(f"{base}/kho/{cam.id}", 404)
        rival.browser.send(f"{base}/kho/{cam.id}/nhap", 404, **form)
    rival.browser.open(f"{shop.base}/kho", 404)
    rival.browser.open(f"{rival.base}/kho/99999999999", 404)
    assert on_hand(shop, cam) == 10

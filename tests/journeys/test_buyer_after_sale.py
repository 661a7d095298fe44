"""A buyer's orders in Chromium without JavaScript: fetched, taken back, given back with a photograph."""

import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from marketplace import clock
from marketplace.app import create_app
from marketplace.cli.web_server import WebServer
from marketplace.database import db, unit_of_work
from marketplace.media.models import Picture
from marketplace.ordering import fulfillment, returns
from marketplace.ordering.after_sale_models import Return
from marketplace.ordering.models import Fulfillment, Order, PaymentMethod
from marketplace.ordering.secret import order_secret
from marketplace.ordering.shipping_rules import ShippingRule
from marketplace.payments import settlement
from marketplace.places.models import AdminUnit, Level
from tests.conftest import NOON, make_settings
from tests.factories.media import photo
from tests.factories.ordering import a_commune, ordered, seller_of, stocked
from tests.journeys.looking import faults_of
from tests.journeys.test_buyer import PHONE_WIDTH, fill_in


@dataclass(frozen=True)
class Shop:
    """A running shop of two producers; the goods of the second can be fetched."""

    app: Flask
    address: str
    browser: Browser
    variants: tuple[int, int]

    @contextmanager
    def phone(self, theme: Literal["light", "dark"] = "light") -> Iterator[Page]:
        """A telephone without JavaScript."""
        with self.browser.new_context(
            base_url=self.address,
            viewport=PHONE_WIDTH,
            java_script_enabled=False,
            locale="vi-VN",
            reduced_motion="reduce",
            color_scheme=theme,
        ) as context:
            yield context.new_page()

    def do(self, act: Callable[..., Any], *given: Any) -> None:
        """Do what a seller does."""
        with self.app.app_context():
            with unit_of_work() as session:
                act(session, *given, at=clock.now())
            db.session.remove()

    def ask(self, question: sa.Select[Any]) -> Any:
        """Ask the database for one value."""
        with self.app.app_context():
            answer = db.session.execute(question).scalar_one()
            db.session.remove()
            return answer


@pytest.fixture
def shop(browser: Browser, tmp_path: Path) -> Iterator[Shop]:
    """A shop that serves at noon."""
    with clock.stopped(NOON, everywhere=True), socket.create_server(("127.0.0.1", 0)) as listener:
        port = str(listener.getsockname()[1])
        settings = make_settings(f"sqlite:///{tmp_path / 's.db'}", tmp_path, PORT=port, TEST_GATEWAY="1")
        app = create_app(settings)
        with app.app_context():
            db.create_all()
            variants = write_goods()
            db.session.remove()
        stop = threading.Event()
        server = WebServer(app, settings, listener)
        thread = threading.Thread(target=server.run, args=[stop.is_set])
        thread.start()
        try:
            yield Shop(app, settings.site_url, browser, variants)
        finally:
            stop.set()
            thread.join()
            server.server.trigger.close()
            with app.app_context():
                db.engine.dispose()


def write_goods() -> tuple[int, int]:
    """Put two products on the shelf, and say where the second is fetched."""
    with unit_of_work() as session:
        a_commune(session)
        honey = stocked(session, "Mật ong", on_hand=20, price=90_000, set_number=4)
        cake = stocked(session, "Bánh đa", on_hand=20, price=40_000, set_number=4)
        place = {"pickup_address": "Kho 2, thôn 7", "pickup_words": "Sau 8 giờ"}
        seller_id = seller_of(session, cake).id
        session.add(ShippingRule(producer_id=seller_id, pickup=True, sends_live=False, zones=[], **place))
        return honey.id, cake.id


def put_both_into_cart(page: Page) -> None:
    """Press the buttons of both product pages."""
    for slug in ("mat-ong", "banh-da"):
        page.goto(f"/san-pham/{slug}")
        page.get_by_role("button", name="Thêm vào giỏ").click()


def order_both(page: Page) -> None:
    """Order both, the second to be fetched."""
    put_both_into_cart(page)
    page.locator(".dock button").click()
    fill_in(page)
    page.get_by_label("Đến cơ sở lấy, không mất phí").check()
    page.get_by_role("button", name="Tính lại phí giao").click()
    expect(page.get_by_label("Đến cơ sở lấy, không mất phí")).to_be_checked()
    expect(page.locator(".dock b")).to_have_text(re.compile("^172.000"))
    expect(page.locator(".dock button")).to_have_text(re.compile(r"Đặt hàng\s*trả khi nhận"))
    page.locator(".dock button").click()


def test_one_parcel_fetched_one_taken_back_and_goods_given_back(shop: Shop, tmp_path: Path) -> None:
    with shop.phone() as page:
        order_both(page)
        expect(page).to_have_url(re.compile(r"/don-hang/[0-9A-Z]{14}/[0-9a-f]{32}$"))
        at_home, fetched = (page.locator(f'section[aria-labelledby="goi-{place}"]') for place in (1, 2))
        expect(fetched).to_contain_text("Kho 2, thôn 7 · Sau 8 giờ")
        at_home.get_by_text("Huỷ gói 1").first.click()
        at_home.get_by_role("button", name="Đúng, huỷ gói 1").click()
        expect(at_home).to_contain_text("Bạn đã huỷ gói này")
        expect(page.locator("aside .tot").last).to_have_text(re.compile("^40.000"))

        order_id = shop.ask(sa.select(Order.id).where(Order.position == 2))
        shop.do(fulfillment.confirm_order, order_id)
        shop.do(fulfillment.pack_order, order_id)
        page.reload()
        expect(fetched.locator(".tag").last).to_have_text(re.compile("Mời đến lấy"))
        shop.do(settlement.hand_over, order_id, 40_000)
        page.reload()
        expect(fetched).to_contain_text("Bạn đã nhận hàng")

        give_back(page, tmp_path)
        expect(fetched).to_contain_text("Chờ người bán trả lời")
        assert shop.ask(sa.select(sa.func.count()).select_from(Picture)) == 1
        return_id = shop.ask(sa.select(Return.id))
        shop.do(returns.approve_return, return_id)
        shop.do(returns.receive_return, return_id, True)
        shop.do(settlement.refund_return, return_id)
        page.reload()
        expect(fetched).to_contain_text("Đã trả lại tiền")
        expect(page.locator("aside")).to_contain_text(re.compile("Hoàn 40.000"))


def give_back(page: Page, folder: Path) -> None:
    """Fill the form of a return in, with a photograph."""
    taken = folder / "vo.jpg"
    taken.write_bytes(photo(800, 600))
    page.get_by_role("link", name="Xin trả hàng").click()
    page.get_by_role("button", name="Gửi yêu cầu trả hàng").click()
    expect(page).to_have_title(re.compile("^Lỗi: "))
    page.get_by_label("Hàng hỏng, vỡ").check()
    page.get_by_label("Kể rõ hơn").fill("Bánh vỡ vụn.")
    page.get_by_label("Ảnh chụp").set_input_files(taken)
    page.get_by_role("button", name="Gửi yêu cầu trả hàng").click()


def test_the_button_says_how_one_pays(shop: Shop) -> None:
    with shop.phone() as page:
        put_both_into_cart(page)
        page.goto("/dat-hang")
        button = page.locator(".dock button")
        for way, words in {"Chuyển khoản": "rồi chuyển khoản", "Thẻ quốc tế": "rồi trả bằng thẻ"}.items():
            page.get_by_label(way).check()
            assert button.inner_text().split("\n")[-1] == words


def test_the_pages_of_an_order_are_for_everyone(shop: Shop) -> None:
    paths = [*write_orders(shop), "/dat-hang"]
    context = shop.browser.new_context(base_url=shop.address, reduced_motion="reduce")
    page = context.new_page()
    put_both_into_cart(page)
    assert [fault for path in paths for fault in faults_of(page, path)] == []
    context.close()


def write_orders(shop: Shop) -> list[str]:
    """Order in every way of paying; return the pages of the orders, of a return and of a copy on paper."""
    with shop.app.app_context():
        commune = db.session.scalars(sa.select(AdminUnit).where(AdminUnit.level == Level.COMMUNE)).one()
        groups = [
            ordered(dict.fromkeys(shop.variants, 2), commune, method=method, phone=f"091234567{number}")
            for number, method in enumerate((*PaymentMethod, PaymentMethod.CASH_ON_DELIVERY))
        ]
        pages = [f"/don-hang/{group.number}/{order_secret(group.number)}" for group in groups]
        first, other = [order.id for order in groups[0].orders]
        db.session.remove()
    shop.do(fulfillment.confirm_order, first)
    shop.do(settlement.ship, first, None, "GHN", "GYX8K2LM")
    sending = shop.ask(sa.select(Fulfillment.id))
    shop.do(settlement.deliver, sending, 222_000)
    shop.do(fulfillment.confirm_order, other)
    return [*pages, f"{pages[0]}/tra-hang/1", f"{pages[0]}/in"]

"""Paying by card with a browser: across to the gateway's page and back, by buttons alone."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from marketplace import clock
from marketplace.cli.test_gateway.notices import Manner
from marketplace.cli.test_gateway.server import PracticeGateway
from marketplace.cli.web_server import WebServer
from marketplace.database import db
from marketplace.ordering.secret import order_secret
from tests.conftest import NOON
from tests.environment.application import empty_application
from tests.environment.card_gateway import base_of, running_gateway, taking_cards
from tests.factories.cards import card_order
from tests.journeys.looking import faults_here, faults_of


@dataclass
class CardShop:
    """A shop with one order that is to be paid by card, and the gateway it is paid at."""

    gateway: PracticeGateway
    site: str
    path: str


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[CardShop]:
    """A running shop; the gateway tells it of nothing unless a test has it do so."""
    with ExitStack() as stack:
        stack.enter_context(clock.stopped(NOON, everywhere=True))
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        port = listener.getsockname()[1]
        url = f"sqlite:///{tmp_path / 'shop.db'}"
        app = stack.enter_context(empty_application(url, tmp_path, PORT=str(port)))
        gateway = stack.enter_context(running_gateway(f"http://127.0.0.1:{port}"))
        stack.enter_context(taking_cards(app, gateway))
        group = card_order(1_150_000, 335_000)
        path = f"/don-hang/{group.number}/{order_secret(group.number)}"
        db.session.remove()
        stop = threading.Event()
        server = WebServer(app, app.extensions["settings"], listener)
        thread = threading.Thread(target=server.run, args=[stop.is_set])
        thread.start()
        stack.callback(thread.join)
        stack.callback(stop.set)
        yield CardShop(gateway, f"http://127.0.0.1:{port}", path)


@pytest.fixture
def page(browser: Browser, shop: CardShop) -> Iterator[Page]:
    """A telephone without JavaScript."""
    context = browser.new_context(
        base_url=shop.site,
        viewport={"width": 375, "height": 800},
        java_script_enabled=False,
        reduced_motion="reduce",
    )
    yield context.new_page()
    context.close()


def test_a_buyer_pays_by_card_with_buttons_alone(page: Page, shop: CardShop) -> None:
    page.goto(f"{shop.path}/tra-tien")
    page.get_by_role("button", name="Trả bằng thẻ").click()
    assert page.url.startswith(f"{base_of(shop.gateway)}/c/pay/")
    page.get_by_role("button", name="Thử thẻ bị từ chối").click()
    assert "Thẻ bị từ chối" in page.inner_text("main")
    page.get_by_role("button", name="Quay lại, không trả").click()
    assert page.url == f"{shop.site}{shop.path}/tra-tien"
    page.get_by_role("button", name="Trả bằng thẻ").click()
    page.get_by_role("button", name="Trả (thử)").click()
    assert page.inner_text("h1") == "Đang kiểm tra"
    page.get_by_role("button", name="Xem kết quả trả tiền").click()
    assert page.url == f"{shop.site}{shop.path}"
    page.goto(f"{shop.path}/tra-tien")
    assert page.inner_text("h1") == "Đơn đã được trả"


def test_who_closes_the_page_after_paying_has_paid(page: Page, shop: CardShop) -> None:
    page.goto(f"{shop.path}/tra-tien")
    page.get_by_role("button", name="Trả bằng thẻ").click()
    page.get_by_role("button", name="Trả (thử)").click()
    shop.gateway.postman.manner = Manner.PROMPT
    deadline = time.monotonic() + 20
    while page.inner_text("h1") != "Đơn đã được trả" and time.monotonic() < deadline:
        page.goto(f"{shop.path}/tra-tien")
    assert page.inner_text("h1") == "Đơn đã được trả"


def test_the_pages_of_cards_are_for_everyone(browser: Browser, shop: CardShop) -> None:
    faults: list[str] = []
    context = browser.new_context(base_url=shop.site, reduced_motion="reduce")
    page = context.new_page()
    for path in (f"{shop.path}/tra-tien/xong", f"{base_of(shop.gateway)}/", f"{shop.path}/tra-tien"):
        faults += faults_of(page, path)
    page.get_by_role("button", name="Trả bằng thẻ").click()
    faults += faults_here(page)
    context.close()
    assert faults == []

"""Passkeys in Chromium: added on a phone, then all that is needed to sign in; hidden where they cannot be."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from marketplace import clock
from marketplace.accounts.permissions import STRONG_FOR
from marketplace.app import create_app
from marketplace.cli.web_server import WebServer
from marketplace.database import db, unit_of_work
from tests.conftest import NOON, make_settings
from tests.factories import accounts
from tests.factories.producers import a_producer

EMAIL = "man@example.vn"
PHONE: ViewportSize = {"width": 375, "height": 800}


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    """A site called localhost, since passkeys belong to names, with one owner who has a password."""
    with clock.stopped(NOON, everywhere=True), socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        address = f"http://localhost:{port}"
        settings = make_settings(f"sqlite:///{tmp_path / 's.db'}", tmp_path, SITE_URL=address)
        app = create_app(settings)
        with app.app_context():
            db.create_all()
            with unit_of_work() as session:
                producer = a_producer(session)
                accounts.an_owner(session, producer.id, accounts.a_person(session, email=EMAIL))
            db.session.remove()
        stop = threading.Event()
        server = WebServer(app, settings, listener)
        thread = threading.Thread(target=server.run, args=[stop.is_set])
        thread.start()
        try:
            yield address
        finally:
            stop.set()
            thread.join()
            server.server.trigger.close()
            with app.app_context():
                db.engine.dispose()


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A phone that keeps passkeys, and says yes by itself."""
    with browser.new_context(viewport=PHONE) as context:
        page = context.new_page()
        tools = context.new_cdp_session(page)
        tools.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        tools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        yield page


def test_a_passkey_is_added_and_signs_in(site: str, phone: Page) -> None:
    faults: list[str] = []
    phone.on("pageerror", lambda error: faults.append(str(error)))
    phone.goto(f"{site}/dang-nhap")
    phone.fill("#ten", EMAIL)
    phone.fill("#mat_khau", accounts.PASSWORD)
    phone.click("form[action='/dang-nhap'] button")
    phone.goto(f"{site}/tai-khoan/van-tay")
    phone.click("form[data-passkey] button")
    phone.wait_for_selector("text=Đã thêm khoá vân tay")
    phone.goto(f"{site}/tai-khoan")
    phone.click("form[action='/dang-xuat'] button")
    phone.wait_for_url("**/dang-nhap")
    phone.click("form[data-passkey] button")
    phone.wait_for_url("**/gian-hang/htx-cam-khe-may")
    assert phone.goto(f"{site}/tai-khoan/khoa-api").status == 200  # type: ignore[union-attr]
    assert faults == []


def test_a_passkey_proves_who_it_is_and_the_deed_is_sent_on(site: str, phone: Page) -> None:
    phone.goto(f"{site}/dang-nhap")
    phone.fill("#ten", EMAIL)
    phone.fill("#mat_khau", accounts.PASSWORD)
    phone.click("form[action='/dang-nhap'] button")
    phone.goto(f"{site}/tai-khoan/van-tay")
    phone.click("form[data-passkey] button")
    phone.wait_for_selector("text=Đã thêm khoá vân tay")
    with clock.stopped(NOON + STRONG_FOR, everywhere=True):
        phone.click("form[action$='/bo'] button")
        phone.click("form[data-passkey] button")
        phone.wait_for_selector("text=Gửi tiếp việc vừa làm?")
        phone.get_by_role("button", name="Gửi tiếp").click()
        phone.wait_for_selector("text=Đã bỏ khoá vân tay")


def test_without_a_passkey_the_page_says_so(site: str, phone: Page) -> None:
    phone.goto(f"{site}/dang-nhap")
    assert not phone.is_visible("form[data-passkey] [role=alert]")
    phone.context.new_cdp_session(phone).send("WebAuthn.disable")
    phone.evaluate("() => { navigator.credentials.get = () => Promise.reject(new Error('no')); }")
    phone.click("form[data-passkey] button")
    phone.wait_for_selector("form[data-passkey] [role=alert]", state="visible")


@pytest.mark.parametrize("script", [True, False], ids=["by-number", "without-script"])
def test_where_passkeys_cannot_be_nothing_offers_them(site: str, script: bool, browser: Browser) -> None:
    with browser.new_context(java_script_enabled=script) as context:
        page = context.new_page()
        page.goto(f"{site.replace('localhost', '127.0.0.1') if script else site}/dang-nhap")
        assert not page.is_visible("[data-passkey-panel]")
        assert not page.is_visible("form[data-passkey] button")
        assert page.is_visible("#mat_khau")

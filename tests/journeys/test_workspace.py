"""A listing's way in Chromium at 375 px: from an invitation to a buyer who finds it, past a rival."""

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, ViewportSize, expect
from sqlalchemy.orm import Session

from marketplace import clock, jobs
from marketplace.accounts.models import Person
from marketplace.accounts.roles import Role, Scope, ScopeKind, SignInLevel
from marketplace.app import create_app
from marketplace.catalogue.listing_models import Listing
from marketplace.catalogue.models import Product
from marketplace.cli.web_server import WebServer
from marketplace.database import db, unit_of_work
from tests.conftest import NOON, make_settings
from tests.factories import accounts
from tests.factories.catalogue import a_product, a_set
from tests.factories.certification import a_certificate
from tests.factories.media import photo
from tests.factories.places import make_commune, make_province
from tests.factories.producers import a_producer
from tests.journeys.looking import faults_of
from tests.signin.browsing import letters, link_in

PHONE: ViewportSize = {"width": 375, "height": 800}
STORY = "Cam chín cây, hái buổi sớm ở vườn đồi. Giao trong hai ngày."
SHOP, RIVAL = "/gian-hang/htx-cam-khe-may", "/gian-hang/htx-buoi-phuc-trach"


@dataclass(frozen=True)
class Market:
    """A running market of two producers; people by what they are."""

    app: Flask
    address: str
    people: dict[str, int]
    browser: Browser

    @contextmanager
    def phone(self, person: str = "", *, script: bool = True) -> Iterator[Page]:
        """A telephone, of somebody who has just signed in with two factors where one is named."""
        with self.browser.new_context(
            base_url=self.address,
            viewport=PHONE,
            java_script_enabled=script,
            locale="vi-VN",
            reduced_motion="reduce",
        ) as context:
            if person:
                context.add_cookies([{"name": "sid", "value": self._sign_in(person), "url": self.address}])
            yield context.new_page()

    def _sign_in(self, person: str) -> str:
        with self.app.app_context(), unit_of_work() as session:
            found = session.get_one(Person, self.people[person])
            return accounts.signed_in(session, found, SignInLevel.TWO_FACTOR).token

    def post_is_delivered(self) -> str:
        """Do what waits, letters and search included; return the link in the newest letter."""
        with self.app.app_context():
            return link_in(letters(self.app)[0])

    def work_is_done(self) -> None:
        """Do what waits."""
        with self.app.app_context():
            jobs.do_all()
            db.session.remove()


def write_people(session: Session) -> dict[str, int]:
    """Write two producers of one province, and everybody around them."""
    province = make_province(session)
    commune = make_commune(session, "Hương Đô", province)
    place = {"province_id": province.id, "commune_id": commune.id}
    shop = a_producer(session, "HTX Cam Khe Mây", **place)
    rival = a_producer(session, "HTX Bưởi Phúc Trạch", **place)
    for name in ("Cam Khe Mây", "Mứt vỏ cam"):
        location = {**place, "printed_province": "Hà Tĩnh"}
        product = a_product(session, name, producer=shop, location=location)
        a_certificate(session, product, 4)
    a_set(session)
    unit = Scope(ScopeKind.ADMIN_UNIT, province.id)
    return {
        "owner": accounts.an_owner(session, shop.id).id,
        "rival": accounts.an_owner(session, rival.id).id,
        "officer": accounts.a_member(session, unit, Role.PROVINCE_OFFICER).id,
        "member": accounts.a_person(session, "Lê Thị Hoa", email="hoa@example.vn").id,
    }


@pytest.fixture
def market(browser: Browser, tmp_path: Path) -> Iterator[Market]:
    """A market that serves at noon."""
    with clock.stopped(NOON, everywhere=True), socket.create_server(("127.0.0.1", 0)) as listener:
        port = str(listener.getsockname()[1])
        settings = make_settings(
            f"sqlite:///{tmp_path / 's.db'}", tmp_path, PORT=port, MEDIA=str(tmp_path / "media")
        )
        app = create_app(settings)
        with app.app_context():
            db.create_all()
            with unit_of_work() as session:
                people = write_people(session)
            jobs.do_all()
            db.session.remove()
        stop = threading.Event()
        server = WebServer(app, settings, listener)
        thread = threading.Thread(target=server.run, args=[stop.is_set])
        thread.start()
        try:
            yield Market(app, settings.site_url, people, browser)
        finally:
            stop.set()
            thread.join()
            server.server.trigger.close()
            with app.app_context():
                db.engine.dispose()


def photographs(folder: Path) -> list[Path]:
    """Take two pictures, as a telephone's camera would."""
    taken = [folder / "mat-truoc.jpg", folder / "nhan.jpg"]
    for path, colour in zip(taken, ((200, 120, 20), (30, 90, 40)), strict=True):
        path.write_bytes(photo(1600, 1200, colour))
    return taken


def next_step(page: Page) -> None:
    """Press the red button of a step."""
    page.locator(".dock .btn.p").click()


def fill_packs(page: Page) -> None:
    """Say what is sold."""
    page.get_by_label("Tên gói").fill("Túi 1 kg")
    page.get_by_label("Trong gói có").fill("1.000")
    page.get_by_label("Giá bán (đồng)").fill("45.000")
    page.get_by_label("Nặng khi gửi").fill("1100")


def join(market: Market) -> None:
    """Have the owner invite somebody to the staff, through the pages."""
    with market.phone("owner") as page:
        page.goto(f"{SHOP}/nguoi")
        page.get_by_role("link", name="Mời thêm người").click()
        page.locator("#dia_chi").fill("hoa@example.vn")
        page.locator("main form .btn.p").click()
        expect(page.get_by_role("status")).to_contain_text("Đã gửi lời mời")


def enter(page: Page, link: str) -> None:
    """Take the invitation of a letter, signing in on the way."""
    page.goto(link)
    page.get_by_role("button", name="Nhận lời mời").click()
    page.get_by_label("Số điện thoại hoặc email").fill("hoa@example.vn")
    page.get_by_label("Mật khẩu").fill(accounts.PASSWORD)
    page.get_by_role("button", name="Tiếp tục").click()
    page.get_by_role("button", name="Nhận lời mời").click()
    page.get_by_role("link", name="Vào gian hàng").click()
    expect(page).to_have_url(f"{page.url.split('/gian-hang')[0]}{SHOP}")


def approve(market: Market, name: str) -> None:
    """Have an officer let a listing through, through the pages."""
    with market.phone("officer") as page:
        page.goto("/van-phong")
        page.get_by_role("link", name=name).first.click()
        page.get_by_role("button", name="Duyệt cho hiện").click()
        expect(page.get_by_role("status").first).to_contain_text("Đã duyệt")


def test_a_member_lists_a_product_and_a_buyer_finds_it(market: Market, tmp_path: Path) -> None:
    join(market)
    with market.phone() as page:
        enter(page, market.post_is_delivered())
        page.get_by_role("link", name="Thêm bài đăng").click()
        page.get_by_label("Cam Khe Mây").check()
        next_step(page)
        page.locator("input[type=file][multiple]").set_input_files(photographs(tmp_path))
        expect(page.locator(".pic img[srcset]")).to_have_count(2, timeout=60_000)
        page.get_by_label("Ảnh 2 cho thấy gì?").fill("Nhãn, hạn dùng")
        next_step(page)
        fill_packs(page)
        next_step(page)
        page.get_by_label("Câu chuyện").fill(STORY)
        next_step(page)
        page.get_by_role("link", name="Xem như người mua").click()
        expect(page.locator("main")).to_contain_text(STORY)
        page.get_by_role("link", name="Về bài").click()
        page.get_by_role("button", name="Gửi để được duyệt").click()
        expect(page.locator("main")).to_contain_text("Đang chờ duyệt")

    with market.phone() as page:
        page.goto("/san-pham/cam-khe-may")
        expect(page.locator("main")).not_to_contain_text(STORY)
    approve(market, "Cam Khe Mây")
    market.work_is_done()
    with market.phone(script=False) as page:
        page.goto("/san-pham?q=cam+khe+may")
        page.get_by_role("link", name="Cam Khe Mây").first.click()
        expect(page.locator("main")).to_contain_text(STORY)
        expect(page.locator("main")).to_contain_text("45.000")
        expect(page.get_by_role("img", name="Nhãn, hạn dùng")).to_be_visible()


def test_a_rival_neither_sees_nor_changes_it(market: Market) -> None:
    with market.phone("owner") as page:
        page.goto(f"{SHOP}/san-pham/moi")
        page.get_by_label("Cam Khe Mây").check()
        next_step(page)
    at = f"{SHOP}/san-pham/cam-khe-may"
    with market.phone("rival") as page:
        page.goto(RIVAL)
        expect(page.get_by_role("heading", level=1)).to_contain_text("Hôm nay")
        for path in (SHOP, f"{at}/buoc-4", f"{at}/xem-truoc", f"{RIVAL}/san-pham/cam-khe-may/buoc-4"):
            answer = page.goto(path)
            assert answer is not None
            assert answer.status == 404
        page.goto(f"{RIVAL}/san-pham/moi")
        token = page.locator("input[name=csrf_token]").first.input_value()
        for path in (f"{at}/buoc-4", f"{at}/gui", f"{RIVAL}/san-pham/cam-khe-may/buoc-4"):
            form = {"csrf_token": token, "version": "1", "mo_ta": "Bài của kẻ lạ, viết rất dài."}
            assert send(page, path, form) == 404
    with market.app.app_context():
        product = db.session.query(Product).filter_by(slug="cam-khe-may").one()
        listing = db.session.get_one(Listing, product.id)
        assert (listing.version, listing.description) == (1, None)


def send(page: Page, path: str, fields: dict[str, str]) -> int:
    """Send a form from a page that is open, as a script there would; return the status."""
    status: int = page.evaluate(
        """async ([path, fields]) =>
            (await fetch(path, {method: "POST", body: new URLSearchParams(fields)})).status""",
        [path, fields],
    )
    return status


def test_a_listing_needs_no_script(market: Market, tmp_path: Path) -> None:
    with market.phone("owner", script=False) as page:
        page.goto(f"{SHOP}/san-pham")
        page.get_by_role("button", name="Viết bài Mứt vỏ cam").click()
        page.locator("input[type=file][multiple]").set_input_files(photographs(tmp_path))
        page.get_by_role("button", name="Gửi ảnh đã chọn").click()
        expect(page.locator(".pic img[srcset]")).to_have_count(2)
        page.get_by_role("button", name="Làm ảnh bìa").click()
        next_step(page)
        page.get_by_label("Tên gói").fill("Túi 1 kg")
        next_step(page)
        expect(page).to_have_title(re.compile("^Lỗi: Bán Mứt vỏ cam thế nào"))
        page.locator(".errs a").first.click()
        fill_packs(page)
        next_step(page)
        page.get_by_label("Câu chuyện").fill(STORY)
        next_step(page)
        page.get_by_role("button", name="Gửi để được duyệt").click()
        expect(page.locator("main")).to_contain_text("Đang chờ duyệt")


def test_words_survive_a_closed_page(market: Market) -> None:
    with market.phone("owner") as page:
        page.goto(f"{SHOP}/san-pham/moi")
        page.get_by_label("Cam Khe Mây").check()
        next_step(page)
        page.goto(f"{SHOP}/san-pham/cam-khe-may/buoc-4")
        page.get_by_label("Câu chuyện").fill(STORY)
        page.goto(SHOP)
        page.goto(f"{SHOP}/san-pham/cam-khe-may/buoc-4")
        page.get_by_role("button", name="Lấy lại chữ đã gõ").click()
        expect(page.get_by_label("Câu chuyện")).to_have_value(STORY)
        next_step(page)
        page.goto(f"{SHOP}/san-pham/cam-khe-may/buoc-4")
        expect(page.get_by_role("button", name="Lấy lại chữ đã gõ")).to_have_count(0)


def test_pages_of_the_workspace_are_for_everyone(market: Market) -> None:
    at, faults = f"{SHOP}/san-pham/cam-khe-may", []
    with market.phone("owner") as page:
        complaints: list[str] = []
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.goto(f"{SHOP}/san-pham/moi")
        page.get_by_label("Cam Khe Mây").check()
        next_step(page)
        steps = [f"{at}/buoc-{number}" for number in range(1, 6)]
        rest = [
            f"{SHOP}/muc-khac",
            f"{SHOP}/san-pham",
            f"{SHOP}/san-pham/moi",
            f"{at}/de-nghi",
            f"{at}/xem-truoc",
        ]
        for path in [SHOP, *steps, *rest]:
            faults += faults_of(page, path)
        assert faults == []
        assert complaints == []

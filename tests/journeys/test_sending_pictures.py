"""Photographs on a bad network: made smaller on the device, sent one by one, lost by nothing."""

import io
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from socket import create_server
from typing import Any

import pytest
from flask import Response, render_template_string, session
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, FilePayload, Page, expect

from marketplace.app import create_app
from marketplace.cli.web_server import WebServer
from marketplace.database import db
from marketplace.media.errors import PictureRefused
from marketplace.media.kinds import require_picture
from marketplace.web.guards import Guard, guarded
from marketplace.web.pictures import answer_script, read_files, takes_files
from marketplace.web.refusals import explain
from tests.environment.application import make_settings
from tests.factories.media import photo

PATH = "/thu/anh"
ELSEWHERE = "/thu/khac"
OTHER_PAGE = """<!doctype html><html lang="vi"><title>Trang khác</title>
<script src="{{ asset("js/pictures.js") }}" type="module"></script>
<form method="post"><input type="hidden" name="csrf_token" value="{{ csrf_token() }}"></form></html>"""
PAGE = """<!doctype html><html lang="vi"><title>Ảnh</title>
<script src="{{ asset("js/pictures.js") }}" type="module"></script>
{% from "components/pictures.html" import sending_pictures %}
<form method="post" action="/thu/anh" enctype="multipart/form-data">
<input type="hidden" name="csrf_token" value="{{ csrf_token() }}">
<ul>{% for name in names %}<li class="kept">{{ name }}</li>{% endfor %}{{ sending_pictures(most=4) }}</ul>
<input type="file" name="anh" multiple><button data-without-script>Gửi</button></form></html>"""


@dataclass
class Desk:
    """The server's side: what arrived, and how it answers the next ones."""

    url: str = ""
    kept: list[tuple[str, bytes]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)

    @guarded(Guard.VISITOR)
    def show(self) -> str:
        session["seen"] = True
        return render_template_string(PAGE, names=[name for name, _ in self.kept])

    @guarded(Guard.VISITOR)
    def show_another(self) -> str:
        return render_template_string(OTHER_PAGE)

    @guarded(Guard.VISITOR)
    @takes_files()
    def take(self) -> Any:
        if self.answers and (status := self.answers.pop(0)) != 204:
            return ("", status, {"Location": "/dang-nhap"})
        messages = []
        for name, content in read_files():
            try:
                require_picture(content, name)
                self.kept.append((name, content))
            except PictureRefused as refusal:
                messages.append(explain(refusal))
        return answer_script(messages) or Response(status=303, headers={"Location": PATH})


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with create_server(("127.0.0.1", 0)) as listener:
        settings = make_settings(
            f"sqlite:///{tmp_path / 'site.db'}", tmp_path, PORT=str(listener.getsockname()[1])
        )
        app = create_app(settings)
        desk = Desk(settings.site_url + PATH)
        app.add_url_rule(PATH, "show", desk.show)
        app.add_url_rule(ELSEWHERE, "show_another", desk.show_another)
        app.add_url_rule(PATH, "take", desk.take, methods=["POST"])
        with app.app_context():
            db.create_all()
        stop = threading.Event()
        thread = threading.Thread(target=WebServer(app, settings, listener).run, args=[stop.is_set])
        thread.start()
        try:
            yield desk
        finally:
            stop.set()
            thread.join()
            with app.app_context():
                db.engine.dispose()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 375, "height": 700})
    context.set_default_timeout(8_000)
    faults: list[str] = []
    context.on("weberror", lambda error: faults.append(str(error.error)))
    context.on("console", lambda line: faults.append(line.text) if "Content Security" in line.text else None)
    yield context
    context.close()
    assert faults == []


def opened(context: BrowserContext, desk: Desk) -> Page:
    page = context.new_page()
    page.goto(desk.url)
    return page


def choose(page: Page, *files: tuple[str, bytes]) -> None:
    chosen = [FilePayload(name=name, mimeType="image/jpeg", buffer=content) for name, content in files]
    page.set_input_files("input[type=file]", chosen)


def phone_photo() -> bytes:
    notes = Image.Exif()
    notes[0x0112] = 6
    notes.get_ifd(0x8825)[2] = (20.0, 15.0, 30.0)
    return photo(3200, 2400, exif=notes)


def test_pictures_are_made_smaller_upright_and_sent_one_by_one(desk: Desk, context: BrowserContext) -> None:
    page = opened(context, desk)
    expect(page.get_by_role("button", name="Gửi", exact=True)).to_be_hidden()
    choose(page, ("một.png", phone_photo()), ("hai.jpg", photo(300, 200)))
    expect(page.locator(".kept")).to_have_text(["một.jpg", "hai.jpg"])
    sizes = [Image.open(io.BytesIO(content)).size for _, content in desk.kept]
    assert sizes == [(1200, 1600), (300, 200)]
    assert all(not Image.open(io.BytesIO(content)).getexif() for _, content in desk.kept)


def test_a_lost_network_is_waited_for_with_growing_rests(desk: Desk, context: BrowserContext) -> None:
    page = opened(context, desk)
    page.clock.install()
    context.set_offline(True)
    choose(page, ("một.jpg", photo()))
    expect(page.get_by_text("Chờ mạng")).to_be_visible()
    context.set_offline(False)
    expect(page.locator(".kept")).to_have_text(["một.jpg"])
    desk.answers = [503, 502]
    choose(page, ("hai.jpg", photo()))
    expect(page.get_by_text("Chờ mạng")).to_be_visible()
    page.clock.run_for(2600)
    expect(page.locator("[data-says]")).to_have_text("Chờ mạng")
    assert len(desk.answers) <= 1
    page.clock.run_for(6000)
    expect(page.locator(".kept")).to_have_text(["một.jpg", "hai.jpg"])


def test_a_closed_page_loses_nothing(desk: Desk, context: BrowserContext) -> None:
    page = opened(context, desk)
    context.set_offline(True)
    choose(page, ("một.png", photo()), ("hai.png", photo(500, 300)))
    expect(page.locator("[data-name]")).to_have_text(["một.jpg", "hai.jpg"])  # the names they are kept by
    page.close()
    context.set_offline(False)
    again = opened(context, desk)
    expect(again.locator(".kept")).to_have_text(["một.jpg", "hai.jpg"])
    assert len(desk.kept) == 2


def test_what_waits_is_sent_from_other_pages_too(desk: Desk, context: BrowserContext) -> None:
    page = opened(context, desk)
    context.set_offline(True)
    choose(page, ("một.png", photo()), ("hai.png", b"no picture"), ("ba.png", photo(500, 300)))
    expect(page.locator("[data-name]")).to_have_text(["một.jpg", "hai.png", "ba.jpg"])
    page.close()
    context.set_offline(False)
    desk.answers = [503]
    other = context.new_page()
    other.goto(desk.url.replace(PATH, ELSEWHERE))
    for _ in range(100):
        if len(desk.kept) == 2:
            break
        other.wait_for_timeout(100)
    other.close()
    assert [name for name, _ in desk.kept] == ["một.jpg", "ba.jpg"]
    page = opened(context, desk)
    expect(page.get_by_text("hai.png: tệp này không phải ảnh")).to_be_visible()
    assert len(desk.kept) == 2


def test_what_is_refused_is_said_and_the_rest_goes_on(desk: Desk, context: BrowserContext) -> None:
    page = opened(context, desk)
    choose(page, ("bảng giá.pdf", b"%PDF-1.7 no picture"), ("hai.jpg", photo()))
    expect(page.get_by_text("bảng giá.pdf: tệp này không phải ảnh")).to_be_visible()
    expect(page.get_by_text("Đã gửi", exact=True)).to_be_visible()
    assert [name for name, _ in desk.kept] == ["hai.jpg"]
    page.locator("li", has_text="bảng giá.pdf").first.get_by_role("button", name="Bỏ ảnh").click()
    expect(page.locator(".kept")).to_have_text(["hai.jpg"])


def test_a_picture_can_be_taken_back_and_too_many_are_not_sent(desk: Desk, context: BrowserContext) -> None:
    page = opened(context, desk)
    context.set_offline(True)
    choose(page, *[(f"{number}.jpg", photo()) for number in range(5)])
    expect(page.get_by_text("Đã đủ số ảnh")).to_be_visible()
    page.locator("li", has_text="0.jpg").get_by_role("button", name="Bỏ ảnh").click()
    page.locator("li", has_text="Đã đủ số ảnh").get_by_role("button", name="Bỏ ảnh").click()
    context.set_offline(False)
    expect(page.locator(".kept")).to_have_text(["1.jpg", "2.jpg", "3.jpg"])


def test_whoever_was_signed_out_keeps_the_pictures(desk: Desk, context: BrowserContext) -> None:
    page = opened(context, desk)
    desk.answers = [303]
    choose(page, ("một.jpg", photo()))
    expect(page.get_by_text("Đã hết phiên")).to_be_visible()
    page.get_by_role("button", name="Gửi lại ngay").click()
    expect(page.locator(".kept")).to_have_text(["một.jpg"])


def test_without_a_script_the_form_sends_them(desk: Desk, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(desk.url)
    choose(page, ("một.jpg", photo()), ("hai.jpg", photo()))
    page.get_by_role("button", name="Gửi").click()
    expect(page.locator(".kept")).to_have_text(["một.jpg", "hai.jpg"])
    context.close()

"""A shopper scans a pack in the shop: a cheap phone, no JavaScript, no cookies."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.places import ask, link_of


@pytest.fixture
def phone(browser: Browser, live_site: str) -> Iterator[Page]:
    """A telephone without JavaScript."""
    context = browser.new_context(
        java_script_enabled=False, base_url=live_site, viewport={"width": 375, "height": 700}
    )
    yield context.new_page()
    assert context.cookies() == []
    context.close()


@pytest.fixture(scope="session")
def code(live_site: str) -> str:
    """The path printed on a pack of a product whose certificate is alive."""
    product = link_of(ask(live_site, "/san-pham?chung_nhan=hieu_luc"), r"/san-pham/[^\"?]+")
    return link_of(ask(live_site, product), r"/(?:t|01)/[^\"?]+")


def test_the_first_screen_answers_and_leads_on(phone: Page, code: str) -> None:
    phone.goto(code)
    expect(phone.get_by_role("heading", level=1)).to_have_text(
        "Đúng mã\u00a0sản\u00a0phẩm".replace("mã\u00a0", "mã ")
    )
    expect(phone.locator(".verdict")).to_be_in_viewport()
    expect(phone.locator(".tr .id")).to_be_in_viewport()
    expect(phone.locator(".tr .id .plate")).to_be_visible()
    phone.get_by_role("link", name="Xem trong sổ chứng nhận").click()
    expect(phone).to_have_url(re.compile("/chung-nhan/"))
    expect(phone.get_by_text("Lịch sử trong sổ")).to_be_visible()


def test_a_lot_that_nobody_knows_is_told_in_another_colour(phone: Page, code: str) -> None:
    phone.goto(code)
    good = phone.locator(".verdict").evaluate("node => getComputedStyle(node).backgroundColor")
    phone.goto(f"{code}/10/L24/21/0137")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Chưa có dữ liệu lô")
    expect(phone.get_by_text("0137")).to_be_visible()
    assert phone.locator(".verdict").evaluate("node => getComputedStyle(node).backgroundColor") != good


def test_a_mistyped_code_is_explained_and_the_right_one_found(phone: Page, code: str) -> None:
    phone.goto("/t")
    phone.get_by_label("Gõ mã in dưới mã vạch").fill("952 1234 5432 14")
    phone.get_by_role("button", name="Tra mã").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Mã sai số kiểm tra")
    expect(phone.get_by_role("link", name="Báo nghi hàng giả")).to_be_visible()
    phone.get_by_label("Gõ mã in dưới mã vạch").fill(code.rsplit("/", 1)[1])
    phone.get_by_role("button", name="Tra mã").click()
    expect(phone).to_have_url(re.compile(re.escape(code) + "$"))


def test_the_page_is_read_in_english(phone: Page, code: str) -> None:
    phone.goto(code)
    phone.get_by_role("link", name="English").click()
    expect(phone).to_have_url(re.compile(f"/en{re.escape(code)}$"))
    expect(phone.locator("html")).to_have_attribute("lang", "en")

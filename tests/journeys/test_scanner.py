"""A shopper scans a pack in the shop: a cheap phone, no JavaScript, no cookies; then no network either."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Error, FilePayload, Page, expect

from tests.factories.media import photo
from tests.journeys.places import ask, link_of, lot_path

KEPT_WHOLE = r"""async path => {
  const page = await caches.match(new URL(path, location).href, {cacheName: 'trace-pages'});
  if (!page) return false;
  const parts = (await page.text()).match(/\/static\/[^"'()#\s]+/g);
  const kept = await Promise.all(parts.map(part => caches.match(part, {cacheName: 'trace-parts'})));
  return kept.every(Boolean);
}"""
"""Whether a page is kept and all that it is drawn with, which is fetched after it."""


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


@pytest.fixture(scope="session")
def lot(live_site: str) -> str:
    """The path printed on a pack of a sample lot."""
    return lot_path(live_site)


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


def colour(page: Page) -> str:
    """Return the colour that the answer stands on."""
    found: str = page.locator(".verdict").evaluate("node => getComputedStyle(node).backgroundColor")
    return found


def test_a_lot_that_nobody_knows_is_told_in_another_colour(phone: Page, code: str) -> None:
    phone.goto(code)
    good = colour(phone)
    phone.goto(f"{code}/10/L24")
    expect(phone.get_by_role("heading", level=1)).to_have_text(
        re.compile("Chưa có dữ liệu lô|Không có lô này")
    )
    assert colour(phone) != good


def test_a_lot_tells_its_journey_and_its_chain_is_checked(phone: Page, lot: str) -> None:
    phone.goto(lot)
    expect(phone.get_by_text("Lô mẫu")).to_be_visible()
    expect(phone.get_by_role("heading", name="Hành trình sản phẩm")).to_be_visible()
    assert phone.locator(".tl li").count() > 2
    phone.get_by_text("Mười thông tin theo Thông tư 02/2024").click()
    expect(phone.get_by_text("7. Mã truy xuất sản phẩm")).to_be_visible()
    phone.locator("img.zmap").scroll_into_view_if_needed()
    phone.get_by_role("link", name="Tự kiểm chuỗi").click()
    expect(phone.locator("body")).to_contain_text("sha256sum")


def test_a_fake_is_reported_with_a_picture_and_no_account(phone: Page, lot: str) -> None:
    phone.goto(f"{lot}/21/ABCDEFGHJKMNPQRS")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Tem không hợp lệ")
    phone.get_by_role("link", name="Báo nghi hàng giả").click()
    expect(phone.get_by_label("Nghi hàng giả, tem giả")).to_be_checked()
    phone.get_by_label("Kể rõ hơn").fill("Mua ở chợ huyện, tem in mờ, bóc ra được.")
    tem = FilePayload(name="tem.jpg", mimeType="image/jpeg", buffer=photo())
    phone.get_by_label("Ảnh chụp").set_input_files(tem)
    phone.get_by_role("button", name="Gửi cho văn phòng OCOP").click()
    expect(phone.get_by_role("heading", name="Đã nhận báo cáo")).to_be_visible()


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


def test_a_page_that_was_opened_is_there_without_a_network(
    browser: Browser, live_site: str, lot: str
) -> None:
    context = browser.new_context(base_url=live_site, viewport={"width": 375, "height": 700})
    page = context.new_page()
    page.goto(lot)
    heading = page.get_by_role("heading", level=1).inner_text()
    expect(page.locator("#ban-luu")).to_be_hidden()
    page.wait_for_function(KEPT_WHOLE, arg=lot)
    context.set_offline(True)
    page.goto(lot)
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    expect(page.locator("#ban-luu")).to_be_visible()
    expect(page.locator("#ban-luu time")).to_contain_text(re.compile(r"\d{2}/\d{2}/\d{2}"))
    faces = page.evaluate(
        "document.fonts.load('700 20px \"Be Vietnam Pro\"').then((loaded) => loaded.length)"
    )
    assert faces == 1
    with pytest.raises(Error, match="ERR_INTERNET_DISCONNECTED"):
        page.goto("/gio-hang")
    context.set_offline(False)
    page.goto(lot)
    expect(page.locator("#ban-luu")).to_be_hidden()
    context.close()


def test_nothing_but_trace_pages_is_kept(browser: Browser, live_site: str, lot: str) -> None:
    context = browser.new_context(base_url=live_site, viewport={"width": 375, "height": 700})
    page = context.new_page()
    page.goto(lot)
    page.wait_for_function("async () => (await navigator.serviceWorker.ready).active.state == 'activated'")
    for path in ("/gio-hang", "/tra-cuu", "/san-pham", "/tai-khoan", f"/truy-xuat/noi-quet{lot}"):
        page.goto(path)
    page.goto(lot)
    page.wait_for_function(KEPT_WHOLE, arg=lot)
    kept = page.evaluate(
        "async () => (await Promise.all((await caches.keys()).map(async name =>"
        " (await (await caches.open(name)).keys()).map(one => new URL(one.url).pathname)))).flat()"
    )
    assert lot in kept
    strangers = [path for path in kept if not re.match(r"/(t|01|static|truy-xuat/ban-do)/", path)]
    assert strangers == []
    context.close()

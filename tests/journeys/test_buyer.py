"""A buyer's way through the shop in a real browser, with JavaScript switched off."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

PHONE_WIDTH = ViewportSize(width=375, height=800)


@pytest.fixture
def page(browser: Browser, live_site: str) -> Iterator[Page]:
    """A telephone without JavaScript, on the demo shop."""
    context = browser.new_context(
        java_script_enabled=False,
        base_url=live_site,
        viewport=PHONE_WIDTH,
        locale="vi-VN",
    )
    yield context.new_page()
    context.close()


def put_into_cart(page: Page, position: int) -> None:
    """Open a product of the list that can be bought, and put it into the cart as one more line."""
    page.goto("/san-pham?ban_online=1&sap_xep=ten")
    page.locator(".card h3 a").nth(position).click()
    page.get_by_role("button", name="Thêm vào giỏ").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"Giỏ hàng: {position + 1} món")


def fill_in(page: Page) -> None:
    """Fill the checkout page in, the way a browser without JavaScript has to."""
    page.get_by_label("Số điện thoại").fill("+84 912 345 678")
    page.get_by_label("Họ và tên").fill("Trần Văn An")
    page.get_by_label("Tỉnh, thành phố").select_option(label="Hà Nội")
    page.locator('main button[value="xa"]').click()
    page.get_by_label("Xã, phường").select_option(label="phường Cầu Giấy")
    expect(page.get_by_label("Họ và tên")).to_have_value("Trần Văn An")
    page.get_by_label("Số nhà, đường, thôn xóm").fill("Số 12, ngõ 34 đường Xuân Thủy")


def test_two_producers_one_order_one_parcel_taken_back(page: Page) -> None:
    parcels = page.locator("main section h2", has_text=re.compile(r"^Gói \d"))
    lines = 0
    while parcels.count() < 2:
        put_into_cart(page, lines)
        lines += 1
    expect(page.get_by_role("heading", level=1)).to_contain_text("2 gói")
    page.locator(".dock button").click()
    expect(page).to_have_url(re.compile(r"/dat-hang$"))

    page.locator(".dock button").click()
    expect(page).to_have_title(re.compile("^Lỗi: "))
    page.locator(".errs a").first.click()
    fill_in(page)
    due = page.locator(".dock b").inner_text()
    page.locator(".dock button").click()

    expect(page).to_have_url(re.compile(r"/don-hang/[0-9A-Z]{14}/[0-9a-f]{32}$"))
    expect(page.locator("aside .tot").last).to_have_text(due)
    expect(page.locator(".steps")).to_have_count(2)
    number = urlsplit(page.url).path.split("/")[2]
    page.locator("details summary").first.click()
    page.get_by_role("button", name="Đúng, huỷ gói 1").click()
    expect(page.locator("main")).to_contain_text("Bạn đã huỷ gói này")
    expect(page.locator(".steps")).to_have_count(1)

    page.goto("/tra-cuu")
    page.get_by_label("Mã đơn").fill(number)
    page.get_by_label("Số điện thoại đã đặt").fill("0912345678")
    page.get_by_role("button", name="Tra cứu").click()
    expect(page.get_by_role("status")).to_contain_text("Đã huỷ")
    expect(page.get_by_role("status")).to_contain_text("Chờ người bán nhận")
    assert "Trần Văn An" not in page.content()


def test_no_page_of_the_way_is_wider_than_a_telephone(page: Page) -> None:
    put_into_cart(page, 0)
    for path in ("/gio-hang", "/dat-hang", "/tra-cuu", "/giao-hang", "/khieu-nai", "/xep-hang"):
        page.goto(path)
        picture = page.screenshot(full_page=True)
        assert int.from_bytes(picture[16:20]) == PHONE_WIDTH["width"], path

"""Inspections and orders of authorities in Chromium: from the minutes to the producer, for everyone."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import test_workspace
from tests.journeys.looking import faults_of
from tests.journeys.steps import follow
from tests.journeys.test_workspace import SHOP, Market

market = test_workspace.market
INSPECTIONS, ORDERS = "/van-phong/kiem-tra", "/van-phong/yeu-cau-go"


def record(page: Page) -> None:
    """Record an inspection of a product with two findings."""
    page.goto("/van-phong")
    follow(page, "Kiểm tra cơ sở")
    follow(page, "Ghi một cuộc kiểm tra")
    page.get_by_label("Tên cơ sở hoặc tên sản phẩm").fill("cam khe")
    page.get_by_role("button", name="Tìm").click()
    follow(page, "Cam Khe Mây", exact=True)
    page.get_by_label("Kiểm tra đột xuất").check()
    page.get_by_label("Đoàn kiểm tra").fill("Sở Nông nghiệp và Môi trường")
    page.get_by_label("Biên bản ghi gì").fill("Biên bản 08/BB-SNNMT: kho gọn, sổ ghi đủ.")
    page.get_by_label("Thông tin, nhãn, truy xuất").fill(
        "Nhãn lô 12 thiếu hạn dùng.\nTem mờ, quét không được."
    )
    page.get_by_label("Cơ sở sửa xong trước hết ngày").fill("05/12/2026")
    page.get_by_role("button", name="Ghi và báo cơ sở").click()
    expect(page.get_by_role("status")).to_contain_text("Đã ghi cuộc kiểm tra")


def mend(page: Page) -> None:
    """Record every finding as put right, and close."""
    for left in (1, 0):
        page.get_by_text("Ghi là đã sửa").first.click()
        page.get_by_label("Đã sửa thế nào, xem ở đâu").first.fill("In lại nhãn, đã xem tại kho.")
        page.get_by_role("button", name="Ghi đã sửa").first.click()
        expect(page.get_by_text("Ghi là đã sửa")).to_have_count(left)
    page.get_by_role("button", name="Khép cuộc kiểm tra").click()
    expect(page.get_by_role("status")).to_contain_text("Đã khép cuộc kiểm tra")


@pytest.mark.parametrize("script", [True, False])
def test_an_inspection_reaches_its_producer_and_ends(market: Market, script: bool) -> None:
    with market.phone("owner", script=script) as shop, market.phone("officer", script=script) as office:
        record(office)
        shop.goto(SHOP)
        expect(shop.locator("main")).to_contain_text("Kiểm tra: 2 chỗ cần sửa")
        follow(shop, "Xem chỗ cần sửa")
        expect(shop.locator("main")).to_contain_text("Tem mờ, quét không được.")
        mend(office)
        shop.reload()
        expect(shop.locator("main")).to_contain_text("Đã khép 21/11/2026")


def test_an_order_is_carried_out_and_answered(market: Market) -> None:
    with market.phone("officer", script=False) as office, market.phone(script=False) as buyer:
        demand(office)
        office.get_by_role("button", name="Gỡ cả 1 sản phẩm ngay").click()
        expect(office.get_by_role("status")).to_contain_text("Đã gỡ khỏi chợ")
        answer = buyer.goto("/san-pham/cam-khe-may")
        assert answer is not None
        assert answer.status in {404, 410}
        office.get_by_label("Đã làm gì").fill("Đã gỡ trong buổi sáng.")
        office.get_by_role("button", name="Ghi trả lời, khép lại").click()
        expect(office.locator("h1")).to_contain_text("Yêu cầu gỡ 12/QLTT-NV")


def demand(page: Page) -> None:
    """Record an order and the product that it names."""
    page.goto(f"{ORDERS}/moi")
    page.get_by_label("Số văn bản").fill("12/QLTT-NV")
    page.get_by_label("Cơ quan yêu cầu").fill("Chi cục Quản lý thị trường Hà Tĩnh")
    page.get_by_label("Yêu cầu gì, vì sao").fill("Gỡ vì nghi dùng nhãn của người khác.")
    page.get_by_role("button", name="Ghi, rồi chọn sản phẩm").click()
    page.get_by_label("Tên sản phẩm, mã GTIN").fill("cam khe")
    page.get_by_role("button", name="Tìm").click()
    page.get_by_role("button", name="Thêm Cam Khe Mây").click()
    expect(page.locator("main")).to_contain_text("còn trên chợ")


def test_their_pages_are_for_everyone(market: Market) -> None:
    with market.phone("officer") as office, market.phone("owner") as shop:
        record(office)
        inspection = office.url.rsplit("/", 1)[1]
        demand(office)
        order = office.url.rsplit("/", 1)[1]
        faults = [
            fault
            for path in (
                "/van-phong",
                INSPECTIONS,
                f"{INSPECTIONS}/moi?q=cam",
                f"{INSPECTIONS}/moi/san-pham/1",
                f"{INSPECTIONS}/{inspection}",
                ORDERS,
                f"{ORDERS}/moi",
                f"{ORDERS}/{order}?q=m%E1%BB%A9t",
            )
            for fault in faults_of(office, path)
        ]
        faults += faults_of(shop, f"{SHOP}/kiem-tra") + faults_of(shop, f"{SHOP}/kiem-tra/{inspection}")
    assert faults == []

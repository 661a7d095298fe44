"""Two pages of one cooperative in Chromium: compared, merged, and the old address leads on."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys import test_workspace
from tests.journeys.looking import faults_of
from tests.journeys.steps import follow, land
from tests.journeys.test_workspace import RIVAL, SHOP, Market

market = test_workspace.market
PAIRS = "/van-phong/trung-lap"


@pytest.mark.parametrize("script", [True, False])
def test_two_pages_become_one(market: Market, script: bool) -> None:
    with market.phone("officer", script=script) as office, market.phone("rival", script=script) as rival:
        office.goto("/van-phong")
        follow(office, "Chủ thể ghi trùng")
        expect(office.locator("main")).to_contain_text("cùng điện thoại")
        follow(office, "HTX Cam Khe Mây · HTX Bưởi Phúc Trạch")
        expect(office.get_by_role("row", name="Người làm việc ở đây")).to_contain_text("1")
        office.get_by_label("Tôi đã đối chiếu giấy tờ").check()
        land(office, office.get_by_role("button", name="Gộp vào HTX Cam Khe Mây"))
        expect(office.get_by_role("status")).to_contain_text("Đã gộp vào HTX Cam Khe Mây")
        rival.goto(RIVAL)
        expect(rival).to_have_url(re.compile("/dang-nhap$"))
    with market.phone("rival", script=script) as again:
        again.goto(f"{RIVAL}/don-hang")
        expect(again).to_have_url(re.compile(f"{SHOP}/don-hang$"))
        again.goto("/chu-the/htx-buoi-phuc-trach")
        expect(again.locator("h1")).to_have_text("HTX Cam Khe Mây")


def test_its_pages_are_for_everyone(market: Market) -> None:
    with market.phone("officer") as office:
        office.goto(PAIRS)
        pair = office.get_by_role("link", name="HTX Cam Khe Mây · HTX Bưởi Phúc Trạch").get_attribute("href")
        assert pair is not None
        assert [fault for path in (PAIRS, pair) for fault in faults_of(office, path)] == []

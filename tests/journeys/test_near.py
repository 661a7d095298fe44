"""Sales points near me: asked only on a tap, computed on the device, sent nowhere."""

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

HA_TINH = {"latitude": 18.342, "longitude": 105.905}
SPRATLY_REEF = {"latitude": 9.9, "longitude": 114.33}


def asked_from(
    browser: Browser, site: str, place: dict[str, float] | None
) -> tuple[BrowserContext, list[str]]:
    """Open the sales points on a device that is at a place, or does not say; return what it sends."""
    context = browser.new_context(base_url=site, geolocation=place)  # type: ignore[arg-type]
    if place:
        context.grant_permissions(["geolocation"])
    page = context.new_page()
    page.goto("/diem-ban")
    page.wait_for_load_state("networkidle")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    page.get_by_role("button", name="Gần tôi").click()
    return context, sent


def test_the_nearest_comes_first_and_nothing_is_sent(browser: Browser, live_site: str) -> None:
    context, sent = asked_from(browser, live_site, HA_TINH)
    page = context.pages[0]
    expect(page.get_by_role("status")).to_have_text(
        "Đã xếp theo khoảng cách; tính trên máy bạn, không gửi đi đâu."
    )
    first = page.locator("ol.pos > li").first
    expect(first).to_contain_text("Ced Central")
    expect(first).to_contain_text("khoảng 1.3 km")
    assert sent == []
    context.close()


@pytest.mark.parametrize(
    ("place", "told"),
    [(SPRATLY_REEF, "Không có điểm nào trong 50 km"), (None, "Máy chưa cho biết vị trí")],
)
def test_says_when_none_is_near_or_the_place_is_unknown(
    browser: Browser, live_site: str, place: dict[str, float] | None, told: str
) -> None:
    context, sent = asked_from(browser, live_site, place)
    expect(context.pages[0].get_by_role("status")).to_contain_text(told)
    assert sent == []
    context.close()

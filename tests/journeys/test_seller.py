"""Orders at their seller in Chromium at 375 px: taken on, packed, sent in two taps, delivered, printed."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from marketplace.database import db
from marketplace.ordering.models import Order
from marketplace.ordering.order_number import write_number
from marketplace.ordering.status import ParcelState, parcel_state
from marketplace.producers.models import Producer
from tests.factories.after_sale import reload, returned
from tests.factories.ordering import stocked
from tests.journeys import test_workspace
from tests.journeys.looking import faults_of
from tests.journeys.steps import follow, red_buttons
from tests.journeys.test_workspace import SHOP, Market
from tests.signin.browsing import write
from tests.workspace.parcels import delivered, on_the_way, packed, somewhere, waiting

market = test_workspace.market


@pytest.fixture
def orders(market: Market) -> Iterator[dict[str, Order]]:
    """Orders of the shop by where they stand."""
    with market.app.app_context():
        producer = db.session.query(Producer).filter_by(slug="htx-cam-khe-may").one()
        variant = write(stocked, "Cam giòn", producer=producer, on_hand=40).id
        place = somewhere()
        made = {
            "first": waiting(variant, place),
            "second": waiting(variant, place, phone="0987654321", name="Lê Thị Hoa"),
            "packed": packed(variant, place, 3, phone="0987654322"),
            "away": on_the_way(variant, place, phone="0987654323"),
            "there": delivered(variant, place, phone="0987654324"),
        }
        asked = returned(made["there"])
        db.session.expunge_all()
        db.session.remove()
        made["return"] = asked  # type: ignore[assignment]
        yield made


def opened(page: Page, number: str) -> Locator:
    """Return the card of an order, opened where it is not open already."""
    card = page.locator("details.ord", has_text=number)
    if card.get_attribute("open") is None:
        card.locator("summary").click()
    return card


@pytest.mark.parametrize("script", [True, False])
def test_an_order_goes_from_the_first_page_to_its_buyer(
    market: Market, orders: dict[str, Order], script: bool
) -> None:
    number = write_number(orders["first"].group.number)
    with market.phone("owner", script=script) as page:
        page.goto(SHOP)
        follow(page, "Xem và nhận đơn")
        expect(page.get_by_role("heading", level=1)).to_have_text("Chờ nhận: 2 đơn")
        assert red_buttons(page) == 1
        page.locator("details.ord summary").nth(1).click()
        expect(page.locator("details.ord[open]")).to_have_count(1)
        assert red_buttons(page) == 1
        page.locator("details.ord summary").nth(0).click()
        page.get_by_role("button", name=f"Nhận đơn {number}").click()
        expect(page.get_by_role("status")).to_contain_text("Đã nhận đơn")
        page.get_by_role("link", name=re.compile("Cần gói")).click()
        page.get_by_role("button", name="Đã gói xong").click()
        page.get_by_role("link", name=re.compile("Cần gửi")).click()
        card = opened(page, number)
        expect(card.get_by_label("Hãng vận chuyển")).to_have_value("Viettel Post")
        card.get_by_label("Mã vận đơn").fill("VTP 777")
        card.get_by_role("button", name="Đã gửi cả đơn").click()
        expect(page.get_by_role("status")).to_contain_text("Đã ghi là gửi")
        page.get_by_role("link", name=re.compile("Đang đi")).click()
        opened(page, number).get_by_role("link", name="Xem đơn").click()
        expect(page.locator("main")).to_contain_text("VTP777")
        page.get_by_role("button", name="Khách đã nhận hàng").click()
        expect(page.locator("main")).to_contain_text("Đã giao")
    with market.app.app_context():
        kept = reload(orders["first"].id)
        assert parcel_state(kept) is ParcelState.DELIVERED
        assert kept.fulfillments[0].collected == kept.total


def test_papers_print_without_the_page_around_them(market: Market, orders: dict[str, Order]) -> None:
    with market.phone("owner") as page:
        for name, slips in (("phieu-soan", 2), ("phieu-giao", 1)):
            page.goto(f"{SHOP}/don-hang/{name}")
            expect(page.get_by_role("button", name="In", exact=True)).to_be_visible()
            page.emulate_media(media="print", color_scheme="dark")
            for hidden in (".top", ".side", ".tab", ".foot", "h1", ".crumb"):
                assert not any(one.is_visible() for one in page.locator(hidden).all()), hidden
            expect(page.locator(".slip")).to_have_count(slips)
            colours = page.evaluate("getComputedStyle(document.querySelector('.slip')).color")
            assert colours == "rgb(0, 0, 0)"
            assert page.pdf(format="A5").startswith(b"%PDF")
            page.emulate_media(media="screen", color_scheme="light")


def test_pages_of_orders_are_for_everyone(market: Market, orders: dict[str, Order]) -> None:
    each = [f"/don-hang/{one.id}" for name, one in orders.items() if name != "return"]
    parts = [f"/don-hang?muc={part}" for part in ("cho-nhan", "can-gui", "dang-di", "xong")]
    papers = ["/don-hang/phieu-soan", "/don-hang/phieu-giao"]
    rest = ["", "/doi-tra", f"/doi-tra/{orders['return'].id}", "/tien", "/tien/tai-khoan", "/doanh-thu"]
    faults: list[str] = []
    complaints: list[str] = []
    with market.phone("owner") as page:
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        for path in [*each, *parts, *papers, *rest]:
            faults += faults_of(page, f"{SHOP}{path}")
    assert faults == []
    assert complaints == []


def test_a_buyer_is_called_from_the_order(market: Market, orders: dict[str, Order]) -> None:
    with market.phone("owner") as page:
        page.goto(f"{SHOP}/don-hang/{orders['first'].id}")
        expect(page.get_by_role("link", name="Gọi khách")).to_have_attribute("href", "tel:0912345678")
        zalo = page.get_by_role("link", name="Nhắn Zalo")
        expect(zalo).to_have_attribute("href", "https://zalo.me/0912345678")
        expect(zalo).to_have_attribute("rel", re.compile("noopener"))

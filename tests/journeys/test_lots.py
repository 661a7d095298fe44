"""A lot made on a telephone in a few taps, and field notes that no lost network loses or doubles."""

import threading
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from playwright.sync_api import BrowserContext, Page, Route, expect

from marketplace import clock
from marketplace.accounts.models import Person
from marketplace.accounts.roles import SignInLevel
from marketplace.catalogue.models import Product
from marketplace.database import db, unit_of_work
from marketplace.producers.models import Producer
from marketplace.traceability.codes.models import SerialCode
from marketplace.traceability.events.models import BizStep, TraceEvent
from marketplace.traceability.lots.models import Lot
from marketplace.traceability.scans.models import ScanAlert, ScanRule
from tests.conftest import NOON
from tests.factories import accounts
from tests.factories.catalogue import a_variant
from tests.factories.lots import a_lot, a_site, a_zone, an_event, from_zone, serials
from tests.journeys.looking import faults_here
from tests.journeys.test_workspace import PHONE, SHOP, Market, market

__all__ = ["market"]

MOST_TAPS = 5


class Taps:
    """Counts what a thumb does: each tap, and each field that is typed into."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.count = 0

    def tap(self, name: str, role: str = "link") -> None:
        """Touch a link or a button."""
        self.count += 1
        self.page.get_by_role(role, name=name).first.click()  # type: ignore[arg-type]

    def type(self, label: str, words: str) -> None:
        """Touch a field and type."""
        self.count += 1
        self.page.get_by_label(label).fill(words)


@pytest.fixture
def stocked(market: Market) -> Market:
    """The market, whose shop sells a pack and has made a lot of it before."""
    with market.app.app_context(), unit_of_work() as session:
        shop = session.scalars(sa.select(Producer).where(Producer.slug == SHOP.rsplit("/", 1)[1])).one()
        product = session.scalars(sa.select(Product).where(Product.slug == "mut-vo-cam")).one()
        pack = a_variant(session, product, name="Hũ 250 g")
        zone = a_zone(session, shop, "Vườn xóm 7")
        a_site(session, shop, "Xưởng xóm 3")
        lot = a_lot(session, product, variant_id=pack.id, inputs=(from_zone(zone),), code="MVC-01")
        an_event(session, lot, BizStep.PACKING)
        serials(session, lot)
        of_product = {"product_id": product.id, "rule": ScanRule.UNKNOWN_LOT}
        session.add(ScanAlert(**of_product, count=7, raised_at=clock.now()))
    with market.app.app_context():
        db.session.remove()
    return market


def all_of(market: Market, wanted: sa.Select[TraceEvent] | sa.Select[Lot]) -> list[TraceEvent | Lot]:
    """Read what is kept."""
    with market.app.app_context():
        try:
            return list(db.session.scalars(wanted))
        finally:
            db.session.remove()


@pytest.mark.parametrize("script", [True, False])
def test_a_lot_with_its_labels_takes_a_few_taps(stocked: Market, script: bool) -> None:
    with stocked.phone("owner", script=script) as page:
        page.goto(SHOP)
        thumb = Taps(page)
        thumb.tap("Lô và tem")
        thumb.tap("Tạo lô, in tem")
        thumb.type("Số gói, hộp, hũ", "36")
        thumb.tap("Tạo lô và in", role="button")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Lô VC2611-01")
        expect(page.get_by_role("status")).to_contain_text("Đã tạo lô")
        with page.expect_download() as download:
            thumb.tap("Mở tờ tem để in")
        assert download.value.suggested_filename.endswith(".pdf")
        assert thumb.count <= MOST_TAPS
    assert {lot.quantity for lot in all_of(stocked, sa.select(Lot)) if isinstance(lot, Lot)} == {36, 48}
    with stocked.app.app_context():
        assert db.session.query(SerialCode).count() == 39
        db.session.remove()


def test_a_harvest_that_the_network_sends_twice_is_one_lot(stocked: Market) -> None:
    def send_twice(route: Route) -> None:
        if route.request.method == "POST":
            route.fetch(max_redirects=0)
        route.continue_()

    with stocked.phone("owner") as page:
        page.goto(f"{SHOP}/lo/nguyen-lieu")
        page.get_by_label("Thu hái ở đâu?").select_option(label="Vườn xóm 7")
        page.get_by_label("Bao nhiêu?").fill("350")
        page.route("**/lo/nguyen-lieu", send_twice)
        page.get_by_role("button", name="Ghi lô nguyên liệu").click()
        expect(page.get_by_role("status").first).to_contain_text("Đã ghi lô nguyên liệu.")
    lots = [lot for lot in all_of(stocked, sa.select(Lot)) if isinstance(lot, Lot)]
    assert [lot.quantity for lot in lots if lot.product_id is None] == [350]


def test_the_last_day_follows_and_the_button_counts(stocked: Market) -> None:
    with stocked.phone("owner") as page:
        page.goto(f"{SHOP}/lo/moi")
        button = page.get_by_role("button", name="Tạo lô và in")
        expect(button).to_contain_text("Tạo lô và in 48 tem")
        page.get_by_label("Số gói, hộp, hũ").fill("1.200")
        expect(button).to_contain_text("Tạo lô và in 1.200 tem")
        expect(page.get_by_label("Dùng đến")).to_have_value("2027-05-21")
        page.get_by_label("Ngày đóng").fill("2026-11-11")
        expect(page.get_by_label("Dùng đến")).to_have_value("2027-05-11")
        page.get_by_label("Dùng đến").fill("2027-01-01")
        page.get_by_label("Ngày đóng").fill("2026-11-12")
        expect(page.get_by_label("Dùng đến")).to_have_value("2027-01-01")


def write_note(page: Page, words: str, step: str = "Cất kho") -> None:
    """Write a note as somebody at the workshop does."""
    page.get_by_label("Đã làm việc gì?").select_option(label=step)
    page.get_by_label("Ghi chú cho người mua đọc").fill(words)
    page.get_by_role("button", name="Ghi việc này").click()


def notes_of(market: Market) -> list[str]:
    """Return what the events of the notebook say, in their order."""
    wanted = sa.select(TraceEvent).where(TraceEvent.biz_step == BizStep.STORING).order_by(TraceEvent.position)
    return [one.words or "" for one in all_of(market, wanted) if isinstance(one, TraceEvent)]


@pytest.fixture
def device(stocked: Market) -> Iterator[BrowserContext]:
    """A telephone of somebody who is signed in; its notebook is kept by the worker."""
    with stocked.browser.new_context(
        base_url=stocked.address, viewport=PHONE, locale="vi-VN", reduced_motion="reduce"
    ) as context:
        with stocked.app.app_context(), unit_of_work() as session:
            person = session.get_one(Person, stocked.people["owner"])
            token = accounts.signed_in(session, person, SignInLevel.TWO_FACTOR).token
        context.add_cookies([{"name": "sid", "value": token, "url": stocked.address}])
        context.clock.set_fixed_time(NOON)
        page = context.new_page()
        page.goto(f"{SHOP}/so-tay")
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        page.wait_for_function(
            "async () => Boolean(await caches.match(location.href, { cacheName: 'field-pages' }))"
        )
        page.close()
        yield context


def test_notes_written_without_a_network_are_sent_later(stocked: Market, device: BrowserContext) -> None:
    device.set_offline(True)
    page = device.new_page()
    page.goto(f"{SHOP}/so-tay")
    expect(page.get_by_text("Không có mạng.")).to_be_visible()
    for words in ("Cất vào kho mát", "Kho lên 9 độ", "Hạ còn 8 độ"):
        write_note(page, words)
    expect(page.locator("[data-rows] > li")).to_have_count(3)
    page.close()
    assert notes_of(stocked) == []
    page = device.new_page()
    page.goto(f"{SHOP}/so-tay")
    expect(page.locator("[data-rows] > li")).to_have_count(3)
    device.set_offline(False)
    expect(page.get_by_text("Đã gửi")).to_have_count(3, timeout=30_000)
    assert notes_of(stocked) == ["Cất vào kho mát", "Kho lên 9 độ", "Hạ còn 8 độ"]
    page.reload()
    expect(page.locator("[data-rows] > li")).to_have_count(0)


def test_what_is_typed_while_the_device_writes_is_the_next_note(
    stocked: Market, device: BrowserContext
) -> None:
    page = device.new_page()
    page.goto(f"{SHOP}/so-tay")
    page.get_by_label("Đã làm việc gì?").select_option(label="Cất kho")
    page.evaluate(
        """() => {
            const form = document.querySelector("form[data-notes]");
            for (const words of ["Cất vào kho mát", "Kho lên 9 độ"]) {
                form.elements.namedItem("ghi_chu").value = words;
                form.requestSubmit();
            }
            form.elements.namedItem("ghi_chu").value = "Hạ còn";
        }"""
    )
    expect(page.get_by_text("Đã gửi")).to_have_count(2, timeout=30_000)
    assert notes_of(stocked) == ["Cất vào kho mát", "Kho lên 9 độ"]
    expect(page.get_by_label("Ghi chú cho người mua đọc")).to_have_value("Hạ còn")


def test_a_double_click_is_one_note(stocked: Market, device: BrowserContext) -> None:
    page = device.new_page()
    page.goto(f"{SHOP}/so-tay")
    page.get_by_label("Đã làm việc gì?").select_option(label="Cất kho")
    page.get_by_label("Ghi chú cho người mua đọc").fill("Cất vào kho mát")
    page.get_by_role("button", name="Ghi việc này").dblclick()
    expect(page.get_by_text("Đã gửi")).to_have_count(1, timeout=30_000)
    assert notes_of(stocked) == ["Cất vào kho mát"]


def test_what_the_device_cannot_keep_stays_in_the_form(stocked: Market, device: BrowserContext) -> None:
    page = device.new_page()
    page.goto(f"{SHOP}/so-tay")
    page.evaluate("() => { IDBObjectStore.prototype.put = () => { throw new Error('full') } }")
    page.get_by_label("Ngày").fill("2026-11-20")
    write_note(page, "Cất vào kho mát")
    expect(page.locator("[data-says]")).to_contain_text("Máy không giữ được nữa")
    expect(page.get_by_label("Ghi chú cho người mua đọc")).to_have_value("Cất vào kho mát")
    expect(page.get_by_label("Ngày")).to_have_value("2026-11-20")
    assert notes_of(stocked) == []


def test_a_note_whose_answer_was_lost_counts_once(stocked: Market, device: BrowserContext) -> None:
    page, lost = device.new_page(), threading.Event()

    def lose(route: Route) -> None:
        if route.request.method == "POST" and not lost.is_set():
            lost.set()
            route.fetch()
            route.abort("connectionreset")
        else:
            route.fallback()

    page.route("**/so-tay", lose)
    page.goto(f"{SHOP}/so-tay")
    write_note(page, "Cất vào kho mát")
    expect(page.get_by_text("Đã gửi")).to_have_count(1, timeout=30_000)
    assert lost.is_set()
    assert notes_of(stocked) == ["Cất vào kho mát"]


def test_what_is_refused_stays_and_can_be_mended(stocked: Market, device: BrowserContext) -> None:
    page = device.new_page()
    page.goto(f"{SHOP}/so-tay")
    page.get_by_role("button", name="Ghi việc này").click()
    expect(page.locator("[data-says]")).to_contain_text("Mời chọn việc đã làm")
    page.get_by_label("Ngày").fill("2026-12-24")
    write_note(page, "Cất vào kho mát")
    expect(page.locator("[data-rows] .tag")).to_contain_text("Giờ này chưa đến", timeout=15_000)
    page.reload()
    page.get_by_role("button", name="Sửa").click()
    expect(page.get_by_label("Ghi chú cho người mua đọc")).to_have_value("Cất vào kho mát")
    page.get_by_label("Ngày").fill("2026-11-20")
    page.get_by_role("button", name="Ghi việc này").click()
    expect(page.get_by_text("Đã gửi")).to_have_count(1, timeout=15_000)
    assert notes_of(stocked) == ["Cất vào kho mát"]


def test_whoever_is_signed_out_keeps_the_notes(stocked: Market, device: BrowserContext) -> None:
    page = device.new_page()
    page.goto(f"{SHOP}/so-tay")
    cookies = device.cookies()
    device.clear_cookies()
    write_note(page, "Cất vào kho mát")
    expect(page.locator("[data-rows] .tag")).to_contain_text("Đã hết phiên", timeout=15_000)
    assert notes_of(stocked) == []
    page.goto(f"{SHOP}/so-tay")
    kept = page.evaluate(
        "caches.open('field-pages').then((pages) => pages.keys()).then((keys) => keys.length)"
    )
    assert kept == 0
    device.add_cookies(cookies)  # type: ignore[arg-type]
    page.goto(f"{SHOP}/so-tay")
    expect(page.get_by_text("Đã gửi")).to_have_count(1, timeout=30_000)
    assert notes_of(stocked) == ["Cất vào kho mát"]


PAGES = (
    "lo", "lo/moi", "lo/nguyen-lieu", "lo/1", "lo/1/su-kien", "lo/1/su-kien/2/sai", "lo/1/tem", "lo/1/tem/1",
    "lo/1/giay", "lo/1/cong-khac", "lo/1/thu-hoi", "lo/bang-tinh", "vung", "vung/moi", "noi-lam/moi",
    "vung/1", "quet", "so-tay", "san-pham/mut-vo-cam/minh-chung",
)  # fmt: skip


def test_pages_of_lots_are_for_everyone(stocked: Market) -> None:
    faults, complaints = [], []
    with stocked.phone("owner") as page:
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        for path in PAGES:
            answer = page.goto(f"{SHOP}/{path}")
            assert answer is not None
            assert answer.status == 200, path
            faults += faults_here(page)
    assert faults == []
    assert complaints == []

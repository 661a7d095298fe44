"""The inbox and the page of an order: what is to be done, as much of the buyer as it takes."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.database import unit_of_work
from marketplace.ordering import fulfillment
from marketplace.ordering.after_sale_models import InvoiceRequest
from marketplace.ordering.models import CancelReason, Order, PaymentMethod
from marketplace.ordering.order_number import write_number
from marketplace.ordering.order_queries import PAGE_SIZE
from marketplace.ordering.stock import receive
from marketplace.payments import settlement
from marketplace.payments.receipts import take_money
from tests.conftest import NOON
from tests.factories.after_sale import reload, returned, sent, step
from tests.factories.ordering import ordered
from tests.pages import Visited
from tests.signin.browsing import write
from tests.workspace.conftest import Shop
from tests.workspace.parcels import confirmed, delivered, goods, on_the_way, packed, somewhere, waiting


def inbox(shop: Shop, query: str = "") -> Visited:
    return shop.browser.open(f"{shop.base}/don-hang{query}")


def order_page(shop: Shop, order: Order, status: int = 200) -> Visited:
    """Look at an order: its lots take a statement more than other pages have."""
    return shop.browser.open(f"{shop.base}/don-hang/{order.id}", status, statements=13)


def number_of(order: Order) -> str:
    return write_number(reload(order.id).group.number)


@contextmanager
def days_later(shop: Shop, days: int) -> Iterator[None]:
    """Let some days go by; the owner signs in again."""
    with clock.stopped(NOON + timedelta(days=days)):
        shop.browser.enter_as(shop.owner)
        yield


def test_an_empty_inbox_says_so_in_every_part(shop: Shop) -> None:
    page = inbox(shop)
    assert page.heading == "Chờ nhận: 0 đơn"
    assert "Không có đơn nào chờ nhận" in page.words
    paths = page.links(".seg")[:-1]
    assert len(paths) == 6
    for path in paths:
        assert "0 đơn" in shop.browser.open(path).heading
    assert "0 đơn khớp" in inbox(shop, "?q=7K4M2").words


def test_orders_fall_into_parts_with_counts(shop: Shop) -> None:
    variant, place = goods(shop), somewhere()
    waiting(variant, place)
    confirmed(variant, place)
    packed(variant, place)
    on_the_way(variant, place)
    done = delivered(variant, place)
    returned(done)
    step(settlement.cancel, confirmed(variant, place).id, CancelReason.INVENTORY)
    page = inbox(shop)
    assert page.texts(".seg a") == [
        "Chờ nhận 1", "Cần gói 1", "Cần gửi 1", "Đang đi 1", "Xong 1", "Đã huỷ 1", "Đổi trả 1",
    ]  # fmt: skip
    for path in page.links(".seg")[:-1]:
        assert len(shop.browser.open(path).soup.select("details.ord")) == 1


def test_one_order_is_open_and_its_deed_is_red(shop: Shop) -> None:
    variant, place = goods(shop), somewhere()
    first = waiting(variant, place)
    waiting(variant, place)
    page = inbox(shop)
    cards = page.soup.select("details.ord")
    assert [card.has_attr("open") for card in cards] == [True, False]
    assert {card["name"] for card in cards} == {"don"}
    assert all(len(card.select(".btn.p")) == 1 for card in cards)
    assert number_of(first) in page.texts("details.ord summary")[0]
    assert "Trần Văn An, Hà Nội" in page.texts("details.ord summary")[0]
    assert "Trả lời trong ngày 24/11/2026" in page.texts("details.ord summary")[0]
    assert cards[0].select_one('a[href="https://zalo.me/0912345678"]')
    assert cards[0].select_one('a[href="tel:0912345678"]')


def test_what_ends_on_the_page_of_an_order_is_led_to(shop: Shop) -> None:
    variant, place = goods(shop), somewhere()
    away, fetched = on_the_way(variant, place), packed(variant, place)

    def fetch(session: Session) -> None:
        session.get_one(Order, fetched.id).pickup = True

    write(fetch)
    for part, order, words in (("dang-di", away, "Ghi kết quả giao"), ("can-gui", fetched, "Khách đến lấy")):
        page = inbox(shop, f"?muc={part}")
        assert page.texts("main .btn.p")[0].startswith(words)
        assert page.one("main .btn.p")["href"] == f"{shop.base}/don-hang/{order.id}"


def test_who_comes_for_the_goods_is_not_asked_where_home_is(shop: Shop) -> None:
    variant, place = goods(shop), somewhere()
    brought, fetched = packed(variant, place), packed(variant, place)

    def fetch(session: Session) -> None:
        session.get_one(Order, fetched.id).pickup = True

    write(fetch)
    street = reload(brought.id).group.ship_address
    for order, seen in ((brought, True), (fetched, False)):
        slip = shop.browser.open(f"{shop.base}/don-hang/phieu-giao?don={order.id}")
        for page in (order_page(shop, order), slip):
            assert (street in page.words) is seen
            assert "0912 345 678" in page.words
    rows = shop.browser.client.get(f"{shop.base}/don-hang/bang.csv").text.splitlines()
    assert street in next(row for row in rows if number_of(brought) in row)
    told = next(row for row in rows if number_of(fetched) in row)
    assert street not in told
    assert "Khách đến lấy" in told


def test_who_has_paid_is_asked_to_look_and_not_to_pay(shop: Shop) -> None:
    variant, place = goods(shop), somewhere()
    cash = confirmed(variant, place)
    paid = confirmed(variant, place, method=PaymentMethod.VIETQR)
    for order, words in ((cash, "Mời xem hàng trước khi trả tiền."), (paid, "Mời xem hàng khi nhận.")):
        assert words in shop.browser.open(f"{shop.base}/don-hang/phieu-giao?don={order.id}").words


def test_an_answer_that_is_late_is_told(shop: Shop) -> None:
    waiting(goods(shop), somewhere())
    with days_later(shop, 4):
        assert "Quá hạn trả lời, hết ngày 24/11/2026" in inbox(shop).words


def test_a_shelf_with_nothing_over_is_told_before_an_order_is_taken_on(shop: Shop) -> None:
    variant, place = goods(shop, on_hand=5), somewhere()
    order = waiting(variant, place, 5)
    words = "Hàng trên kệ vừa đủ số đã hứa, không dư."
    assert words in inbox(shop).words
    assert "Trên kệ 5, đã hứa cho các đơn 5" in inbox(shop).words
    assert words in order_page(shop, order).words
    with unit_of_work() as session:
        receive(session, variant, 1, "đếm lại", clock.now())
    assert words not in inbox(shop).words


def test_orders_are_found_by_number_and_end_of_phone(shop: Shop, rival: Shop) -> None:
    variant, place = goods(shop), somewhere()
    order = waiting(variant, place)
    other = waiting(variant, place, phone="0987654321", name="Lê Thị Hoa")
    waiting(goods(rival, "Bưởi"), place)
    for sought in (number_of(order), number_of(order)[:7].lower(), "345678"):
        page = inbox(shop, f"?q={sought}")
        assert page.heading == "Tìm đơn"
        assert len(page.soup.select("details.ord")) == 1, sought
        assert number_of(order) in page.words
    assert number_of(other) in inbox(shop, "?q=4321").words
    assert "Không có đơn nào khớp" in inbox(shop, "?q=21").words


def test_a_long_inbox_has_pages(shop: Shop) -> None:
    variant, place = goods(shop, on_hand=100), somewhere()
    for number in range(PAGE_SIZE + 1):
        waiting(variant, place, 1, phone=f"09{number:08d}")
    page = inbox(shop)
    assert len(page.soup.select("details.ord")) == PAGE_SIZE
    second = inbox(shop, "?trang=2&muc=cho-nhan")
    assert f"{shop.base}/don-hang?muc=cho-nhan&trang=2" in page.links(".pages")
    assert len(second.soup.select("details.ord")) == 1
    assert len(inbox(shop, "?trang=99").soup.select("details.ord")) == 1
    inbox(shop, "?trang=x&muc=khong-co")


def test_the_page_of_an_order_tells_all_of_it(shop: Shop) -> None:
    order = waiting(goods(shop), somewhere(), note="Gọi trước khi giao")
    with unit_of_work() as session:
        facts = {"company": "Công ty Xanh", "tax_code": "0101234567", "address": "Hà Nội", "email": "a@b.vn"}
        session.add(InvoiceRequest(group_id=order.group_id, **facts))
    page = order_page(shop, order)
    for words in (
        "Trần Văn An", "0912 345 678", "Số 12, ngõ 34 đường Xuân Thủy", "Gọi trước khi giao",
        "Công ty Xanh", "0101234567", "2 × Cam Khe Mây", "Chờ nhận", "Trả khi nhận", "Khách đặt",
    ):  # fmt: skip
        assert words in page.words, words
    assert len(page.soup.select("main .btn.p")) == 1


@pytest.mark.parametrize("make", [waiting, confirmed, packed, on_the_way])
def test_a_page_has_one_red_button_while_there_is_something_to_do(shop: Shop, make: object) -> None:
    page = order_page(shop, make(goods(shop), somewhere()))  # type: ignore[operator]
    assert len(page.soup.select("main .btn.p")) == 1


def test_a_transfer_that_has_not_come_holds_the_goods_back(shop: Shop) -> None:
    order = packed(goods(shop), somewhere(), method=PaymentMethod.VIETQR)
    assert "chưa gửi hàng" in order_page(shop, order).words
    assert not order_page(shop, order).soup.select("main .btn.p")
    page = inbox(shop, "?muc=can-gui")
    assert "chưa gửi hàng" in page.words
    assert not page.soup.select("main .btn.p")
    assert "Chưa trả" in page.words
    step(take_money, order.group_id, PaymentMethod.VIETQR, "FT1", order.total)
    paid = order_page(shop, order)
    assert "chưa gửi hàng" not in paid.words
    assert "Đã trả" in paid.words
    assert paid.texts("main .btn.p")[0].startswith("Đã gửi cả đơn")


def test_the_carrier_of_last_time_is_filled_in(shop: Shop, rival: Shop) -> None:
    variant, place = goods(shop), somewhere()
    order = packed(variant, place)
    assert order_page(shop, order).one("#hang")["value"] == ""
    other = confirmed(goods(rival, "Bưởi"), place)
    step(fulfillment.ship, other.id, None, "Xe nhà", "X1234")
    assert order_page(shop, order).one("#hang")["value"] == ""
    on_the_way(variant, place)
    assert order_page(shop, order).one("#hang")["value"] == "Viettel Post"
    assert inbox(shop, "?muc=can-gui").one(f"#hang-{order.id}")["value"] == "Viettel Post"


def test_a_buyer_is_hidden_once_a_seller_need_not_know_them(shop: Shop) -> None:
    variant, place = goods(shop), somewhere()
    off, done = confirmed(variant, place, note="Gọi trước"), delivered(variant, place)
    step(settlement.cancel, off.id, CancelReason.INVENTORY, words="Hết mẻ này rồi")
    secret = ("Trần Văn An", "0912 345 678", "0912345678", "Xuân Thủy", "Gọi trước")
    page = order_page(shop, off)
    assert not any(words in page.response.text for words in secret)
    assert "Hết mẻ này rồi" in page.words
    assert "Trần Văn An" in order_page(shop, done).words
    with days_later(shop, 31):
        for text in (
            order_page(shop, done).response.text,
            inbox(shop, "?muc=xong").response.text,
            shop.browser.open(f"{shop.base}/don-hang/phieu-giao?don={done.id}").response.text,
            shop.browser.client.get(
                f"{shop.base}/don-hang/bang.csv?tu_ngay=2026-11-01&den_ngay=2026-12-30"
            ).text,
        ):
            assert number_of(done) in text
            assert not any(words in text for words in secret)


def test_a_return_lets_the_seller_know_the_buyer_again(shop: Shop) -> None:
    done = delivered(goods(shop), somewhere())
    asked = returned(done)
    with days_later(shop, 31):
        assert "Trần Văn An" in order_page(shop, done).words
        assert "Trần Văn An" in shop.browser.open(f"{shop.base}/doi-tra/{asked.id}").words


def test_what_is_somebody_elses_is_not_there(shop: Shop, rival: Shop) -> None:
    variant, place = goods(shop), somewhere()
    order = packed(variant, place)
    mine = packed(goods(rival, "Bưởi"), place)
    for path in (
        f"/don-hang/{order.id}",
        f"/don-hang/phieu-soan?don={order.id}",
        f"/don-hang/phieu-giao?don={mine.id}&don={order.id}",
    ):
        rival.browser.open(f"{rival.base}{path}", 404)
        shop.browser.open(f"{rival.base}{path}", 404)
    for deed in ("nhan", "goi", "gui", "huy", "da-giao", "thoi-gui"):
        rival.browser.send(f"{rival.base}/don-hang/{order.id}/{deed}", 404)
        rival.browser.send(f"{shop.base}/don-hang/{order.id}/{deed}", 404)
    assert reload(order.id).fulfillments == []
    assert number_of(order) not in inbox(rival, "?muc=can-gui").words
    assert number_of(order) not in rival.browser.client.get(f"{rival.base}/don-hang/bang.csv").text


def test_papers_and_tables_hold_no_lines_of_other_sellers(shop: Shop, rival: Shop) -> None:
    mine, theirs, place = goods(shop), goods(rival, "Bưởi Phúc Trạch"), somewhere()
    group = ordered({mine: 2, theirs: 1}, place)
    for order in group.orders:
        step(fulfillment.confirm_order, order.id)
    client = shop.browser.client
    for path in ("/don-hang/phieu-soan", "/don-hang/phieu-giao", "/don-hang/bang.csv"):
        text = client.get(f"{shop.base}{path}").text
        assert "Cam Khe Mây" in text
        assert "Bưởi" not in text


def test_goods_are_summed_over_the_chosen_orders(shop: Shop) -> None:
    orange, jam, place = goods(shop), goods(shop, "Mứt cam"), somewhere()
    first = confirmed(orange, place, 2)
    packed(orange, place, 3)
    confirmed(jam, place, 1)
    waiting(jam, place, 4)
    page = shop.browser.open(f"{shop.base}/don-hang/phieu-soan")
    rows = page.texts(".slip:first-of-type tbody tr")
    assert [row.split()[-1] for row in rows] == ["5", "1"]
    assert len(page.soup.select(".slip")) == 4
    assert len(page.soup.select(".pick input[checked]")) == 3
    one = shop.browser.open(f"{shop.base}/don-hang/phieu-soan?don={first.id}")
    assert [row.split()[-1] for row in one.texts(".slip:first-of-type tbody tr")] == ["2"]
    assert len(one.soup.select(".pick input[checked]")) == 1
    shop.browser.open(f"{shop.base}/don-hang/phieu-soan?don=x", 404)


def test_only_what_is_left_is_gathered(shop: Shop) -> None:
    order = packed(goods(shop), somewhere(), 5)
    sent(order.id, {order.lines[0].id: 2})
    page = shop.browser.open(f"{shop.base}/don-hang/phieu-soan")
    assert page.texts(".slip:first-of-type tbody tr")[0].endswith(" 3")
    sent(order.id)
    nothing = shop.browser.open(f"{shop.base}/don-hang/phieu-soan?don={order.id}")
    assert "Không có hàng nào phải soạn" in nothing.words
    assert "Không có gói nào chờ gửi" in shop.browser.open(f"{shop.base}/don-hang/phieu-giao").words


def test_a_slip_says_what_is_to_be_collected(shop: Shop) -> None:
    variant, place = goods(shop), somewhere()
    cash, paid = packed(variant, place), packed(variant, place, method=PaymentMethod.VIETQR)
    step(take_money, paid.group_id, PaymentMethod.VIETQR, "FT1", paid.total)
    page = shop.browser.open(f"{shop.base}/don-hang/phieu-giao")
    assert [slip.split(":")[0] for slip in page.texts(".slip .due")] == [
        "Thu khi giao",
        page.texts(".slip .due")[1],
    ]
    assert page.texts(".slip .due")[1].startswith("Khách đã trả")
    assert len(page.soup.select(".slip.own")) == 2
    assert number_of(cash) in page.words


def test_the_table_is_safe_from_formulas(shop: Shop) -> None:
    order = waiting(goods(shop), somewhere(), name="=cmd An", note="+1")
    answer = shop.staff_browser.client.get(f"{shop.base}/don-hang/bang.csv")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Cache-Control"] == "no-store"
    assert number_of(order) in answer.text
    assert "'=cmd An" in answer.text
    assert "'+1" in answer.text
    assert ",=" not in answer.text
    early = shop.browser.client.get(f"{shop.base}/don-hang/bang.csv?tu_ngay=2026-10-01&den_ngay=2026-10-31")
    assert number_of(order) not in early.text
    for query in (
        "tu_ngay=2026-10-31&den_ngay=2026-10-01",
        "tu_ngay=x",
        "tu_ngay=2020-01-01&den_ngay=2026-11-21",
    ):
        assert number_of(order) in shop.browser.client.get(f"{shop.base}/don-hang/bang.csv?{query}").text


def test_staff_work_on_orders_and_strangers_do_not(shop: Shop) -> None:
    order = waiting(goods(shop), somewhere())
    assert shop.staff_browser.open(f"{shop.base}/don-hang").heading == "Chờ nhận: 1 đơn"
    shop.staff_browser.send(f"{shop.base}/don-hang/{order.id}/nhan")
    assert reload(order.id).confirmed_at is not None


def test_pages_in_english_hold_no_broken_words(shop: Shop) -> None:
    order = packed(goods(shop), somewhere())
    for path in (
        "",
        "/don-hang",
        f"/don-hang/{order.id}",
        "/don-hang/phieu-soan",
        "/doi-tra",
        "/tien",
        "/doanh-thu",
    ):
        shop.browser.open(f"/en{shop.base}{path}")

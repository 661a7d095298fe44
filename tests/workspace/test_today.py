"""Today: what needs doing, the most urgent first, and nobody else's."""

from datetime import date, timedelta

from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.catalogue.listing_models import ListingState
from marketplace.catalogue.models import Product, Variant
from marketplace.database import db
from marketplace.ordering import fulfillment
from marketplace.ordering.models import CancelReason, Order, PaymentMethod
from marketplace.ordering.returns import approve_return
from marketplace.ordering.stock import receive
from marketplace.ordering.this_week import find_week
from marketplace.payments import settlement
from marketplace.producers.models import Producer
from tests.conftest import NOON
from tests.factories.after_sale import returned, step
from tests.factories.catalogue import a_product, a_variant
from tests.factories.certification import a_certificate
from tests.factories.ordering import a_commune, ordered
from tests.factories.reviews import a_question
from tests.signin.browsing import write
from tests.workspace.conftest import Shop
from tests.workspace.parcels import confirmed, delivered, goods, on_the_way, packed, somewhere, waiting
from tests.workspace.states import a_listing

SOON = date(2024, 4, 1)
"""The day of issue of a certificate whose file is due now: it ends on 1 April 2027."""


def write_work(session: Session, producer: Producer) -> int:
    """Write one thing of each kind that needs doing; return the variant that is sold."""
    declined = a_product(session, "Cam bóc vỏ", producer=producer)
    a_listing(session, declined, ListingState.DECLINED)
    a_listing(session, a_product(session, "Mứt cam", producer=producer), touched_at=clock.now())
    old = a_product(session, "Cam Khe Mây", producer=producer)
    variant = a_variant(session, old)
    a_certificate(session, old, 4, issued_on=SOON)
    receive(session, variant.id, 5, "kiểm kê", clock.now())
    return variant.id


def test_a_quiet_day_says_so(shop: Shop) -> None:
    page = shop.browser.open(shop.base)
    assert page.heading == "Hôm nay: không có việc gấp"
    assert "Thứ Bảy, 21/11/2026" in page.words
    assert not page.soup.select(".todo")


def test_tasks_are_sorted_by_urgency_and_the_first_is_red(shop: Shop) -> None:
    variant = write(write_work, shop.producer)
    ordered({variant: 2}, write(a_commune))
    page = shop.browser.open(shop.base)
    assert page.heading == "Hôm nay: 5 việc"
    assert page.texts(".todo h2") == [
        "1 đơn mới chờ nhận",
        "1 giấy chứng nhận cần gia hạn",
        "Cán bộ đề nghị sửa: Cam bóc vỏ",
        "Cam Khe Mây, Túi 1 kg: còn 3",
        "Bài nháp: Mứt cam",
    ]
    steps = ("/san-pham/cam-boc-vo/buoc-5", "/kho", "/san-pham/mut-cam/buoc-5")
    assert page.links(".todo") == [f"{shop.base}{path}" for path in ("/don-hang", "/gia-han", *steps)]
    assert len(page.soup.select("main .btn.p")) == 1
    assert page.one(".todo > li:first-child .btn")["class"] == ["btn", "p"]


def test_what_is_somebody_elses_is_nobodys_task(shop: Shop, rival: Shop) -> None:
    ordered({write(write_work, rival.producer): 2}, write(a_commune))
    assert shop.browser.open(shop.base).heading == "Hôm nay: không có việc gấp"
    shop.browser.open(rival.base, 404)


def test_products_are_counted_as_they_stand(shop: Shop) -> None:
    def work(session: Session) -> None:
        shown = a_product(session, "Cam Khe Mây", producer=shop.producer)
        a_variant(session, shown)
        a_certificate(session, shown, 4)
        a_listing(session, shown, ListingState.SUBMITTED)
        a_product(session, "Mứt cam", producer=shop.producer)

    write(work)
    assert shop.browser.open(shop.base).texts(".n4 b")[4:] == ["2", "1", "1", "1"]


def ask_about(session: Session, variant_id: int) -> None:
    """Have somebody ask about the product of a variant."""
    variant = session.get_one(Variant, variant_id)
    a_question(session, session.get_one(Product, variant.product_id))


def test_buyers_come_first_and_in_the_order_of_their_patience(shop: Shop, rival: Shop) -> None:
    variant, place = goods(shop), somewhere()
    waiting(variant, place)
    confirmed(variant, place)
    packed(variant, place)
    returned(delivered(variant, place))
    write(ask_about, variant)
    for other in (shop.browser, shop.staff_browser):
        page = other.open(shop.base)
        assert page.texts(".todo h2") == [
            "1 đơn mới chờ nhận",
            "1 đơn có hàng trả",
            "2 đơn cần gửi",
            "1 câu hỏi chờ trả lời",
        ]
    assert page.texts(".todo p") == [
        "Đơn cũ nhất đã chờ 0 giờ. Trả lời trong ngày 24/11/2026.",
        "1 yêu cầu chờ trả lời.",
        "1 cần gói, 1 đã gói xong.",
        "Trả lời xong thì câu hỏi mới hiện trên trang sản phẩm.",
    ]
    assert page.links(".todo") == [
        f"{shop.base}{path}" for path in ("/don-hang", "/doi-tra", "/don-hang?muc=can-gui", "/khach-noi")
    ]
    assert [tag["class"] for tag in page.soup.select(".todo > li")] == [["u"], ["u"], ["w"], ["w"]]
    for path in page.links(".todo"):
        shop.browser.open(path)
    assert rival.browser.open(rival.base).heading == "Hôm nay: không có việc gấp"


def test_an_answer_that_is_late_is_said_first_thing(shop: Shop) -> None:
    waiting(goods(shop), somewhere())
    with clock.stopped(NOON + timedelta(days=4)):
        shop.browser.enter_as(shop.owner)
        words = shop.browser.open(shop.base).words
    assert "Đã quá hạn trả lời, hết ngày 24/11/2026." in words
    assert "đã chờ 96 giờ" in words


def test_a_return_that_was_answered_presses_less(shop: Shop) -> None:
    variant, place = goods(shop), somewhere()
    step(approve_return, returned(delivered(variant, place)).id)
    confirmed(variant, place)
    page = shop.browser.open(shop.base)
    assert page.texts(".todo h2") == ["1 đơn cần gửi", "1 đơn có hàng trả"]
    assert "Đợi hàng về" in page.words
    assert page.links(".todo")[0] == f"{shop.base}/don-hang?muc=can-goi"


def test_an_order_that_may_wait_for_ever_is_told_without_a_day(shop: Shop) -> None:
    order = waiting(goods(shop), somewhere())

    def forget(session: Session) -> None:
        session.get_one(Order, order.id).confirm_by = None

    write(forget)
    assert shop.browser.open(shop.base).texts(".todo p") == ["Đơn cũ nhất đã chờ 0 giờ."]
    assert "Trả lời trong ngày" not in shop.browser.open(f"{shop.base}/don-hang").words


def test_the_week_counts_goods_and_cash_of_its_own(shop: Shop, rival: Shop) -> None:
    variant, place = goods(shop), somewhere()
    waiting(variant, place, 1)
    away, there = on_the_way(variant, place, 2), delivered(variant, place, 3)
    on_the_way(variant, place, 1, phone="0912345679", method=PaymentMethod.VIETQR)
    step(settlement.cancel, confirmed(variant, place, 4).id, CancelReason.INVENTORY)
    back = on_the_way(variant, place, 1)
    step(fulfillment.mark_failed, back.fulfillments[0].id)
    on_the_way(goods(rival, "Bưởi"), place, 5)
    db.session.rollback()
    week = find_week(db.session(), shop.producer.id, NOON)
    assert (week.orders, week.goods) == (5, (1 + 2 + 3 + 1 + 1) * 90_000)
    assert (week.cash_on_the_way, week.cash_collected) == (away.total, there.total)
    later = find_week(db.session(), shop.producer.id, NOON + timedelta(days=7))
    assert (later.orders, later.goods, later.cash_collected) == (0, 0, 0)
    assert later.cash_on_the_way == away.total

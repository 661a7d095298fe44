"""What sellers do with orders: one tap, one deed; taps that come twice count once, late ones are told."""

from typing import Any

import pytest
import sqlalchemy as sa
from werkzeug.test import TestResponse

from marketplace import clock
from marketplace.accounts.journal import Deed
from marketplace.database import db
from marketplace.ordering import fulfillment
from marketplace.ordering.models import CancelReason, Order, OrderStatus, PaymentMethod
from marketplace.ordering.status import ParcelState, parcel_state
from marketplace.payments import settlement
from marketplace.payments.models import Payment, Refund, RefundReason
from marketplace.payments.receipts import take_money
from marketplace.web.filters import write_number
from tests.conftest import NOON
from tests.factories.after_sale import news, reload, sent, shelf, step
from tests.workspace.conftest import Shop
from tests.workspace.parcels import confirmed, delivered, goods, on_the_way, packed, somewhere, waiting
from tests.workspace.test_orders import days_later, number_of, order_page


def tap(shop: Shop, order: Order, deed: str, status: int = 303, **fields: Any) -> TestResponse:
    return shop.browser.send(f"{shop.base}/don-hang/{order.id}/{deed}", status, **fields)


def deeds() -> list[str]:
    """What stands in the journal of orders, in its order."""
    db.session.rollback()
    return list(
        db.session.scalars(sa.select(Deed.action).where(Deed.subject_type == "order").order_by(Deed.seq))
    )


def state_of(order: Order) -> ParcelState:
    return parcel_state(reload(order.id))


def test_an_order_goes_its_way_tap_by_tap(shop: Shop) -> None:
    order = waiting(goods(shop), somewhere())
    tap(shop, order, "nhan")
    assert state_of(order) is ParcelState.CONFIRMED
    tap(shop, order, "goi")
    assert state_of(order) is ParcelState.PACKED
    tap(shop, order, "gui", lan=1, hang="Viettel Post", van_don="VTP 123 456")
    [sending] = reload(order.id).fulfillments
    assert (sending.carrier, sending.tracking_number) == ("Viettel Post", "VTP123456")
    assert state_of(order) is ParcelState.SHIPPED
    tap(shop, order, "da-giao", lan=1, thu=write_number(order.total))
    assert state_of(order) is ParcelState.DELIVERED
    assert reload(order.id).fulfillments[0].collected == order.total
    assert deeds() == ["order:confirm", "order:pack", "order:ship", "order:deliver"]
    page = order_page(shop, order)
    assert "Đã giao" in page.words
    assert "Viettel Post · VTP123456" in page.words


def test_a_deed_of_the_inbox_leads_back_to_its_part(shop: Shop) -> None:
    order = waiting(goods(shop), somewhere())
    answer = tap(shop, order, "nhan", ve="cho-nhan")
    assert answer.location.endswith("/don-hang?muc=cho-nhan")
    page = shop.browser.open(answer.location)
    assert f"{number_of(order)}: Đã nhận đơn. Khách được báo." in page.texts("[role=status]")
    assert tap(shop, order, "goi", ve="//example.com").location.endswith(f"/don-hang/{order.id}")


@pytest.mark.parametrize(
    ("make", "deed", "fields"),
    [
        (waiting, "nhan", {}),
        (confirmed, "goi", {}),
        (packed, "gui", {"lan": 1, "hang": "GHN", "van_don": "A1234"}),
        (packed, "gui", {"lan": 1}),
        (on_the_way, "da-giao", {"lan": 1, "thu": "1.000"}),
        (on_the_way, "giao-hong", {"lan": 1}),
        (on_the_way, "hang-ve", {"lan": 1, "kho": "1"}),
        (on_the_way, "hang-ve", {"lan": 1}),
        (waiting, "huy", {"ly_do": "inventory", "da_thay": "waiting", "loi": "Hết hàng"}),
        (confirmed, "thoi-gui", {"con": 2}),
    ],
)
def test_a_doubled_tap_does_it_once(shop: Shop, make: Any, deed: str, fields: dict[str, Any]) -> None:
    variant = goods(shop)
    order = make(variant, somewhere())
    tap(shop, order, deed, **fields)
    once = (state_of(order), shelf(variant), len(reload(order.id).fulfillments), len(news()), deeds())
    tap(shop, order, deed, **fields)
    assert (state_of(order), shelf(variant), len(reload(order.id).fulfillments), len(news()), deeds()) == once
    assert len(once[4]) == 1


def test_part_of_an_order_is_sent_and_the_rest_given_up(shop: Shop) -> None:
    variant = goods(shop)
    order = packed(variant, somewhere(), 5)
    line = order.lines[0].id
    fields: dict[str, Any] = {f"so_{line}": "2", "phan_lan": 1, "phan_hang": "GHN", "phan_van_don": "GHN123"}
    tap(shop, order, "gui-mot-phan", **fields)
    tap(shop, order, "gui-mot-phan", **fields)
    assert [one.lines[0].quantity for one in reload(order.id).fulfillments] == [2]
    assert shelf(variant) == (48, 3)
    page = order_page(shop, order)
    assert "Mới gửi một phần" in page.words
    assert page.one("input[name=con]")["value"] == "3"
    assert "vừa đổi ở nơi khác" in tap(shop, order, "thoi-gui", 409, con=4).text
    tap(shop, order, "thoi-gui", con=3)
    assert reload(order.id).lines[0].canceled == 3
    assert shelf(variant) == (48, 0)
    assert "Đã bớt 3" in order_page(shop, order).words


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"so": "9"}, "Mời gõ số từ 0 đến 5"),
        ({"so": "hai"}, "Mời gõ số, 0 là chưa gửi"),
        ({"so": "1", "phan_van_don": "!"}, "Mã vận đơn gồm"),
        ({"so": "1", "phan_hang": "x" * 61}, "Tên hãng dài quá 60"),
    ],
)
def test_faults_of_a_part_stand_at_their_fields(shop: Shop, typed: dict[str, str], words: str) -> None:
    order = packed(goods(shop), somewhere(), 5)
    fields = {f"so_{order.lines[0].id}" if name == "so" else name: value for name, value in typed.items()}
    answer = tap(shop, order, "gui-mot-phan", 422, phan_lan=1, **fields)
    assert words in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert reload(order.id).fulfillments == []


def test_nothing_of_an_order_cannot_be_sent(shop: Shop) -> None:
    order = packed(goods(shop), somewhere())
    answer = tap(shop, order, "gui-mot-phan", 409, phan_lan=1, **{f"so_{order.lines[0].id}": "0"})
    assert "không còn gì để gửi" in answer.text


@pytest.mark.parametrize("typed", [{"van_don": "mã lạ"}, {"hang": "x" * 61}])
def test_faults_of_a_sending_stand_at_their_fields(shop: Shop, typed: dict[str, str]) -> None:
    order = packed(goods(shop), somewhere())
    answer = tap(shop, order, "gui", 422, lan=1, **typed)
    assert answer.text.count('aria-invalid="true"') == 1
    assert next(iter(typed.values())) in answer.text


@pytest.mark.parametrize("collected", ["nhiều", "99.999.999", "1,5"])
def test_what_was_collected_is_an_amount_within_the_order(shop: Shop, collected: str) -> None:
    order = on_the_way(goods(shop), somewhere())
    answer = tap(shop, order, "da-giao", 422, lan=1, thu=collected)
    assert "Mời gõ số tiền" in answer.text
    assert state_of(order) is ParcelState.SHIPPED


def test_a_sending_that_is_not_there_is_not_found(shop: Shop) -> None:
    order = on_the_way(goods(shop), somewhere())
    for deed in ("da-giao", "giao-hong", "hang-ve"):
        tap(shop, order, deed, 404, lan=2)
        tap(shop, order, deed, 404)


def test_goods_that_come_back_go_out_again_or_off_the_order(shop: Shop) -> None:
    variant, place = goods(shop), somewhere()
    good, lost = on_the_way(variant, place), on_the_way(variant, place, 3)
    for order in (good, lost):
        tap(shop, order, "giao-hong", lan=1)
        assert "Giao không thành" in order_page(shop, order).words
    tap(shop, good, "hang-ve", lan=1, kho="1")
    assert shelf(variant) == (47, 2)
    assert order_page(shop, good).texts("main .btn.p")[0].startswith("Đã gửi phần còn lại")
    tap(shop, good, "gui", lan=2, hang="GHN")
    assert state_of(good) is ParcelState.SHIPPED
    tap(shop, lost, "hang-ve", lan=1)
    assert state_of(lost) is ParcelState.CANCELED
    assert shelf(variant) == (45, 0)


def test_who_fetches_goods_pays_there(shop: Shop) -> None:
    variant = goods(shop)
    order = packed(variant, somewhere())
    step(set_pickup, order.id)
    page = order_page(shop, order)
    assert "Chờ khách đến lấy" in page.words
    assert page.texts("main .btn.p") == ["Khách đã lấy hàng"]
    assert "Gửi một phần" not in page.words
    tap(shop, order, "da-lay", 422, thu="x")
    tap(shop, order, "da-lay", thu=str(order.total))
    tap(shop, order, "da-lay", thu=str(order.total))
    assert state_of(order) is ParcelState.DELIVERED
    db.session.rollback()
    assert db.session.scalars(sa.select(Payment.amount)).all() == [order.total]
    assert deeds() == ["order:hand_over"]


def set_pickup(session: Any, order_id: int, at: Any) -> None:
    """Make an order one that its buyer fetches."""
    session.get_one(Order, order_id).pickup = True


def test_an_order_is_declined_with_words(shop: Shop) -> None:
    variant = goods(shop)
    order = waiting(variant, somewhere())
    tap(shop, order, "huy", ly_do="inventory", da_thay="waiting", loi="  Mẻ này hết sớm.  ")
    kept = reload(order.id)
    assert (kept.status, kept.cancel_reason) == (OrderStatus.CANCELED, CancelReason.INVENTORY)
    assert kept.cancel_words == "Mẻ này hết sớm."
    assert shelf(variant) == (50, 0)
    assert ("order_declined", order.id) in news()
    page = order_page(shop, order)
    assert "Mẻ này hết sớm." in page.words
    assert not page.soup.select("main form")


@pytest.mark.parametrize("fields", [{}, {"ly_do": "customer"}, {"ly_do": "staff"}, {"ly_do": "unpaid"}])
def test_an_order_is_not_declined_without_a_reason_of_the_sellers(shop: Shop, fields: dict[str, str]) -> None:
    order = waiting(goods(shop), somewhere())
    assert "Chưa chọn lý do." in tap(shop, order, "huy", 422, da_thay="waiting", **fields).text
    too_long = tap(shop, order, "huy", 422, da_thay="waiting", ly_do="declined", loi="x" * 301)
    assert "dài quá 300" in too_long.text
    assert state_of(order) is ParcelState.WAITING


def test_a_transfer_that_never_came_lets_the_order_go_after_its_days(shop: Shop) -> None:
    order = confirmed(goods(shop), somewhere(), method=PaymentMethod.VIETQR)
    fields: dict[str, Any] = {"ly_do": "unpaid", "da_thay": "confirmed"}
    assert "không chuyển khoản" not in order_page(shop, order).words
    tap(shop, order, "huy", 422, **fields)
    with days_later(shop, 6):
        assert "quá hạn ngày 25/11/2026" in order_page(shop, order).words
        tap(shop, order, "huy", **fields)
    assert reload(order.id).cancel_reason is CancelReason.UNPAID


def test_money_that_came_keeps_an_order_from_being_let_go_as_unpaid(shop: Shop) -> None:
    order = confirmed(goods(shop), somewhere(), method=PaymentMethod.VIETQR)
    step(take_money, order.group_id, PaymentMethod.VIETQR, "FT1", order.total)
    with days_later(shop, 6):
        tap(shop, order, "huy", 422, ly_do="unpaid", da_thay="confirmed")
        tap(shop, order, "huy", ly_do="inventory", da_thay="confirmed")
    db.session.rollback()
    [refund] = db.session.scalars(sa.select(Refund)).all()
    assert (refund.amount, refund.reason) == (order.total, RefundReason.OUT_OF_STOCK)


def test_unpaid_goods_are_not_sent(shop: Shop) -> None:
    order = packed(goods(shop), somewhere(), method=PaymentMethod.VIETQR)
    assert "chưa chuyển khoản đủ" in tap(shop, order, "gui", 409, lan=1).text
    fields: dict[str, Any] = {f"so_{order.lines[0].id}": "1", "phan_lan": 1}
    assert "chưa chuyển khoản đủ" in tap(shop, order, "gui-mot-phan", 409, **fields).text
    assert reload(order.id).fulfillments == []


def test_who_is_slower_is_told_how_it_stands(shop: Shop) -> None:
    variant, place = goods(shop), somewhere()
    gone = waiting(variant, place)
    step(settlement.cancel, gone.id, CancelReason.CUSTOMER)
    for deed in ("nhan", "goi", "gui"):
        answer = tap(shop, gone, deed, 409, lan=1)
        assert "Đơn này đã huỷ" in answer.text
        assert 'role="alert"' in answer.text
    taken = waiting(variant, place)
    step(fulfillment.confirm_order, taken.id)
    answer = tap(shop, taken, "huy", 409, ly_do="declined", da_thay="waiting")
    assert "vừa đổi ở nơi khác" in answer.text
    assert state_of(taken) is ParcelState.CONFIRMED
    away = on_the_way(variant, place)
    assert "đã gửi đi" in tap(shop, away, "huy", 409, ly_do="declined", da_thay="shipped").text
    there = delivered(variant, place)
    assert "kết quả khác" in tap(shop, there, "giao-hong", 409, lan=1).text


def test_two_sendings_end_each_for_itself(shop: Shop) -> None:
    order = packed(goods(shop), somewhere(), 5)
    sent(order.id, {order.lines[0].id: 2})
    sent(order.id)
    page = order_page(shop, order)
    assert len(page.soup.select("main .btn.p")) == 1
    assert len(page.soup.select("input[name=thu]")) == 2
    fee = order.shipping_fee
    shown = [field["value"] for field in page.soup.select("input[name=thu]")]
    assert shown == [write_number(180_000 + fee), write_number(270_000)]
    wrong = tap(shop, order, "da-giao", 422, lan=2, thu="nhiều").text
    assert wrong.count('id="thu"') == wrong.count('href="#thu"') == wrong.count('value="nhiều"') == 1
    tap(shop, order, "da-giao", lan=2, thu="100.000")
    assert order_page(shop, order).one("input[name=thu]")["value"] == write_number(order.total - 100_000)
    tap(shop, order, "da-giao", lan=1, thu="")
    assert state_of(order) is ParcelState.DELIVERED
    assert [one.collected for one in reload(order.id).fulfillments] == [None, 100_000]


def test_a_tap_needs_the_token_of_the_visit(shop: Shop) -> None:
    order = waiting(goods(shop), somewhere())
    tap(shop, order, "nhan", 403, token="")
    assert state_of(order) is ParcelState.WAITING
    assert clock.now() == NOON

"""Returns at their seller: what came back, what is answered, and who gives the money back."""

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from werkzeug.test import TestResponse

from marketplace import clock
from marketplace.accounts.journal import Deed
from marketplace.database import db, unit_of_work
from marketplace.media.pictures import encode
from marketplace.ordering.after_sale_models import Return, ReturnReason, ReturnState
from marketplace.ordering.lot_models import LotStock
from marketplace.ordering.models import Order, PaymentMethod
from marketplace.ordering.returns import approve_return, ask_return, cancel_return, receive_return
from marketplace.payments import settlement
from marketplace.payments.models import PaymentSplit, Refund, RefundReason, RefundState
from marketplace.payments.receipts import take_money
from marketplace.payments.refund_ends import list_due_refunds
from marketplace.traceability.lots.models import Lot
from tests.factories.after_sale import returned, shelf, step
from tests.factories.media import photo
from tests.factories.payments import refunds
from tests.pages import Visited, visit
from tests.workspace.conftest import Shop
from tests.workspace.parcels import confirmed, delivered, goods, somewhere
from tests.workspace.test_order_lots import a_lot_of
from tests.workspace.test_orders import number_of


def a_paid_delivery(shop: Shop) -> Order:
    """Have two packs paid by transfer, sent and delivered."""
    order = confirmed(goods(shop), somewhere(), method=PaymentMethod.VIETQR)
    step(take_money, order.group_id, PaymentMethod.VIETQR, "FT1", order.total)
    sending = step(settlement.ship, order.id, None, "GHN", None)
    step(settlement.deliver, sending.id, None)
    return order


def show(shop: Shop, asked: Return, status: int = 200) -> Visited:
    return shop.browser.open(f"{shop.base}/doi-tra/{asked.id}", status)


def tap(shop: Shop, asked: Return, deed: str, status: int = 303, **fields: Any) -> TestResponse:
    return shop.browser.send(f"{shop.base}/doi-tra/{asked.id}/{deed}", status, **fields)


def now(asked: Return) -> Return:
    """Return a return as it stands now."""
    db.session.rollback()
    return db.session.get_one(Return, asked.id, populate_existing=True)


def deeds() -> list[str]:
    db.session.rollback()
    wanted = sa.select(Deed.action).where(Deed.subject_type.in_(["return", "refund"])).order_by(Deed.seq)
    return list(db.session.scalars(wanted))


def test_without_returns_the_page_says_so(shop: Shop) -> None:
    page = shop.browser.open(f"{shop.base}/doi-tra")
    assert page.heading == "Đổi trả"
    assert "Không có yêu cầu trả hàng nào đang chờ" in page.words


def test_a_return_shows_goods_words_and_photographs(shop: Shop) -> None:
    order = delivered(goods(shop), somewhere())
    pictures = [encode(photo(400, 300, (90, 60, shade)), "a.jpg") for shade in (10, 200)]
    lines = {order.lines[0].id: 1}
    asked = step(ask_return, order.id, lines, ReturnReason.DAMAGED, "Hai quả bị dập.", pictures)
    listed = shop.browser.open(f"{shop.base}/doi-tra")
    assert listed.heading == "Đổi trả: 1 việc"
    assert number_of(order) in listed.words
    page = show(shop, asked)
    for words in ("Hàng hỏng, vỡ", "Hai quả bị dập.", "1 × Cam Khe Mây", "90.000", "Trần Văn An"):
        assert words in page.words, words
    assert len(page.soup.select(".fig img")) == 2
    assert page.texts("main .btn.p") == ["Đồng ý, hoàn 90.000 ₫ khi hàng về"]


def test_cash_is_given_back_by_the_seller_who_took_it(shop: Shop) -> None:
    variant = goods(shop)
    asked = returned(delivered(variant, somewhere()))
    tap(shop, asked, "dong-y", loi="Gửi Viettel Post, phí người nhận trả.")
    assert now(asked).refund_amount == 90_000
    assert "phí người nhận trả" in show(shop, asked).words
    tap(shop, asked, "hang-ve", kho="1")
    assert now(asked).state is ReturnState.RECEIVED
    assert refunds() == []
    assert shelf(variant) == (49, 0)
    assert "Mời ghi trả bằng cách nào" in tap(shop, asked, "hoan-tien", 422, cach="  ").text
    for _twice in range(2):
        tap(shop, asked, "hoan-tien", cach="Chuyển khoản VCB 21/11")
    [refund] = refunds()
    assert (refund.amount, refund.state, refund.reference) == (
        90_000,
        RefundState.COMPLETED,
        "Chuyển khoản VCB 21/11",
    )
    assert now(asked).state is ReturnState.REFUNDED
    assert deeds() == ["return:approve", "return:receive", "refund:done", "return:refund"]
    assert "Đã hoàn tiền" in show(shop, asked).words
    order = shop.browser.open(f"{shop.base}/don-hang/{asked.order_id}").words
    for words in ("Khách xin trả hàng", "Hàng trả đã về", "Đã ghi hoàn tiền"):
        assert words in order, words
    assert shop.browser.open(f"{shop.base}/doi-tra").texts("section h2") == ["Đã xong"]


def test_money_that_came_through_the_marketplace_is_given_back_by_it(shop: Shop) -> None:
    order = a_paid_delivery(shop)
    asked = returned(order, 2)
    tap(shop, asked, "dong-y")
    for _twice in range(2):
        tap(shop, asked, "hang-ve")
    [refund] = refunds()
    assert (refund.amount, refund.state) == (order.total, RefundState.PENDING)
    assert now(asked).state is ReturnState.REFUNDED
    assert now(asked).restocked is False
    page = shop.browser.open(f"{shop.base}/doi-tra")
    assert "Tiền mặt phải trả lại khách" not in page.words


def paid_by_transfer(order: Order, amount: int = 0) -> None:
    step(take_money, order.group_id, PaymentMethod.VIETQR, "FT9", amount or order.total)


def test_a_transfer_for_an_order_in_cash_is_given_back_by_the_marketplace_alone(shop: Shop) -> None:
    order = confirmed(goods(shop), somewhere())
    paid_by_transfer(order)
    sending = step(settlement.ship, order.id, None, "GHN", None)
    step(settlement.deliver, sending.id, 0)
    asked = returned(order, 2)
    tap(shop, asked, "dong-y")
    assert "Chợ hoàn tiền cho khách ngay" in show(shop, asked).words
    tap(shop, asked, "hang-ve")
    [refund] = list_due_refunds(db.session())
    assert (refund.amount, refund.split.payment.held_by_seller) == (order.total, False)
    assert now(asked).state is ReturnState.REFUNDED
    assert "Tiền mặt phải trả lại khách" not in shop.browser.open(f"{shop.base}/doi-tra").words


def test_of_money_paid_both_ways_the_seller_gives_back_what_it_holds(shop: Shop) -> None:
    order = confirmed(goods(shop), somewhere())
    paid_by_transfer(order, amount=50_000)
    sending = step(settlement.ship, order.id, None, "GHN", None)
    step(settlement.deliver, sending.id, order.total - 50_000)
    held = order.total - 50_000
    asked = returned(order, 2)
    tap(shop, asked, "dong-y")
    tap(shop, asked, "hang-ve")
    page = visit(shop.browser.client, f"{shop.base}/doi-tra/{asked.id}", statements=13)
    assert f"Trả lại khách {held:,}".replace(",", ".") in page.words
    assert "Phần khách đã chuyển khoản do chợ hoàn" in page.words
    tap(shop, asked, "hoan-tien", cach="Tiền mặt 21/11")
    assert [(one.amount, one.state) for one in refunds()] == [
        (held, RefundState.COMPLETED),
        (50_000, RefundState.PENDING),
    ]


def test_a_received_return_whose_money_the_seller_does_not_hold_is_left_to_the_marketplace(
    shop: Shop,
) -> None:
    order = confirmed(goods(shop), somewhere())
    paid_by_transfer(order)
    sending = step(settlement.ship, order.id, None, "GHN", None)
    step(settlement.deliver, sending.id, 0)
    asked = returned(order)
    step(approve_return, asked.id)
    step(receive_return, asked.id, False)
    page = show(shop, asked)
    assert page.texts("main .btn.p") == ["Để chợ hoàn tiền cho khách"]
    tap(shop, asked, "hang-ve")
    [refund] = refunds()
    assert (refund.amount, now(asked).state) == (90_000, ReturnState.REFUNDED)


def test_of_goods_nobody_paid_nothing_is_given_back(shop: Shop) -> None:
    order = confirmed(goods(shop), somewhere())
    sending = step(settlement.ship, order.id, None, "GHN", None)
    step(settlement.deliver, sending.id, 0)
    asked = returned(order)
    tap(shop, asked, "dong-y")
    tap(shop, asked, "hang-ve")
    assert (refunds(), now(asked).state) == ([], ReturnState.REFUNDED)
    assert "Khách chưa trả tiền" in show(shop, asked).words


def many_older_refunds(order: Order) -> None:
    """Have the seller owe so much cash back that what comes later is on no list of it."""
    with unit_of_work() as session:
        split = session.scalars(sa.select(PaymentSplit).where(PaymentSplit.order_id == order.id)).one()
        session.add_all(
            Refund(
                split_id=split.id,
                cause=f"older:{number}",
                reason=RefundReason.OVERPAID,
                amount=1,
                state=RefundState.PENDING,
                idempotency_key=f"older-{number}",
                asked_at=clock.now() - timedelta(days=1),
            )
            for number in range(200)
        )


def test_cash_is_noted_as_given_back_however_much_else_waits(shop: Shop) -> None:
    order = delivered(goods(shop), somewhere())
    many_older_refunds(order)
    first, second = returned(order), returned(order, words="Thiếu một gói.")
    for asked in (first, second):
        step(approve_return, asked.id)
        step(receive_return, asked.id, False)
    tap(shop, first, "hoan-tien", cach="VCB 1")
    step(settlement.refund_return, second.id)
    later = refunds()[-1]
    shop.browser.send(f"{shop.base}/doi-tra/hoan/{later.id}", cach="VCB 2")
    assert [one.reference for one in refunds()[-2:]] == ["VCB 1", "VCB 2"]


def test_a_return_is_declined_with_words_alone(shop: Shop) -> None:
    asked = returned(delivered(goods(shop), somewhere()))
    answer = tap(shop, asked, "tu-choi", 422, vi_sao=" ")
    assert "Mời viết vài lời cho khách" in answer.text
    for _twice in range(2):
        tap(shop, asked, "tu-choi", vi_sao="Hàng đã dùng quá nửa.")
    assert now(asked).state is ReturnState.CANCELED
    assert "Hàng đã dùng quá nửa." in show(shop, asked).words
    assert deeds() == ["return:decline"]
    too_long = returned(delivered(goods(shop, "Bưởi"), somewhere("Hương Đô", "Hà Tĩnh"), phone="0912345679"))
    assert "không quá 1000" in tap(shop, too_long, "dong-y", 422, loi="x" * 1001).text


@pytest.mark.parametrize(
    ("deed", "fields"),
    [("dong-y", {}), ("tu-choi", {"vi_sao": "Không"}), ("hang-ve", {}), ("hoan-tien", {"cach": "VCB"})],
)
def test_a_return_that_moved_on_is_told_as_it_stands(shop: Shop, deed: str, fields: dict[str, str]) -> None:
    asked = returned(delivered(goods(shop), somewhere()))
    step(cancel_return, asked.id)
    answer = tap(shop, asked, deed, 409, **fields)
    assert "vừa đổi ở nơi khác" in answer.text
    assert "Đã khép lại" in answer.text
    assert refunds() == []


def test_cash_for_other_reasons_is_noted_too(shop: Shop) -> None:
    asked = returned(delivered(goods(shop), somewhere()))
    step(approve_return, asked.id)
    step(receive_return, asked.id, False)
    step(settlement.refund_return, asked.id)
    [refund] = refunds()
    page = shop.browser.open(f"{shop.base}/doi-tra")
    assert "Tiền mặt phải trả lại khách" in page.words
    assert "90.000" in page.words
    path = f"{shop.base}/doi-tra/hoan/{refund.id}"
    assert "Mời ghi trả bằng cách nào" in shop.browser.send(path, 422, cach="x" * 121).text
    shop.browser.send(path, cach="Tiền mặt 21/11")
    assert refunds()[0].reference == "Tiền mặt 21/11"
    shop.browser.send(path, 404, cach="Tiền mặt 21/11")


def test_returns_of_others_are_not_there(shop: Shop, rival: Shop) -> None:
    asked = returned(delivered(goods(shop), somewhere()))
    step(approve_return, asked.id)
    step(receive_return, asked.id, False)
    step(settlement.refund_return, asked.id)
    [refund] = refunds()
    for base in (shop.base, rival.base):
        rival.browser.open(f"{base}/doi-tra/{asked.id}", 404)
        for deed in ("dong-y", "tu-choi", "hang-ve", "hoan-tien"):
            rival.browser.send(f"{base}/doi-tra/{asked.id}/{deed}", 404, cach="VCB", vi_sao="Không")
        rival.browser.send(f"{base}/doi-tra/hoan/{refund.id}", 404, cach="VCB")
    assert "Cam" not in rival.browser.open(f"{rival.base}/doi-tra").words
    assert refunds()[0].state is RefundState.PENDING


def test_staff_answer_returns(shop: Shop) -> None:
    asked = returned(delivered(goods(shop), somewhere()))
    shop.staff_browser.send(f"{shop.base}/doi-tra/{asked.id}/dong-y")
    assert now(asked).state is ReturnState.APPROVED
    page = show(shop, asked)
    assert len(page.soup.select("main .btn.p")) == 1


def two_lots_on_their_way_back(shop: Shop) -> tuple[Return, int, Lot, Lot]:
    """Have two of four packs of two lots agreed to come back; return the line as well."""
    variant = goods(shop, on_hand=0)
    soon = a_lot_of(variant, "A1", quantity=2)
    late = a_lot_of(variant, "B1", date(2027, 8, 1))
    order = delivered(variant, somewhere(), 4)
    asked = returned(order, 2)
    tap(shop, asked, "dong-y")
    return asked, order.lines[0].id, soon, late


def remaining(*lots: Lot) -> list[int]:
    db.session.rollback()
    return [db.session.get_one(LotStock, lot.id, populate_existing=True).remaining for lot in lots]


def test_goods_of_several_lots_go_back_to_the_lots_that_the_seller_names(shop: Shop) -> None:
    asked, line, soon, late = two_lots_on_their_way_back(shop)
    page = visit(shop.browser.client, f"{shop.base}/doi-tra/{asked.id}", statements=14)
    assert "2 về, thuộc lô nào?" in page.words
    assert "đã gửi 2, hạn dùng 01/08/2027" in page.words
    fields: dict[str, Any] = {f"lo_{line}_{soon.id}": "1", f"lo_{line}_{late.id}": "1"}
    tap(shop, asked, "hang-ve", kho="1", **fields)
    assert now(asked).restocked is True
    assert remaining(soon, late) == [1, 19]


def test_goods_of_lots_that_nobody_names_lie_in_stock_alone(shop: Shop) -> None:
    asked, line, soon, late = two_lots_on_their_way_back(shop)
    fields: dict[str, Any] = {f"lo_{line}_{soon.id}": " "}
    tap(shop, asked, "hang-ve", kho="1", **fields)
    assert (now(asked).state, remaining(soon, late)) == (ReturnState.RECEIVED, [0, 18])


@pytest.mark.parametrize(
    ("typed", "words"), [("3", "Nhiều nhất 2, và mỗi lô không quá số đã gửi."), ("x", "Mời gõ số")]
)
def test_lots_that_returned_goods_cannot_be_of_are_refused(shop: Shop, typed: str, words: str) -> None:
    asked, line, soon, late = two_lots_on_their_way_back(shop)
    fields: dict[str, Any] = {f"lo_{line}_{late.id}": typed}
    answer = tap(shop, asked, "hang-ve", 422, kho="1", **fields)
    assert words in answer.text
    assert f'value="{typed}"' in answer.text
    assert (now(asked).state, remaining(soon, late)) == (ReturnState.APPROVED, [0, 18])


def test_goods_of_one_lot_are_not_asked_about(shop: Shop) -> None:
    variant = goods(shop, on_hand=0)
    lot = a_lot_of(variant, "A1")
    asked = returned(delivered(variant, somewhere(), 4), 2)
    tap(shop, asked, "dong-y")
    assert "thuộc lô nào?" not in show(shop, asked).words
    tap(shop, asked, "hang-ve", kho="1")
    assert remaining(lot) == [18]

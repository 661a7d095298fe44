"""What the page of an order tells its buyer in every state it can be in."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from marketplace import clock
from marketplace.catalogue.models import Variant
from marketplace.database import db, unit_of_work
from marketplace.ordering import fulfillment
from marketplace.ordering.models import CancelReason, CartLine, Order, OrderGroup, OrderLine, PaymentMethod
from marketplace.ordering.reservations import HELD_FOR
from marketplace.ordering.secret import order_secret
from marketplace.ordering.shipping_rules import ShippingRule
from marketplace.payments import settlement
from marketplace.payments.models import Refund, RefundState
from marketplace.payments.receipts import take_money
from marketplace.places.models import AdminUnit
from tests.conftest import NOON
from tests.factories.after_sale import step
from tests.factories.ordering import a_commune, ordered, seller_of, stocked
from tests.pages import Visited, visit
from tests.storefront.pages import get, post

MOST_STATEMENTS = 10


@pytest.fixture
def commune(app: Flask) -> AdminUnit:
    with unit_of_work() as session:
        return a_commune(session)


@pytest.fixture
def items(app: Flask) -> list[Variant]:
    with unit_of_work() as session:
        return [stocked(session, name, on_hand=10, price=90_000) for name in ("Cam Khe Mây", "Chè Kỳ Sơn")]


@pytest.fixture
def order(items: list[Variant], commune: AdminUnit) -> Callable[..., tuple[str, list[int]]]:
    """Order two of each item; return the page's path and the orders' ids by position."""

    def place(**changes: object) -> tuple[str, list[int]]:
        group = ordered({item.id: 2 for item in items}, commune, **changes)
        return f"/don-hang/{group.number}/{order_secret(group.number)}", [one.id for one in group.orders]

    return place


Ordered = Callable[..., tuple[str, list[int]]]


def shown(client: FlaskClient, path: str) -> Visited:
    """The page of an order, checked as every page is."""
    return visit(client, path, statements=MOST_STATEMENTS)


def panel(client: FlaskClient, path: str, position: int = 1) -> str:
    """The words of one parcel."""
    found = shown(client, path).one(f'section[aria-labelledby="goi-{position}"]')
    return " ".join(found.get_text(" ").split()).replace("\u00a0", " ")


def money(client: FlaskClient, path: str) -> str:
    """The words on money."""
    found = shown(client, path).one('section[aria-labelledby="tien"]')
    return " ".join(found.get_text(" ").split()).replace("\u00a0", " ")


def done_steps(words: str) -> int:
    """How many of the steps are done."""
    return words.count("(xong)")


def half_sent(order_id: int) -> None:
    """Have one of the two units sent."""
    db.session.rollback()
    line = db.session.scalars(sa.select(OrderLine.id).where(OrderLine.order_id == order_id)).one()
    step(fulfillment.ship, order_id, {line: 1}, "GHN Express", "GYX8/K2")


def test_a_parcel_is_told_step_by_step(client: FlaskClient, order: Ordered) -> None:
    path, (first, _) = order()
    words = panel(client, path)
    assert ("Chờ người bán nhận" in words, done_steps(words)) == (True, 1)
    assert "Người bán trả lời chậm nhất hết ngày 24/11/2026" in words
    step(fulfillment.confirm_order, first)
    words = panel(client, path)
    assert ("đang chuẩn bị hàng" in words, done_steps(words)) == (True, 2)
    step(fulfillment.pack_order, first)
    words = panel(client, path)
    assert ("chờ bên giao đến lấy" in words, done_steps(words)) == (True, 2)
    half_sent(first)
    page = shown(client, path)
    assert "https://donhang.ghn.vn/?order_code=GYX8%2FK2" in page.links()
    assert "1 × Cam Khe Mây" in panel(client, path)
    sending = step(settlement.ship, first, None, "Bưu điện Việt Nam", "EA123456789VN")
    words = panel(client, path)
    assert ("Đang giao" in words, done_steps(words)) == (True, 3)
    assert "Lần gửi 2: Bưu điện Việt Nam" in words
    assert "EA123456789VN" in words
    assert "dự kiến đến chậm nhất ngày 27/11/2026" in words
    assert not [link for link in shown(client, path).links() if "EA123456789VN" in link]
    step(fulfillment.mark_failed, sending.id)
    words = panel(client, path)
    assert ("Giao không thành" in words, done_steps(words)) == (True, 3)
    assert "hàng đang quay về người bán" in words
    assert done_steps(panel(client, path, 2)) == 1


def test_what_arrived_is_paid_and_can_be_given_back_and_reviewed(client: FlaskClient, order: Ordered) -> None:
    path, (first, _) = order()
    step(fulfillment.confirm_order, first)
    sending = step(settlement.ship, first, None, None, None)
    step(settlement.deliver, sending.id, 222_000)
    words = panel(client, path)
    assert done_steps(words) == 5
    assert "Hàng tươi: chỉ báo lỗi được đến 12:00 22/11/2026" in words
    links = shown(client, path).links()
    assert f"{path}/tra-hang/1" in links
    assert f"{path}/tra-hang/2" not in links
    assert [link for link in links if re.fullmatch(rf"{path}/danh-gia/\d+", link)]
    assert "Đã trả 222.000 ₫" in money(client, path)
    assert "Còn phải trả 222.000 ₫" in money(client, path)
    with clock.stopped(NOON + timedelta(days=8)):
        assert "Đã hết hạn đổi trả" in panel(client, path)
        assert f"{path}/tra-hang/1" not in shown(client, path).links()


def test_a_parcel_that_is_fetched_has_steps_of_its_own(
    client: FlaskClient, order: Ordered, items: list[Variant]
) -> None:
    with unit_of_work() as session:
        seller_id = seller_of(session, items[0]).id
        place = {"pickup_address": "Kho 2, thôn 7 (địa chỉ mẫu)", "pickup_words": "Sau 8 giờ"}
        session.add(ShippingRule(producer_id=seller_id, pickup=True, sends_live=False, zones=[], **place))
    path, (first, _) = order(pickups=frozenset({seller_id}))
    words = panel(client, path)
    assert "Bạn đến lấy" in words
    assert "Kho 2, thôn 7 địa chỉ mẫu · Sau 8 giờ" in words
    assert "(địa chỉ mẫu)" not in words
    assert "Giao đến" in shown(client, path).words
    step(fulfillment.confirm_order, first)
    step(fulfillment.pack_order, first)
    words = panel(client, path)
    assert ("Mời đến lấy" in words, done_steps(words)) == (True, 3)
    step(settlement.hand_over, first, 180_000)
    assert "Bạn đã đến lấy" in panel(client, path)


def test_units_that_cannot_be_sent_are_taken_off_the_sum(client: FlaskClient, order: Ordered) -> None:
    path, (first, _) = order()
    step(fulfillment.confirm_order, first)
    half_sent(first)
    step(settlement.cancel_rest, first)
    words = panel(client, path)
    assert "Không gửi được 1" in words
    assert "Bớt món không gửi được -90.000 ₫" in words
    assert "Cộng gói 1 132.000 ₫" in words


CANCELED = {
    CancelReason.CUSTOMER: "Bạn đã huỷ gói này",
    CancelReason.DECLINED: "Người bán không nhận gói này",
    CancelReason.INVENTORY: "Người bán hết hàng",
    CancelReason.RECALLED: "Hàng bị thu hồi",
    CancelReason.UNPAID: "Chưa nhận được tiền",
    CancelReason.EXPIRED: "Hết giờ giữ hàng",
    CancelReason.UNDELIVERED: "Không giao được hàng",
    CancelReason.STAFF: "Ban quản trị chợ huỷ",
}


@pytest.mark.parametrize("reason", list(CancelReason))
def test_who_canceled_and_why_is_told(client: FlaskClient, order: Ordered, reason: CancelReason) -> None:
    path, (first, _) = order()
    step(lambda session, at: settlement.cancel(session, first, reason, at, "Hết mùa"))
    words = panel(client, path)
    assert CANCELED[reason] in words
    assert "“Hết mùa”" in words
    assert "Bạn không phải trả gì cho gói này" in words
    assert done_steps(words) == 0


def test_an_order_by_card_waits_for_its_payment_while_its_goods_are_held(
    client: FlaskClient, order: Ordered
) -> None:
    path, _ = order(method=PaymentMethod.CARD)
    assert "Hàng được giữ cho bạn đến 12:40 21/11/2026" in panel(client, path)
    assert done_steps(panel(client, path)) == 0
    page = shown(client, path)
    assert page.links(".dock") == [f"{path}/tra-tien"]
    assert page.links('section[aria-labelledby="tien"]') == [f"{path}/tra-tien"]
    assert len(page.soup.select(".btn.p:not(.dsk)")) == 1
    with clock.stopped(NOON + HELD_FOR):
        assert "Đã hết giờ giữ hàng" in panel(client, path)


def test_a_transfer_is_awaited_completed_and_given_back(client: FlaskClient, order: Ordered) -> None:
    path, (first, _) = order(method=PaymentMethod.VIETQR)
    db.session.rollback()
    group_id = db.session.scalars(sa.select(OrderGroup.id)).one()
    assert "Chưa thấy tiền chuyển khoản về" in money(client, path)
    assert "Hàng gửi đi sau khi tiền chuyển khoản về" in panel(client, path)
    step(take_money, group_id, PaymentMethod.VIETQR, "FT1", 50_000)
    assert "còn thiếu 394.000 ₫" in money(client, path)
    assert "mới trả một phần" in shown(client, path).words
    step(take_money, group_id, PaymentMethod.VIETQR, "FT2", 394_000)
    page = shown(client, path)
    assert "đã trả tiền" in page.words
    assert not page.soup.select(".dock")
    step(settlement.cancel, first, CancelReason.DECLINED)
    told = money(client, path)
    assert "Hoàn lại -222.000 ₫" in told
    for amount in ("197.000", "25.000"):
        assert f"Hoàn {amount} ₫ Gói 1 · phần đơn đã huỷ · đang làm" in told
    assert "Còn phải trả 0 ₫" in told
    assert "Chúng tôi chuyển lại về tài khoản đã chuyển" in told
    assert "Tiền đã trả được hoàn" in panel(client, path)
    assert "hoàn" not in panel(client, path, 2)
    for state, words in ((RefundState.FAILED, "chưa trả lại được"), (RefundState.COMPLETED, "xong ngày")):
        with unit_of_work() as session:
            session.execute(sa.update(Refund).values(state=state, done_at=clock.now()))
        assert words in money(client, path)


def test_money_beyond_the_sum_is_told(client: FlaskClient, order: Ordered) -> None:
    path, _ = order(method=PaymentMethod.VIETQR)
    db.session.rollback()
    group_id = db.session.scalars(sa.select(OrderGroup.id)).one()
    step(take_money, group_id, PaymentMethod.VIETQR, "FT1", 454_000)
    assert "Bạn trả thừa 10.000 ₫" in money(client, path)


def test_what_was_canceled_is_ordered_again(
    client: FlaskClient, order: Ordered, items: list[Variant]
) -> None:
    path, ids = order()
    assert not shown(client, path).soup.find("form", action=f"{path}/dat-lai")
    for one in ids:
        step(settlement.cancel, one, CancelReason.CUSTOMER)
    with unit_of_work() as session:
        session.merge(items[1]).active = False
    form = get(client, path).form(f"{path}/dat-lai")
    assert post(client, f"{path}/dat-lai", {**form, "csrf_token": ""}).status == 403
    assert post(client, f"{path[:-1]}x/dat-lai", form).status == 404
    for _ in range(2):
        answer = post(client, f"{path}/dat-lai", form)
        assert (answer.status, answer.response.location) == (303, "/gio-hang")
    assert "1 món không còn bán" in get(client, "/gio-hang").words
    db.session.rollback()
    kept = db.session.scalars(sa.select(CartLine)).all()
    assert [(line.variant_id, line.quantity) for line in kept] == [(items[0].id, 2)]


def test_the_copy_on_paper_tells_sellers_taxes_and_totals(client: FlaskClient, order: Ordered) -> None:
    path, (first, _) = order()
    step(fulfillment.confirm_order, first)
    half_sent(first)
    step(settlement.cancel_rest, first)
    page = visit(client, f"{path}/in", statements=MOST_STATEMENTS)
    words = page.words.replace("\u00a0", " ")
    for told in (
        "Gói 1: HTX Cam Khe Mây", "Thôn 5, xã Hương Đô, tỉnh Hà Tĩnh", "0912000000", "(không gửi 1)",
        "8% · 6.667 ₫", "8% · 13.333 ₫", "Cộng gói 1 132.000 ₫", "Cộng gói 2 222.000 ₫",
        "Cả đơn, đã gồm thuế 354.000 ₫", "không thay hoá đơn",
    ):  # fmt: skip
        assert told in words, told
    assert page.response.headers["Referrer-Policy"] == "no-referrer"
    assert get(client, f"{path[:-1]}x/in").status == 404


def test_the_buyer_of_one_seller_reads_nothing_of_other_orders(client: FlaskClient, order: Ordered) -> None:
    path, _ = order()
    order(name="Lê Thị Bình", phone="0987654321", note="Đừng gọi")
    body = client.get(path).text
    for foreign in ("Lê Thị Bình", "Đừng gọi"):
        assert foreign not in body
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Order)) == 4

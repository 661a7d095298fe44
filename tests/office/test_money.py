"""Money that goes out, at the office: refunds and payouts noted by people; never who the buyers are."""

import csv
import io
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import clock
from marketplace.database import db, unit_of_work
from marketplace.ordering.models import CancelReason, OrderGroup, PaymentMethod
from marketplace.ordering.order_number import write_number
from marketplace.payments import settlement
from marketplace.payments.gateway import RefundAnswer
from marketplace.payments.ledger_models import PayoutState, SellerPayout
from marketplace.payments.models import Dispute, RefundReason, RefundState
from marketplace.payments.payout_accounts import set_payout_account
from marketplace.payments.refund_ends import finish_refund
from marketplace.payments.refunds import owe_refund
from tests.conftest import NOON
from tests.factories.after_sale import step
from tests.factories.deeds import deeds
from tests.factories.office import Desk
from tests.factories.ordering import PHONE
from tests.factories.payments import Shop, a_shop, buy, deliver_all, make_payouts, pay, refunds, with_account
from tests.signin.browsing import Browser

PAGE = "/van-phong/tien"
CARD, COD = PaymentMethod.CARD, PaymentMethod.CASH_ON_DELIVERY
BUYER = ("Trần Văn An", PHONE, "Xuân Thủy")


@pytest.fixture
def admin(desk: Desk, browser: Browser) -> Browser:
    """A browser of an administrator, fresh from signing in."""
    browser.enter_as(desk.administrator)
    return browser


@pytest.fixture
def shop(app: Flask) -> Shop:
    return a_shop((300_000, 200_000))


def a_refund(shop: Shop, method: PaymentMethod = PaymentMethod.VIETQR) -> int:
    """Owe the first order of a paid group back."""
    group = buy(shop, method)
    pay(group, method=method)
    step(settlement.cancel, group.orders[0].id, CancelReason.CUSTOMER)
    return refunds()[-1].id


def a_payout(shop: Shop) -> SellerPayout:
    with_account(shop.sellers[0])
    group = buy(shop)
    pay(group)
    deliver_all(group)
    return make_payouts()[0]


def state_of(payout: SellerPayout) -> PayoutState:
    db.session.rollback()
    state: PayoutState = db.session.execute(
        sa.select(SellerPayout.state).where(SellerPayout.id == payout.id)
    ).scalar_one()
    return state


def a_dispute(group: OrderGroup, state: str) -> None:
    payment = pay(group, method=CARD)
    with unit_of_work() as session:
        session.add(
            Dispute(
                payment_id=payment.id,
                reference=f"du_{state}",
                amount=90_000,
                reason="fraudulent",
                state=state,
                opened_at=NOON,
            )
        )


def test_all_money_that_goes_out_is_on_one_page_without_buyers(admin: Browser, shop: Shop) -> None:
    a_refund(shop)
    a_refund(shop, CARD)
    payout = a_payout(shop)
    in_cash = buy(shop, COD)
    deliver_all(in_cash)
    with unit_of_work() as session:
        owe_refund(session, in_cash.orders[0].id, 1_000, RefundReason.RETURNED, "return:1", NOON)
    a_dispute(buy(shop, CARD), "needs_response")
    a_dispute(buy(shop, CARD), "something_new")

    page = admin.open(PAGE)

    assert page.heading == "Hoàn tiền và chi trả"
    for words in (
        "Phải hoàn cho khách: 2",
        "cổng đang trả",
        "Chi trả chờ chuyển: 1",
        "Khiếu nại thẻ: 2",
        "cần trả lời",
        "xem ở cổng",
        "Người bán tự hoàn tiền mặt: 1",
        write_number(in_cash.number),
        "HTX Sản vật 1",
        "chưa khai tài khoản nhận tiền",
        "người bán còn nợ phí",
    ):
        assert words in page.words, words
    assert f"{PAGE}/chi/{payout.id}" in page.links()
    assert [link for link in page.links() if "/hoan/" in link] == [f"{PAGE}/hoan/1"]
    assert not any(known in page.response.text for known in BUYER)


def test_an_office_without_money_says_so(admin: Browser) -> None:
    words = admin.open(PAGE).words

    assert "Không còn khoản nào chờ hoàn." in words
    assert "Không có khoản chi nào chờ chuyển." in words
    assert "Không nợ ai đồng nào." in words
    assert "Khiếu nại" not in words


def test_only_administrators_see_money(desk: Desk, browser: Browser, shop: Shop) -> None:
    refund, payout = a_refund(shop), a_payout(shop)
    browser.enter_as(desk.officer)
    for path in (PAGE, f"{PAGE}/hoan/{refund}", f"{PAGE}/chi/{payout.id}", f"{PAGE}/chi-tra.csv"):
        browser.open(path, 404)
    browser.send(f"{PAGE}/hoan/{refund}", 404, but_toan="FT1")
    browser.send(f"{PAGE}/chi/{payout.id}/da-chuyen", 404, but_toan="FT1")
    browser.send(f"{PAGE}/chi/{payout.id}/khong-toi", 404, vi_sao="x")

    assert (refunds()[0].state, state_of(payout)) == (RefundState.PENDING, PayoutState.PENDING)


def test_a_transfer_that_was_given_back_is_noted_with_its_reference(
    admin: Browser, shop: Shop, desk: Desk
) -> None:
    refund = a_refund(shop)
    page = admin.open(f"{PAGE}/hoan/{refund}")
    assert "phần đơn đã huỷ" in page.words
    assert not any(known in page.response.text for known in BUYER)
    assert "Số bút toán" in admin.send(f"{PAGE}/hoan/{refund}", 422, but_toan=" ").text
    admin.send(f"{PAGE}/hoan/{refund}", but_toan="FT2026")

    done = refunds()[0]
    assert (done.state, done.reference, done.done_by) == (
        RefundState.COMPLETED,
        "FT2026",
        desk.administrator.id,
    )
    assert len(deeds("refund:done")) == 1
    admin.open(f"{PAGE}/hoan/{refund}", 404)
    admin.send(f"{PAGE}/hoan/{refund}", 404, but_toan="FT2027")


def test_what_the_gateway_gives_back_is_nobodys_until_it_fails(admin: Browser, shop: Shop) -> None:
    refund = a_refund(shop, CARD)
    admin.open(f"{PAGE}/hoan/{refund}", 404)
    admin.send(f"{PAGE}/hoan/{refund}", 409, but_toan="FT1")
    step(finish_refund, refund, RefundAnswer(RefundState.FAILED))

    assert "cổng không trả được" in admin.open(PAGE).words
    assert "Cổng thanh toán không trả lại được" in admin.open(f"{PAGE}/hoan/{refund}").words
    admin.send(f"{PAGE}/hoan/{refund}", but_toan="FT1")
    assert refunds()[0].state is RefundState.COMPLETED


def test_what_a_seller_gives_back_is_not_for_the_office(admin: Browser, shop: Shop) -> None:
    group = buy(shop, COD)
    deliver_all(group)
    with unit_of_work() as session:
        owe_refund(session, group.orders[0].id, 1_000, RefundReason.RETURNED, "return:1", NOON)
    refund = refunds()[0].id

    admin.open(f"{PAGE}/hoan/{refund}", 404)
    admin.send(f"{PAGE}/hoan/{refund}", 404, but_toan="FT1")
    assert refunds()[0].state is RefundState.PENDING


def test_a_payout_shows_where_it_goes_and_is_noted_done(admin: Browser, shop: Shop) -> None:
    payout = a_payout(shop)
    page = admin.open(f"{PAGE}/chi/{payout.id}")
    assert "0011004123456" in page.words
    assert f"OCOP CHI TRA {payout.id}" in page.words
    assert page.one(".spell-qr svg")["aria-label"] == "Mã VietQR để chuyển khoản chi này"
    assert "Số bút toán" in admin.send(f"{PAGE}/chi/{payout.id}/da-chuyen", 422).text
    admin.send(f"{PAGE}/chi/{payout.id}/da-chuyen", but_toan="FT7")

    assert state_of(payout) is PayoutState.COMPLETED
    assert len(deeds("payout:complete")) == 1
    after = admin.open(f"{PAGE}/chi/{payout.id}")
    assert "FT7" in after.words
    assert after.soup.select(".spell-qr") == []
    admin.send(f"{PAGE}/chi/{payout.id}/da-chuyen", 409, but_toan="FT8")
    assert "đã chuyển" in admin.open(PAGE).words


def test_a_payout_that_came_back_is_owed_again(admin: Browser, shop: Shop) -> None:
    payout = a_payout(shop)
    admin.send(f"{PAGE}/chi/{payout.id}/da-chuyen", but_toan="FT7")
    assert "Mời viết vì sao" in admin.send(f"{PAGE}/chi/{payout.id}/khong-toi", 422, vi_sao="").text
    admin.send(f"{PAGE}/chi/{payout.id}/khong-toi", vi_sao="Tài khoản đã đóng")

    assert state_of(payout) is PayoutState.FAILED
    assert len(deeds("payout:fail")) == 1
    page = admin.open(f"{PAGE}/chi/{payout.id}")
    assert "Tài khoản đã đóng" in page.words
    assert len(page.soup.select("main form")) == 0
    assert "không tới" in admin.open(PAGE).words


def test_a_payout_whose_account_no_bank_knows_is_shown_as_it_is(admin: Browser, shop: Shop) -> None:
    payout = a_payout(shop)
    with unit_of_work() as session:
        set_payout_account(session, shop.sellers[0], "999999", "1234567", "AI DO", NOON)

    assert "999999" in admin.open(f"{PAGE}/chi/{payout.id}").words
    table = _table(admin, "")
    assert (table[0]["ngan_hang"], table[0]["bin"]) == ("", "999999")


def test_every_open_payout_is_listed_oldest_first(admin: Browser, shop: Shop) -> None:
    first = a_payout(shop)
    with unit_of_work() as session:
        later = SellerPayout(
            producer_id=shop.sellers[1],
            amount=1_000,
            state=PayoutState.PENDING,
            made_at=NOON + timedelta(days=1),
        )
        session.add(later)
        session.add_all(
            SellerPayout(
                producer_id=shop.sellers[1],
                amount=1_000 + number,
                state=PayoutState.COMPLETED,
                made_at=NOON + timedelta(days=2),
                done_at=NOON + timedelta(days=2),
                reference=f"FT{number}",
            )
            for number in range(101)
        )
        session.flush()
        second = later.id
    page = admin.open(PAGE)
    paths = [link for link in page.links() if "/tien/chi/" in link]
    assert "Chi trả chờ chuyển: 2" in page.words
    assert paths[:2] == [f"{PAGE}/chi/{first.id}", f"{PAGE}/chi/{second}"]
    assert len(paths) == 102
    assert [row["ma"] for row in _table(admin, "?cho=1")] == [str(first.id), str(second)]


def test_payouts_as_a_table(admin: Browser, shop: Shop) -> None:
    payout = a_payout(shop)
    [row] = _table(admin, "?cho=1")

    assert row == {
        "ma": str(payout.id),
        "ngay": "2026-11-21",
        "nguoi_ban": "HTX Sản vật 1",
        "ngan_hang": "Vietcombank",
        "bin": "970436",
        "so_tai_khoan": "0011004123456",
        "chu_tai_khoan": "HTX SAN VAT",
        "so_tien": str(payout.amount),
        "noi_dung": f"OCOP CHI TRA {payout.id}",
        "trang_thai": "pending",
        "but_toan": "",
    }
    admin.send(f"{PAGE}/chi/{payout.id}/da-chuyen", but_toan="=1+1")
    assert _table(admin, "?cho=1") == []
    assert _table(admin, "")[0]["but_toan"] not in {"=1+1", ""}


def _table(admin: Browser, query: str) -> list[dict[str, str]]:
    answer = admin.client.get(f"{PAGE}/chi-tra.csv{query}")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    return list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))


def test_what_is_not_there(admin: Browser) -> None:
    for path in (f"{PAGE}/hoan/7", f"{PAGE}/chi/7"):
        admin.open(path, 404)
    admin.send(f"{PAGE}/chi/7/da-chuyen", 404, but_toan="FT1")


def test_noting_money_asks_who_it_is(admin: Browser, shop: Shop) -> None:
    refund, payout = a_refund(shop), a_payout(shop)
    with clock.stopped(NOON + timedelta(minutes=11)):
        for path in (f"{PAGE}/hoan/{refund}", f"{PAGE}/chi/{payout.id}/da-chuyen"):
            assert admin.ask_again(path, but_toan="FT1")
    assert (refunds()[0].state, state_of(payout)) == (RefundState.PENDING, PayoutState.PENDING)

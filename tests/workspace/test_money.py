"""Money at its seller: owed, on its way, paid out; where it goes; statements by month."""

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from marketplace import clock
from marketplace.accounts.journal import Deed
from marketplace.accounts.roles import SignInLevel
from marketplace.database import db, unit_of_work
from marketplace.ordering.models import Order, PaymentMethod
from marketplace.payments import payouts, settlement
from marketplace.payments.ledger_models import PayoutAccount, PayoutState, SellerPayout
from marketplace.payments.receipts import take_money
from marketplace.payments.terms import PayTerms
from marketplace.workspace.money_words import next_payout
from tests.conftest import NOON
from tests.factories import accounts
from tests.factories.after_sale import step
from tests.factories.payments import make_payouts, with_account
from tests.pages import Visited
from tests.workspace.conftest import Shop
from tests.workspace.parcels import confirmed, goods, somewhere
from tests.workspace.test_orders import number_of

ACCOUNT: dict[str, Any] = {
    "ngan_hang": "970436",
    "so_tai_khoan": "0011 0041 2345",
    "chu_tai_khoan": "htx cam khe may",
}


def an_earning(shop: Shop, quantity: int = 5, reference: str = "FT1", name: str = "Cam Khe Mây") -> Order:
    """Have an order paid by transfer, sent and delivered."""
    order = confirmed(goods(shop, name), somewhere(), quantity, method=PaymentMethod.VIETQR)
    step(take_money, order.group_id, PaymentMethod.VIETQR, reference, order.total)
    step(settlement.deliver, step(settlement.ship, order.id, None, "GHN", None).id, None)
    return order


def money(shop: Shop, query: str = "") -> Visited:
    return shop.browser.open(f"{shop.base}/tien{query}")


def kept_account(shop: Shop) -> PayoutAccount | None:
    db.session.rollback()
    return db.session.get(PayoutAccount, shop.producer.id, populate_existing=True)


def test_before_any_money_the_page_says_what_is_missing(shop: Shop) -> None:
    page = money(shop)
    assert page.texts(".n4 b") == ["0 ₫", "0 ₫", "0 ₫", "–"]
    assert "Chưa có tài khoản nhận tiền." in page.words
    assert page.texts("main .btn.p") == ["Thêm tài khoản nhận tiền"]
    assert "Tháng này chưa có khoản nào." in page.words
    staff = shop.staff_browser.open(f"{shop.base}/tien")
    assert "Mời chủ gian hàng thêm tài khoản" in staff.words
    assert not staff.soup.select("main .btn.p")


def test_money_is_owed_then_on_its_way_then_paid_out(shop: Shop) -> None:
    order = an_earning(shop)
    with_account(shop.producer.id)
    page = money(shop)
    owed = page.texts(".n4 b")[0]
    assert page.texts(".n4 b")[3] == "21/11/2026"
    assert number_of(order) in page.words
    [row] = page.texts("tbody tr")
    assert row.endswith(owed)
    [payout] = make_payouts()
    page = money(shop)
    assert page.texts(".n4 b")[:3] == ["0 ₫", owed, "0 ₫"]
    assert "Đang chuẩn bị chuyển" in page.words
    with unit_of_work() as session:
        payouts.complete_payout(session, accounts.an_actor(1), payout.id, "VCB 77", clock.now())
    page = money(shop)
    assert page.texts(".n4 b")[:3] == ["0 ₫", "0 ₫", owed]
    assert "VCB 77" in page.words
    with unit_of_work() as session:
        payouts.fail_payout(session, accounts.an_actor(1), payout.id, "Sai số tài khoản", clock.now())
    page = money(shop)
    assert page.texts(".n4 b")[0] == owed
    assert "Sai số tài khoản" in page.words


def test_cash_that_the_seller_holds_is_not_owed(shop: Shop) -> None:
    order = confirmed(goods(shop), somewhere())
    sending = step(settlement.ship, order.id, None, "GHN", None)
    step(settlement.deliver, sending.id, order.total)
    assert money(shop).texts(".n4 b")[0] == "0 ₫"


def test_a_statement_is_of_one_month(shop: Shop, rival: Shop) -> None:
    order, foreign = an_earning(shop), an_earning(rival, reference="FT2", name="Bưởi")
    client = shop.staff_browser.client
    text = client.get(f"{shop.base}/tien/sao-ke.csv").text
    assert number_of(order) in text
    assert number_of(foreign) not in text
    assert "Đơn đã giao" in text
    answer = client.get(f"{shop.base}/tien/sao-ke.csv?thang=2026-10")
    assert answer.text.count("\r\n") == 1
    assert "2026-10.csv" in answer.headers["Content-Disposition"]
    assert "Tháng này chưa có khoản nào." in money(shop, "?thang=2026-10").words
    assert "Sao kê tháng 11/2026" in money(shop, "?thang=1999-01").words
    assert number_of(foreign) not in money(shop).words
    assert client.get(f"{rival.base}/tien/sao-ke.csv").status_code == 404
    shop.browser.open(f"{rival.base}/tien", 404)
    with_account(shop.producer.id)
    make_payouts()
    assert "Đang chuẩn bị chuyển" in client.get(f"{shop.base}/tien/sao-ke.csv").text


def test_the_owner_says_where_the_money_goes(shop: Shop) -> None:
    page = shop.browser.open(f"{shop.base}/tien/tai-khoan")
    assert len(page.soup.select("#ngan_hang option")) > 30
    shop.browser.send(f"{shop.base}/tien/tai-khoan", **ACCOUNT)
    kept = kept_account(shop)
    assert kept is not None
    assert (kept.bank_bin, kept.account, kept.holder) == ("970436", "001100412345", "HTX CAM KHE MAY")
    assert kept.set_at == NOON
    db.session.rollback()
    deed = db.session.scalars(sa.select(Deed).where(Deed.action == "payout_account:set")).one()
    assert "2345" not in deed.data
    shown = money(shop)
    assert "•••• 2345" in shown.words
    assert "HTX CAM KHE MAY" in shown.words
    assert "0011" not in shown.response.text
    staff = shop.staff_browser.open(f"{shop.base}/tien").response.text
    assert "HTX CAM KHE MAY" not in staff
    again = shop.browser.open(f"{shop.base}/tien/tai-khoan")
    assert "đuôi 2345" in again.words
    assert again.one("#so_tai_khoan")["value"] == ""
    assert again.one("#ngan_hang option[selected]")["value"] == "970436"


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("ngan_hang", "999999"),
        ("ngan_hang", ""),
        ("so_tai_khoan", "12"),
        ("so_tai_khoan", "12-34-56"),
        ("chu_tai_khoan", " "),
        ("chu_tai_khoan", "x" * 101),
    ],
)
def test_an_account_that_cannot_be_one_is_refused_at_its_field(shop: Shop, field: str, typed: str) -> None:
    answer = shop.browser.send(f"{shop.base}/tien/tai-khoan", 422, **{**ACCOUNT, field: typed})
    assert f'href="#{field}"' in answer.text
    assert kept_account(shop) is None


def test_nobody_but_the_owner_sets_the_account(shop: Shop, rival: Shop) -> None:
    path = f"{shop.base}/tien/tai-khoan"
    shop.staff_browser.open(path, 404)
    shop.staff_browser.send(path, 404, **ACCOUNT)
    rival.browser.open(path, 404)
    rival.browser.send(path, 404, **ACCOUNT)
    assert kept_account(shop) is None


def test_the_account_asks_who_it_is_once_more(shop: Shop) -> None:
    with unit_of_work() as session:
        kept = accounts.signed_in(session, shop.owner, SignInLevel.TWO_FACTOR)
    shop.browser.client.set_cookie("sid", kept.token)
    with clock.stopped(NOON + timedelta(minutes=20)):
        answer = shop.browser.client.get(f"{shop.base}/tien/tai-khoan")
        assert answer.status_code == 303
        assert "/xac-nhan" in answer.location
        assert shop.browser.ask_again(f"{shop.base}/tien/tai-khoan", **ACCOUNT)
    assert kept_account(shop) is None


def a_payout(state: PayoutState, made: int, done: int = 0) -> SellerPayout:
    """A payout made and ended so many days ago."""
    ended = None if state is PayoutState.PENDING else NOON - timedelta(days=done)
    return SellerPayout(state=state, made_at=NOON - timedelta(days=made), done_at=ended)


TERMS = PayTerms(withheld_rate=150, payout_every_days=7, payout_minimum=200_000)
ANEW = PayoutAccount(set_at=NOON - timedelta(days=1))


@pytest.mark.parametrize(
    ("made", "account", "day"),
    [
        ([], None, date(2026, 11, 21)),
        ([a_payout(PayoutState.PENDING, 1)], None, None),
        ([a_payout(PayoutState.COMPLETED, 2)], None, date(2026, 11, 26)),
        ([a_payout(PayoutState.COMPLETED, 9)], None, date(2026, 11, 21)),
        ([a_payout(PayoutState.FAILED, 3, 2)], None, date(2026, 11, 25)),
        ([a_payout(PayoutState.FAILED, 3, 2)], ANEW, date(2026, 11, 21)),
        ([a_payout(PayoutState.FAILED, 3, 0)], ANEW, date(2026, 11, 25)),
    ],
)
def test_the_next_payout_comes_after_the_interval(
    made: list[SellerPayout], account: PayoutAccount | None, day: date | None
) -> None:
    assert next_payout(made, account, TERMS, NOON) == day

"""Paying sellers out: never more than is owed, once, and owed again when it comes back."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError

from marketplace import clock
from marketplace.accounts.permissions import Actor
from marketplace.database import db, unit_of_work
from marketplace.errors import NotFound
from marketplace.ordering.models import PaymentMethod
from marketplace.payments.errors import InvalidAccount, InvalidReference, PayoutClosed
from marketplace.payments.ledger_models import PayoutState, SellerPayout, SellerTransfer
from marketplace.payments.models import RefundReason
from marketplace.payments.payout_accounts import find_payout_account, set_payout_account
from marketplace.payments.payouts import (
    balance,
    complete_payout,
    fail_payout,
    list_payable,
    make_payout,
)
from marketplace.payments.refunds import owe_refund
from marketplace.payments.statements import (
    SellerMoney,
    find_seller_money,
    list_balances,
    list_open_payouts,
    list_payouts,
    list_statement,
)
from tests.accounts.conftest import Race
from tests.conftest import NOON
from tests.factories.accounts import an_administrator
from tests.factories.after_sale import step
from tests.factories.payments import (
    Shop,
    a_shop,
    buy,
    deliver_all,
    entries,
    make_payouts,
    pay,
    with_account,
)

WEEK = timedelta(days=7)


def earned(shop: Shop, method: PaymentMethod = PaymentMethod.VIETQR) -> Any:
    """Have an order of one of everything paid and delivered."""
    group = buy(shop, method)
    if method is PaymentMethod.VIETQR:
        pay(group)
    deliver_all(group)
    return group


def a_rich_shop() -> Shop:
    """A shop of one seller, with an account, who is owed something above the minimum."""
    shop = a_shop((300_000,))
    with_account(shop.sellers[0])
    earned(shop)
    return shop


def owed(shop: Shop) -> int:
    db.session.rollback()
    return balance(db.session(), shop.sellers[0])


def an_office() -> Actor:
    with unit_of_work() as session:
        return Actor(an_administrator(session).id)


def paid_out() -> list[SellerPayout]:
    db.session.rollback()
    found = sa.select(SellerPayout).order_by(SellerPayout.id).execution_options(populate_existing=True)
    return list(db.session.scalars(found))


def test_all_that_is_owed_is_paid_out_once(app: Flask) -> None:
    shop = a_rich_shop()
    before = owed(shop)
    made = make_payouts()

    assert [(one.amount, one.state) for one in made] == [(before, PayoutState.PENDING)]
    assert before == sum(entry.net for entry in entries())
    assert owed(shop) == 0
    assert make_payouts() == []
    assert {entry.payout_id for entry in entries()} == {made[0].id}


def test_two_workers_at_once_pay_once(app: Flask, race: Race) -> None:
    shop = a_rich_shop()
    before = owed(shop)

    def act(session: Any) -> None:
        make_payout(session, shop.sellers[0], NOON)

    assert race(act, act, act) == ["done"] * 3
    assert [one.amount for one in paid_out()] == [before]


def test_the_database_holds_one_open_payout_for_each_seller(app: Flask) -> None:
    shop = a_rich_shop()
    make_payouts()
    with pytest.raises(IntegrityError), unit_of_work() as session:
        session.add(
            SellerPayout(producer_id=shop.sellers[0], amount=1, state=PayoutState.PROCESSING, made_at=NOON)
        )


def test_less_than_the_minimum_waits(app: Flask) -> None:
    shop = a_shop((100_000,))
    with_account(shop.sellers[0])
    earned(shop)

    assert make_payouts() == []
    assert step(make_payout, shop.sellers[0]) is None
    earned(shop)
    assert [one.amount for one in make_payouts()] == [sum(entry.net for entry in entries())]


def test_without_an_account_nothing_is_paid_out(app: Flask) -> None:
    shop = a_shop((300_000,))
    earned(shop)

    assert (make_payouts(), step(make_payout, shop.sellers[0])) == ([], None)
    assert owed(shop) > 0


def test_the_interval_is_kept_and_an_open_payout_waited_for(app: Flask) -> None:
    shop, office = a_rich_shop(), an_office()
    first = make_payouts()[0]
    earned(shop)
    with clock.stopped(NOON + WEEK + timedelta(days=1)):
        assert (make_payouts(), step(make_payout, shop.sellers[0])) == ([], None)
    step(complete_payout, office, first.id, "FT1")
    with clock.stopped(NOON + WEEK - timedelta(seconds=1)):
        assert (make_payouts(), step(make_payout, shop.sellers[0])) == ([], None)
    with clock.stopped(NOON + WEEK):
        assert [one.amount for one in make_payouts()] == [entries()[-1].net]


def test_what_a_seller_owes_is_carried_and_taken_off(app: Flask) -> None:
    shop = a_rich_shop()
    group = earned(shop, PaymentMethod.CASH_ON_DELIVERY)
    debt = -entries()[-1].net
    assert debt > 0
    made = make_payouts()
    assert made[0].amount == entries()[0].net - debt

    with unit_of_work() as session:
        order = group.orders[0].id
        owe_refund(session, order, 1_000, RefundReason.RETURNED, "return:1", NOON)
    earned(shop, PaymentMethod.CASH_ON_DELIVERY)
    assert owed(shop) < 0
    with clock.stopped(NOON + WEEK):
        assert make_payouts() == []


def test_a_payout_that_was_returned_is_owed_again_and_paid_after_a_new_account(app: Flask) -> None:
    shop, office = a_rich_shop(), an_office()
    before = owed(shop)
    first = make_payouts()[0]
    step(complete_payout, office, first.id, "FT1")
    for _ in range(2):
        failed = step(fail_payout, office, first.id, "Tài khoản đã đóng")

    assert (failed.state, failed.failure) == (PayoutState.FAILED, "Tài khoản đã đóng")
    assert owed(shop) == before
    assert make_payouts() == []
    assert step(make_payout, shop.sellers[0]) is None
    with_account(shop.sellers[0], NOON + timedelta(minutes=1))
    assert [one.amount for one in make_payouts()] == [before]


def test_a_failed_payout_is_tried_again_after_the_interval(app: Flask) -> None:
    shop, office = a_rich_shop(), an_office()
    before = owed(shop)
    step(fail_payout, office, make_payouts()[0].id, "Sai số tài khoản")
    with clock.stopped(NOON + WEEK):
        assert [one.amount for one in make_payouts()] == [before]


def test_a_payout_is_completed_once_under_one_reference(app: Flask) -> None:
    a_rich_shop()
    office, payout = an_office(), make_payouts()[0].id
    for _ in range(2):
        done = step(complete_payout, office, payout, " FT1 ")

    assert (done.state, done.reference, done.done_by) == (PayoutState.COMPLETED, "FT1", office.person_id)
    with pytest.raises(PayoutClosed):
        step(complete_payout, office, payout, "FT2")
    step(fail_payout, office, payout, "Ngân hàng hoàn lại")
    with pytest.raises(PayoutClosed):
        step(complete_payout, office, payout, "FT1")


def test_words_and_payouts_that_are_not_there(app: Flask) -> None:
    office = an_office()
    for words in ("", " ", "x" * 301):
        with pytest.raises(InvalidReference):
            step(complete_payout, office, 1, words)
        with pytest.raises(InvalidReference):
            step(fail_payout, office, 1, words)
    with pytest.raises(NotFound):
        step(complete_payout, office, 1, "FT1")


def test_an_account_is_read_closely(app: Flask) -> None:
    seller = a_shop((1_000,)).sellers[0]
    with unit_of_work() as session:
        kept = set_payout_account(session, seller, "970436", "0011 0041 2345", " htx  sản vật ", NOON)
        assert (kept.account, kept.holder) == ("001100412345", "HTX SẢN VẬT")
        again = set_payout_account(session, seller, "970415", "1234", "HTX", NOON)
        assert (again.bank_bin, find_payout_account(session, seller)) == ("970415", again)
    for field, given in {
        "bank_bin": ("97043", "1234", "HTX"),
        "account": ("970436", "12-34", "HTX"),
        "holder": ("970436", "1234", " "),
    }.items():
        with pytest.raises(InvalidAccount) as refused, unit_of_work() as session:
            set_payout_account(session, seller, *given, NOON)
        assert refused.value.parameters == {"field": field}


def test_statement_balances_and_payouts(app: Flask) -> None:
    shop, office = a_rich_shop(), an_office()
    seller = shop.sellers[0]
    with clock.stopped(NOON + timedelta(hours=1)):
        group = earned(shop, PaymentMethod.CASH_ON_DELIVERY)
    first = make_payouts()[0]
    db.session.rollback()
    session = db.session()

    newest, oldest = list_statement(session, seller)
    assert (newest.number, newest.position, newest.gross, newest.net) == (
        group.number,
        1,
        0,
        -newest.commission,
    )
    assert (oldest.payout_id, oldest.payout_state) == (first.id, PayoutState.PENDING)
    assert list_statement(session, seller, since=NOON + timedelta(minutes=1), limit=5) == [newest]
    assert list_statement(session, seller, until=NOON + timedelta(minutes=1)) == [oldest]
    assert find_seller_money(session, seller) == SellerMoney(0, first.amount, 0)
    assert [(row.payout.id, row.seller, row.account is not None) for row in list_payouts(session)] == [
        (first.id, "HTX Sản vật 1", True)
    ]
    step(complete_payout, office, first.id, "FT1")
    earned(shop)
    assert list_open_payouts(session) == []
    assert find_seller_money(session, seller) == SellerMoney(entries()[-1].net, 0, first.amount)
    assert [(one.seller, one.amount, one.has_account) for one in list_balances(session)] == [
        ("HTX Sản vật 1", entries()[-1].net, True)
    ]


def test_sellers_are_paid_some_at_a_time(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = a_shop((300_000, 300_000))
    for seller in shop.sellers:
        with_account(seller)
    earned(shop)
    monkeypatch.setattr("marketplace.payments.payouts.AT_ONCE", 1)
    db.session.rollback()

    assert list_payable(db.session(), NOON) == [shop.sellers[0]]
    assert [one.producer_id for one in make_payouts()] == [shop.sellers[0]]
    assert [one.producer_id for one in make_payouts()] == [shop.sellers[1]]


def test_a_reversal_after_the_payout_is_carried_to_the_next(app: Flask) -> None:
    shop = a_shop((300_000,))
    with_account(shop.sellers[0])
    group = earned(shop)
    paid = make_payouts()[0].amount
    with unit_of_work() as session:
        owe_refund(session, group.orders[0].id, 300_000, RefundReason.RETURNED, "return:1", NOON)

    assert owed(shop) < 0
    assert paid + owed(shop) == sum(entry.net for entry in entries())
    with unit_of_work() as session:
        unpaid = sa.select(sa.func.count()).where(SellerTransfer.payout_id.is_(None))
        assert session.scalar(unpaid) == 1

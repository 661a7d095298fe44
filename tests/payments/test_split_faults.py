"""The twelve faults of checkouts that are split among sellers, as others found them; none of them is ours.

The first eight are named in the field's own account of them; the other four are of the same kind.
"""

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError

from marketplace.accounts.permissions import Actor
from marketplace.database import db, unit_of_work
from marketplace.ordering import fulfillment
from marketplace.ordering.after_sale_models import CommissionLine
from marketplace.ordering.models import CancelReason, Order, OrderLine, OrderStatus, PaymentMethod
from marketplace.payments import settlement
from marketplace.payments.errors import RefundBeyondPaid
from marketplace.payments.gateway import Answer
from marketplace.payments.ledger_models import PayoutState
from marketplace.payments.models import Payment, PaymentSplit, RefundReason, SessionState
from marketplace.payments.payouts import balance, complete_payout, fail_payout
from marketplace.payments.refunds import owe_refund
from marketplace.payments.sessions import begin_session, settle
from marketplace.payments.statements import list_statement
from marketplace.payments.status import PaymentStatus
from marketplace.producers.models import LegalForm
from tests.accounts.conftest import Race
from tests.conftest import NOON
from tests.factories.accounts import an_administrator
from tests.factories.after_sale import news, reload, step
from tests.factories.payments import (
    MemoryGateway,
    a_shop,
    buy,
    captured,
    deliver_all,
    entries,
    make_payouts,
    pay,
    refunds,
    ship_all,
    standing,
    with_account,
)


def test_1_a_seller_sees_commission_on_its_own_lines_only(app: Flask) -> None:
    shop = a_shop((100_000, 200_000, 300_000))
    group = buy(shop)
    pay(group)
    deliver_all(group)
    db.session.rollback()
    session = db.session()

    for seller, order, commission in zip(shop.sellers, group.orders, (5_000, 10_000, 15_000), strict=True):
        frozen = sa.select(sa.func.sum(CommissionLine.amount)).join(
            OrderLine, OrderLine.id == CommissionLine.order_line_id
        )
        assert session.scalar(frozen.where(OrderLine.order_id == order.id)) == commission
        (row,) = list_statement(session, seller)
        assert (row.order_id, row.gross, row.commission) == (order.id, order.total, commission)


def test_2_a_split_order_is_paid_by_its_split_and_can_be_sent(app: Flask) -> None:
    group = buy(a_shop())
    payment = pay(group)
    assert payment.amount == group.total

    for order in group.orders:
        assert captured(payment.id)[order.id] == order.total
        assert ship_all(order).position == 1


def test_3_every_seller_of_a_split_payment_is_credited(app: Flask) -> None:
    shop = a_shop()
    group = buy(shop)
    pay(group)
    deliver_all(group)

    credited = [sum(entry.gross for entry in entries(seller)) for seller in shop.sellers]
    assert credited == [order.total for order in group.orders]
    assert sum(credited) == group.total


def test_4_sending_a_parcel_in_two_does_not_price_its_delivery_anew(app: Flask) -> None:
    shop = a_shop((90_000,))
    group = buy(shop, PaymentMethod.VIETQR, {shop.variants[0]: 3})
    pay(group)
    order = group.orders[0]
    before = (order.shipping_fee, order.total)
    line = order.lines[0].id
    first = ship_all(order, {line: 1})
    second = step(settlement.ship, order.id, {line: 2}, None, None)
    for sending in (first, second):
        step(settlement.deliver, sending.id, None)

    after = reload(order.id)
    assert (after.shipping_fee, after.total, after.group.total) == (*before, group.total)
    assert [entry.gross for entry in entries()] == [order.total]


def test_5_an_order_that_was_refunded_whole_is_not_paid(app: Flask) -> None:
    group = buy(a_shop())
    pay(group)
    first, second, _ = group.orders
    step(settlement.cancel, first.id, CancelReason.CUSTOMER)

    assert standing(first).status is PaymentStatus.REFUNDED
    assert standing(second).status is PaymentStatus.PAID


def test_6_a_payout_is_never_more_than_the_balance(app: Flask) -> None:
    shop = a_shop((300_000,), form=LegalForm.HOUSEHOLD)
    seller = shop.sellers[0]
    with_account(seller)
    group = buy(shop)
    pay(group)
    deliver_all(group)
    with unit_of_work() as session:
        owe_refund(session, group.orders[0].id, 70_000, RefundReason.RETURNED, "return:1", NOON)
    db.session.rollback()
    left = balance(db.session(), seller)

    made = make_payouts()
    assert [one.amount for one in made] == [left]
    assert left == sum(entry.net for entry in entries()) < group.total - 70_000
    db.session.rollback()
    assert balance(db.session(), seller) == 0


def test_7_a_payout_that_was_returned_is_owed_again(app: Flask) -> None:
    shop = a_shop((300_000,))
    with_account(shop.sellers[0])
    group = buy(shop)
    pay(group)
    deliver_all(group)
    payout = make_payouts()[0]
    with unit_of_work() as session:
        office = Actor(an_administrator(session).id)
    step(complete_payout, office, payout.id, "FT1")
    returned = step(fail_payout, office, payout.id, "Ngân hàng trả lại")

    assert returned.state is PayoutState.FAILED
    assert {entry.payout_id for entry in entries()} == {None}
    db.session.rollback()
    assert balance(db.session(), shop.sellers[0]) == payout.amount


def test_8_a_notice_that_comes_twice_counts_once(app: Flask, gateway: MemoryGateway, race: Race) -> None:
    group = buy(a_shop(), PaymentMethod.CARD)
    attempt = step(begin_session, group.id).id
    paid = Answer(SessionState.COMPLETED, "pi_1", group.total)

    def hear(session: Any) -> None:
        settle(session, attempt, paid, NOON)

    assert race(hear, hear, hear, hear) == ["done"] * 4
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Payment)) == 1
    assert [what for what, _ in news()].count("order_arrived") == 3
    assert refunds() == []


def test_9_a_cancellation_that_comes_twice_gives_back_once(app: Flask, race: Race) -> None:
    group = buy(a_shop())
    pay(group)
    order = group.orders[0].id

    def cancel(session: Any) -> None:
        settlement.cancel(session, order, CancelReason.CUSTOMER, NOON)

    assert race(cancel, cancel) == ["done", "done"]
    assert [one.amount for one in refunds()] == [group.orders[0].total]


def test_10_a_refund_never_reaches_into_a_siblings_money(app: Flask) -> None:
    group = buy(a_shop())
    pay(group)
    first = group.orders[0]
    with pytest.raises(RefundBeyondPaid), unit_of_work() as session:
        owe_refund(session, first.id, first.total + 1, RefundReason.RETURNED, "return:1", NOON)

    assert all(standing(order).refunded == 0 for order in group.orders)
    with pytest.raises(IntegrityError), unit_of_work() as session:
        session.execute(sa.update(PaymentSplit).values(refunded=PaymentSplit.captured + 1))


def test_11_canceling_one_order_leaves_its_siblings_and_their_goods(app: Flask) -> None:
    group = buy(a_shop())
    pay(group)
    first, second, third = group.orders
    step(fulfillment.confirm_order, second.id)
    step(settlement.cancel, first.id, CancelReason.DECLINED)

    assert [reload(one.id).status for one in (second, third)] == [OrderStatus.PLACED] * 2
    assert [standing(one).kept for one in (second, third)] == [second.total, third.total]
    assert step(settlement.ship, second.id, None, None, None).position == 1


@pytest.mark.parametrize("amount", [1, 2, 3, 100_001, 184_999])
def test_12_no_dong_is_lost_between_splits(app: Flask, amount: int) -> None:
    group = buy(a_shop((33_333, 33_333, 33_334)))
    total = group.total
    parts = [amount, 7, total - amount - 7]
    for part in parts:
        payment = pay(group, part)
        assert sum(captured(payment.id).values()) == part

    assert all(standing(order).kept == order.total for order in group.orders)
    db.session.rollback()
    orders = db.session.scalars(sa.select(Order.total).where(Order.group_id == group.id))
    assert sum(orders) == total == sum(parts)

"""Money that comes in: once, and divided to the last đồng."""

import pytest
from flask import Flask

from marketplace.database import unit_of_work
from marketplace.errors import NotFound
from marketplace.ordering.models import CancelReason, PaymentMethod
from marketplace.payments import settlement
from marketplace.payments.errors import MoneyDiffers, NothingToPay
from marketplace.payments.receipts import take_money
from marketplace.payments.status import PaymentStatus
from tests.accounts.conftest import Race
from tests.conftest import NOON
from tests.factories.after_sale import news, step
from tests.factories.payments import a_shop, buy, captured, pay, standing


def test_one_payment_pays_every_order_of_its_group(app: Flask) -> None:
    group = buy(a_shop())
    payment = pay(group)

    assert captured(payment.id) == {order.id: order.total for order in group.orders}
    assert {standing(order).status for order in group.orders} == {PaymentStatus.PAID}
    assert ("order_paid", group.id) in news()


def test_a_partial_payment_is_divided_by_what_is_owed_and_the_rest_makes_up_for_it(app: Flask) -> None:
    group = buy(a_shop())
    first = pay(group, 100_001)
    parts = captured(first.id)

    assert sum(parts.values()) == 100_001
    assert {standing(order).status for order in group.orders} == {PaymentStatus.PARTIALLY_PAID}
    assert ("order_paid", group.id) not in news()

    second = pay(group, group.total - 100_001)

    assert captured(second.id) == {order.id: order.total - parts[order.id] for order in group.orders}
    assert ("order_paid", group.id) in news()


def test_what_is_beyond_stays_with_the_first_order_that_is_not_canceled(app: Flask) -> None:
    group = buy(a_shop())
    step(settlement.cancel, group.orders[0].id, CancelReason.CUSTOMER)
    payment = pay(group, group.total)
    first, second, third = group.orders

    assert captured(payment.id) == {second.id: second.total + first.total, third.id: third.total}
    assert standing(second).status is PaymentStatus.OVERCHARGED


def test_money_for_a_canceled_group_is_not_lost(app: Flask) -> None:
    group = buy(a_shop((90_000,)))
    step(settlement.cancel, group.orders[0].id, CancelReason.UNPAID)
    pay(group, 500)

    assert standing(group.orders[0]).excess == 500
    assert ("order_paid", group.id) not in news()


def test_the_same_payment_told_again_is_the_first_one(app: Flask) -> None:
    group = buy(a_shop())
    payment = pay(group, reference="FT1")

    assert pay(group, reference="FT1").id == payment.id
    assert sum(standing(order).captured for order in group.orders) == group.total


def test_a_reference_with_another_amount_group_or_order_is_refused(app: Flask) -> None:
    shop = a_shop()
    group, other = buy(shop), buy(shop)
    pay(group, reference="FT1")

    with pytest.raises(MoneyDiffers):
        pay(group, group.total - 1, reference="FT1")
    with pytest.raises(MoneyDiffers):
        pay(other, group.total, reference="FT1")
    with pytest.raises(MoneyDiffers):
        step(take_money, group.id, PaymentMethod.VIETQR, "FT1", group.total, order_id=group.orders[0].id)


def test_nothing_is_no_payment_and_an_order_of_another_group_gets_none(app: Flask) -> None:
    shop = a_shop()
    group, other = buy(shop), buy(shop)

    for amount, order_id in ((0, None), (-5, None), (5, other.orders[0].id)):
        with pytest.raises(NothingToPay), unit_of_work() as session:
            take_money(session, group.id, PaymentMethod.VIETQR, "FT1", amount, NOON, order_id=order_id)
    with pytest.raises(NotFound), unit_of_work() as session:
        take_money(session, 0, PaymentMethod.VIETQR, "FT1", 5, NOON)


def test_the_same_notice_twice_at_once_is_one_payment(app: Flask, race: Race) -> None:
    group = buy(a_shop())

    def tell(session: object) -> None:
        take_money(session, group.id, PaymentMethod.VIETQR, "FT9", group.total, NOON)  # type: ignore[arg-type]

    assert race(tell, tell) == ["done", "done"]
    assert sum(standing(order).captured for order in group.orders) == group.total

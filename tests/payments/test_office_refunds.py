"""Money that the office gives back: of what the market holds, once, never what a seller took in cash."""

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import clock
from marketplace.accounts.permissions import Actor
from marketplace.database import db, unit_of_work
from marketplace.errors import NotFound
from marketplace.ordering import fulfillment
from marketplace.ordering.models import CancelReason, Order, OrderGroup, OrderStatus, PaymentMethod
from marketplace.ordering.order_number import write_number
from marketplace.payments import settlement
from marketplace.payments.errors import InvalidReference, NothingToRefund, RefundBeyondPaid, RefundMovedOn
from marketplace.payments.models import RefundReason
from marketplace.payments.office_refunds import LONGEST_WORDS, find_refundable, give_back
from marketplace.payments.receipts import take_money
from marketplace.payments.refunds import owe_refund
from tests.conftest import NOON
from tests.factories.accounts import an_actor, an_administrator
from tests.factories.after_sale import step
from tests.factories.deeds import deeds
from tests.factories.payments import Shop, a_shop, buy, entries, pay, refunds, ship_all, standing

WHY = "Hàng thất lạc, người bán không trả lời."


@pytest.fixture
def shop(app: Flask) -> Shop:
    return a_shop((300_000, 200_000))


@pytest.fixture
def clerk(app: Flask) -> Actor:
    with unit_of_work() as session:
        return an_actor(an_administrator(session))


def give(clerk: Actor, order: Order, amount: int | None, before: int = 0, words: str = WHY) -> int:
    with unit_of_work() as session:
        return give_back(session, clerk, order.id, amount, words, before, clock.now())


def status(order: Order) -> tuple[OrderStatus, CancelReason | None, str | None]:
    db.session.rollback()
    wanted = sa.select(Order.status, Order.cancel_reason, Order.cancel_words).where(Order.id == order.id)
    return tuple(db.session.execute(wanted).one())  # type: ignore[return-value]


def a_paid_group(shop: Shop, method: PaymentMethod = PaymentMethod.VIETQR) -> OrderGroup:
    group = buy(shop, method)
    pay(group, method=method)
    return group


def test_an_order_that_was_not_sent_is_canceled_and_given_back_whole(shop: Shop, clerk: Actor) -> None:
    first, second = a_paid_group(shop).orders
    assert give(clerk, first, None) == first.total
    assert status(first) == (OrderStatus.CANCELED, CancelReason.STAFF, WHY)
    assert status(second)[0] is OrderStatus.PLACED
    [back] = refunds()
    assert (back.amount, back.reason, back.words) == (first.total, RefundReason.CANCELED, WHY)
    [deed] = deeds("order:give_back")
    assert (deed.actor_id, deed.subject_id) == (clerk.person_id, str(first.id))
    assert f'"amount":{first.total},"canceled":true' in deed.data
    assert WHY not in deed.data


def test_of_a_lost_parcel_a_part_goes_back_and_then_the_rest(shop: Shop, clerk: Actor) -> None:
    order = a_paid_group(shop).orders[0]
    ship_all(order)
    assert give(clerk, order, 50_000) == 50_000
    assert give(clerk, order, order.total - 50_000, before=50_000) == order.total - 50_000
    assert status(order)[0] is OrderStatus.PLACED
    assert [one.reason for one in refunds()] == [RefundReason.STAFF] * 2
    now = standing(order)
    assert (now.kept, now.owed, now.excess) == (0, 0, 0)


def test_what_the_seller_earned_leaves_its_balance(shop: Shop, clerk: Actor) -> None:
    order = a_paid_group(shop).orders[0]
    sending = ship_all(order)
    step(settlement.deliver, sending.id, None)
    give(clerk, order, order.total)
    assert sum(one.net for one in entries(order.producer_id)) == 0


def test_a_form_sent_twice_gives_back_once(shop: Shop, clerk: Actor) -> None:
    first, second = a_paid_group(shop).orders
    ship_all(first)
    give(clerk, first, 10_000)
    give(clerk, second, None)
    with pytest.raises(RefundMovedOn):
        give(clerk, first, 10_000)
    with pytest.raises(RefundMovedOn):
        give(clerk, second, None)
    assert len(refunds()) == 2
    assert len(deeds("order:give_back")) == 2


def test_what_the_page_showed_is_what_is_done(shop: Shop, clerk: Actor) -> None:
    first, second = a_paid_group(shop).orders
    ship_all(first)
    for order, amount in ((first, None), (second, 10_000)):
        with pytest.raises(RefundMovedOn):
            give(clerk, order, amount)
    assert refunds() == []


def test_a_parcel_that_came_back_is_canceled(shop: Shop, clerk: Actor) -> None:
    order = a_paid_group(shop).orders[0]
    sending = ship_all(order)
    step(fulfillment.mark_failed, sending.id)
    with pytest.raises(RefundMovedOn):
        give(clerk, order, None)
    step(settlement.came_back, sending.id, True)
    assert give(clerk, order, None) == order.total
    assert status(order)[1] is CancelReason.STAFF


@pytest.mark.parametrize("words", ["", "  ", "x" * (LONGEST_WORDS + 1)])
def test_why_is_said_and_not_at_length(shop: Shop, clerk: Actor, words: str) -> None:
    order = a_paid_group(shop).orders[0]
    with pytest.raises(InvalidReference):
        give(clerk, order, None, words=words)
    assert refunds() == []


def test_no_more_goes_back_than_there_is(shop: Shop, clerk: Actor) -> None:
    order = a_paid_group(shop).orders[0]
    ship_all(order)
    with pytest.raises(RefundBeyondPaid):
        give(clerk, order, order.total + 1)
    with pytest.raises(InvalidReference):
        give(clerk, order, 0)
    with pytest.raises(NotFound), unit_of_work() as session:
        give_back(session, clerk, 999, 1, WHY, 0, clock.now())
    assert refunds() == []


def test_cash_that_the_seller_holds_is_the_sellers_to_give_back(shop: Shop, clerk: Actor) -> None:
    order = buy(shop, PaymentMethod.CASH_ON_DELIVERY).orders[0]
    sending = ship_all(order)
    step(settlement.deliver, sending.id, order.total)
    with pytest.raises(NothingToRefund):
        give(clerk, order, order.total)
    assert refunds() == []


def test_of_money_in_two_places_only_ours_goes_back(shop: Shop, clerk: Actor) -> None:
    group = buy(shop, PaymentMethod.VIETQR, {shop.variants[0]: 1})
    pay(group)
    [order] = group.orders
    sending = ship_all(order)
    step(settlement.deliver, sending.id, None)
    with unit_of_work() as session:
        given = (PaymentMethod.CASH_ON_DELIVERY, "fulfillment:9", 40_000, NOON)
        take_money(session, group.id, *given, held_by_seller=True, order_id=order.id)
    assert standing(order).held == 40_000
    with pytest.raises(RefundBeyondPaid):
        give(clerk, order, order.total + 1)
    assert give(clerk, order, order.total) == order.total
    assert standing(order).held == 40_000
    with unit_of_work() as session:
        owe_refund(session, order.id, 40_000, RefundReason.STAFF, "by the seller", NOON)
    assert standing(order).kept == 0


def test_what_was_paid_beyond_what_is_due_lessens_nothing(shop: Shop, clerk: Actor) -> None:
    group = buy(shop, PaymentMethod.VIETQR, {shop.variants[0]: 1})
    pay(group)
    [order] = group.orders
    ship_all(order)
    pay(group, 20_000, reference="FT-again")
    assert standing(order).excess == 20_000
    assert give(clerk, order, 50_000) == 50_000
    assert [(one.reason, one.amount) for one in refunds()] == [
        (RefundReason.OVERPAID, 20_000),
        (RefundReason.STAFF, 30_000),
    ]
    now = standing(order)
    assert (now.excess, now.owed) == (0, 0)


def test_an_order_is_found_by_its_number_however_it_is_written(shop: Shop) -> None:
    group = a_paid_group(shop)
    found = find_refundable(db.session(), write_number(group.number).lower())
    assert found is not None
    assert [(one.available, one.as_a_whole) for one in found[1]] == [
        (order.total, True) for order in group.orders
    ]
    assert find_refundable(db.session(), "7K4M2-PQX8V-3T9B") is None
    assert find_refundable(db.session(), "gì đó") is None

"""Orders that move, and the money that moves with them in the same transaction."""

import pytest
from flask import Flask

from marketplace.database import db, unit_of_work
from marketplace.errors import NotFound
from marketplace.ordering import fulfillment, returns
from marketplace.ordering.after_sale_errors import InvalidCollected, NotOnTheWay, ReturnMovedOn
from marketplace.ordering.errors import NotCancelable
from marketplace.ordering.models import CancelReason, OrderStatus, PaymentMethod
from marketplace.payments import settlement
from marketplace.payments.errors import NotPaid
from marketplace.payments.models import Refund, RefundReason
from marketplace.payments.receipts import find_payment
from marketplace.payments.refund_ends import list_cash_to_give_back
from marketplace.payments.status import PaymentStatus
from tests.factories.after_sale import news, reload, returned, step
from tests.factories.payments import (
    a_shop,
    buy,
    deliver_all,
    entries,
    pay,
    refunds,
    ship_all,
    standing,
)

COD, CARD = PaymentMethod.CASH_ON_DELIVERY, PaymentMethod.CARD


def told(rows: list[Refund]) -> list[tuple[int, RefundReason]]:
    return [(one.amount, one.reason) for one in rows]


def test_canceling_gives_back_what_was_paid_and_leaves_the_siblings(app: Flask) -> None:
    group = buy(a_shop())
    pay(group)
    first, second, third = group.orders
    for _ in range(2):
        step(settlement.cancel, first.id, CancelReason.CUSTOMER)

    assert told(refunds()) == [(first.total, RefundReason.CANCELED)]
    assert [reload(one.id).status for one in (second, third)] == [OrderStatus.PLACED] * 2
    assert [standing(one).status for one in (first, second)] == [PaymentStatus.REFUNDED, PaymentStatus.PAID]


def test_canceling_what_was_not_paid_gives_nothing_back(app: Flask) -> None:
    group = buy(a_shop())
    step(settlement.cancel, group.orders[0].id, CancelReason.UNPAID, words="Quá hạn chuyển khoản")

    assert refunds() == []
    assert standing(group.orders[0]).status is PaymentStatus.VOIDED


def test_goods_that_are_out_are_not_canceled_nor_refunded(app: Flask) -> None:
    group = buy(a_shop())
    pay(group)
    ship_all(group.orders[0])
    with pytest.raises(NotCancelable):
        step(settlement.cancel, group.orders[0].id, CancelReason.CUSTOMER)

    assert refunds() == []


def test_what_is_not_paid_is_not_sent(app: Flask) -> None:
    group = buy(a_shop())
    pay(group, group.total - 3)
    for order in group.orders:
        step(fulfillment.confirm_order, order.id)
    missing = {order.id: standing(order).owed for order in group.orders}
    unpaid = next(order for order in group.orders if missing[order.id])
    with pytest.raises(NotPaid) as refused:
        step(settlement.ship, unpaid.id, None, None, None)

    assert refused.value.parameters == {"position": unpaid.position, "owed": missing[unpaid.id]}
    pay(group, 3)
    assert step(settlement.ship, unpaid.id, None, None, None, position=1).position == 1


def test_cash_on_delivery_is_sent_first_and_its_cash_noted_once(app: Flask) -> None:
    group = buy(a_shop(), COD)
    order = group.orders[0]
    sending = ship_all(order)
    for _ in range(2):
        step(settlement.deliver, sending.id, order.total)

    db.session.rollback()
    payment = find_payment(db.session(), COD, f"fulfillment:{sending.id}")
    assert payment is not None
    assert (payment.amount, payment.held_by_seller) == (order.total, True)
    assert standing(order).status is PaymentStatus.PAID
    assert "order_paid" not in [what for what, _ in news()]


def test_no_cash_is_no_payment(app: Flask) -> None:
    group = buy(a_shop(), COD)
    step(settlement.deliver, ship_all(group.orders[0]).id, 0)
    step(settlement.deliver, ship_all(group.orders[1]).id, None)

    assert [standing(order).captured for order in group.orders] == [0, 0, 0]


def test_cash_is_not_taken_for_what_is_paid_otherwise(app: Flask) -> None:
    group = buy(a_shop())
    pay(group)
    sending = ship_all(group.orders[0])
    with pytest.raises(InvalidCollected):
        step(settlement.deliver, sending.id, 1)

    assert step(settlement.deliver, sending.id, 0).collected is None


def test_who_fetches_the_goods_pays_then(app: Flask) -> None:
    shop = a_shop()
    group = buy(shop, COD)
    order = group.orders[0]
    step(fulfillment.confirm_order, order.id)
    step(settlement.hand_over, order.id, order.total)

    assert standing(order).status is PaymentStatus.PAID
    assert [entry.order_id for entry in entries()] == [order.id]
    unpaid = buy(shop)
    step(fulfillment.confirm_order, unpaid.orders[0].id)
    with pytest.raises(NotPaid):
        step(settlement.hand_over, unpaid.orders[0].id, None)


def test_units_that_are_not_sent_after_all_are_given_back(app: Flask) -> None:
    shop = a_shop((90_000,))
    group = buy(shop, PaymentMethod.VIETQR, {shop.variants[0]: 3})
    pay(group)
    order = group.orders[0]
    sending = ship_all(order, {order.lines[0].id: 1})
    step(settlement.deliver, sending.id, None)
    assert entries() == []
    for _ in range(2):
        step(settlement.cancel_rest, order.id)

    assert told(refunds()) == [(180_000, RefundReason.OUT_OF_STOCK)]
    assert standing(order).status is PaymentStatus.PARTIALLY_REFUNDED
    assert [entry.gross for entry in entries()] == [order.total - 180_000]


def test_giving_up_all_units_cancels_and_gives_all_back(app: Flask) -> None:
    group = buy(a_shop())
    pay(group)
    order = group.orders[0]
    step(fulfillment.confirm_order, order.id)
    step(settlement.cancel_rest, order.id)

    assert reload(order.id).status is OrderStatus.CANCELED
    assert told(refunds()) == [(order.total, RefundReason.OUT_OF_STOCK)]


def test_a_lost_parcel_is_given_back_and_what_arrived_is_earned(app: Flask) -> None:
    shop = a_shop((90_000,))
    group = buy(shop, PaymentMethod.VIETQR, {shop.variants[0]: 3})
    pay(group)
    order = group.orders[0]
    line = order.lines[0].id
    arrived = ship_all(order, {line: 2})
    lost = step(settlement.ship, order.id, {line: 1}, None, None)
    step(settlement.deliver, arrived.id, None)
    step(settlement.came_back, lost.id, restock=False)

    assert told(refunds()) == [(90_000, RefundReason.OUT_OF_STOCK)]
    assert [entry.gross for entry in entries()] == [order.total - 90_000]
    with pytest.raises(NotOnTheWay):
        step(settlement.came_back, arrived.id, restock=False)


def test_two_rests_of_one_order_are_each_given_back(app: Flask) -> None:
    shop = a_shop((90_000,))
    group = buy(shop, PaymentMethod.VIETQR, {shop.variants[0]: 3})
    pay(group)
    order = group.orders[0]
    line = order.lines[0].id
    first = ship_all(order, {line: 1})
    second = step(settlement.ship, order.id, {line: 1}, None, None)
    step(settlement.cancel_rest, order.id)
    step(settlement.came_back, second.id, restock=True)
    step(settlement.cancel_rest, order.id)
    step(settlement.deliver, first.id, None)

    assert [one.amount for one in refunds()] == [90_000, 90_000]
    assert [entry.gross for entry in entries()] == [order.total - 180_000]


def test_a_parcel_that_came_back_is_promised_still(app: Flask) -> None:
    group = buy(a_shop())
    pay(group)
    order = group.orders[0]
    step(settlement.came_back, ship_all(order).id, restock=True)

    assert refunds() == []
    assert entries() == []
    assert step(settlement.ship, order.id, None, None, None).position == 2


def a_return(order_id: int, units: int = 1) -> int:
    asked = returned(reload(order_id), units)
    step(returns.approve_return, asked.id)
    return asked.id


def test_goods_that_came_back_are_paid_back_once(app: Flask) -> None:
    shop = a_shop((90_000,))
    group = buy(shop, PaymentMethod.VIETQR, {shop.variants[0]: 2})
    pay(group)
    deliver_all(group)
    asked = a_return(group.orders[0].id)
    with pytest.raises(ReturnMovedOn):
        step(settlement.refund_return, asked)
    step(returns.receive_return, asked, restock=False)
    for _ in range(2):
        step(settlement.refund_return, asked)

    assert told(refunds()) == [(90_000, RefundReason.RETURNED)]
    assert standing(group.orders[0]).status is PaymentStatus.PARTIALLY_REFUNDED
    assert standing(group.orders[0]).owed == 0
    with pytest.raises(NotFound), unit_of_work() as session:
        settlement.refund_return(session, 0, group.placed_at)


def test_of_goods_that_were_not_paid_nothing_goes_back(app: Flask) -> None:
    group = buy(a_shop((90_000,)), COD)
    step(settlement.deliver, ship_all(group.orders[0]).id, 50_000)
    asked = a_return(group.orders[0].id)
    step(returns.receive_return, asked, restock=True)
    step(settlement.refund_return, asked)

    assert told(refunds()) == [(50_000, RefundReason.RETURNED)]


def test_cash_for_what_was_given_up_goes_back(app: Flask) -> None:
    shop = a_shop((90_000,))
    group = buy(shop, COD, {shop.variants[0]: 3})
    order = group.orders[0]
    sending = ship_all(order, {order.lines[0].id: 1})
    step(settlement.cancel_rest, order.id)
    for _ in range(2):
        step(settlement.deliver, sending.id, order.total)

    [refund] = list_cash_to_give_back(db.session(), order.id, f"fulfillment:{sending.id}")
    assert told([refund]) == [(180_000, RefundReason.OVERPAID)]
    assert len(refunds()) == 1
    stands = standing(order)
    assert (stands.excess, stands.held, stands.owed) == (0, order.total - 180_000, 0)
    assert [entry.gross for entry in entries()] == [0]


def test_cash_taken_for_each_of_two_sendings_goes_back_once(app: Flask) -> None:
    shop = a_shop((90_000,))
    group = buy(shop, COD, {shop.variants[0]: 2})
    order = group.orders[0]
    first = ship_all(order, {order.lines[0].id: 1})
    second = step(settlement.ship, order.id, None, None, None)
    for sending in (first, second):
        step(settlement.deliver, sending.id, order.total)

    assert told(refunds()) == [(order.total, RefundReason.OVERPAID)]
    assert refunds()[0].cause == f"fulfillment:{second.id}"
    assert standing(order).held == order.total

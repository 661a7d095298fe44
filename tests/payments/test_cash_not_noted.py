"""Goods that came back although the seller noted no cash for them, or less than was agreed."""

import pytest
from flask import Flask

from marketplace.database import db
from marketplace.ordering import returns
from marketplace.ordering.models import PaymentMethod
from marketplace.payments import settlement
from marketplace.upkeep.doctor import examine
from tests.factories.after_sale import reload, returned, step
from tests.factories.payments import a_shop, buy, entries, ship_all

COD = PaymentMethod.CASH_ON_DELIVERY


def received(order_id: int, units: int = 1) -> int:
    """A return that was agreed to and arrived."""
    asked = returned(reload(order_id), units)
    step(returns.approve_return, asked.id)
    step(returns.receive_return, asked.id, restock=True)
    return asked.id


@pytest.mark.parametrize("noted", [0, 50_000])
def test_of_goods_that_came_back_without_their_cash_no_commission_is_owed(app: Flask, noted: int) -> None:
    """The seller notes no cash, or less than it gives back: a full return leaves nothing owed."""
    shop = a_shop((90_000,))
    group = buy(shop, COD, {shop.variants[0]: 3})
    order = group.orders[0]
    step(settlement.deliver, ship_all(order).id, noted)
    assert [entry.commission for entry in entries()] == [13_500]
    for units in (1, 2):
        asked = received(order.id, units)
        for _ in range(2):
            step(settlement.refund_return, asked)
        if not noted and units == 1:
            assert [(one.commission, one.net) for one in entries()] == [(13_500, -13_500), (-4_500, 4_500)]

    assert sum(one.commission for one in entries()) == sum(one.net for one in entries()) == 0
    assert len(entries()) == (2 if noted else 3)
    db.session.rollback()
    assert list(examine(db.session())) == []


def test_what_came_back_of_an_order_under_way_takes_nothing_back_yet(app: Flask) -> None:
    shop = a_shop((90_000,))
    order = buy(shop, COD, {shop.variants[0]: 2}).orders[0]
    step(settlement.deliver, ship_all(order, {order.lines[0].id: 1}).id, None)
    asked = received(order.id)
    step(settlement.refund_return, asked)

    assert entries() == []

"""Money for goods that were recalled: given back as they leave the order, or before it is placed."""

import pytest
from flask import Flask

from marketplace.catalogue.models import Variant
from marketplace.database import db
from marketplace.errors import NotFound
from marketplace.ordering import fulfillment
from marketplace.ordering.completion import finalize
from marketplace.ordering.errors import HoldLost
from marketplace.ordering.models import CancelReason, OrderStatus, PaymentMethod
from marketplace.ordering.reservations import extend_holds
from marketplace.payments import settlement
from marketplace.payments.models import RefundReason
from marketplace.traceability.recalls.models import RecallScope
from tests.factories.after_sale import reload, step
from tests.factories.ordering import seller_of, stocked
from tests.factories.payments import Shop, a_shop, buy, pay, refunds, ship_all, standing
from tests.factories.recalls import recalled
from tests.signin.browsing import write


def product_of(variant_id: int) -> int:
    """Return the product of a pack."""
    db.session.rollback()
    return db.session.get_one(Variant, variant_id).product_id


@pytest.fixture
def shop(app: Flask) -> Shop:
    """One seller with two packs."""
    shop = a_shop((90_000,))
    first = db.session.get_one(Variant, shop.variants[0])
    seller = seller_of(db.session(), first)
    other = write(stocked, "Mật ong rừng", producer=seller, on_hand=10, price=60_000)
    shop.variants.append(other.id)
    return shop


def test_what_was_paid_for_recalled_goods_goes_back_and_the_rest_is_sent(shop: Shop) -> None:
    group = buy(shop, PaymentMethod.VIETQR)
    pay(group)
    [order] = group.orders
    step(fulfillment.confirm_order, order.id)
    recalled(RecallScope.PRODUCT, product_of(shop.variants[0]))
    for _ in range(2):
        step(settlement.take_recalled_off, order.id)
    assert [(one.amount, one.reason) for one in refunds()] == [(90_000, RefundReason.OUT_OF_STOCK)]
    assert standing(order).owed == 0
    sending = ship_all(reload(order.id))
    assert len(sending.lines) == 1


def test_all_that_was_paid_goes_back_when_nothing_is_left(shop: Shop) -> None:
    group = buy(shop, PaymentMethod.VIETQR)
    pay(group)
    [order] = group.orders
    for variant_id in shop.variants:
        recalled(RecallScope.PRODUCT, product_of(variant_id))
    step(settlement.take_recalled_off, order.id)
    assert sum(one.amount for one in refunds()) == order.total
    assert reload(order.id).cancel_reason is CancelReason.RECALLED
    with pytest.raises(NotFound):
        step(settlement.take_recalled_off, 999_999)


def test_a_draft_whose_goods_are_recalled_is_not_placed(shop: Shop) -> None:
    group = buy(shop, PaymentMethod.CARD)
    [draft] = group.orders
    assert reload(draft.id).status is OrderStatus.DRAFT
    recalled(RecallScope.PRODUCT, product_of(shop.variants[0]))
    with pytest.raises(HoldLost):
        step(extend_holds, group.id)
    done = step(finalize, group.id)
    assert (done.placed, done.out_of_stock) == ([], [draft.id])
    assert reload(draft.id).cancel_reason is CancelReason.RECALLED

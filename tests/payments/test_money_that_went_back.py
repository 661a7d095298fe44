"""Orders whose money went back past the shop: at a gateway's own desk, or by a dispute that was lost."""

from dataclasses import dataclass

import pytest
from flask import Flask

from marketplace.database import db
from marketplace.ordering import fulfillment
from marketplace.ordering.after_sale_errors import NotShippable
from marketplace.ordering.models import CancelReason, Order, OrderStatus, PaymentMethod
from marketplace.payments import settlement
from marketplace.payments.elsewhere import LOST, ToldDispute, ToldRefund, hear_dispute, hear_refunds
from marketplace.payments.errors import MoneyWentBack
from marketplace.payments.gateway import RefundAnswer
from marketplace.payments.models import Payment, RefundReason, RefundState
from marketplace.payments.status import PaymentStatus
from marketplace.upkeep.doctor import examine
from marketplace.web.refusals import EXPLANATIONS
from marketplace.workspace.order_words import REFUSALS
from tests.factories.after_sale import reload, shelf, step
from tests.factories.payments import a_shop, buy, entries, pay, refunds, ship_all, standing

PRICE = 90_000


@dataclass(frozen=True)
class Paid:
    """An order of three units and the payment of it."""

    order: Order
    payment: Payment
    variant: int


@pytest.fixture
def paid(app: Flask) -> Paid:
    shop = a_shop((PRICE,))
    group = buy(shop, PaymentMethod.VIETQR, {shop.variants[0]: 3})
    return Paid(group.orders[0], pay(group), shop.variants[0])


def at_the_desk(paid: Paid, amount: int) -> None:
    answer = RefundAnswer(RefundState.COMPLETED, "re_desk")
    step(hear_refunds, paid.payment, [ToldRefund(answer, amount, None)])


def lost(paid: Paid) -> None:
    told = ToldDispute("dp_1", paid.payment.reference, paid.order.total, "fraudulent", LOST)
    step(hear_dispute, paid.payment, told)


def told() -> list[tuple[int, RefundReason]]:
    return [(one.amount, one.reason) for one in refunds()]


def is_sound() -> bool:
    db.session.rollback()
    return list(examine(db.session())) == []


@pytest.mark.parametrize("whole", [False, True])
def test_an_order_refunded_at_the_desk_is_canceled_and_the_rest_given_back(paid: Paid, whole: bool) -> None:
    back = paid.order.total if whole else 50_000
    at_the_desk(paid, back)
    assert shelf(paid.variant) == (10, 3)
    for _ in range(2):
        step(settlement.cancel, paid.order.id, CancelReason.CUSTOMER)

    assert shelf(paid.variant) == (10, 0)
    rest = [] if whole else [(paid.order.total - back, RefundReason.CANCELED)]
    assert told() == [(back, RefundReason.STAFF), *rest]
    assert standing(paid.order).status is PaymentStatus.REFUNDED
    assert is_sound()


def test_an_order_whose_dispute_was_lost_is_not_sent_but_canceled(paid: Paid) -> None:
    step(fulfillment.confirm_order, paid.order.id)
    lost(paid)
    with pytest.raises(MoneyWentBack) as refused:
        step(settlement.ship, paid.order.id, None, None, None)
    with pytest.raises(MoneyWentBack):
        step(settlement.hand_over, paid.order.id, None)
    step(settlement.cancel, paid.order.id, CancelReason.CUSTOMER)

    assert refused.value.parameters == {"position": paid.order.position}
    assert told() == [(paid.order.total, RefundReason.DISPUTE)]
    assert reload(paid.order.id).status is OrderStatus.CANCELED
    with pytest.raises(NotShippable):
        step(settlement.ship, paid.order.id, None, None, None)
    assert is_sound()


def test_a_part_that_went_back_holds_nothing_up(paid: Paid) -> None:
    at_the_desk(paid, 50_000)
    assert ship_all(paid.order).position == 1


def test_a_form_of_what_was_sent_already_is_answered_as_before(paid: Paid) -> None:
    step(fulfillment.confirm_order, paid.order.id)
    for _ in range(2):
        assert step(settlement.ship, paid.order.id, None, None, None, position=1).position == 1
        if not refunds():
            lost(paid)


@pytest.mark.parametrize("back", [50_000, 250_000])
def test_the_rest_of_an_order_refunded_at_the_desk_is_given_up(paid: Paid, back: int) -> None:
    """Two of three units are not sent: never more goes back than is kept."""
    sending = ship_all(paid.order, {paid.order.lines[0].id: 1})
    at_the_desk(paid, back)
    step(settlement.cancel_rest, paid.order.id)
    step(settlement.deliver, sending.id, None)

    rest = min(2 * PRICE, paid.order.total - back)
    assert told() == [(back, RefundReason.STAFF), (rest, RefundReason.OUT_OF_STOCK)]
    assert [(one.gross, one.commission >= 0) for one in entries()] == [(paid.order.total - back - rest, True)]
    assert shelf(paid.variant)[1] == 0
    assert is_sound()


@pytest.mark.parametrize("code", ["money_went_back", "refund_beyond_paid"])
def test_what_is_refused_has_words(code: str) -> None:
    assert str(REFUSALS[code]) == str(EXPLANATIONS[code])

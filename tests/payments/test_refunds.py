"""Money that goes back: once, by the way it came, never more than was paid."""

from typing import Any

import pytest
from flask import Flask

from marketplace.accounts.permissions import Actor
from marketplace.database import unit_of_work
from marketplace.errors import NotFound
from marketplace.ordering.models import CancelReason, PaymentMethod
from marketplace.payments import settlement
from marketplace.payments.errors import InvalidReference, NotByHand, RefundBeyondPaid
from marketplace.payments.gateway import RefundAnswer
from marketplace.payments.models import RefundReason, RefundState
from marketplace.payments.refund_ends import (
    finish_refund,
    hear_refund,
    list_due_refunds,
    note_refund_done,
)
from marketplace.payments.refunds import owe_refund
from marketplace.payments.status import PaymentStatus
from tests.accounts.conftest import Race
from tests.conftest import NOON
from tests.factories.accounts import an_administrator
from tests.factories.after_sale import news, step
from tests.factories.payments import Shop, a_shop, buy, pay, refunds, ship_all, standing


def an_office() -> Actor:
    with unit_of_work() as session:
        return Actor(an_administrator(session).id)


def owe(order_id: int, amount: int, cause: str = "return:1") -> Any:
    return step(_owe, order_id, amount, cause)


def _owe(session: Any, order_id: int, amount: int, cause: str, at: Any) -> Any:
    return owe_refund(session, order_id, amount, RefundReason.RETURNED, cause, at)


def a_card_refund(shop: Shop) -> int:
    """Owe back an order that was paid by card and placed; return the refund."""
    group = buy(shop, PaymentMethod.CARD)
    pay(group, method=PaymentMethod.CARD)
    step(settlement.cancel, group.orders[0].id, CancelReason.CUSTOMER)
    return refunds()[-1].id


def test_a_refund_counts_from_the_moment_it_is_owed_and_names_its_order(app: Flask) -> None:
    group = buy(a_shop())
    pay(group)
    first, second, _ = group.orders
    owed = owe(first.id, 40_000)

    assert [(one.amount, one.state) for one in owed] == [(40_000, RefundState.PENDING)]
    assert (standing(first).refunded, standing(second).refunded) == (40_000, 0)
    assert standing(first).status is PaymentStatus.PARTIALLY_REFUNDED
    assert ("refund_due", owed[0].id) in news()


def test_never_more_than_was_paid_and_not_given_back(app: Flask) -> None:
    group = buy(a_shop())
    pay(group)
    order = group.orders[0]
    owe(order.id, order.total - 1)

    with pytest.raises(RefundBeyondPaid) as refused:
        owe(order.id, 2, "return:2")
    assert refused.value.parameters == {"available": 1}
    assert standing(order).kept == 1


def test_the_same_cause_is_owed_once(app: Flask, race: Race) -> None:
    group = buy(a_shop())
    pay(group)
    order = group.orders[0]

    def act(session: Any) -> None:
        owe_refund(session, order.id, 30_000, RefundReason.RETURNED, "return:7", NOON)

    assert race(act, act) == ["done", "done"]
    assert [one.amount for one in refunds()] == [30_000]
    assert owe(order.id, 30_000, "return:7")[0].id == refunds()[0].id


def test_the_newest_payment_goes_back_first_and_then_older_ones(app: Flask) -> None:
    group = buy(a_shop((90_000,)))
    order = group.orders[0]
    older, newer = pay(group, 100_000), pay(group, order.total - 100_000)
    part = newer.amount

    owed = owe(order.id, part + 5_000)

    assert [(one.split.payment_id, one.amount) for one in owed] == [(newer.id, part), (older.id, 5_000)]
    assert owe(order.id, part + 5_000) == owed


def test_nothing_to_give_back_writes_nothing(app: Flask) -> None:
    group = buy(a_shop())

    assert owe(group.orders[0].id, 0) == []
    assert refunds() == []
    with pytest.raises(NotFound):
        owe(0, 1)


def test_people_note_transfers_once(app: Flask) -> None:
    group = buy(a_shop())
    pay(group)
    refund, office = owe(group.orders[0].id, 9_000)[0].id, an_office()

    done = step(note_refund_done, office, refund, "  FT99 ")
    again = step(note_refund_done, office, refund, "FT99")

    assert (done.state, done.reference, done.done_by) == (RefundState.COMPLETED, "FT99", office.person_id)
    assert again.id == refund
    assert [what for what, _ in news()].count("refund_done") == 1
    with pytest.raises(NotByHand):
        step(note_refund_done, office, refund, "FT100")


def test_a_note_needs_a_reference_and_a_refund(app: Flask) -> None:
    office = an_office()

    for reference in ("", "   ", "x" * 121):
        with pytest.raises(InvalidReference):
            step(note_refund_done, office, 1, reference)
    with pytest.raises(NotFound):
        step(note_refund_done, office, 1, "FT1")


def test_what_the_gateway_gives_back_is_not_for_people_until_it_fails(app: Flask) -> None:
    refund, office = a_card_refund(a_shop()), an_office()

    with pytest.raises(NotByHand):
        step(note_refund_done, office, refund, "FT1")

    step(finish_refund, refund, RefundAnswer(RefundState.FAILED, "re_1"))
    assert step(note_refund_done, office, refund, "FT1").state is RefundState.COMPLETED


def test_what_a_gateway_says_may_come_in_any_order(app: Flask) -> None:
    refund = a_card_refund(a_shop())
    key = refunds()[0].idempotency_key

    assert step(hear_refund, "re_1", RefundAnswer(RefundState.COMPLETED, "re_1")) is None
    step(hear_refund, key, RefundAnswer(RefundState.COMPLETED, "re_1"))
    step(hear_refund, "re_1", RefundAnswer(RefundState.PROCESSING, "re_1"))
    step(finish_refund, refund, RefundAnswer(RefundState.COMPLETED))
    assert (refunds()[0].state, refunds()[0].reference) == (RefundState.COMPLETED, "re_1")
    assert [what for what, _ in news()].count("refund_done") == 1

    step(hear_refund, "re_1", RefundAnswer(RefundState.FAILED, "re_1"))
    step(hear_refund, "re_1", RefundAnswer(RefundState.COMPLETED, "re_1"))
    assert (refunds()[0].state, refunds()[0].done_at) == (RefundState.FAILED, None)


def test_what_people_gave_back_stays_done(app: Flask) -> None:
    refund = a_card_refund(a_shop())
    step(finish_refund, refund, RefundAnswer(RefundState.FAILED, "re_1"))
    step(note_refund_done, an_office(), refund, "FT1")
    step(hear_refund, "FT1", RefundAnswer(RefundState.FAILED, "re_1"))

    assert (refunds()[0].state, refunds()[0].reference) == (RefundState.COMPLETED, "FT1")


def test_a_refund_that_takes_days_is_processing_and_then_done(app: Flask) -> None:
    refund = a_card_refund(a_shop())
    step(finish_refund, refund, RefundAnswer(RefundState.PROCESSING, "re_1"))
    assert refunds()[0].state is RefundState.PROCESSING

    step(hear_refund, "re_1", RefundAnswer(RefundState.COMPLETED, "re_1"))
    assert (refunds()[0].state, refunds()[0].done_at) == (RefundState.COMPLETED, NOON)


def test_money_that_sellers_hold_is_theirs_to_give_back(app: Flask) -> None:
    shop = a_shop()
    in_cash = buy(shop, PaymentMethod.CASH_ON_DELIVERY)
    for order in in_cash.orders:
        step(settlement.deliver, ship_all(order).id, order.total)
        owe(order.id, 1_000)
    by_transfer = buy(shop)
    pay(by_transfer)
    ours = owe(by_transfer.orders[0].id, 2_000)

    with unit_of_work() as session:
        assert [one.id for one in list_due_refunds(session)] == [ours[0].id]
        theirs = list_due_refunds(session, held_by_seller=True, producer_id=shop.sellers[1])
        assert [one.split.order.group.number for one in theirs] == [in_cash.number]
        assert len(list_due_refunds(session, held_by_seller=True)) == 3

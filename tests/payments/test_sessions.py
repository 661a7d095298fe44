"""Attempts to pay: settled once, whoever tells of it first, in any order."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import clock
from marketplace.database import db, unit_of_work
from marketplace.errors import NotFound
from marketplace.ordering.cancellation import cancel_order
from marketplace.ordering.errors import HoldLost
from marketplace.ordering.models import CancelReason, OrderGroup, OrderStatus, PaymentMethod
from marketplace.ordering.reservations import HELD_AT_MOST, sweep_holds
from marketplace.payments import settlement
from marketplace.payments.errors import (
    ForeignMoney,
    MoneyDiffers,
    NothingToPay,
    SessionClosed,
    SessionUnresolved,
)
from marketplace.payments.gateway import Answer, Started
from marketplace.payments.models import PaymentSession, RefundReason, SessionState
from marketplace.payments.sessions import (
    LASTS,
    UNANSWERED,
    Settled,
    attach,
    begin_session,
    find_open_session,
    find_session,
    settle,
)
from tests.accounts.conftest import Race
from tests.conftest import NOON
from tests.factories.after_sale import news, reload, step
from tests.factories.payments import MemoryGateway, Shop, a_shop, buy, refunds, standing

CARD = PaymentMethod.CARD


def begun(group: OrderGroup, reference: str | None = None) -> PaymentSession:
    """Begin to pay; with a reference, as the gateway has answered."""
    started: PaymentSession = step(begin_session, group.id)
    if reference:
        with unit_of_work() as session:
            attach(session, started.id, Started(reference, f"https://pay.example.test/{reference}"))
    db.session.expunge_all()
    return started


def paid(
    attempt: PaymentSession, amount: int | None = None, reference: str = "pi_1", **named: Any
) -> Settled:
    answer = Answer(SessionState.COMPLETED, reference, amount or attempt.amount, **named)
    settled: Settled = step(settle, attempt.id, answer)
    return settled


def state_of(attempt: PaymentSession) -> SessionState:
    db.session.rollback()
    found = find_session(db.session(), attempt.id)
    assert found is not None
    db.session.refresh(found)
    return found.state


def statuses(group: OrderGroup) -> list[OrderStatus]:
    return [reload(order.id).status for order in group.orders]


def sell_out(shop: Shop) -> None:
    """Let the holds run out and somebody else buy everything of the first seller."""
    sweep_holds()
    buy(shop, PaymentMethod.VIETQR, {shop.variants[0]: 10})


def test_paid_orders_are_placed_once_whoever_tells_of_it(app: Flask, gateway: MemoryGateway) -> None:
    group = buy(a_shop(), CARD)
    attempt = begun(group)
    assert statuses(group) == [OrderStatus.DRAFT] * 3

    first, again = paid(attempt), paid(attempt)

    assert first.placed == [order.id for order in group.orders]
    assert (again.state, again.placed, again.refunds) == (SessionState.COMPLETED, [], [])
    assert statuses(group) == [OrderStatus.PLACED] * 3
    assert refunds() == []
    told = [what for what, _ in news()]
    assert (told.count("order_placed"), told.count("order_paid"), told.count("order_arrived")) == (1, 1, 3)


def test_return_and_notice_at_the_same_moment(app: Flask, gateway: MemoryGateway, race: Race) -> None:
    group = buy(a_shop(), CARD)
    attempt = begun(group)
    answer = Answer(SessionState.COMPLETED, "pi_1", attempt.amount)

    def act(session: Any) -> None:
        settle(session, attempt.id, answer, NOON)

    assert race(act, act, act) == ["done"] * 3
    assert sum(standing(order).captured for order in group.orders) == group.total
    assert [what for what, _ in news()].count("order_placed") == 1


def test_an_end_that_is_told_late_does_not_undo_a_payment(app: Flask, gateway: MemoryGateway) -> None:
    group = buy(a_shop(), CARD)
    attempt = begun(group)
    paid(attempt)
    for state in (SessionState.EXPIRED, SessionState.PROCESSING, SessionState.PENDING):
        step(settle, attempt.id, Answer(state))

    assert state_of(attempt) is SessionState.COMPLETED


def test_a_payment_told_after_its_end_still_counts(app: Flask, gateway: MemoryGateway) -> None:
    group = buy(a_shop(), CARD)
    attempt = begun(group)
    step(settle, attempt.id, Answer(SessionState.PROCESSING))
    assert state_of(attempt) is SessionState.PROCESSING
    step(settle, attempt.id, Answer(SessionState.EXPIRED))
    assert state_of(attempt) is SessionState.EXPIRED

    paid(attempt)

    assert (state_of(attempt), statuses(group)) == (SessionState.COMPLETED, [OrderStatus.PLACED] * 3)


def test_goods_whose_hold_ran_out_are_taken_again(app: Flask, gateway: MemoryGateway) -> None:
    group = buy(a_shop(), CARD)
    attempt = begun(group)
    with clock.stopped(NOON + HELD_AT_MOST):
        sweep_holds()
        assert paid(attempt).placed == [order.id for order in group.orders]
    assert refunds() == []


def test_goods_that_somebody_else_bought_meanwhile_are_refunded_and_the_rest_is_placed(
    app: Flask, gateway: MemoryGateway
) -> None:
    shop = a_shop()
    group = buy(shop, CARD)
    attempt = begun(group)
    with clock.stopped(NOON + HELD_AT_MOST):
        sell_out(shop)
        settled = paid(attempt)

    first = group.orders[0]
    assert (settled.placed, settled.out_of_stock) == ([one.id for one in group.orders[1:]], [first.id])
    assert [(one.amount, one.reason) for one in refunds()] == [(first.total, RefundReason.OUT_OF_STOCK)]
    assert (standing(first).kept, standing(group.orders[1]).owed) == (0, 0)


def test_money_for_an_expired_draft_goes_back_whole(app: Flask, gateway: MemoryGateway) -> None:
    group = buy(a_shop(), CARD)
    attempt = begun(group)
    with clock.stopped(NOON + HELD_AT_MOST):
        assert step(settlement.expire, group.id)
        settled = paid(attempt)

    assert (settled.placed, [one.reason for one in settled.refunds]) == ([], [RefundReason.CANCELED])
    assert sum(one.amount for one in refunds()) == group.total
    assert statuses(group) == [OrderStatus.CANCELED] * 3


def test_what_was_paid_twice_goes_back(app: Flask, gateway: MemoryGateway) -> None:
    group = buy(a_shop(), CARD)
    first = begun(group, "cs_1")
    step(settle, first.id, Answer(SessionState.EXPIRED))
    second = begun(group, "cs_2")
    paid(second, reference="pi_2")
    paid(first, reference="pi_1")
    paid(first, reference="pi_1")

    assert {one.reason for one in refunds()} == {RefundReason.PAID_TWICE}
    assert sum(one.amount for one in refunds()) == group.total
    assert all(standing(order).kept == order.total for order in group.orders)


def test_more_than_was_asked_for_is_given_back(app: Flask, gateway: MemoryGateway) -> None:
    group = buy(a_shop(), CARD)
    settled = paid(begun(group), group.total + 7)

    assert settled.placed == [order.id for order in group.orders]
    assert [(one.amount, one.reason) for one in settled.refunds] == [(7, RefundReason.OVERPAID)]


def test_less_than_was_asked_for_places_nothing_until_the_rest_is_paid(
    app: Flask, gateway: MemoryGateway
) -> None:
    group = buy(a_shop(), CARD)
    short = paid(begun(group), group.total - 1_000)
    assert (short.placed, short.refunds, statuses(group)) == ([], [], [OrderStatus.DRAFT] * 3)

    rest = begun(group)
    assert rest.amount == 1_000
    assert paid(rest, reference="pi_2").placed == [order.id for order in group.orders]
    assert refunds() == []


def test_less_than_was_asked_for_goes_back_when_the_draft_expires(app: Flask, gateway: MemoryGateway) -> None:
    group = buy(a_shop(), CARD)
    paid(begun(group), 50_000)
    with clock.stopped(NOON + HELD_AT_MOST):
        assert step(settlement.expire, group.id)
        assert not step(settlement.expire, group.id)

    assert sum(one.amount for one in refunds()) == 50_000
    assert sum(standing(order).kept for order in group.orders) == 0


@pytest.mark.parametrize(
    "answer",
    [
        Answer(SessionState.COMPLETED, "pi_1", 185_000, "usd"),
        Answer(SessionState.COMPLETED, None, 185_000),
        Answer(SessionState.COMPLETED, "pi_1", None),
    ],
)
def test_money_that_cannot_be_counted_is_refused_aloud(
    app: Flask, gateway: MemoryGateway, answer: Answer
) -> None:
    group = buy(a_shop(), CARD)
    attempt = begun(group)
    with pytest.raises(ForeignMoney):
        step(settle, attempt.id, answer)

    assert (state_of(attempt), statuses(group)) == (SessionState.PENDING, [OrderStatus.DRAFT] * 3)


def test_a_payment_of_another_group_is_refused(app: Flask, gateway: MemoryGateway) -> None:
    shop = a_shop()
    paid(begun(buy(shop, CARD)))
    with pytest.raises(MoneyDiffers):
        paid(begun(buy(shop, CARD)))


def test_an_order_canceled_while_it_is_paid_is_refunded_and_its_siblings_are_placed(
    app: Flask, gateway: MemoryGateway
) -> None:
    group = buy(a_shop(), CARD)
    attempt = begun(group)
    step(cancel_order, group.orders[1].id, CancelReason.CUSTOMER)
    settled = paid(attempt)

    assert settled.placed == [group.orders[0].id, group.orders[2].id]
    assert sum(one.amount for one in refunds()) == group.orders[1].total
    assert {one.reason for one in refunds()} <= {RefundReason.OVERPAID, RefundReason.CANCELED}


def test_who_presses_twice_pays_in_one_session(app: Flask, gateway: MemoryGateway) -> None:
    group = buy(a_shop(), CARD)
    first = begun(group)
    assert begun(group).id == first.id
    assert (first.amount, first.expires_at) == (group.total, NOON + LASTS)

    with unit_of_work() as session:
        attach(session, first.id, Started("cs_1", "https://pay.example.test/cs_1"))
        attach(session, first.id, Started("cs_1", "https://pay.example.test/cs_1"))
    assert begun(group).url == "https://pay.example.test/cs_1"


def test_a_session_that_was_never_shown_is_given_up(app: Flask, gateway: MemoryGateway) -> None:
    group = buy(a_shop(), CARD)
    first = begun(group)
    with clock.stopped(NOON + UNANSWERED):
        second = begun(group)

    assert second.id != first.id
    assert second.idempotency_key != first.idempotency_key
    assert state_of(first) is SessionState.FAILED
    with pytest.raises(SessionClosed), unit_of_work() as session:
        attach(session, first.id, Started("cs_late", "https://pay.example.test/cs_late"))


def test_a_session_has_one_name(app: Flask, gateway: MemoryGateway) -> None:
    attempt = begun(buy(a_shop(), CARD), "cs_1")
    with pytest.raises(SessionClosed), unit_of_work() as session:
        attach(session, attempt.id, Started("cs_2", "https://pay.example.test/cs_2"))
    with pytest.raises(NotFound), unit_of_work() as session:
        attach(session, 0, Started("cs_2", "https://pay.example.test/cs_2"))
    db.session.rollback()
    assert db.session.scalars(sa.select(PaymentSession.reference)).all() == ["cs_1"]


def test_an_earlier_session_that_might_be_paid_has_to_be_asked_about(
    app: Flask, gateway: MemoryGateway
) -> None:
    group = buy(a_shop(), CARD)
    attempt = begun(group, "cs_1")
    with clock.stopped(NOON + LASTS), pytest.raises(SessionUnresolved) as refused:
        begun(group)
    assert refused.value.parameters == {"session_id": attempt.id}

    step(settle, attempt.id, Answer(SessionState.PROCESSING))
    with pytest.raises(SessionUnresolved):
        begun(group)


def test_a_session_for_another_amount_than_is_owed_now_does_not_go_on(
    app: Flask, gateway: MemoryGateway
) -> None:
    group = buy(a_shop(), CARD)
    begun(group, "cs_1")
    step(cancel_order, group.orders[0].id, CancelReason.CUSTOMER)
    with pytest.raises(SessionUnresolved):
        begun(group)


def test_nothing_to_pay(app: Flask, gateway: MemoryGateway) -> None:
    shop = a_shop()
    with pytest.raises(NothingToPay):
        begun(buy(shop, PaymentMethod.VIETQR))
    group = buy(shop, CARD)
    paid(begun(group))
    with pytest.raises(NothingToPay):
        begun(group)


def test_goods_are_held_while_they_are_paid_for(app: Flask, gateway: MemoryGateway) -> None:
    group = buy(a_shop(), CARD)
    with clock.stopped(NOON + timedelta(minutes=30)):
        begun(group)
    with clock.stopped(NOON + timedelta(minutes=60)):
        assert not step(settlement.expire, group.id)
    with clock.stopped(NOON + HELD_AT_MOST), pytest.raises(HoldLost):
        begun(buy_again_lapsed(group))


def buy_again_lapsed(group: OrderGroup) -> OrderGroup:
    """Give up the open session of a group, so that the next attempt begins anew."""
    with unit_of_work() as session:
        under_way = find_open_session(session, group.id)
        assert under_way is not None
        under_way.state = SessionState.FAILED
    return group


def test_settling_a_session_that_is_not_there(app: Flask) -> None:
    with pytest.raises(NotFound):
        step(settle, 0, Answer(SessionState.EXPIRED))

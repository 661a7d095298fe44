"""What a crash left, gateways that are away, and what comes round by itself."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import clock
from marketplace.database import db, unit_of_work
from marketplace.ordering.cancellation import cancel_order
from marketplace.ordering.models import CancelReason, OrderGroup, OrderStatus, PaymentMethod
from marketplace.ordering.reservations import HELD_AT_MOST, HELD_FOR
from marketplace.payments import settlement, sweeper
from marketplace.payments.errors import NothingToPay
from marketplace.payments.gateway import Answer, Started, gateways
from marketplace.payments.models import PaymentSession, RefundState, SessionState
from marketplace.payments.paying import ask_session, end_session, start_paying
from marketplace.payments.repaying import repay
from marketplace.payments.sessions import LASTS, UNANSWERED, attach, begin_session
from tests.conftest import NOON
from tests.factories.after_sale import news, reload, step
from tests.factories.payments import (
    REFUSED,
    UNAVAILABLE,
    URLS,
    MemoryGateway,
    a_shop,
    buy,
    deliver_all,
    pay,
    refunds,
    with_account,
)

CARD = PaymentMethod.CARD


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def card_order() -> OrderGroup:
    return buy(a_shop(), CARD)


def start(group: OrderGroup) -> str:
    """Start to pay; return what the gateway calls the session."""
    return start_paying(group.id, URLS, clock.now()).rsplit("/", 1)[1]


def session_of(reference: str) -> PaymentSession:
    db.session.rollback()
    named = sa.select(PaymentSession).where(PaymentSession.reference == reference)
    return db.session.scalars(named.execution_options(populate_existing=True)).one()


def statuses(group: OrderGroup) -> set[OrderStatus]:
    return {reload(order.id).status for order in group.orders}


def test_starting_to_pay_is_prepared_called_and_written_down(app: Flask, gateway: MemoryGateway) -> None:
    group = card_order()
    reference = start(group)

    assert start(group) == reference
    assert gateway.calls == ["start"]
    assert session_of(reference).state is SessionState.PENDING


def test_a_reply_that_was_lost_is_asked_for_again_by_the_same_key(app: Flask, gateway: MemoryGateway) -> None:
    group = card_order()
    gateway.fault = UNAVAILABLE()
    with pytest.raises(UNAVAILABLE):
        start(group)
    start(group)

    assert (gateway.calls, len(gateway.by_key)) == (["start", "start"], 1)


def test_a_gateway_that_says_no_ends_the_attempt(app: Flask, gateway: MemoryGateway) -> None:
    group = card_order()
    gateway.fault = REFUSED()
    with pytest.raises(REFUSED):
        start(group)
    start(group)

    assert len(gateway.by_key) == 1
    assert step(begin_session, group.id).id == 2


def test_an_attempt_that_another_request_opened_meanwhile_goes_on(
    app: Flask, gateway: MemoryGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    group = card_order()
    real = gateway.start

    def overtaken(begun: PaymentSession, *given: Any) -> Started:
        """Open the session for the other request, and say no to this one."""
        started = real(begun, *given)
        with unit_of_work() as session:
            attach(session, begun.id, started)
        raise REFUSED

    monkeypatch.setattr(gateway, "start", overtaken)
    with pytest.raises(REFUSED):
        start(group)

    assert session_of(next(iter(gateway.sessions))).state is SessionState.PENDING


def test_an_attempt_that_ran_out_is_ended_before_the_next(app: Flask, gateway: MemoryGateway) -> None:
    group = card_order()
    first = start(group)
    with clock.stopped(NOON + LASTS):
        second = start(group)

    assert first != second
    assert gateway.calls == ["start", "expire", "start"]
    assert session_of(first).state is SessionState.EXPIRED


def test_an_attempt_that_ran_out_and_was_paid_leaves_nothing_to_pay(
    app: Flask, gateway: MemoryGateway
) -> None:
    group = card_order()
    gateway.pay(start(group), group.total)
    with clock.stopped(NOON + LASTS), pytest.raises(NothingToPay):
        start(group)

    assert statuses(group) == {OrderStatus.PLACED}


def test_the_sweeper_finds_a_payment_that_nobody_told_of(app: Flask, gateway: MemoryGateway) -> None:
    group = card_order()
    gateway.pay(start(group), group.total)
    with clock.stopped(NOON + minutes(9.9)):
        assert sweeper.resume_sessions() == 0
    with clock.stopped(NOON + minutes(10)):
        assert sweeper.resume_sessions() == 1
        assert sweeper.resume_sessions() == 0

    assert statuses(group) == {OrderStatus.PLACED}
    assert [what for what, _ in news()].count("order_placed") == 1


def test_an_open_session_is_asked_about_every_ten_minutes(app: Flask, gateway: MemoryGateway) -> None:
    start(card_order())
    for after in (10, 19, 20, 30):
        with clock.stopped(NOON + minutes(after)):
            sweeper.resume_sessions()

    assert gateway.calls == ["start", "ask", "ask", "ask"]


def test_a_session_past_its_end_is_closed_at_the_gateway(app: Flask, gateway: MemoryGateway) -> None:
    reference = start(card_order())
    with clock.stopped(NOON + LASTS):
        sweeper.resume_sessions()

    assert gateway.calls == ["start", "expire"]
    assert session_of(reference).state is SessionState.EXPIRED


def test_one_gateway_away_or_broken_does_not_keep_the_others_waiting(
    app: Flask, gateway: MemoryGateway, caplog: pytest.LogCaptureFixture
) -> None:
    shop = a_shop()
    groups = [buy(shop, CARD) for _ in range(3)]
    for group in groups:
        gateway.pay(start(group), group.total)
    gateway.fault = UNAVAILABLE()
    with clock.stopped(NOON + minutes(10)):
        sweeper.resume_sessions()
    assert [statuses(group) for group in groups] == [{OrderStatus.DRAFT}, *[{OrderStatus.PLACED}] * 2]
    assert "waits for its gateway" in caplog.text

    gateway.fault = ValueError("a defect")
    with clock.stopped(NOON + minutes(20)):
        sweeper.resume_sessions()
    assert "failed" in caplog.text
    with clock.stopped(NOON + minutes(30)):
        sweeper.resume_sessions()
    assert statuses(groups[0]) == {OrderStatus.PLACED}


def test_sessions_of_a_gateway_that_is_gone_wait(app: Flask, gateway: MemoryGateway) -> None:
    group = card_order()
    start(group)
    gateways.pop(CARD)
    with clock.stopped(NOON + minutes(10)):
        assert sweeper.resume_sessions() == 0
    with clock.stopped(NOON + HELD_AT_MOST):
        sweeper.expire_drafts()
    assert statuses(group) == {OrderStatus.DRAFT}


def test_asking_about_what_ended_or_was_never_shown(app: Flask, gateway: MemoryGateway) -> None:
    group = card_order()
    begun = step(begin_session, group.id)
    assert ask_session(begun.id, NOON).state is SessionState.PENDING
    with clock.stopped(NOON + UNANSWERED):
        assert ask_session(begun.id, clock.now()).state is SessionState.FAILED
        assert end_session(begun.id, clock.now()).state is SessionState.FAILED
    again = step(begin_session, group.id)
    assert end_session(again.id, NOON).state is SessionState.FAILED
    assert gateway.calls == []


def test_drafts_that_nobody_pays_expire_after_the_gateway_was_asked(
    app: Flask, gateway: MemoryGateway
) -> None:
    group = card_order()
    reference = start(group)
    with clock.stopped(NOON + HELD_FOR - minutes(1)):
        assert sweeper.expire_drafts() == 0
    with clock.stopped(NOON + HELD_FOR):
        assert sweeper.expire_drafts() == 1

    assert gateway.calls == ["start", "expire"]
    assert session_of(reference).state is SessionState.EXPIRED
    assert statuses(group) == {OrderStatus.CANCELED}


def test_drafts_without_any_session_expire(app: Flask, gateway: MemoryGateway) -> None:
    group = card_order()
    with clock.stopped(NOON + HELD_AT_MOST):
        sweeper.expire_drafts()

    assert (statuses(group), gateway.calls) == ({OrderStatus.CANCELED}, [])


def test_a_draft_that_turns_out_paid_is_placed_instead(app: Flask, gateway: MemoryGateway) -> None:
    group = card_order()
    gateway.pay(start(group), group.total)
    with clock.stopped(NOON + HELD_FOR):
        sweeper.expire_drafts()

    assert (statuses(group), refunds()) == ({OrderStatus.PLACED}, [])


@pytest.mark.parametrize("away", [True, False])
def test_no_draft_expires_while_its_payment_is_under_way(
    app: Flask, gateway: MemoryGateway, away: bool
) -> None:
    group = card_order()
    reference = start(group)
    if away:
        gateway.fault = UNAVAILABLE()
    else:
        gateway.sessions[reference] = Answer(SessionState.PROCESSING)
    with clock.stopped(NOON + HELD_FOR):
        sweeper.expire_drafts()

    assert statuses(group) == {OrderStatus.DRAFT}


@pytest.mark.parametrize("method", [PaymentMethod.CASH_ON_DELIVERY, PaymentMethod.VIETQR])
def test_cash_on_delivery_and_transfers_never_expire(
    app: Flask, gateway: MemoryGateway, method: PaymentMethod
) -> None:
    group = buy(a_shop(), method)
    with clock.stopped(NOON + timedelta(days=60)):
        assert sweeper.expire_drafts() == 0

    assert statuses(group) == {OrderStatus.PLACED}


def owed_by_card(gateway: MemoryGateway) -> OrderGroup:
    """A paid order of which one parcel was taken back."""
    group = card_order()
    gateway.pay(start(group), group.total)
    sweeper_at = NOON + minutes(10)
    with clock.stopped(sweeper_at):
        sweeper.resume_sessions()
    step(settlement.cancel, group.orders[0].id, CancelReason.CUSTOMER)
    return group


def test_refunds_by_card_are_carried_out_once(app: Flask, gateway: MemoryGateway) -> None:
    group = owed_by_card(gateway)
    assert sweeper.carry_out_refunds() == 1
    assert sweeper.carry_out_refunds() == 0
    repay(refunds()[0].id, NOON + timedelta(days=1))

    (repaid,) = gateway.repaid.values()
    assert (repaid.amount, repaid.payment_reference) == (
        group.orders[0].total,
        "pi_" + next(iter(gateway.sessions)),
    )
    assert (refunds()[0].state, refunds()[0].done_at) == (RefundState.COMPLETED, NOON)


def test_a_refund_waits_twice_as_long_after_each_try_up_to_an_hour(
    app: Flask, gateway: MemoryGateway
) -> None:
    owed_by_card(gateway)
    tried = []
    for minute in range(240):
        gateway.fault = UNAVAILABLE()
        with clock.stopped(NOON + minutes(minute)):
            if sweeper.carry_out_refunds():
                tried.append(minute)

    assert tried == [0, 1, 2, 4, 8, 16, 32, 64, 124, 184]
    assert refunds()[0].state is RefundState.PENDING
    gateway.fault = None
    with clock.stopped(NOON + timedelta(days=1)):
        sweeper.carry_out_refunds()
    assert len(gateway.repaid) == 1


def test_a_refund_that_the_gateway_refuses_is_for_people(app: Flask, gateway: MemoryGateway) -> None:
    owed_by_card(gateway)
    gateway.fault = REFUSED()
    sweeper.carry_out_refunds()
    with clock.stopped(NOON + timedelta(days=1)):
        assert sweeper.carry_out_refunds() == 0

    assert refunds()[0].state is RefundState.FAILED


def test_a_refund_that_takes_days_is_asked_about(app: Flask, gateway: MemoryGateway) -> None:
    owed_by_card(gateway)
    gateway.refund_state = RefundState.PROCESSING
    sweeper.carry_out_refunds()
    assert refunds()[0].state is RefundState.PROCESSING
    gateway.refund_state = RefundState.COMPLETED
    with clock.stopped(NOON + minutes(1)):
        sweeper.carry_out_refunds()

    assert refunds()[0].state is RefundState.COMPLETED
    assert len(gateway.repaid) == 1


def test_one_of_two_sweepers_carries_a_refund_out(app: Flask, gateway: MemoryGateway) -> None:
    owed_by_card(gateway)
    gateway.fault = UNAVAILABLE()
    refund = refunds()[0].id
    with pytest.raises(UNAVAILABLE):
        repay(refund, NOON)
    repay(refund, NOON)

    assert gateway.calls.count("refund") == 1


def test_transfers_and_cash_wait_for_people(app: Flask, gateway: MemoryGateway) -> None:
    group = buy(a_shop())
    pay(group)
    step(settlement.cancel, group.orders[0].id, CancelReason.CUSTOMER)

    assert sweeper.carry_out_refunds() == 0
    assert refunds()[0].state is RefundState.PENDING


def test_sellers_are_paid_out(app: Flask) -> None:
    shop = a_shop((300_000,))
    with_account(shop.sellers[0])
    group = buy(shop)
    pay(group)
    deliver_all(group)

    assert (sweeper.pay_sellers_out(), sweeper.pay_sellers_out()) == (1, 0)


def test_a_canceled_parcel_of_a_draft_changes_what_is_paid(app: Flask, gateway: MemoryGateway) -> None:
    group = card_order()
    first = start(group)
    step(cancel_order, group.orders[0].id, CancelReason.CUSTOMER)
    second = start(group)

    assert session_of(first).state is SessionState.EXPIRED
    assert session_of(second).amount == group.total - group.orders[0].total
    with unit_of_work() as session:
        assert session.get_one(PaymentSession, session_of(second).id).url

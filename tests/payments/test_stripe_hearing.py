"""What Stripe tells by itself: believed only when signed, acted upon once, in any order."""

import logging
import time
from collections.abc import Callable
from typing import TypeVar

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import clock, jobs
from marketplace.cli.test_gateway import trade
from marketplace.cli.test_gateway.books import Books, Thing
from marketplace.cli.test_gateway.faults import Kind
from marketplace.cli.test_gateway.notices import sign
from marketplace.cli.test_gateway.server import PracticeGateway
from marketplace.database import Base, db, unit_of_work
from marketplace.ordering.models import Order, OrderStatus
from marketplace.payments.errors import GatewayUnavailable, UnsignedNotice
from marketplace.payments.gateway import Repayment
from marketplace.payments.models import (
    Dispute,
    GatewayEvent,
    Payment,
    PaymentSession,
    Refund,
    RefundReason,
    RefundState,
    SessionState,
)
from marketplace.payments.refunds import owe_refund
from marketplace.payments.sessions import begin_session
from marketplace.payments.stripe import hearing, take_notice
from marketplace.payments.stripe.gateway import StripeGateway
from marketplace.payments.stripe.notices import read_notice
from tests.environment.card_gateway import WEBHOOK_SECRET, events_of, signed_notice
from tests.factories.cards import URLS, begun_payment, card_order, pay_at

BODY = b'{"id": "evt_1", "type": "some.thing", "object": "event", "data": {"object": {"id": "x_1"}}}'


def heard(event: Thing) -> bool:
    body, signature = signed_notice(event)
    return take_notice(body, signature, WEBHOOK_SECRET, clock.now())


Row = TypeVar("Row", bound=Base)


def all_of(model: type[Row]) -> list[Row]:
    found = list(db.session.scalars(sa.select(model)))
    db.session.rollback()
    return found


def statuses() -> list[OrderStatus]:
    return list(db.session.scalars(sa.select(Order.status).order_by(Order.position)))


def refunds() -> list[tuple[int, RefundReason, RefundState]]:
    found = db.session.scalars(sa.select(Refund).order_by(Refund.id)).all()
    db.session.rollback()
    return [(refund.amount, refund.reason, refund.state) for refund in found]


@pytest.fixture
def paid(cards: StripeGateway, card_gateway: PracticeGateway) -> Thing:
    """A card that was charged 230.000 đồng for an order of two sellers; nobody has told us yet."""
    return pay_at(card_gateway, begun_payment(card_order(150_000, 80_000)))


def test_a_signed_notice_is_read() -> None:
    notice = read_notice(BODY, sign(BODY, WEBHOOK_SECRET), WEBHOOK_SECRET)
    assert (notice.id, notice.kind, notice.about) == ("evt_1", "some.thing", {"id": "x_1"})


def test_while_secrets_change_one_good_signature_suffices() -> None:
    old = sign(BODY, "whsec_of_yesterday")
    both = f"{old},{sign(BODY, WEBHOOK_SECRET).split(',')[1]}"
    assert read_notice(BODY, both, WEBHOOK_SECRET).id == "evt_1"


NOW = time.time


@pytest.mark.parametrize(
    "forge",
    [
        lambda: (BODY, ""),
        lambda: (BODY, "t=1"),
        lambda: (BODY, "v1=00,t=soon"),
        lambda: (BODY, sign(BODY, "whsec_of_others")),
        lambda: (BODY, sign(BODY, WEBHOOK_SECRET, int(NOW()) - 301)),
        lambda: (BODY, sign(BODY, WEBHOOK_SECRET, int(NOW()) + 310)),
        lambda: (BODY + b" ", sign(BODY, WEBHOOK_SECRET)),
        lambda: (BODY, sign(BODY, WEBHOOK_SECRET).replace("v1=", "v0=")),
        lambda: (b"\xff", sign(b"\xff", WEBHOOK_SECRET)),
        lambda: (b"[]", sign(b"[]", WEBHOOK_SECRET)),
        lambda: (b"{}", sign(b"{}", WEBHOOK_SECRET)),
        lambda: (b"no json", sign(b"no json", WEBHOOK_SECRET)),
    ],
)
def test_what_is_not_signed_now_by_our_secret_is_not_believed(
    forge: Callable[[], tuple[bytes, str]],
) -> None:
    body, signature = forge()
    with pytest.raises(UnsignedNotice):
        read_notice(body, signature, WEBHOOK_SECRET)


def test_a_payment_told_places_the_order_once(paid: Thing, card_gateway: PracticeGateway) -> None:
    [event] = events_of(card_gateway, "checkout.session.completed")
    assert heard(event)
    jobs_after = jobs.count_waiting()
    assert not heard(event)
    assert statuses() == [OrderStatus.PLACED, OrderStatus.PLACED]
    assert [one.amount for one in all_of(Payment)] == [paid["amount"]]
    assert jobs.count_waiting() == jobs_after
    assert len(all_of(GatewayEvent)) == 1


def test_of_two_alike_at_one_moment_the_second_changes_nothing(
    paid: Thing, card_gateway: PracticeGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    settled(card_gateway)
    monkeypatch.setattr(hearing, "_was_heard", lambda *_: False)
    settled(card_gateway)
    assert len(all_of(GatewayEvent)) == len(all_of(Payment)) == 1


def test_a_notice_that_is_late_is_answered_by_how_things_stand(
    paid: Thing, card_gateway: PracticeGateway
) -> None:
    [done] = events_of(card_gateway, "checkout.session.completed")
    late = {**done, "id": "evt_late", "type": "checkout.session.expired"}
    assert heard(late)
    assert statuses() == [OrderStatus.PLACED, OrderStatus.PLACED]
    assert heard(done)
    assert len(all_of(Payment)) == 1


def test_a_payment_is_known_by_our_key_before_its_name_is_written_down(
    cards: StripeGateway, card_gateway: PracticeGateway
) -> None:
    group = card_order(150_000)
    with unit_of_work() as session:
        begun = begin_session(session, group.id, clock.now())
    started = cards.start(begun, group, URLS)
    with card_gateway.books as books:
        trade.pay(books, started.reference)
    settled(card_gateway)
    assert statuses() == [OrderStatus.PLACED]
    [attempt] = all_of(PaymentSession)
    assert attempt.reference == started.reference


def test_an_attempt_that_ran_out_is_over(cards: StripeGateway, card_gateway: PracticeGateway) -> None:
    begun = begun_payment(card_order(150_000))
    with card_gateway.books as books:
        trade.expire_session(books, begun.reference or "")
    [event] = events_of(card_gateway, "checkout.session.expired")
    assert heard(event)
    [after] = all_of(PaymentSession)
    assert after.state is SessionState.EXPIRED
    assert statuses() == [OrderStatus.DRAFT]


def test_other_matters_are_ignored(paid: Thing, card_gateway: PracticeGateway) -> None:
    [event] = events_of(card_gateway, "payment_intent.succeeded")
    assert not heard(event)
    assert all_of(GatewayEvent) == []


def test_a_session_of_others_is_noted(
    paid: Thing, card_gateway: PracticeGateway, caplog: pytest.LogCaptureFixture
) -> None:
    [event] = events_of(card_gateway, "checkout.session.completed")
    event["data"]["object"]["id"] = "cs_test_of_nobody"
    with caplog.at_level(logging.WARNING):
        assert heard(event)
    assert "cs_test_of_nobody" in caplog.text
    assert len(all_of(GatewayEvent)) == 1
    assert statuses() == [OrderStatus.DRAFT, OrderStatus.DRAFT]


def test_while_stripe_cannot_be_asked_nothing_is_lost(paid: Thing, card_gateway: PracticeGateway) -> None:
    [event] = events_of(card_gateway, "checkout.session.completed")
    card_gateway.faults.expect(Kind.LOST, times=2)
    with pytest.raises(GatewayUnavailable):
        heard(event)
    assert all_of(GatewayEvent) == []
    assert heard(event)
    assert statuses() == [OrderStatus.PLACED, OrderStatus.PLACED]


def settled(card_gateway: PracticeGateway) -> None:
    [event] = events_of(card_gateway, "checkout.session.completed")
    heard(event)


def given_back(card_gateway: PracticeGateway, paid: Thing, amount: int) -> None:
    """Give money back at the gateway's own desk."""
    with card_gateway.books as books:
        trade.refund(books, {"payment_intent": paid["id"], "amount": str(amount)})


def test_money_given_back_at_stripes_desk_is_seen(paid: Thing, card_gateway: PracticeGateway) -> None:
    settled(card_gateway)
    given_back(card_gateway, paid, 50_000)
    for event in events_of(card_gateway, "refund.created", "charge.refunded"):
        assert heard(event)
    assert refunds() == [(50_000, RefundReason.STAFF, RefundState.COMPLETED)]
    assert statuses() == [OrderStatus.PLACED, OrderStatus.PLACED]


def test_all_given_back_at_the_desk_is_taken_off_every_order(
    paid: Thing, card_gateway: PracticeGateway
) -> None:
    settled(card_gateway)
    given_back(card_gateway, paid, paid["amount"])
    [event] = events_of(card_gateway, "refund.created")
    heard(event)
    parts = refunds()
    assert len(parts) == 2
    assert sum(amount for amount, _, _ in parts) == paid["amount"]


def test_a_refund_told_before_the_payment_writes_both_down(
    paid: Thing, card_gateway: PracticeGateway
) -> None:
    given_back(card_gateway, paid, 30_000)
    [event] = events_of(card_gateway, "refund.created")
    assert heard(event)
    assert statuses() == [OrderStatus.PLACED, OrderStatus.PLACED]
    assert refunds() == [(30_000, RefundReason.STAFF, RefundState.COMPLETED)]


def fail_refund(books: Books, identity: str) -> None:
    """Have a refund come back days later, as when a card account is closed."""
    failed = books.get("refunds", identity)
    failed["status"] = "failed"
    books.get("intents", failed["payment_intent"])["amount_refunded"] -= failed["amount"]
    trade.tell(books, "refund.failed", failed)


def test_a_refund_that_comes_back_has_failed(paid: Thing, card_gateway: PracticeGateway) -> None:
    settled(card_gateway)
    given_back(card_gateway, paid, 30_000)
    [created] = events_of(card_gateway, "refund.created")
    heard(created)
    with card_gateway.books as books:
        fail_refund(books, created["data"]["object"]["id"])
    [failed] = events_of(card_gateway, "refund.failed")
    heard(failed)
    assert refunds() == [(30_000, RefundReason.STAFF, RefundState.FAILED)]


def test_a_refund_that_failed_before_it_was_told_takes_nothing(
    paid: Thing, card_gateway: PracticeGateway
) -> None:
    settled(card_gateway)
    given_back(card_gateway, paid, 30_000)
    [created] = events_of(card_gateway, "refund.created")
    with card_gateway.books as books:
        fail_refund(books, created["data"]["object"]["id"])
    heard(created)
    assert refunds() == []


def test_money_of_a_payment_of_others_is_noted(
    paid: Thing, card_gateway: PracticeGateway, caplog: pytest.LogCaptureFixture
) -> None:
    given_back(card_gateway, paid, 30_000)
    [event] = events_of(card_gateway, "refund.created")
    event["data"]["object"]["payment_intent"] = "pi_of_nobody"
    with caplog.at_level(logging.WARNING):
        assert heard(event)
    assert "pi_of_nobody" in caplog.text
    assert all_of(Payment) == []


def disputed(card_gateway: PracticeGateway, paid: Thing) -> str:
    with card_gateway.books as books:
        return str(trade.dispute(books, paid["id"])["id"])


def test_a_dispute_is_noted(paid: Thing, card_gateway: PracticeGateway, app: Flask) -> None:
    settled(card_gateway)
    reference = disputed(card_gateway, paid)
    [event] = events_of(card_gateway, "charge.dispute.created")
    heard(event)
    heard({**event, "id": "evt_again"})
    [dispute] = db.session.scalars(sa.select(Dispute)).all()
    assert (dispute.reference, dispute.amount) == (reference, paid["amount"])
    assert (dispute.reason, dispute.state) == ("fraudulent", "needs_response")
    assert refunds() == []


@pytest.mark.parametrize(("end", "back"), [("won", 0), ("lost", 230_000)])
def test_a_lost_dispute_takes_its_money(
    end: str, back: int, paid: Thing, card_gateway: PracticeGateway
) -> None:
    settled(card_gateway)
    reference = disputed(card_gateway, paid)
    with card_gateway.books as books:
        trade.close_dispute(books, reference, end)
    for event in events_of(card_gateway, "charge.dispute.created", "charge.dispute.closed"):
        heard(event)
    [dispute] = db.session.scalars(sa.select(Dispute)).all()
    assert dispute.state == end
    taken = refunds()
    assert sum(amount for amount, _, _ in taken) == (paid["amount"] if back else 0)
    assert {reason for _, reason, _ in taken} <= {RefundReason.DISPUTE}


def owed_back(amount: int) -> Refund:
    """Promise money of the first order back."""
    order_id = db.session.scalars(sa.select(Order.id).order_by(Order.position)).first()
    with unit_of_work() as session:
        [refund] = owe_refund(session, order_id or 0, amount, RefundReason.RETURNED, "return:1", clock.now())
    return refund


def test_our_own_refund_is_known_by_its_key(
    paid: Thing, card_gateway: PracticeGateway, cards: StripeGateway
) -> None:
    settled(card_gateway)
    refund = owed_back(20_000)
    cards.refund(Repayment(paid["id"], 20_000, refund.idempotency_key))
    [event] = events_of(card_gateway, "refund.created")
    heard(event)
    assert refunds() == [(20_000, RefundReason.RETURNED, RefundState.COMPLETED)]


def test_what_was_owed_here_and_given_back_at_the_desk_is_one_refund(
    paid: Thing, card_gateway: PracticeGateway
) -> None:
    settled(card_gateway)
    owed_back(20_000)
    given_back(card_gateway, paid, 20_000)
    for event in events_of(card_gateway, "refund.created", "charge.refunded"):
        heard(event)
    assert refunds() == [(20_000, RefundReason.RETURNED, RefundState.COMPLETED)]


def test_more_given_back_than_was_paid_is_told_to_people(
    paid: Thing, card_gateway: PracticeGateway, caplog: pytest.LogCaptureFixture
) -> None:
    settled(card_gateway)
    owed_back(20_000)
    given_back(card_gateway, paid, paid["amount"])
    [event] = events_of(card_gateway, "refund.created")
    heard(event)
    assert "20000 đồng more than was paid" in caplog.text
    assert sum(amount for amount, _, _ in refunds()) == paid["amount"]

"""The real client of Stripe at the test gateway: amounts, keys, states, faults."""

import threading
import time
from collections.abc import Iterator

import pytest
from flask import Flask

from marketplace import clock
from marketplace.cli.test_gateway import trade
from marketplace.cli.test_gateway.books import Refused
from marketplace.cli.test_gateway.faults import Kind
from marketplace.cli.test_gateway.server import PracticeGateway
from marketplace.database import db, unit_of_work
from marketplace.ordering.models import OrderGroup
from marketplace.payments.errors import GatewayRefused, GatewayUnavailable
from marketplace.payments.gateway import Answer, Repayment, ReturnUrls
from marketplace.payments.models import PaymentSession, RefundState, SessionState
from marketplace.payments.sessions import begin_session
from marketplace.payments.stripe.breaker import Breaker
from marketplace.payments.stripe.gateway import StripeGateway
from tests.environment.card_gateway import base_of, client_of, running_gateway
from tests.factories.cards import URLS, begun_payment, card_order, pay_at

Begun = tuple[PaymentSession, OrderGroup]


@pytest.fixture
def begun(cards: StripeGateway) -> Iterator[Begun]:
    """An attempt to pay for an order of two sellers, which no gateway knows of yet."""
    group = card_order(150_000, 80_000)
    with unit_of_work() as session:
        yield begin_session(session, group.id, clock.now()), group


def sessions_of(gateway: PracticeGateway) -> int:
    return len(gateway.books.tables["sessions"])


def test_amounts_go_as_they_are(cards: StripeGateway, card_gateway: PracticeGateway, begun: Begun) -> None:
    attempt, group = begun
    started = cards.start(attempt, group, URLS)
    told = card_gateway.books.get("sessions", started.reference)
    assert told["currency"] == "vnd"
    assert told["amount_total"] == group.total == attempt.amount
    assert [line["amount_total"] for line in told["lines"]] == [order.total for order in group.orders]
    assert told["client_reference_id"].replace("-", "").endswith(group.number[-4:])
    assert told["metadata"] == {"session": attempt.idempotency_key, "order": group.number}
    assert told["expires_at"] == int(attempt.expires_at.timestamp())
    assert (told["success_url"], told["cancel_url"]) == (URLS.done, URLS.given_up)
    assert started.url == f"{base_of(card_gateway)}/c/pay/{started.reference}"


def test_a_part_of_an_order_is_one_line(
    cards: StripeGateway, card_gateway: PracticeGateway, begun: Begun
) -> None:
    attempt, group = begun
    attempt.amount = 70_000
    started = cards.start(attempt, group, URLS)
    [line] = card_gateway.books.get("sessions", started.reference)["lines"]
    assert line["amount_total"] == 70_000


def test_the_same_key_is_the_same_session(
    cards: StripeGateway, card_gateway: PracticeGateway, begun: Begun
) -> None:
    assert cards.start(*begun, URLS) == cards.start(*begun, URLS)
    assert sessions_of(card_gateway) == 1


def test_a_session_without_a_page_is_of_no_use(
    cards: StripeGateway, card_gateway: PracticeGateway, begun: Begun
) -> None:
    cards.start(*begun, URLS)
    [answer] = card_gateway.books.tables["answers"].values()
    answer["body"]["url"] = None
    with pytest.raises(GatewayRefused):
        cards.start(*begun, URLS)


def test_a_key_stands_for_one_request(cards: StripeGateway, begun: Begun) -> None:
    cards.start(*begun, URLS)
    with pytest.raises(GatewayRefused):
        cards.start(*begun, ReturnUrls(done=f"{URLS.done}/en", given_up=URLS.given_up))


@pytest.mark.parametrize("fault", Kind)
def test_after_a_fault_the_same_page_is_found(
    fault: Kind, cards: StripeGateway, card_gateway: PracticeGateway, begun: Begun
) -> None:
    card_gateway.faults.expect(fault, times=2)
    with pytest.raises(GatewayUnavailable):
        cards.start(*begun, URLS)
    card_gateway.faults.clear()
    assert cards.start(*begun, URLS) == cards.start(*begun, URLS)
    assert sessions_of(card_gateway) == 1


def test_failures_that_stripe_repeats_are_stepped_over(
    cards: StripeGateway, card_gateway: PracticeGateway, begun: Begun
) -> None:
    for repeated in range(5):
        card_gateway.faults.expect(Kind.ERROR, times=repeated + 1)
        with pytest.raises(GatewayUnavailable):
            cards.start(*begun, URLS)
    with pytest.raises(GatewayUnavailable):
        cards.start(*begun, URLS)
    card_gateway.books.tables["answers"].popitem()
    assert cards.start(*begun, URLS) == cards.start(*begun, URLS)
    assert sessions_of(card_gateway) == 1


def test_a_refund_that_was_made_in_spite_of_a_failure_is_found(
    cards: StripeGateway, card_gateway: PracticeGateway, app: Flask
) -> None:
    intent = pay_at(card_gateway, begun_payment(card_order(150_000)))
    back = Repayment(intent["id"], 40_000, "refund-1")
    answer = cards.refund(back)
    card_gateway.books.tables["answers"]["refund-1"] |= {"status": 500, "body": {"error": {}}}
    assert cards.refund(back) == answer
    assert card_gateway.books.get("intents", intent["id"])["amount_refunded"] == 40_000


@pytest.mark.parametrize("fault", [Kind.RESET, Kind.LOST])
def test_one_lost_answer_is_asked_for_again_at_once(
    fault: Kind, cards: StripeGateway, card_gateway: PracticeGateway, begun: Begun
) -> None:
    card_gateway.faults.expect(fault)
    cards.start(*begun, URLS)
    assert sessions_of(card_gateway) == 1


def test_a_gateway_that_is_away_is_unavailable(begun: Begun) -> None:
    with running_gateway() as gone:
        client = client_of(gone)
    with pytest.raises(GatewayUnavailable):
        client.start(*begun, URLS)


def test_a_key_that_is_not_ours_is_our_own_fault(card_gateway: PracticeGateway, begun: Begun) -> None:
    client = StripeGateway("sk_test_of_others", base_of(card_gateway), (1.0, 1.0))
    with pytest.raises(GatewayUnavailable):
        client.start(*begun, URLS)


def test_a_hang_ends_after_the_time_allowed(card_gateway: PracticeGateway, begun: Begun) -> None:
    client = client_of(card_gateway, seconds=0.2)
    card_gateway.faults.expect(Kind.HANG, times=2)
    at = time.monotonic()
    with pytest.raises(GatewayUnavailable):
        client.start(*begun, URLS)
    assert time.monotonic() - at < 15


def test_where_a_session_stands(cards: StripeGateway, card_gateway: PracticeGateway, app: Flask) -> None:
    attempt = begun_payment(card_order(150_000))
    assert attempt.reference
    assert cards.ask(attempt.reference) == Answer(SessionState.PENDING)
    intent = pay_at(card_gateway, attempt)
    paid = Answer(SessionState.COMPLETED, intent["id"], attempt.amount)
    assert cards.ask(attempt.reference) == paid
    assert cards.expire(attempt.reference) == paid
    card_gateway.books.tables["sessions"][attempt.reference]["payment_status"] = "unpaid"
    assert cards.ask(attempt.reference) == Answer(SessionState.PROCESSING)


def test_an_ended_session_takes_no_money(
    cards: StripeGateway, card_gateway: PracticeGateway, app: Flask
) -> None:
    attempt = begun_payment(card_order(150_000))
    assert attempt.reference
    assert cards.expire(attempt.reference) == Answer(SessionState.EXPIRED)
    assert cards.ask(attempt.reference) == cards.expire(attempt.reference) == Answer(SessionState.EXPIRED)
    with pytest.raises(Refused), card_gateway.books as books:
        trade.pay(books, attempt.reference)


def test_a_session_that_is_not_there_is_refused(cards: StripeGateway) -> None:
    with pytest.raises(GatewayRefused):
        cards.ask("cs_test_of_nobody")
    with pytest.raises(GatewayRefused):
        cards.expire("cs_test_of_nobody")


def test_an_amount_beyond_what_stripe_takes_is_refused(cards: StripeGateway, begun: Begun) -> None:
    attempt, group = begun
    attempt.amount = 100_000_000
    with pytest.raises(GatewayRefused):
        cards.start(attempt, group, URLS)
    db.session.rollback()


def test_money_goes_back_once_and_never_more_than_was_paid(
    cards: StripeGateway, card_gateway: PracticeGateway, app: Flask
) -> None:
    intent = pay_at(card_gateway, begun_payment(card_order(150_000)))
    back = Repayment(intent["id"], 100_000, "refund-1")
    answer = cards.refund(back)
    assert answer.state is RefundState.COMPLETED
    assert cards.refund(back) == answer
    assert [(one.amount, one.key) for one in cards.list_refunds(intent["id"])] == [(100_000, "refund-1")]
    with pytest.raises(GatewayRefused):
        cards.refund(Repayment(intent["id"], 100_000, "refund-2"))


@pytest.mark.parametrize("fault", Kind)
def test_a_refund_after_a_fault_is_the_same_refund(
    fault: Kind, cards: StripeGateway, card_gateway: PracticeGateway, app: Flask
) -> None:
    intent = pay_at(card_gateway, begun_payment(card_order(150_000)))
    card_gateway.faults.expect(fault, times=2)
    back = Repayment(intent["id"], 40_000, "refund-1")
    with pytest.raises(GatewayUnavailable):
        cards.refund(back)
    card_gateway.faults.clear()
    cards.refund(back)
    cards.refund(back)
    assert card_gateway.books.get("intents", intent["id"])["amount_refunded"] == 40_000


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("pending", RefundState.PROCESSING),
        ("requires_action", RefundState.PROCESSING),
        ("failed", RefundState.FAILED),
        ("canceled", RefundState.FAILED),
    ],
)
def test_what_stripe_says_of_a_refund(
    word: str, state: RefundState, cards: StripeGateway, card_gateway: PracticeGateway, app: Flask
) -> None:
    intent = pay_at(card_gateway, begun_payment(card_order(150_000)))
    cards.refund(Repayment(intent["id"], 100_000, "refund-1"))
    [refund] = card_gateway.books.tables["refunds"].values()
    refund["status"] = word
    assert [one.answer.state for one in cards.list_refunds(intent["id"])] == [state]


def failing(breaker: Breaker) -> None:
    with pytest.raises(GatewayUnavailable), breaker.place():
        raise GatewayUnavailable


def test_a_gateway_that_fails_again_and_again_is_left_alone_for_a_while() -> None:
    breaker = Breaker(failures=3, rest=0.1)
    for _ in range(3):
        failing(breaker)
    with pytest.raises(GatewayUnavailable), breaker.place():
        pytest.fail("nobody is let in")
    time.sleep(0.11)
    with breaker.place(), pytest.raises(GatewayUnavailable), breaker.place():
        pytest.fail("one goes ahead alone")
    with breaker.place():
        pass


def test_a_gateway_that_still_fails_is_left_alone_again() -> None:
    breaker = Breaker(failures=1, rest=0.1)
    failing(breaker)
    time.sleep(0.11)
    failing(breaker)
    with pytest.raises(GatewayUnavailable), breaker.place():
        pytest.fail("nobody is let in")


def test_few_wait_for_a_gateway_at_once() -> None:
    breaker, inside, go = Breaker(at_once=2), threading.Barrier(3), threading.Event()

    def wait() -> None:
        with breaker.place():
            inside.wait()
            go.wait(5)

    waiting = [threading.Thread(target=wait) for _ in range(2)]
    for thread in waiting:
        thread.start()
    inside.wait()
    with pytest.raises(GatewayUnavailable), breaker.place():
        pytest.fail("there is no place")
    go.set()
    for thread in waiting:
        thread.join()
    with breaker.place():
        pass

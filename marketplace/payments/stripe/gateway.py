"""Stripe as a gateway: each call bounded in time, repeated by the key that was saved before it."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import stripe
from stripe import StripeClient
from stripe.params import RefundCreateParams, RefundListParams
from stripe.params.checkout import SessionCreateParams, SessionCreateParamsLineItem

from marketplace.ordering.models import Order, OrderGroup, OrderStatus
from marketplace.ordering.order_number import write_number
from marketplace.payments.elsewhere import ToldDispute, ToldRefund
from marketplace.payments.errors import GatewayRefused, GatewayUnavailable
from marketplace.payments.gateway import CURRENCY, Answer, RefundAnswer, Repayment, ReturnUrls, Started
from marketplace.payments.models import PaymentSession, RefundState, SessionState
from marketplace.payments.stripe.breaker import Breaker

log = logging.getLogger(__name__)

TIMEOUT_SECONDS = (2.0, 5.0)
"""To connect, and to wait for an answer."""
RETRIES = 1
KEYS_THAT_FOLLOW = ("-2", "-3", "-4", "-5")

_REFUND_STATES = {
    "succeeded": RefundState.COMPLETED,
    "failed": RefundState.FAILED,
    "canceled": RefundState.FAILED,
}
_NOTHING_DONE = (stripe.InvalidRequestError, stripe.CardError, stripe.IdempotencyError)


class StripeGateway:
    """Stripe behind the interface of gateways; đồng have no smaller unit, so amounts go as they are."""

    def __init__(
        self,
        secret_key: str,
        api_base: str,
        timeout: tuple[float, float] = TIMEOUT_SECONDS,
        breaker: Breaker | None = None,
    ) -> None:
        self._breaker = breaker or Breaker()
        self._client = StripeClient(
            secret_key,
            base_addresses={"api": api_base},
            max_network_retries=RETRIES,
            http_client=stripe.RequestsClient(timeout=timeout),
        ).v1

    def start(self, session: PaymentSession, group: OrderGroup, urls: ReturnUrls) -> Started:
        """Open a Checkout Session; raises GatewayUnavailable and GatewayRefused."""
        asked = _checkout(session, group, urls)
        with self._calling():
            opened = self._by_key(self._client.checkout.sessions.create, asked, session.idempotency_key)
            if not opened.url:
                raise GatewayRefused(why="closed")
            return Started(opened.id, opened.url)

    def ask(self, reference: str) -> Answer:
        """Say where a Checkout Session stands; raises GatewayUnavailable and GatewayRefused."""
        with self._calling():
            return self._ask(reference)

    def expire(self, reference: str) -> Answer:
        """Close a Checkout Session, or say how it ended before; raises GatewayUnavailable."""
        with self._calling():
            try:
                self._client.checkout.sessions.expire(reference)
            except stripe.InvalidRequestError:
                return self._ask(reference)
            return Answer(SessionState.EXPIRED)

    def refund(self, repayment: Repayment) -> RefundAnswer:
        """Give money of a payment back; raises GatewayUnavailable and GatewayRefused."""
        asked: RefundCreateParams = {
            "payment_intent": repayment.payment_reference,
            "amount": repayment.amount,
            "metadata": {"refund": repayment.idempotency_key},
        }
        with self._calling():
            key = repayment.idempotency_key
            given = self._by_key(
                self._client.refunds.create,
                asked,
                key,
                lambda: self._find_refund(repayment.payment_reference, key),
            )
            return _told(given).answer

    def list_refunds(self, payment_reference: str) -> list[ToldRefund]:
        """Return all refunds of a payment, whoever asked for them; raises as `ask` does."""
        with self._calling():
            asked: RefundListParams = {"payment_intent": payment_reference, "limit": 100}
            return [_told(one) for one in self._client.refunds.list(asked).auto_paging_iter()]

    def find_session(self, payment_reference: str) -> str | None:
        """Return the Checkout Session that a payment was made in, or None; raises as `ask` does."""
        with self._calling():
            found = self._client.checkout.sessions.list({"payment_intent": payment_reference}).data
            return found[0].id if found else None

    def key_of(self, reference: str) -> str | None:
        """Return our key of a Checkout Session, or None for one of others; raises GatewayUnavailable."""
        try:
            with self._calling():
                found = self._client.checkout.sessions.retrieve(reference).to_dict()
                return (found.get("metadata") or {}).get("session")
        except GatewayRefused:
            return None

    def ask_dispute(self, reference: str) -> ToldDispute:
        """Say how a dispute stands; raises as `ask` does."""
        with self._calling():
            found = self._client.disputes.retrieve(reference)
            return ToldDispute(found.id, str(found.payment_intent), found.amount, found.reason, found.status)

    def _ask(self, reference: str) -> Answer:
        return _answer(self._client.checkout.sessions.retrieve(reference, {"expand": ["payment_intent"]}))

    def _by_key(self, create: Any, asked: Any, key: str, find_done: Callable[[], Any] = lambda: None) -> Any:
        """Create something once for a key.

        Stripe repeats the first result of a key, a failure of its own included, of which it is not known
        whether anything was done: what is not found done is tried under the next key that follows from ours.
        """
        for follows in ("", *KEYS_THAT_FOLLOW):
            try:
                return create(asked, {"idempotency_key": f"{key}{follows}"})
            except stripe.APIError as error:
                if (error.headers or {}).get("Idempotent-Replayed") != "true":
                    raise
            if (done := find_done()) is not None:
                return done
        raise GatewayUnavailable

    def _find_refund(self, payment_reference: str, key: str) -> stripe.Refund | None:
        asked: RefundListParams = {"payment_intent": payment_reference, "limit": 100}
        listed = self._client.refunds.list(asked).auto_paging_iter()
        return next((one for one in listed if _told(one).key == key), None)

    @contextmanager
    def _calling(self) -> Iterator[None]:
        with self._breaker.place():
            try:
                yield
            except _NOTHING_DONE as error:
                log.warning("Stripe refused: %s %s", type(error).__name__, error.code)
                raise GatewayRefused(why=error.code or "") from error
            except (stripe.StripeError, AttributeError, TypeError, ValueError) as error:
                log.warning("Stripe did not do its part: %s", type(error).__name__)
                raise GatewayUnavailable from error


def _told(given: stripe.Refund) -> ToldRefund:
    """Return what Stripe says of a refund; what it takes days for is processing."""
    state = _REFUND_STATES.get(given.status or "", RefundState.PROCESSING)
    key = (given.to_dict().get("metadata") or {}).get("refund")
    return ToldRefund(RefundAnswer(state, given.id), given.amount, key)


def _answer(found: stripe.checkout.Session) -> Answer:
    if found.status == "open":
        return Answer(SessionState.PENDING)
    if found.status == "expired":
        return Answer(SessionState.EXPIRED)
    intent = found.payment_intent
    if found.payment_status != "paid" or not isinstance(intent, stripe.PaymentIntent):
        return Answer(SessionState.PROCESSING)
    return Answer(SessionState.COMPLETED, intent.id, intent.amount_received, intent.currency)


def _checkout(session: PaymentSession, group: OrderGroup, urls: ReturnUrls) -> SessionCreateParams:
    number = write_number(group.number)
    about = {"session": session.idempotency_key, "order": group.number}
    return {
        "mode": "payment",
        "allowed_payment_method_types": ["card"],
        "submit_type": "pay",
        "client_reference_id": number,
        "line_items": _lines(session, group, number),
        "metadata": about,
        "payment_intent_data": {"metadata": about, "description": number},
        "expires_at": int(session.expires_at.timestamp()),
        "success_url": urls.done,
        "cancel_url": urls.given_up,
    }


def _lines(session: PaymentSession, group: OrderGroup, number: str) -> list[SessionCreateParamsLineItem]:
    """Return one line for each seller, or one for the order where only a part of it is to be paid."""
    live = [order for order in group.orders if order.status is not OrderStatus.CANCELED]
    if sum(order.total for order in live) != session.amount:
        return [_line(number, session.amount)]
    return [_line(_name(order), order.total) for order in live]


def _name(order: Order) -> str:
    return f"Gói {order.position}: {order.seller_name}"


def _line(name: str, amount: int) -> SessionCreateParamsLineItem:
    product = {"currency": CURRENCY, "unit_amount": amount, "product_data": {"name": name}}
    return {"quantity": 1, "price_data": product}  # type: ignore[typeddict-item]

"""The guards of card payments that negative controls take away, by what `shop_server` calls them.

All of them have an impatient client, so that a drill needs not wait for a gateway as long as a shop does.
"""

import random
import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any

from stripe import HTTPClient, Webhook

from marketplace import app
from marketplace.database import unit_of_work
from marketplace.payments import paying, receipts, sessions
from marketplace.payments.gateway import ReturnUrls, Started, gateways
from marketplace.payments.models import PaymentSession
from marketplace.payments.stripe import hearing, notices
from marketplace.payments.stripe.breaker import Breaker
from marketplace.payments.stripe.gateway import StripeGateway
from marketplace.payments.stripe.notices import Notice
from marketplace.storefront.views import paying as pages

Replacement = tuple[Any, str, Callable[..., Any]]

IMPATIENT, PATIENT = (0.3, 0.3), (1.5, 1.5)
REST_SECONDS = 0.05


def _open_impatiently(secret_key: str, api_base: str) -> StripeGateway:
    HTTPClient.INITIAL_DELAY = 0.05
    return StripeGateway(secret_key, api_base, IMPATIENT, Breaker(rest=REST_SECONDS))


def _open_patiently(secret_key: str, api_base: str) -> StripeGateway:
    """Wait for a gateway far longer than the others, with every thread there is."""
    return StripeGateway(secret_key, api_base, PATIENT, Breaker(at_once=1000, failures=1_000_000))


def _read_unsigned(body: bytes, signature: str, secret: str) -> Notice:
    """Believe whatever comes."""
    event = Webhook.construct_event_without_verification(body.decode())
    return Notice(event.id, event.type, event.data.object.to_dict())


def _start_anew(group_id: int, urls: ReturnUrls, at: datetime) -> str:
    """Open another page each time, under a key that nobody remembers."""
    begun, group = paying._begin(group_id, at)  # noqa: SLF001 - what the naive code leaves out comes after
    begun.idempotency_key = secrets.token_hex(16)
    started: Started = gateways[begun.method].start(begun, group, urls)
    with unit_of_work() as session:
        kept = session.get_one(PaymentSession, begun.id)
        kept.reference, kept.url = started.reference, started.url
    return started.url


_take = receipts.take_money


def _take_again(session: Any, group_id: int, method: Any, reference: str, *rest: Any, **named: Any) -> Any:
    return _take(session, group_id, method, f"{reference}-{random.random()}", *rest, **named)


IMPATIENCE: Replacement = (app, "open_gateway", _open_impatiently)

CARD_GUARDS: dict[str, list[Replacement]] = {
    "impatient": [IMPATIENCE],
    "patient": [(app, "open_gateway", _open_patiently), (pages, "start_paying", _start_anew)],
    "signature": [IMPATIENCE, (notices, "read_notice", _read_unsigned)],
    "once": [
        IMPATIENCE,
        (hearing, "_was_heard", lambda *_: False),
        (hearing, "_note", lambda *_: True),
        (sessions, "find_payment", lambda *_: None),
        (sessions, "take_money", _take_again),
    ],
}

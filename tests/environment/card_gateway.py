"""The test gateway in a thread of the tests, and a shop that takes cards by it."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from flask import Flask

from marketplace import clock
from marketplace.cli.test_gateway.books import Books, Thing
from marketplace.cli.test_gateway.notices import Manner, sign, written
from marketplace.cli.test_gateway.server import PracticeGateway, make_gateway
from marketplace.ordering.models import PaymentMethod
from marketplace.payments.gateway import gateways
from marketplace.payments.stripe.breaker import Breaker
from marketplace.payments.stripe.gateway import StripeGateway
from marketplace.settings import CardSettings

KEY = "sk_test_of_the_tests"
WEBHOOK_SECRET = "whsec_of_the_tests"
WEBHOOK = "/thanh-toan/stripe/su-kien"


def card_settings(port: int) -> CardSettings:
    """Return settings by which cards are paid at a gateway on a loopback port."""
    base = f"http://127.0.0.1:{port}"
    return CardSettings(secret_key=KEY, webhook_secret=WEBHOOK_SECRET, api_base=base, test_gateway=True)


def fresh_books(path: Path | None = None) -> Books:
    """Return the books of a gateway whose clock stands where the test's stands."""
    here = clock.now()
    return Books(path, lambda: here)


@contextmanager
def running_gateway(
    site: str = "http://127.0.0.1:9",
    books: Books | None = None,
    port: int = 0,
) -> Iterator[PracticeGateway]:
    """Run a test gateway that sends no notices by itself, and knows what it is given."""
    with socket.create_server(("127.0.0.1", port)) as listener:
        card = card_settings(listener.getsockname()[1])
        gateway = make_gateway(card, site, books or fresh_books())
        gateway.postman.manner = Manner.OFF
        gateway.app.config["API_BASE"] = card.api_base
        stop = threading.Event()
        thread = threading.Thread(target=gateway.serve, args=[listener, stop.is_set])
        thread.start()
        try:
            yield gateway
        finally:
            stop.set()
            gateway.faults.clear()
            thread.join()


def base_of(gateway: PracticeGateway) -> str:
    """Return the address of a running gateway."""
    return str(gateway.app.config["API_BASE"])


def client_of(gateway: PracticeGateway, seconds: float = 1.0) -> StripeGateway:
    """Return the real client, for a running gateway; it waits a short time only, and never gives up."""
    return StripeGateway(KEY, base_of(gateway), (seconds, seconds), Breaker(failures=10_000))


@contextmanager
def taking_cards(app: Flask, gateway: PracticeGateway) -> Iterator[StripeGateway]:
    """Have an application take cards by a running gateway."""
    before = app.extensions["settings"]
    app.extensions["settings"] = replace(before, card=card_settings(int(base_of(gateway).rsplit(":", 1)[1])))
    client = client_of(gateway)
    gateways[PaymentMethod.CARD] = client
    try:
        yield client
    finally:
        gateways.pop(PaymentMethod.CARD)
        app.extensions["settings"] = before


def events_of(gateway: PracticeGateway, *kinds: str) -> list[Thing]:
    """Return what a gateway has to tell, the oldest first, of some kinds or of all."""
    with gateway.books as books:
        found = list(books.tables["events"].values())
    return [event for event in found if not kinds or event["type"] in kinds]


def signed_notice(event: Thing, secret: str = WEBHOOK_SECRET, at: int | None = None) -> tuple[bytes, str]:
    """Return the body of a notice and its signature."""
    body = written(event)
    return body, sign(body, secret, at)

"""What the tests of payments share: a gateway in memory, the test gateway, and threads at one moment."""

from collections.abc import Iterator

import pytest
from flask import Flask

from marketplace.cli.test_gateway.server import PracticeGateway
from marketplace.ordering.models import PaymentMethod
from marketplace.payments.gateway import gateways
from marketplace.payments.stripe.gateway import StripeGateway
from tests.accounts.conftest import race
from tests.environment.card_gateway import running_gateway, taking_cards
from tests.factories.payments import MemoryGateway

__all__ = ["race"]


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch) -> MemoryGateway:
    """The gateway of cards for one test, in memory."""
    memory = MemoryGateway()
    monkeypatch.setitem(gateways, PaymentMethod.CARD, memory)
    return memory


@pytest.fixture
def card_gateway(noon: object) -> Iterator[PracticeGateway]:
    """A test gateway, which sends no notices by itself."""
    with running_gateway() as gateway:
        yield gateway


@pytest.fixture
def cards(app: Flask, card_gateway: PracticeGateway) -> Iterator[StripeGateway]:
    """The real client of Stripe; the application takes cards by the test gateway."""
    with taking_cards(app, card_gateway) as client:
        yield client

"""What the tests of payments share: the test gateway, and an order that is to be paid by card."""

from collections.abc import Iterator

import pytest
from flask import Flask

from marketplace.cli.test_gateway.server import PracticeGateway
from marketplace.payments.stripe.gateway import StripeGateway
from tests.environment.card_gateway import running_gateway, taking_cards


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

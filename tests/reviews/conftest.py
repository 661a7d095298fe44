"""What the tests of reviews share: goods, a place to send them to, and threads that want the same."""

import pytest
from flask import Flask

from marketplace.catalogue.models import Variant
from marketplace.database import unit_of_work
from marketplace.places.models import AdminUnit
from tests.accounts.conftest import race
from tests.factories.ordering import a_commune, stocked

__all__ = ["race"]


@pytest.fixture
def commune(app: Flask) -> AdminUnit:
    """Where the buyer lives."""
    with unit_of_work() as session:
        return a_commune(session)


@pytest.fixture
def variant(app: Flask) -> Variant:
    """A certified product in one pack, in stock."""
    with unit_of_work() as session:
        return stocked(session, on_hand=50)


@pytest.fixture
def other(app: Flask) -> Variant:
    """A product of another producer."""
    with unit_of_work() as session:
        return stocked(session, "Chè Kỳ Sơn", on_hand=50)

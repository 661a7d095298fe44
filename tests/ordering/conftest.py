"""What the tests of ordering share: a small shop, a draft, and two threads that want the same thing."""

import pytest
from flask import Flask

from marketplace.database import unit_of_work
from marketplace.ordering.models import OrderGroup, PaymentMethod
from marketplace.places.models import AdminUnit
from tests.accounts.conftest import race
from tests.factories.ordering import a_commune, ordered, stocked

__all__ = ["race"]


@pytest.fixture
def items(app: Flask) -> list[int]:
    """Two items of two sellers, ten units each."""
    with unit_of_work() as session:
        return [stocked(session, name, on_hand=10).id for name in ("Cam", "Bưởi")]


@pytest.fixture
def commune(app: Flask) -> AdminUnit:
    with unit_of_work() as session:
        return a_commune(session)


@pytest.fixture
def draft(items: list[int], commune: AdminUnit) -> OrderGroup:
    """A draft of two orders, three units each."""
    return ordered(dict.fromkeys(items, 3), commune, method=PaymentMethod.CARD)

"""How many statements a checkout takes, and a refusal in a rush."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from marketplace import clock
from marketplace.catalogue.models import Variant
from marketplace.database import unit_of_work
from marketplace.ordering.stock import adjust
from marketplace.places.models import AdminUnit
from tests.catalogue.statements import counted_statements
from tests.factories.ordering import a_commune, stocked
from tests.storefront.pages import add, filled_checkout, post

FIXED, BY_SELLER = 15, 5
"""A checkout takes these; by seller an order, its line, its stock, and a word to its seller."""


@pytest.fixture
def commune(app: Flask) -> AdminUnit:
    with unit_of_work() as session:
        return a_commune(session)


@pytest.fixture
def goods(app: Flask) -> list[Variant]:
    with unit_of_work() as session:
        return [stocked(session, name, on_hand=50) for name in ("Cam", "Chè", "Na")]


@pytest.mark.parametrize("sellers", [1, 3])
def test_a_checkout_takes_few_statements(
    client: FlaskClient, goods: list[Variant], commune: AdminUnit, sellers: int
) -> None:
    for variant in goods[:sellers]:
        add(client, variant.id)
    form = filled_checkout(client, commune)
    with counted_statements() as seen:
        assert post(client, "/dat-hang", form).status == 303
    assert len(seen) <= FIXED + BY_SELLER * sellers


def test_who_comes_too_late_costs_one_statement(
    client: FlaskClient, goods: list[Variant], commune: AdminUnit
) -> None:
    add(client, goods[0].id)
    form = filled_checkout(client, commune)
    with unit_of_work() as session:
        adjust(session, goods[0].id, -50, "hết", clock.now())
    with counted_statements() as seen:
        page = post(client, "/dat-hang", form)
    assert page.status == 409
    assert "Hết hàng" in page.words
    assert len(seen) == 1

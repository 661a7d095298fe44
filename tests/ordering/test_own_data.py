"""What orders know of a buyer: handed out, kept as long as sellers answer for them, then nameless."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import clock
from marketplace.accounts import privacy
from marketplace.accounts.privacy import Subject
from marketplace.database import db, unit_of_work
from marketplace.ordering.models import OrderGroup
from marketplace.ordering.own_data import DELIVERED_WITHIN, KEPT_BECAUSE, KEPT_FOR, let_buyers_go
from tests.conftest import NOON
from tests.factories.ordering import a_commune, ordered, stocked


@pytest.fixture
def group(app: Flask) -> OrderGroup:
    with unit_of_work() as session:
        variant, goal = stocked(session, on_hand=5), a_commune(session)
    return ordered({variant.id: 2}, goal)


def of(phone: str | None) -> Subject:
    return Subject(None, None, phone)


def buyer() -> tuple[str, str, str, str | None]:
    db.session.rollback()
    row = db.session.execute(
        sa.select(OrderGroup.buyer_name, OrderGroup.buyer_phone, OrderGroup.ship_address, OrderGroup.note)
    ).one()
    return (row[0], row[1], row[2], row[3])


def test_the_buyer_gets_them_and_nobody_else_does(group: OrderGroup) -> None:
    with unit_of_work() as session:
        [told] = privacy.export(session, of(group.buyer_phone), NOON)["orders"]
        assert privacy.export(session, of("0987000111"), NOON)["orders"] == []
        assert privacy.export(session, of(None), NOON)["orders"] == []
    assert told["number"] == group.number
    assert told["lines"][0]["quantity"] == 2
    assert "token" not in str(told)


def test_an_erasure_says_that_they_stay(group: OrderGroup) -> None:
    before = buyer()
    with unit_of_work() as session:
        assert privacy.erase(session, of(group.buyer_phone), NOON)["orders"] == KEPT_BECAUSE
        assert "orders" not in privacy.erase(session, of("0987000111"), NOON)
    assert buyer() == before


@pytest.mark.parametrize(("days", "named"), [(0, True), (1, False)])
def test_after_two_years_only_what_was_sold_is_left(group: OrderGroup, days: int, named: bool) -> None:
    with clock.stopped(group.placed_at + DELIVERED_WITHIN + KEPT_FOR + timedelta(days=days)):
        let_buyers_go()
    assert (buyer()[0] != "") is named
    if not named:
        assert buyer() == ("", "", "", None)

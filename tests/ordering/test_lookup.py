from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import clock
from marketplace.database import db, unit_of_work
from marketplace.ordering.errors import TooManyLookups
from marketplace.ordering.lookup import MOST_PER_HOUR, count_lookup, network_of
from marketplace.ordering.models import LookupAttempt
from marketplace.ordering.order_number import draw_number
from marketplace.ordering.queries import find_group_by_phone
from tests.factories.ordering import PHONE, a_commune, ordered, stocked


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1:2::9", "2001:db8:1::/48"),
        ("fe80::1%eth0", "fe80::/48"),
        (None, "unknown"),
        ("", "unknown"),
        ("nonsense", "unknown"),
    ],
)
def test_tries_are_counted_by_network(address: str | None, network: str) -> None:
    assert network_of(address) == network


def knock(address: str, at_minute: int = 0) -> None:
    with unit_of_work() as session:
        count_lookup(session, address, clock.now() + timedelta(minutes=at_minute))


def test_a_network_has_so_many_tries_an_hour(app: Flask) -> None:
    for number in range(MOST_PER_HOUR):
        knock(f"203.0.113.{number}")
    with pytest.raises(TooManyLookups) as refusal:
        knock("203.0.113.200", at_minute=59)
    assert refusal.value.parameters["seconds"] == 60
    assert refusal.value.status == 429
    knock("203.0.114.1")
    knock("203.0.113.1", at_minute=60)


def test_a_count_is_kept_for_a_day(app: Flask) -> None:
    knock("203.0.113.1")
    knock("198.51.100.1", at_minute=25 * 60)
    kept = list(db.session.scalars(sa.select(LookupAttempt.origin)))
    assert kept == ["198.51.100.0/24"]


def test_number_and_telephone_must_both_be_right(app: Flask) -> None:
    with unit_of_work() as session:
        variant, commune = stocked(session), a_commune(session)
    number = ordered({variant.id: 1}, commune).number
    found = find_group_by_phone(number, PHONE)
    assert found
    assert found.orders[0].lines
    assert find_group_by_phone(number, "0987654321") is None
    assert find_group_by_phone(draw_number(), PHONE) is None

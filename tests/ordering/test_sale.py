from datetime import date, timedelta

import pytest
from flask import Flask

from marketplace.catalogue.models import Publication
from marketplace.database import db, unit_of_work
from marketplace.ordering.queries import find_variant
from marketplace.ordering.sale import Obstacle, SaleTerms, find_obstacle, find_shortage, needs_age
from tests.factories.ordering import product_of, stocked, terms
from tests.factories.producers import a_producer


def obstacle(variant_id: int, said: SaleTerms | None = None) -> Obstacle | None:
    db.session.rollback()
    variant = find_variant(db.session(), variant_id)
    assert variant
    return find_obstacle(variant, said or terms())


def test_a_certified_product_of_a_known_seller_is_sold(app: Flask) -> None:
    with unit_of_work() as session:
        variant = stocked(session)
    assert obstacle(variant.id) is None


def test_what_is_off_public_view_is_not_sold(app: Flask) -> None:
    with unit_of_work() as session:
        variant = stocked(session)
    for publication in set(Publication) - {Publication.PUBLISHED}:
        with unit_of_work() as session:
            product_of(session, variant).publication = publication
        assert obstacle(variant.id) is Obstacle.NOT_OFFERED


def test_a_withdrawn_variant_is_not_sold(app: Flask) -> None:
    with unit_of_work() as session:
        variant = stocked(session)
        variant.active = False
    assert obstacle(variant.id) is Obstacle.NOT_OFFERED


def test_a_seller_without_an_address_sells_nothing(app: Flask) -> None:
    with unit_of_work() as session:
        variant = stocked(session, producer=a_producer(session, "HTX không địa chỉ", printed_address=None))
    assert obstacle(variant.id) is Obstacle.NO_SELLER


def test_a_product_of_nobody_is_not_sold(app: Flask) -> None:
    with unit_of_work() as session:
        variant = stocked(session)
        product_of(session, variant).producer_id = None
    assert obstacle(variant.id) is Obstacle.NO_SELLER


def test_what_is_booked_or_only_shown_is_not_sold(app: Flask) -> None:
    with unit_of_work() as session:
        variant = stocked(session, set_number=26)
    assert obstacle(variant.id) is Obstacle.POLICY


def test_a_certificate_counts_until_the_end_of_its_last_day(app: Flask) -> None:
    with unit_of_work() as session:
        variant = stocked(session)
    last_day = date(2028, 8, 5)
    assert obstacle(variant.id, SaleTerms(last_day, sell_lapsed=False)) is None
    day_after = last_day + timedelta(days=1)
    assert obstacle(variant.id, SaleTerms(day_after, sell_lapsed=False)) is Obstacle.LAPSED
    assert obstacle(variant.id, SaleTerms(day_after, sell_lapsed=True)) is None


def test_a_product_never_certified_counts_as_lapsed(app: Flask) -> None:
    with unit_of_work() as session:
        variant = stocked(session, stars=None)
    assert obstacle(variant.id) is Obstacle.LAPSED


def test_spirits_ask_for_age(app: Flask) -> None:
    with unit_of_work() as session:
        spirit, fruit = stocked(session, "Rượu", set_number=14), stocked(session)
    assert obstacle(spirit.id) is None
    found = [find_variant(db.session(), one.id) for one in (spirit, fruit)]
    assert [needs_age(one) for one in found if one] == [True, False]


@pytest.mark.parametrize(
    ("quantity", "available", "said"),
    [(1, 1, None), (2, 1, Obstacle.TOO_FEW), (1, 0, Obstacle.SOLD_OUT), (1, -1, Obstacle.SOLD_OUT)],
)
def test_shortages(quantity: int, available: int, said: Obstacle | None) -> None:
    assert find_shortage(quantity, available) is said

"""Counting many shelves at once."""

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import clock
from marketplace.accounts.roles import Role, Scope, ScopeKind
from marketplace.catalogue.models import Variant
from marketplace.database import db, unit_of_work
from marketplace.errors import MarketplaceError, NotFound
from marketplace.ordering.errors import BelowPromised, InvalidQuantity, StockChanged
from marketplace.ordering.models import MovementKind, StockItem, StockMovement
from marketplace.ordering.stock_counting import Count, count_all
from marketplace.ordering.stock_keeping import MOST_ON_HAND, StockReason
from marketplace.register import current_version
from tests.factories.accounts import an_actor
from tests.factories.catalogue import a_product, a_variant
from tests.factories.deeds import deeds
from tests.factories.ordering import seller_of, stocked

MISCOUNTED = StockReason.MISCOUNTED


@pytest.fixture
def packs(app: Flask) -> list[Variant]:
    """Two packs of one producer, of which the first has ten on the shelf, three of them promised."""
    with unit_of_work() as session:
        first = stocked(session, "Cam Khe Mây", on_hand=10)
        session.execute(sa.update(StockItem).values(allocated=3))
        product = a_product(session, "Mứt cam", producer=seller_of(session, first))
        return [first, a_variant(session, product)]


def count(packs: list[Variant], *counts: Count, producer_id: int | None = None) -> None:
    with unit_of_work() as session:
        own = producer_id or seller_of(session, packs[0]).id
        actor = an_actor(1, (Scope(ScopeKind.PRODUCER, own), Role.STAFF))
        count_all(session, actor, own, counts, clock.now())


def shelves() -> list[tuple[int, int, bool]]:
    db.session.rollback()
    found = db.session.execute(
        sa.select(StockItem.on_hand, StockItem.allocated, StockItem.sample).order_by(StockItem.variant_id)
    )
    return [(on_hand, allocated, sample) for on_hand, allocated, sample in found]


def test_all_shelves_are_set_with_their_movements_and_deeds(packs: list[Variant]) -> None:
    first, second = packs
    before = current_version()
    count(packs, Count(second.id, 4, StockReason.PRODUCED, 0), Count(first.id, 3, MISCOUNTED, 10))
    assert shelves() == [(3, 3, False), (4, 0, False)]
    newest = db.session.scalars(sa.select(StockMovement).order_by(StockMovement.id.desc()).limit(2)).all()
    assert [(one.variant_id, one.kind, one.quantity, one.reason) for one in reversed(newest)] == [
        (second.id, MovementKind.RECEIVED, 4, "produced"),
        (first.id, MovementKind.ADJUSTED, -7, "miscounted"),
    ]
    assert [(one.subject_id, one.data) for one in deeds("stock:adjust")] == [
        (str(second.id), '{"by":4,"cause":"produced"}'),
        (str(first.id), '{"by":-7,"cause":"miscounted"}'),
    ]
    assert current_version() > before


def test_the_register_rises_only_when_pages_say_something_else(packs: list[Variant]) -> None:
    with unit_of_work() as session:
        session.execute(sa.update(StockItem).values(on_hand=100))
    before = current_version()
    count(packs, Count(packs[0].id, 90, MISCOUNTED, 100))
    db.session.rollback()
    assert current_version() == before
    count(packs)
    assert shelves()[0][0] == 90


@pytest.mark.parametrize(
    ("counted", "seen", "refusal"),
    [
        (2, 10, BelowPromised),
        (5, 9, StockChanged),
        (-1, 10, InvalidQuantity),
        (MOST_ON_HAND + 1, 10, InvalidQuantity),
    ],
)
def test_one_refusal_leaves_all_as_they_were(
    packs: list[Variant], counted: int, seen: int, refusal: type[MarketplaceError]
) -> None:
    before = shelves()
    with pytest.raises(refusal):
        count(packs, Count(packs[1].id, 4, MISCOUNTED, 0), Count(packs[0].id, counted, MISCOUNTED, seen))
    assert shelves() == before
    assert not deeds("stock:adjust")


def test_shelves_of_others_are_not_there(packs: list[Variant]) -> None:
    with unit_of_work() as session:
        other = stocked(session, "Bưởi Phúc Trạch", on_hand=5)
    before = shelves()
    with pytest.raises(NotFound):
        count(packs, Count(packs[0].id, 5, MISCOUNTED, 10), Count(other.id, 1, MISCOUNTED, 5))
    assert shelves() == before

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError

from marketplace import clock, register
from marketplace.database import db, unit_of_work
from marketplace.ordering.errors import BelowPromised, OutOfStock
from marketplace.ordering.models import MovementKind, StockItem, StockMovement
from marketplace.ordering.stock import (
    Demand,
    StockLedgerBroken,
    StockPhrase,
    StockState,
    adjust,
    allocate,
    find_available,
    receive,
    record,
    release,
    stock_phrase,
)
from tests.factories.ordering import a_commune, ordered, stocked

AT = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)


def available(variant_id: int) -> int:
    db.session.rollback()
    return find_available(db.session(), [variant_id])[variant_id]


def movements(variant_id: int) -> list[tuple[MovementKind, int]]:
    rows = db.session.execute(
        sa.select(StockMovement.kind, StockMovement.quantity)
        .where(StockMovement.variant_id == variant_id)
        .order_by(StockMovement.id)
    )
    return [(row.kind, row.quantity) for row in rows]


@pytest.mark.parametrize(
    ("left", "said"),
    [
        (-1, StockPhrase(StockState.SOLD_OUT)),
        (0, StockPhrase(StockState.SOLD_OUT)),
        (1, StockPhrase(StockState.FEW_LEFT, 1)),
        (5, StockPhrase(StockState.FEW_LEFT, 5)),
        (6, StockPhrase(StockState.IN_STOCK)),
        (9_999, StockPhrase(StockState.IN_STOCK)),
    ],
)
def test_exact_numbers_are_told_only_up_to_five(left: int, said: StockPhrase) -> None:
    assert stock_phrase(left) == said


def test_receiving_makes_the_item_and_adds_to_it(app: Flask) -> None:
    with unit_of_work() as session:
        variant = stocked(session, on_hand=0)
        receive(session, variant.id, 7, "nhập kho", AT, sample=True)
    with unit_of_work() as session:
        receive(session, variant.id, 5, "nhập kho", AT)
    assert available(variant.id) == 12
    assert movements(variant.id) == [(MovementKind.RECEIVED, 7), (MovementKind.RECEIVED, 5)]
    item = db.session.execute(sa.select(StockItem)).scalar_one()
    assert item.available == 12
    assert item.sample is False


def test_quantities_of_one_item_are_summed_before_they_are_promised(app: Flask) -> None:
    with unit_of_work() as session:
        variant, commune = stocked(session, on_hand=5), a_commune(session)
    order = ordered({variant.id: 1}, commune).orders[0]
    with pytest.raises(OutOfStock) as refusal, unit_of_work() as session:
        allocate(session, [Demand(order.id, variant.id, 3), Demand(order.id, variant.id, 2)], AT)
    assert refusal.value.parameters == {"variant_id": variant.id, "available": 4}
    assert available(variant.id) == 4


def test_the_second_item_that_does_not_suffice_gives_the_first_back(app: Flask) -> None:
    with unit_of_work() as session:
        first, second = stocked(session, "Cam", on_hand=9), stocked(session, "Bưởi", on_hand=1)
        commune = a_commune(session)
    order = ordered({first.id: 1}, commune).orders[0]
    with pytest.raises(OutOfStock), unit_of_work() as session:
        allocate(session, [Demand(order.id, second.id, 2), Demand(order.id, first.id, 2)], AT)
    assert (available(first.id), available(second.id)) == (8, 1)
    assert movements(second.id) == [(MovementKind.RECEIVED, 1)]


def test_what_was_never_stocked_is_out_of_stock(app: Flask) -> None:
    with unit_of_work() as session:
        variant = stocked(session, on_hand=0)
    with pytest.raises(OutOfStock) as refusal, unit_of_work() as session:
        allocate(session, [Demand(1, variant.id, 1)], AT)
    assert refusal.value.parameters["available"] == 0


def test_a_release_is_on_record_once(app: Flask) -> None:
    with unit_of_work() as session:
        variant, commune = stocked(session, on_hand=5), a_commune(session)
    order_id = ordered({variant.id: 2}, commune).orders[0].id
    other_id = ordered({variant.id: 2}, commune).orders[0].id
    with unit_of_work() as session:
        release(session, [Demand(order_id, variant.id, 2)], AT)
    assert available(variant.id) == 3
    with pytest.raises(IntegrityError), unit_of_work() as session:
        release(session, [Demand(order_id, variant.id, 2)], AT)
    assert available(variant.id) == 3
    with pytest.raises(StockLedgerBroken), unit_of_work() as session:
        release(session, [Demand(other_id, variant.id, 3)], AT)


def test_a_count_keeps_what_is_promised(app: Flask) -> None:
    with unit_of_work() as session:
        variant, commune = stocked(session, on_hand=5), a_commune(session)
    ordered({variant.id: 2}, commune)
    with unit_of_work() as session:
        adjust(session, variant.id, -3, "hư hỏng", AT)
    assert available(variant.id) == 0
    with pytest.raises(BelowPromised), unit_of_work() as session:
        adjust(session, variant.id, -1, "hư hỏng", AT)
    assert movements(variant.id)[-1] == (MovementKind.ADJUSTED, -3)


def test_the_database_itself_refuses_to_oversell(app: Flask) -> None:
    with unit_of_work() as session:
        variant = stocked(session, on_hand=5)
    with pytest.raises(IntegrityError), unit_of_work() as session:
        session.execute(sa.update(StockItem).values(allocated=6))
    assert available(variant.id) == 5


@pytest.mark.parametrize(("on_hand", "bought", "raised"), [(20, 3, 0), (8, 3, 1), (6, 1, 1), (5, 1, 1)])
def test_the_register_version_rises_exactly_when_the_words_change(
    app: Flask, on_hand: int, bought: int, raised: int
) -> None:
    with unit_of_work() as session:
        variant, commune = stocked(session, on_hand=on_hand), a_commune(session)
    before = register.current_version()
    order_id = ordered({variant.id: bought}, commune).orders[0].id
    assert register.current_version() - before == raised
    with unit_of_work() as session:
        release(session, [Demand(order_id, variant.id, bought)], clock.now())
    assert register.current_version() - before == 2 * raised


def test_nothing_moved_is_nothing_written_down(app: Flask) -> None:
    with unit_of_work() as session:
        record(session, [], MovementKind.RECEIVED, clock.now(), "return:1")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(StockMovement)) == 0

"""A recall of a lot in many orders: carried out some at a time, in short transactions, and never twice."""

from decimal import Decimal
from time import perf_counter
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import clock, jobs
from marketplace.database import db, unit_of_work
from marketplace.jobs import Job
from marketplace.ordering import recalled
from marketplace.ordering.lot_models import LotStock, OrderFreeze, OrderLineLot, RecallTold
from marketplace.ordering.lots import shelve
from marketplace.ordering.recall_reach import measure
from marketplace.ordering.recalled import AT_ONCE, carry_out
from marketplace.traceability.lots.models import Lot
from marketplace.traceability.recalls.models import Recall, RecallScope
from tests.factories.lots import a_lot
from tests.factories.ordering import a_commune, product_of, stocked
from tests.factories.recalls import a_recall, many_orders

MANY = 10_000
MEASURED_SECONDS = 1.0
"""With one evaluation a tenth of that is taken; with one for each order, several times as much."""
ORDERS = 2 * AT_ONCE + 50
LONGEST_SECONDS = 2.0
"""For one transaction of a recall while everything else runs on two cores; the bench measures closely."""


@pytest.fixture
def lot(app: Flask) -> Lot:
    """A lot in many orders, every other of them sent; thirty units are left on the shelf."""
    with unit_of_work() as session:
        variant, commune = stocked(session, on_hand=0), a_commune(session)
        made = a_lot(session, product_of(session, variant), variant_id=variant.id, quantity=Decimal(30))
        shelve(session, made, clock.now(), add_to_stock=True)
        many_orders(session, variant, made, commune, ORDERS)
        return made


def counted(model: Any) -> int:
    """Return how many rows there are."""
    db.session.rollback()
    return db.session.execute(sa.select(sa.func.count()).select_from(model)).scalar_one()


def test_every_order_is_dealt_with_in_short_transactions(
    app: Flask, lot: Lot, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, took = perf_counter(), list[float]()

    def rest(seconds: float) -> None:
        nonlocal begun
        took.append(perf_counter() - begun)
        begun = perf_counter()
        assert seconds > 0

    monkeypatch.setattr("marketplace.ordering.recalled.time.sleep", rest)
    recall = a_recall(RecallScope.LOT, lot.id)
    begun = perf_counter()
    carry_out(recall.id)
    assert len(took) == 3
    assert max(took) < LONGEST_SECONDS
    assert (counted(RecallTold), counted(OrderFreeze)) == (ORDERS, ORDERS // 2)
    kept = db.session.get_one(Recall, recall.id, populate_existing=True)
    assert (kept.buyers_told, kept.orders_frozen) == (ORDERS, ORDERS // 2)
    shelf = db.session.get_one(LotStock, lot.id, populate_existing=True)
    assert (shelf.remaining, shelf.quarantined) == (ORDERS // 2, 30)
    assert counted(OrderLineLot) == ORDERS // 2


def test_a_job_cut_off_goes_on_where_it_was(app: Flask, lot: Lot, monkeypatch: pytest.MonkeyPatch) -> None:
    recall = a_recall(RecallScope.LOT, lot.id)

    def cut_off(seconds: float) -> None:
        raise ConnectionError

    with monkeypatch.context() as patched:
        patched.setattr("marketplace.ordering.recalled.time.sleep", cut_off)
        with pytest.raises(ConnectionError):
            carry_out(recall.id)
    assert counted(RecallTold) == AT_ONCE
    for _ in range(2):
        carry_out(recall.id)
    db.session.rollback()
    payloads = db.session.scalars(sa.select(Job.payload).where(Job.kind == recalled.BUYERS_JOB)).all()
    told = [order_id for one in payloads for order_id in one["order_ids"]]
    assert sorted(told) == list(range(1, ORDERS + 1))
    kept = db.session.get_one(Recall, recall.id, populate_existing=True)
    assert (kept.buyers_told, kept.orders_frozen) == (ORDERS, ORDERS // 2)


def test_a_recall_lifted_while_its_job_runs_freezes_nothing_more(
    app: Flask, lot: Lot, monkeypatch: pytest.MonkeyPatch
) -> None:
    recall = a_recall(RecallScope.LOT, lot.id)

    def lift_meanwhile(seconds: float) -> None:
        with unit_of_work() as session:
            kept = session.get_one(Recall, recall.id)
            kept.lifted_at, kept.lift_words = clock.now(), "Mẫu kiểm lại đạt."

    monkeypatch.setattr("marketplace.ordering.recalled.time.sleep", lift_meanwhile)
    carry_out(recall.id)
    assert counted(RecallTold) == AT_ONCE
    recalled.undo(recall.id)
    assert counted(OrderFreeze) == 0
    assert jobs.count_waiting() > 0


def test_what_a_recall_will_touch_is_counted_in_no_time(app: Flask) -> None:
    with unit_of_work() as session:
        variant, commune = stocked(session, on_hand=0), a_commune(session)
        made = a_lot(session, product_of(session, variant), variant_id=variant.id, quantity=Decimal(30))
        many_orders(session, variant, made, commune, MANY)
    begun = perf_counter()
    found = measure(db.session(), RecallScope.LOT, made.id)
    assert perf_counter() - begun < MEASURED_SECONDS
    assert (found.open_orders, found.buyers) == (MANY // 2, MANY)

"""A recall of a lot in many orders: carried out some at a time, in short transactions, and never twice."""

from decimal import Decimal
from itertools import count
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import event

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

MANY = 600
MOST_WORK = {"sqlite": 300, "postgresql": 100}
"""For each order: steps of SQLite's machine, rows that PostgreSQL's plan handles."""
ORDERS = 2 * AT_ONCE + 50


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
    told = list[int]()

    def rest(seconds: float) -> None:
        assert not db.session().in_transaction()
        told.append(counted(RecallTold))
        db.session.rollback()
        assert seconds > 0

    monkeypatch.setattr("marketplace.ordering.recalled.time.sleep", rest)
    recall = a_recall(RecallScope.LOT, lot.id)
    carry_out(recall.id)
    assert told == [AT_ONCE, 2 * AT_ONCE, ORDERS]
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


def work_of(scope: RecallScope, subject_id: int) -> int:
    """Return how much a database does to measure a recall: the same on a quiet machine and a busy one."""
    asked: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        asked.append((statement, parameters))

    event.listen(db.engine, "before_cursor_execute", note)
    measure(db.session(), scope, subject_id)
    event.remove(db.engine, "before_cursor_execute", note)
    connection = db.session.connection()
    if connection.dialect.name == "postgresql":
        explain = "EXPLAIN (ANALYZE, FORMAT JSON) "
        plans = [connection.exec_driver_sql(explain + one, given).scalar_one() for one, given in asked]
        return sum(_rows_handled(plan[0]["Plan"]) for plan in plans)
    steps = count()
    driver: Any = connection.connection.driver_connection
    driver.set_progress_handler(lambda: next(steps) and 0, 10)
    for one, given in asked:
        connection.exec_driver_sql(one, given).all()
    driver.set_progress_handler(None, 0)
    return next(steps) * 10


def _rows_handled(node: dict[str, Any]) -> int:
    thrown_away = sum(node.get(f"Rows Removed by {reason}", 0) for reason in ("Filter", "Join Filter"))
    own = node["Actual Loops"] * (node["Actual Rows"] + thrown_away + 1)
    return int(own) + sum(map(_rows_handled, node.get("Plans", [])))


def test_what_a_recall_will_touch_is_counted_in_one_go(app: Flask) -> None:
    with unit_of_work() as session:
        variant, commune = stocked(session, on_hand=0), a_commune(session)
        made = a_lot(session, product_of(session, variant), variant_id=variant.id, quantity=Decimal(30))
        many_orders(session, variant, made, commune, MANY)
    if db.engine.dialect.name == "postgresql":
        db.session.execute(sa.text("ANALYZE"))
        db.session.commit()
    found = measure(db.session(), RecallScope.LOT, made.id)
    assert (found.open_orders, found.buyers) == (MANY // 2, MANY)
    assert work_of(RecallScope.LOT, made.id) < MANY * MOST_WORK[db.engine.dialect.name]

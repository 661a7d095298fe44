"""A recall of a lot with ten thousand order lines, carried out by the worker while eight buyers check out.

The site runs in its real processes. Told are the seconds until every open order is frozen, until every
buyer has a message, and what checkouts of other goods took before and during, in milliseconds.
"""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from itertools import count
from pathlib import Path
from threading import Event
from typing import Any

import click
import sqlalchemy as sa

from marketplace import clock
from marketplace.database import db, unit_of_work
from marketplace.jobs import Job
from marketplace.ordering.lot_models import OrderFreeze
from marketplace.ordering.lots import shelve
from marketplace.traceability.recalls.models import Recall, RecallScope
from tests.bench.checkouts import check_out
from tests.bench.servers import Server, free_port, running
from tests.drills.shoppers import Goal, Shopper, a_goal, phone_of
from tests.environment.application import empty_application, make_environment
from tests.environment.postgres import running_server
from tests.factories.lots import a_lot
from tests.factories.ordering import a_commune, product_of, stocked
from tests.factories.recalls import a_recall, many_orders

LINES = 10_000
BUYERS = 8
WARM_SECONDS, BEFORE_SECONDS, LONGEST_SECONDS = 2.0, 10.0, 900.0
_phones = count(1)

Round = tuple[float, float, bool]
"""When a checkout began, the seconds it took, and whether it led to an order."""


def bench_recall(folder: Path) -> None:
    """Print what a recall costs on SQLite and on PostgreSQL, and what it costs buyers."""
    columns = ("frozen s", "told s", "p50", "p99", "max", "p50 rec", "p99 rec", "max rec", "n rec", "bad")
    click.echo(f"{f'recall, {LINES} lines':22}" + "".join(f"{column:>9}" for column in columns))
    with running_server() as postgres_url:
        for name, url in (("sqlite", f"sqlite:///{folder / 'recall.db'}"), ("postgresql", postgres_url)):
            _bench(name, url, folder / f"recall-{name}")


def _bench(name: str, url: str, folder: Path) -> None:
    folder.mkdir()
    with empty_application(url, folder):
        lot_id, variants, goal = _fill()
        site_at = {**make_environment(url, folder), "PORT": str(free_port())}
        over = Event()
        with running(["marketplace", "serve"], site_at) as site, ThreadPoolExecutor(BUYERS) as pool:
            buyers = [pool.submit(_buy, site, variants, goal, over) for _ in range(BUYERS)]
            try:
                time.sleep(WARM_SECONDS + BEFORE_SECONDS)
                begun = time.perf_counter()
                frozen, told = _recall(lot_id, begun)
            finally:
                over.set()
            rounds = [one for buyer in buyers for one in buyer.result()]
    before = [took for at, took, _ in rounds if begun - BEFORE_SECONDS <= at and at + took < begun]
    during = [took for at, took, _ in rounds if at + took >= begun and at < begun + told]
    figures = [frozen, told, *_figures(before), *_figures(during), len(during)]
    bad = sum(not placed for *_, placed in rounds)
    click.echo(f"{name:22}" + "".join(f"{figure:9.1f}" for figure in figures) + f"{bad:9}")


def _fill() -> tuple[int, list[int], Goal]:
    with unit_of_work() as session:
        variant, commune = (
            stocked(session, "Nước mắm", on_hand=0),
            a_commune(session, "Hải Lăng", "Quảng Trị"),
        )
        lot = a_lot(session, product_of(session, variant), variant_id=variant.id, quantity=Decimal(30))
        shelve(session, lot, clock.now(), add_to_stock=True)
        many_orders(session, variant, lot, commune, LINES)
        if db.engine.dialect.name == "postgresql":
            for table in ("order_group", "order", "order_line", "fulfillment"):
                named = sa.func.pg_get_serial_sequence(f'"{table}"', "id")
                session.execute(sa.select(sa.func.setval(named, LINES + 1)))
        variants = [stocked(session, f"Sản vật {n}", on_hand=1_000_000).id for n in (1, 2)]
        return lot.id, variants, a_goal(session)


def _buy(site: Server, variants: list[int], goal: Goal, over: Event) -> list[Round]:
    rounds = []
    while not over.is_set():
        begun = time.perf_counter()
        placed = check_out(Shopper(site.port), variants, goal, phone_of(next(_phones)))
        rounds.append((begun, time.perf_counter() - begun, placed))
    return rounds


def _recall(lot_id: int, begun: float) -> tuple[float, float]:
    """Order the recall; return the seconds until all is frozen, and until all are told."""
    code = a_recall(RecallScope.LOT, lot_id).code
    frozen = _wait_until(lambda: _value(sa.select(Recall.done_at).where(Recall.code == code)), begun)
    waiting = sa.select(sa.func.count()).select_from(Job).where(Job.kind.like("recalls.%"))
    told = _wait_until(lambda: _value(waiting) == 0, begun)
    assert _value(sa.select(sa.func.count()).select_from(OrderFreeze)) == LINES // 2
    return frozen, told


def _value(wanted: sa.Select[Any]) -> Any:
    db.session.rollback()
    found = db.session.scalar(wanted)
    db.session.rollback()
    return found


def _wait_until(is_so: Callable[[], Any], begun: float) -> float:
    while not is_so():
        if time.perf_counter() - begun > LONGEST_SECONDS:
            raise TimeoutError("the recall is not carried out")
        time.sleep(0.1)
    return time.perf_counter() - begun


def _figures(took: list[float]) -> tuple[float, float, float]:
    ordered = sorted(took) or [0.0]
    middle, late = ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.99)]
    return 1000 * middle, 1000 * late, 1000 * ordered[-1]


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory(prefix="ocop-bench-") as made:
        bench_recall(Path(made))

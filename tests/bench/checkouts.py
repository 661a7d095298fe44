"""Whole checkouts by eight buyers side by side, on both databases, beside the yardstick of the same run.

Each buyer puts two packs of two producers into the cart, looks at it, opens the checkout page and orders:
five requests, in the site's real processes, its worker included.
"""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import click

from marketplace.database import unit_of_work
from tests.bench.load import run
from tests.bench.servers import Server, free_port, running
from tests.drills.shoppers import Goal, Shopper, a_goal, phone_of
from tests.environment.application import empty_application, make_environment
from tests.environment.postgres import running_server
from tests.factories.ordering import stocked

BUYERS = 8
SECONDS = 10.0
REQUESTS = 5
_phones = count(1)


def bench_checkouts(folder: Path) -> None:
    """Print what checkouts cost on SQLite and on PostgreSQL."""
    columns = ("orders/s", "req/s", "ratio", "CPU ms", "p50 ms", "p99 ms", "n", "bad")
    click.echo(f"{'checkout':20}" + "".join(f"{column:>9}" for column in columns))
    with running_server() as postgres_url:
        for name, url in (("sqlite", f"sqlite:///{folder / 'checkout.db'}"), ("postgresql", postgres_url)):
            _bench(name, url, folder / name)


def _bench(name: str, url: str, folder: Path) -> None:
    folder.mkdir()
    with empty_application(url, folder):
        with unit_of_work() as session:
            variants = [stocked(session, f"Sản vật {n}", on_hand=1_000_000).id for n in (1, 2)]
            goal = a_goal(session)
        with _servers(make_environment(url, folder)) as (hello, site):
            _order_for(2.0, site, variants, goal)
            before = run(hello.port, ["/"], seconds=3.0).per_second
            begun, cpu = time.perf_counter(), site.cpu_seconds()
            took, bad = _order_for(SECONDS, site, variants, goal)
            seconds, spent = time.perf_counter() - begun, site.cpu_seconds() - cpu
            after = run(hello.port, ["/"], seconds=3.0).per_second
    took.sort()
    per_second, yardstick = len(took) / seconds, (before + after) / 2
    click.echo(
        f"{name:20}{per_second:9.1f}{per_second * REQUESTS:9.0f}{per_second * REQUESTS / yardstick:9.3f}"
        f"{1000 * spent / len(took):9.1f}{1000 * took[len(took) // 2]:9.0f}"
        f"{1000 * took[int(len(took) * 0.99)]:9.0f}{len(took):9}{bad:9}"
    )


@contextmanager
def _servers(environment: dict[str, str]) -> Iterator[tuple[Server, Server]]:
    hello_at = {"PORT": str(free_port()), "DEMO": "1"}
    site_at = {**environment, "PORT": str(free_port())}
    with (
        running(["tests.bench.hello"], hello_at) as hello,
        running(["marketplace", "serve"], site_at) as site,
    ):
        yield hello, site


def _order_for(seconds: float, site: Server, variants: list[int], goal: Goal) -> tuple[list[float], int]:
    """Return the seconds that each checkout took, and how many did not lead to an order."""
    until = time.perf_counter() + seconds
    with ThreadPoolExecutor(BUYERS) as pool:
        rounds = list(pool.map(lambda _: list(_orders(until, site, variants, goal)), range(BUYERS)))
    done = [order for each in rounds for order in each]
    return [took for took, placed in done if placed], sum(not placed for _, placed in done)


def _orders(until: float, site: Server, variants: list[int], goal: Goal) -> Iterator[tuple[float, bool]]:
    while time.perf_counter() < until:
        begun = time.perf_counter()
        placed = check_out(Shopper(site.port), variants, goal, phone_of(next(_phones)))
        yield time.perf_counter() - begun, placed


def check_out(buyer: Shopper, variants: list[int], goal: Goal, phone: str) -> bool:
    """Fill a cart, look at it and order it; say whether that led to an order."""
    for variant_id in variants:
        buyer.post("/gio-hang", {"variant_id": str(variant_id), "quantity": "1"})
    buyer.get("/gio-hang")
    form = buyer.checkout_form(phone, goal)
    return buyer.post("/dat-hang", form).status == 303


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory(prefix="ocop-bench-") as made:
        bench_checkouts(Path(made))

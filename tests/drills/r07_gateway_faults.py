"""R7: whatever the gateway does, nobody is charged twice, and every charge has its order."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from random import Random

import requests
from flask import Flask

from marketplace.cli.test_gateway.books import Books
from marketplace.cli.test_gateway.faults import Kind
from marketplace.cli.test_gateway.server import PracticeGateway
from tests.drills import Outcome, Run, drill
from tests.drills.card_shop import (
    Ordered,
    card_shop,
    pay_at,
    place_orders,
    present,
    press,
    read_books,
    sweep,
)
from tests.drills.shoppers import Shopper, in_turns
from tests.environment.card_gateway import fresh_books, running_gateway
from tests.environment.site import free_port

AWAY = "away"
FAULTS = (*Kind, AWAY)
"""500, 429, a hang, a reset after the deed, a lost answer, an answer that is no JSON; and nobody there."""
PAGE = "/san-pham"
ALLOWED_SECONDS = 0.1
ALLOWED_TIMES = 3.0
SHARE = 0.5
"""How many of the requests to the gateway suffer the fault."""
PROBE_SECONDS = 15.0


@drill(
    "R7",
    bar="0 charged twice, 0 charges without an order, 0 threads stuck, catalogue as quick as ever",
    control_on=("sqlite",),
)
def no_fault_of_the_gateway_costs_anybody_money(run: Run) -> Outcome:
    """Have buyers pay through each fault, in two tabs at once; then reconcile, and compare the books."""
    each = run.count(short=1, full=200)
    faults = FAULTS if run.full or run.guarded else (Kind.HANG, Kind.LOST)
    with present(), run.application() as app:
        orders = place_orders(each * len(faults))
        port, books, seen = free_port(), fresh_books(), _Seen()
        with card_shop(run, app, port, "impatient" if run.guarded else "patient") as shop:
            calm = _quickness(shop, run.count(short=20, full=200))
            for number, fault in enumerate(faults):
                mine = orders[number * each : (number + 1) * each]
                with _probing(shop, fault, seen):
                    _pay_through(run, shop, _Gateway(port, books), mine, fault)
            stuck = _quickness(shop, 20) > PROBE_SECONDS / 2
        with running_gateway(books=books, port=port) as gateway:
            through = {
                str(fault): {one.number for one in orders[number * each : (number + 1) * each]}
                for number, fault in enumerate(faults)
            }
            allowed = max(ALLOWED_SECONDS, ALLOWED_TIMES * calm)
            return _judge(app, gateway, through, allowed, seen, stuck, run.full)


@dataclass(frozen=True)
class _Gateway:
    """Where the gateway listens, each time it starts again, and what it knows all the while."""

    port: int
    books: Books


class _Seen:
    """How long the catalogue took while the gateway was hanging, in seconds."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    def worst(self) -> float:
        """Return the 99th of a hundred."""
        ordered = sorted(self.seconds)
        return ordered[int(len(ordered) * 0.99)] if ordered else 0.0


def _judge(
    app: Flask,
    gateway: PracticeGateway,
    through: dict[str, set[str]],
    allowed: float,
    seen: _Seen,
    stuck: bool,
    full: bool,
) -> Outcome:
    """Hold the books against the bar; `through` are the orders by the fault that their buyers met.

    Buyers give up where the gateway keeps failing, but a fault that nobody paid through says nothing;
    with few buyers it is enough that one paid.
    """
    sweep(app, gateway)
    books = read_books(gateway)
    got = {
        "checkouts": sum(map(len, through.values())),
        "charged": len(books.charges),
        "by_fault": {fault: len(numbers & books.charges.keys()) for fault, numbers in through.items()},
        "twice": books.charged_twice(),
        "without_order": books.without_order(),
        "stuck": stuck,
        "catalogue_p99_ms": round(seen.worst() * 1000, 1),
        "allowed_ms": round(allowed * 1000, 1),
    }
    well = not (got["twice"] or got["without_order"] or stuck) and seen.worst() <= allowed
    paid = [bool(numbers & books.charges.keys()) for numbers in through.values()]
    return Outcome(got, ok=well and (all(paid) if full else any(paid)))


def _pay_through(run: Run, shop: int, at: _Gateway, orders: list[Ordered], fault: str) -> None:
    if fault == AWAY:
        in_turns([partial(_press, Shopper(shop), one) for one in orders])
    with running_gateway(books=at.books, port=at.port) as gateway:
        if isinstance(fault, Kind):
            gateway.faults.share, gateway.faults.chance = SHARE, Random(run.random.random())
            gateway.faults.expect(fault, times=1_000_000)
        chance = [Random(run.random.random()) for _ in orders]
        patience = run.count(short=4, full=15)
        in_turns([partial(_buy, shop, one, own, patience) for one, own in zip(orders, chance, strict=True)])


def _buy(shop: int, one: Ordered, chance: Random, patience: float) -> None:
    """Pay an order in whichever tab shows a page, and perhaps come back."""
    tabs = in_turns([partial(_insist, Shopper(shop), one, patience) for _ in range(2)], side_by_side=2)
    for address in filter(None, dict.fromkeys(tabs)):
        pay_at(address)
    if chance.random() < 0.5:
        with suppress(OSError):
            press(Shopper(shop), f"{one.path}/tra-tien/xong", f"{one.path}/tra-tien/xong")


def _insist(buyer: Shopper, one: Ordered, patience: float) -> str:
    """Press the button until it leads somewhere, as people do, for so many seconds."""
    until = time.monotonic() + patience
    while time.monotonic() < until:
        status, address = _press(buyer, one)
        if status == 303:
            return address if "/c/pay/" in address else ""
        time.sleep(0.2)
    return ""


def _press(buyer: Shopper, one: Ordered) -> tuple[int, str]:
    try:
        return press(buyer, f"{one.path}/tra-tien", f"{one.path}/tra-tien")
    except OSError:
        return 0, ""


@contextmanager
def _probing(shop: int, fault: str, seen: _Seen) -> Iterator[None]:
    """Ask for the catalogue again and again while the gateway hangs."""
    if fault is not Kind.HANG:
        yield
        return
    stop = threading.Event()

    def probe() -> None:
        while not stop.wait(0.05):
            seen.seconds.append(_ask(shop))

    thread = threading.Thread(target=probe)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _quickness(shop: int, times: int) -> float:
    """Return the longest of a few answers, in seconds."""
    return max(_ask(shop) for _ in range(times))


def _ask(shop: int) -> float:
    begun = time.perf_counter()
    try:
        requests.get(f"http://127.0.0.1:{shop}{PAGE}", timeout=PROBE_SECONDS)
    except requests.RequestException:
        return PROBE_SECONDS
    return time.perf_counter() - begun

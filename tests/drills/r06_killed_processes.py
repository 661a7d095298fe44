"""R6: processes that are killed in the middle of checkouts lose no order and make none twice."""

import os
import signal
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from random import Random

import sqlalchemy as sa
from flask import Flask

from marketplace.database import db, unit_of_work
from marketplace.ordering.models import OrderGroup, OrderLine, PaymentMethod
from marketplace.upkeep.doctor import examine
from tests.drills import Outcome, Run, drill
from tests.drills.shoppers import Goal, Shopper, a_goal, phone_of
from tests.environment.site import Site, running_site
from tests.factories.ordering import fill_cart, stocked

BUYERS = 6
PATIENCE, HANGS_UP_AFTER = 15.0, 0.03
MID_CHECKOUT = 0.04
BETWEEN_KILLS = 0.3
LONGEST_SECONDS = 400.0
METHODS = (PaymentMethod.CASH_ON_DELIVERY, PaymentMethod.VIETQR)
ACCOUNT = {"VIETQR_BANK": "VCB", "VIETQR_ACCOUNT": "1234567890", "VIETQR_NAME": "SAN OCOP MAU"}


@dataclass
class Tally:
    """What buyers went through."""

    placed: list[str] = field(default_factory=list)
    waiting: int = 0
    retries: int = 0
    stall: float = 0.0
    strange: list[int] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)


@dataclass
class Buyer:
    """Somebody who orders two of a kind again and again, each time by another telephone."""

    site: Site
    variant_id: int
    goal: Goal
    number: int
    orders: int = 0

    def fill_in(self, shopper: Shopper) -> dict[str, str]:
        """Fill a new cart and the checkout page, however often that takes."""
        self.orders += 1
        shopper.cookies["cart"] = fill_cart({self.variant_id: 2}, province_id=self.goal.province_id)
        phone = phone_of(self.number * 1_000 + self.orders)
        while True:
            try:
                form = shopper.checkout_form(phone, self.goal)
            except (OSError, HTTPException):
                form = {}
            if "khoa" in form:
                return {**form, "tra": METHODS[self.orders % 2].value}
            time.sleep(0.05)


@drill(
    "R6",
    bar="nothing lost, nothing twice, every book right, nobody waits 10 s for an answer",
    control_on=("sqlite",),
)
def killed_processes_lose_nothing(run: Run) -> Outcome:
    """Kill processes while people order, some of whom hang up; each tries until there is an answer."""
    kills = run.count(short=2, full=100)
    with run.application() as app:
        with unit_of_work() as session:
            variant, goal = stocked(session, on_hand=100_000), a_goal(session)
        tally = Tally()
        with running_site(run.environment(**ACCOUNT)) as site:
            buyers = [
                threading.Thread(
                    target=_order_on_and_on, args=(app, Buyer(site, variant.id, goal, n), tally, run)
                )
                for n in range(BUYERS)
            ]
            pids = _kill(site, buyers, kills, run.random, tally)
        db.session.rollback()
        groups = list(db.session.scalars(sa.select(OrderGroup.number)))
        sold = db.session.scalar(sa.select(sa.func.sum(OrderLine.quantity)))
        wrong = [str(fault) for fault in examine(db.session())]
    got = {
        "kills": pids,
        "orders": len(groups),
        "lost": len(set(tally.placed) - set(groups)),
        "twice": len(groups) - len(set(tally.placed)),
        "retries": tally.retries,
        "other": tally.strange[:5],
        "books_wrong": len(wrong),
        "stall_s": round(tally.stall, 2),
    }
    whole = not (got["lost"] or got["twice"] or wrong or tally.strange) and sold == 2 * len(groups)
    return Outcome(got, ok=whole and pids == kills and tally.stall < 10)


def _kill(site: Site, buyers: Sequence[threading.Thread], kills: int, chance: Random, tally: Tally) -> int:
    """Kill a process while somebody waits for an answer, and the next once another has taken its place."""
    family = len(_children(site.process.pid))
    for buyer in buyers:
        buyer.start()
    killed = 0
    until = time.monotonic() + LONGEST_SECONDS
    while killed < kills and time.monotonic() < until:
        if len(alive := _children(site.process.pid)) < family or not tally.waiting:
            time.sleep(0.002)
            continue
        time.sleep(chance.uniform(0, MID_CHECKOUT))
        os.kill(chance.choice(alive), signal.SIGKILL)
        killed += 1
        time.sleep(BETWEEN_KILLS)
    tally.stop.set()
    for buyer in buyers:
        buyer.join()
    return killed


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _order_on_and_on(app: Flask, buyer: Buyer, tally: Tally, run: Run) -> None:
    """Order again and again; without an answer, send the same page again (the control: a new one)."""
    with app.app_context():
        while not tally.stop.is_set():
            shopper = Shopper(buyer.site.port, seconds=PATIENCE)
            form = buyer.fill_in(shopper)
            begun = time.monotonic()
            shopper.seconds = PATIENCE if run.guarded and buyer.orders % 3 else HANGS_UP_AFTER
            while (where := _send(shopper, form, tally)) is None:
                tally.retries += 1
                shopper.seconds = PATIENCE
                if not run.guarded:
                    form = buyer.fill_in(shopper)
            tally.stall = max(tally.stall, time.monotonic() - begun)
            if where:
                tally.placed.append(where)


def _send(buyer: Shopper, form: dict[str, str], tally: Tally) -> str | None:
    """Return the number of the order that a page led to, None without an answer, "" for a strange one."""
    tally.waiting += 1
    try:
        answer = buyer.post("/dat-hang", form)
    except (OSError, HTTPException):
        time.sleep(0.02)
        return None
    finally:
        tally.waiting -= 1
    if answer.status == 303:
        return answer.location.partition("/don-hang/")[2].partition("/")[0]
    if answer.status == 503:
        return None
    tally.strange.append(answer.status)
    return ""

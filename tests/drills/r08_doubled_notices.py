"""R8: notices that come many times, in any order, before and beside everything else, have one effect."""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from functools import partial

import requests
import sqlalchemy as sa
from flask import Flask

from marketplace import clock
from marketplace.cli.test_gateway import trade
from marketplace.cli.test_gateway.books import Thing
from marketplace.cli.test_gateway.notices import sign, written
from marketplace.cli.test_gateway.server import PracticeGateway
from marketplace.database import db, unit_of_work
from marketplace.jobs import Job
from marketplace.ordering.models import MovementKind, StockMovement
from marketplace.ordering.news import JOB, OrderNews
from marketplace.payments.errors import SessionClosed
from marketplace.payments.gateway import ReturnUrls, Started
from marketplace.payments.models import Refund, RefundState
from marketplace.payments.paying import _begin
from marketplace.payments.sessions import attach
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
from tests.environment.card_gateway import (
    WEBHOOK,
    WEBHOOK_SECRET,
    base_of,
    events_of,
    running_gateway,
    taking_cards,
)

TIMES = 10
BACK = 10_000
"""What the gateway's desk gives back of some orders, in đồng."""


@drill(
    "R8", bar="each notice has 1 effect, 0 wrong ends, no letter twice, no failure", control_on=("sqlite",)
)
def doubled_notices_have_one_effect(run: Run) -> Outcome:
    """Send each notice ten times, shuffled, while buyers come back; then see what it all led to."""
    found: Counter[str] = Counter()
    for _ in range(run.count(short=1, full=20)):
        _begin_anew(run)
        with present(), run.application() as app, running_gateway() as gateway:
            orders = place_orders(run.count(short=3, full=45))
            port = int(base_of(gateway).rsplit(":", 1)[1])
            with card_shop(run, app, port, "impatient" if run.guarded else "once") as shop:
                early = _pay_before_we_know(app, orders[:1], gateway)
                _pay(shop, orders[1:], gateway)
                answers = _deliver(run, shop, orders[1:], gateway)
            for session_id, started in early:
                with suppress(SessionClosed), unit_of_work() as session:
                    attach(session, session_id, started)
            sweep(app, gateway)
            found.update(_judge(orders, gateway), deliveries=len(answers), seeds=1)
            found.update(failures=sum(status >= 500 for status in answers))
    faults = ("failures", "payments", "placed", "allocated", "refunds", "letters")
    return Outcome(dict(found), ok=found["deliveries"] > 0 and not any(found[name] for name in faults))


def _begin_anew(run: Run) -> None:
    """Have the next application find no rows; PostgreSQL is emptied for each anyway."""
    for left in run.folder.glob("drill.db*"):
        left.unlink()


def _pay_before_we_know(
    app: Flask, orders: list[Ordered], gateway: PracticeGateway
) -> list[tuple[int, Started]]:
    """Have orders paid whose session the gateway has answered with, and we have not written down yet."""
    found = []
    with taking_cards(app, gateway) as client:
        for one in orders:
            begun, group = _begin(one.group_id, clock.now())
            started = client.start(begun, group, ReturnUrls("http://127.0.0.1/", "http://127.0.0.1/"))
            pay_at(started.url)
            found.append((begun.id, started))
    return found


def _pay(shop: int, orders: list[Ordered], gateway: PracticeGateway) -> None:
    """Have every order paid at the gateway; some lose money at its desk before anybody heard of them."""
    buyers = [partial(press, Shopper(shop), f"{one.path}/tra-tien", f"{one.path}/tra-tien") for one in orders]
    for _, address in in_turns(buyers, side_by_side=4):
        pay_at(address)
    with gateway.books as books:
        for intent in list(books.tables["intents"].values())[::5]:
            trade.refund(books, {"payment_intent": intent["id"], "amount": str(BACK)})


def _deliver(run: Run, shop: int, orders: list[Ordered], gateway: PracticeGateway) -> list[int]:
    """Send all notices, ten times each, and those of an order nobody knows, while buyers come back."""
    events = events_of(gateway)
    stray = events_of(gateway, "checkout.session.completed")[0]
    unknown = {**stray, "id": "evt_unknown", "data": {"object": {"id": "cs_test_unknown"}}}
    tasks: list[Callable[[], int]] = [
        partial(_tell, shop, event) for event in [*events, unknown] for _ in range(TIMES)
    ]
    tasks += [partial(_come_back, shop, one) for one in orders]
    run.random.shuffle(tasks)
    return in_turns(tasks)


def _tell(shop: int, event: Thing) -> int:
    body = written(event)
    headers = {"Stripe-Signature": sign(body, WEBHOOK_SECRET), "Content-Type": "application/json"}
    for _ in range(20):
        answer = requests.post(f"http://127.0.0.1:{shop}{WEBHOOK}", body, headers=headers, timeout=60)
        if answer.status_code != 503:  # the gateway could not be asked just now: it tells again
            break
    return answer.status_code


def _come_back(shop: int, one: Ordered) -> int:
    status, _ = press(Shopper(shop), f"{one.path}/tra-tien/xong", f"{one.path}/tra-tien/xong")
    return 200 if status == 503 else status


def _judge(orders: list[Ordered], gateway: PracticeGateway) -> Counter[str]:
    """Return how many orders have other than one effect of each kind."""
    books = read_books(gateway)
    given = sum(one["amount"] for one in gateway.books.tables["refunds"].values())
    completed = sa.select(sa.func.sum(Refund.amount)).where(Refund.state == RefundState.COMPLETED)
    allocated = db.session.scalars(
        sa.select(StockMovement.order_id).where(StockMovement.kind == MovementKind.ALLOCATED)
    ).all()
    jobs = db.session.scalars(sa.select(Job.payload).where(Job.kind == JOB)).all()
    told = Counter((job["news"], job["about"]) for job in jobs)
    found = Counter(
        payments=sum(books.payments[one.number] != 1 for one in orders),
        placed=sum(books.placed[one.number] != 2 for one in orders),
        allocated=abs(len(set(allocated)) - 2 * len(orders)) + len(allocated) - len(set(allocated)),
        refunds=abs(given - int(db.session.execute(completed).scalar_one() or 0)),
        letters=sum(times != 1 for times in told.values())
        + sum(told[OrderNews.ORDER_PAID, one.group_id] != 1 for one in orders),
    )
    db.session.rollback()
    return found

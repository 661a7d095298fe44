"""A shop in processes that takes cards by a test gateway, and buyers who pay there."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import requests
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import selectinload

from marketplace import clock
from marketplace.cli.test_gateway.server import PracticeGateway
from marketplace.database import db, unit_of_work
from marketplace.ordering.models import Order, OrderGroup, OrderStatus, PaymentMethod
from marketplace.ordering.secret import order_secret
from marketplace.payments import sweeper
from marketplace.payments.models import Payment, PaymentSession
from tests.drills import Run
from tests.drills.shoppers import Shopper, phone_of, running_shop
from tests.environment.card_gateway import KEY, WEBHOOK_SECRET, taking_cards
from tests.factories.ordering import a_commune, ordered, stocked

LATER = timedelta(minutes=11)
"""After which the sweeper asks about attempts to pay."""


@dataclass(frozen=True)
class Ordered:
    """An order that is to be paid by card: its group, number and page."""

    group_id: int
    number: str
    path: str
    total: int


@contextmanager
def present() -> Iterator[None]:
    """Let it be now, which it is for the shop's processes too."""
    with clock.stopped(datetime.now(UTC)):
        yield


def place_orders(count: int) -> list[Ordered]:
    """Order as many times goods of two sellers, to be paid by card."""
    with unit_of_work() as session:
        goods = [stocked(session, f"Hàng {number}", on_hand=100_000).id for number in (1, 2)]
        commune = a_commune(session)
    found = []
    for number in range(count):
        group = ordered(dict.fromkeys(goods, 1), commune, method=PaymentMethod.CARD, phone=phone_of(number))
        path = f"/don-hang/{group.number}/{order_secret(group.number)}"
        found.append(Ordered(group.id, group.number, path, group.total))
    return found


@contextmanager
def card_shop(run: Run, app: Flask, port: int, guard: str) -> Iterator[int]:
    """Run a shop that takes cards by the gateway on a port; yield its own port."""
    cards = {
        "STRIPE_SECRET_KEY": KEY,
        "STRIPE_WEBHOOK_SECRET": WEBHOOK_SECRET,
        "STRIPE_API_BASE": f"http://127.0.0.1:{port}",
    }
    db.session.remove()
    with running_shop(run, guard, **cards) as own:
        yield own


def press(buyer: Shopper, page: str, button: str) -> tuple[int, str]:
    """Open a page and press the button of a form of it; return status and where it leads."""
    token = buyer.get(page).text.partition('name="csrf_token" value="')[2].partition('"')[0]
    answer = buyer.post(button, {"csrf_token": token})
    return answer.status, answer.location


def pay_at(address: str) -> None:
    """Pay at the gateway's page."""
    with suppress(requests.RequestException):
        requests.post(address, {"act": "pay"}, allow_redirects=False, timeout=10)


def sweep(app: Flask, gateway: PracticeGateway) -> None:
    """Let the sweeper find what was left behind, as it does ten minutes later."""
    db.session.remove()
    with taking_cards(app, gateway), clock.stopped(datetime.now(UTC) + LATER):
        while sweeper.list_silent(db.session(), clock.now()):
            db.session.rollback()
            sweeper.resume_sessions()
        db.session.rollback()
        sweeper.expire_drafts()
        while sweeper.carry_out_refunds():
            pass


@dataclass(frozen=True)
class Books:
    """What both sides hold of each order, by its number."""

    charges: Counter[str]
    payments: Counter[str]
    placed: Counter[str]
    attempts: Counter[str]

    def charged_twice(self) -> int:
        """Return how many orders were charged more than once."""
        return sum(times > 1 for times in self.charges.values())

    def without_order(self) -> int:
        """Return how many charged orders are not known as paid, or not placed."""
        return sum(not (self.payments[number] and self.placed[number] == 2) for number in self.charges)


def read_books(gateway: PracticeGateway) -> Books:
    """Compare the gateway's payments with our own; what was given back is no charge."""
    with gateway.books as kept:
        intents = list(kept.tables["intents"].values())
    charges = Counter(
        str(one["metadata"]["order"]) for one in intents if one["amount_refunded"] < one["amount"]
    )
    groups = db.session.scalars(sa.select(OrderGroup).options(selectinload(OrderGroup.orders))).all()
    numbers = {group.id: group.number for group in groups}
    found = Books(
        charges,
        _count(Payment.group_id, numbers),
        Counter(
            group.number for group in groups for order in group.orders if order.status is OrderStatus.PLACED
        ),
        _count(PaymentSession.group_id, numbers),
    )
    db.session.rollback()
    return found


def _count(column: sa.orm.InstrumentedAttribute[int], numbers: dict[int, str]) -> Counter[str]:
    return Counter(numbers[group_id] for group_id in db.session.scalars(sa.select(column)))


def count_placed() -> int:
    """Return how many parcels were placed."""
    placed = sa.select(sa.func.count()).select_from(Order).where(Order.status == OrderStatus.PLACED)
    found: int = db.session.execute(placed).scalar_one()
    db.session.rollback()
    return found

"""R10 in short: whatever is bought, held, paid, taken back, received or counted, the figures agree."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from marketplace import clock
from marketplace.database import db, unit_of_work
from marketplace.ordering.cancellation import cancel_order
from marketplace.ordering.completion import expire_draft, finalize, list_stale_drafts
from marketplace.ordering.errors import BelowPromised, HoldLost, NothingToOrder, TooManyUnconfirmed
from marketplace.ordering.fulfillment import confirm_order
from marketplace.ordering.models import (
    CancelReason,
    MovementKind,
    PaymentMethod,
    PhoneAllowance,
    StockItem,
    StockMovement,
    StockReservation,
)
from marketplace.ordering.reservations import extend_holds, sweep_holds
from marketplace.ordering.stock import adjust, receive
from tests.conftest import NOON
from tests.environment.application import empty_application
from tests.factories.ordering import a_commune, ordered, stocked

PHONES = ("0912345678", "0987654321")
HELD, AT_MOST = timedelta(minutes=40), timedelta(hours=2)
PROMISED = {"waiting", "confirmed"}
quantities = st.integers(1, 6)
item = st.integers(0, 2)
phone = st.sampled_from(PHONES)
method = st.sampled_from(PaymentMethod)
chance = st.randoms(use_true_random=False)


@dataclass
class Parcel:
    """What the model knows of a parcel; a draft is held until a moment."""

    group_id: int
    order_id: int
    phone: str | None
    item: int
    quantity: int
    placed_at: datetime
    state: str
    held_until: datetime


class Shop(RuleBasedStateMachine):
    """Three items of three sellers, two telephones, and the plain arithmetic beside them."""

    database_url: str

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        url = self.database_url or f"sqlite:///{self.folder.name}/shop.db"
        self.context = empty_application(url, Path(self.folder.name))
        self.context.__enter__()
        with unit_of_work() as session:
            self.items = [stocked(session, name, on_hand=10).id for name in ("Cam", "Bưởi", "Na")]
            self.commune = a_commune(session)
        self.on_hand = [10, 10, 10]
        self.parcels: list[Parcel] = []
        self.now = NOON

    def teardown(self) -> None:
        self.context.__exit__(None, None, None)
        self.folder.cleanup()

    def promised(self, number: int) -> int:
        return sum(p.quantity for p in self.parcels if p.item == number and p.state in PROMISED)

    def held(self, number: int) -> int:
        return sum(p.quantity for p in self.drafts() if p.item == number and p.held_until > self.now)

    def available(self, number: int) -> int:
        return self.on_hand[number] - self.promised(number) - self.held(number)

    def drafts(self, group_id: int | None = None) -> list[Parcel]:
        drafts = [parcel for parcel in self.parcels if parcel.state == "draft"]
        return [parcel for parcel in drafts if group_id in {None, parcel.group_id}]

    def waiting(self, number: str) -> int:
        return len({p.group_id for p in self.parcels if p.phone == number and p.state == "waiting"})

    @rule(wish=st.dictionaries(item, quantities, min_size=1), phone=phone, method=method)
    def buy(self, wish: dict[int, int], phone: str, method: PaymentMethod) -> None:
        good = {n: q for n, q in wish.items() if self.available(n) >= q}
        wanted = {self.items[n]: q for n, q in wish.items()}
        try:
            with clock.stopped(self.now):
                group = ordered(wanted, self.commune, phone=phone, method=method)
        except NothingToOrder:
            assert not good
            return
        except TooManyUnconfirmed:
            assert self.waiting(phone) == 3
            assert not method.paid_first
            return
        assert method.paid_first or self.waiting(phone) < 3
        of = {variant_id: number for number, variant_id in enumerate(self.items)}
        bought = {of[line.variant_id]: line for order in group.orders for line in order.lines}
        assert {number: line.quantity for number, line in bought.items()} == good
        state = "draft" if method.paid_first else "waiting"
        counted = None if method.paid_first else phone
        self.parcels += [
            Parcel(group.id, line.order_id, counted, n, line.quantity, self.now, state, self.now + HELD)
            for n, line in bought.items()
        ]

    @rule(chance=chance, keep=st.booleans())
    def settle(self, chance: Any, keep: bool) -> None:
        states = {"waiting"} if keep else {"waiting", "confirmed", "draft"}
        open_ones = [parcel for parcel in self.parcels if parcel.state in states]
        if not open_ones:
            return
        parcel = chance.choice(open_ones)
        with unit_of_work() as session:
            if keep:
                confirm_order(session, parcel.order_id, self.now)
            else:
                cancel_order(session, parcel.order_id, CancelReason.CUSTOMER, self.now)
        parcel.state = "confirmed" if keep else "canceled"

    @rule(chance=chance)
    def pay(self, chance: Any) -> None:
        if not self.parcels:
            return
        group_id = chance.choice(self.parcels).group_id
        drafts = self.drafts(group_id)
        there = {
            p.order_id: self.available(p.item) + (p.quantity if p.held_until > self.now else 0) >= p.quantity
            for p in drafts
        }
        with unit_of_work() as session:
            done = finalize(session, group_id, self.now)
        assert set(done.placed) == {order_id for order_id, enough in there.items() if enough}
        assert set(done.out_of_stock) == {order_id for order_id, enough in there.items() if not enough}
        for parcel in drafts:
            parcel.state = "waiting" if there[parcel.order_id] else "canceled"

    @rule(chance=chance)
    def show_life(self, chance: Any) -> None:
        if not self.drafts():
            return
        group_id = chance.choice(self.drafts()).group_id
        drafts = self.drafts(group_id)
        latest = drafts[0].placed_at + AT_MOST
        lapsed = [parcel for parcel in drafts if parcel.held_until <= self.now]
        good = self.now < latest and all(self.available(p.item) >= p.quantity for p in lapsed)
        try:
            with unit_of_work() as session:
                until = extend_holds(session, group_id, self.now)
        except HoldLost:
            assert not good
            return
        assert good
        assert until == min(self.now + HELD, latest)
        for parcel in drafts:
            parcel.held_until = until

    @rule(minutes=st.integers(1, 50))
    def pass_time(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule()
    def sweep(self) -> None:
        with clock.stopped(self.now):
            sweep_holds()

    @rule()
    def expire(self) -> None:
        alive = {parcel.group_id for parcel in self.drafts() if parcel.held_until > self.now}
        dead = {parcel.group_id for parcel in self.drafts()} - alive
        db.session.rollback()
        stale = set(list_stale_drafts(db.session(), self.now))
        assert dead <= stale
        for group_id in stale:
            with unit_of_work() as session:
                assert expire_draft(session, group_id, self.now) is (group_id in dead)
        for parcel in self.drafts():
            if parcel.group_id in dead:
                parcel.state = "canceled"

    @rule(number=item, quantity=quantities)
    def restock(self, number: int, quantity: int) -> None:
        with unit_of_work() as session:
            receive(session, self.items[number], quantity, "nhập kho", clock.now())
        self.on_hand[number] += quantity

    @rule(number=item, quantity=quantities)
    def lose(self, number: int, quantity: int) -> None:
        self.sweep()
        try:
            with unit_of_work() as session:
                adjust(session, self.items[number], -quantity, "hư hỏng", clock.now())
        except BelowPromised:
            assert self.available(number) < quantity
        else:
            self.on_hand[number] -= quantity

    @invariant()
    def figures_agree(self) -> None:
        db.session.rollback()
        stored = {row.variant_id: row for row in db.session.scalars(sa.select(StockItem))}
        for number, variant_id in enumerate(self.items):
            row = stored[variant_id]
            assert (row.on_hand, row.allocated) == (self.on_hand[number], self.promised(number))
        rows = db.session.execute(sa.select(PhoneAllowance.phone, PhoneAllowance.unconfirmed))
        held = {row.phone: row.unconfirmed for row in rows}
        assert held == {number: self.waiting(number) for number in PHONES if self.waiting(number)}

    @invariant()
    def holds_agree(self) -> None:
        standing: defaultdict[int, int] = defaultdict(int)
        alive: defaultdict[int, int] = defaultdict(int)
        for hold in db.session.scalars(sa.select(StockReservation)):
            standing[hold.variant_id] += hold.quantity
            alive[hold.variant_id] += hold.quantity if hold.expires_at > self.now else 0
        for row in db.session.scalars(sa.select(StockItem)):
            assert row.reserved == standing[row.variant_id]
        assert [alive[variant_id] for variant_id in self.items] == [self.held(n) for n in range(3)]

    @invariant()
    def ledger_adds_up(self) -> None:
        sums: defaultdict[tuple[int, MovementKind], int] = defaultdict(int)
        for movement in db.session.scalars(sa.select(StockMovement)):
            sums[movement.variant_id, movement.kind] += movement.quantity
        for row in db.session.scalars(sa.select(StockItem)):
            came = sums[row.variant_id, MovementKind.RECEIVED] + sums[row.variant_id, MovementKind.ADJUSTED]
            went = sums[row.variant_id, MovementKind.ALLOCATED] - sums[row.variant_id, MovementKind.RELEASED]
            assert (row.on_hand, row.allocated) == (came, went)


@pytest.mark.parametrize(("database", "sequences"), [("sqlite", 8), ("postgresql", 8)])
def test_the_shop_agrees_with_its_model(
    database: str, sequences: int, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue("postgres_url") if database == "postgresql" else ""
    machine = type("ShopOnDatabase", (Shop,), {"database_url": url})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=sequences,
            stateful_step_count=20,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )

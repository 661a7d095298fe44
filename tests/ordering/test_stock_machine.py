"""R10 in short: whatever is bought, taken back, confirmed, received or counted, the figures agree."""

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from marketplace import clock
from marketplace.database import db, unit_of_work
from marketplace.ordering.errors import BelowPromised, NothingToOrder, TooManyUnconfirmed
from marketplace.ordering.fulfilment import cancel_order, confirm_order
from marketplace.ordering.models import MovementKind, PhoneAllowance, StockItem, StockMovement
from marketplace.ordering.stock import adjust, receive
from tests.environment.application import empty_application
from tests.factories.ordering import a_commune, ordered, stocked

PHONES = ("0912345678", "0987654321")
quantities = st.integers(1, 6)
item = st.integers(0, 2)
phone = st.sampled_from(PHONES)


@dataclass
class Parcel:
    """What the model knows of a parcel."""

    group_id: int
    position: int
    phone: str
    item: int
    quantity: int
    state: str = "waiting"


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

    def teardown(self) -> None:
        self.context.__exit__(None, None, None)
        self.folder.cleanup()

    def promised(self, number: int) -> int:
        return sum(p.quantity for p in self.parcels if p.item == number and p.state != "canceled")

    def waiting(self, number: str) -> int:
        return len({p.group_id for p in self.parcels if p.phone == number and p.state == "waiting"})

    @rule(wish=st.dictionaries(item, quantities, min_size=1), phone=phone)
    def buy(self, wish: dict[int, int], phone: str) -> None:
        good = {n: q for n, q in wish.items() if self.on_hand[n] - self.promised(n) >= q}
        try:
            group = ordered({self.items[n]: q for n, q in wish.items()}, self.commune, phone=phone)
        except NothingToOrder:
            assert not good
        except TooManyUnconfirmed:
            assert self.waiting(phone) == 3
        else:
            assert self.waiting(phone) < 3
            of = {variant_id: number for number, variant_id in enumerate(self.items)}
            bought = {of[line.variant_id]: line.quantity for order in group.orders for line in order.lines}
            assert bought == good
            self.parcels += [
                Parcel(group.id, order.position, phone, of[line.variant_id], line.quantity)
                for order in group.orders
                for line in order.lines
            ]

    @rule(choice=st.randoms(use_true_random=False), keep=st.booleans())
    def settle(self, choice: object, keep: bool) -> None:
        waiting = [parcel for parcel in self.parcels if parcel.state == "waiting"]
        if not waiting:
            return
        parcel = choice.choice(waiting)  # type: ignore[attr-defined]
        with unit_of_work() as session:
            act = confirm_order if keep else cancel_order
            act(session, parcel.group_id, parcel.position, clock.now())
        parcel.state = "confirmed" if keep else "canceled"

    @rule(number=item, quantity=quantities)
    def restock(self, number: int, quantity: int) -> None:
        with unit_of_work() as session:
            receive(session, self.items[number], quantity, "nhập kho", clock.now())
        self.on_hand[number] += quantity

    @rule(number=item, quantity=quantities)
    def lose(self, number: int, quantity: int) -> None:
        try:
            with unit_of_work() as session:
                adjust(session, self.items[number], -quantity, "hư hỏng", clock.now())
        except BelowPromised:
            assert self.on_hand[number] - self.promised(number) < quantity
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
    def ledger_adds_up(self) -> None:
        sums: defaultdict[tuple[int, MovementKind], int] = defaultdict(int)
        for movement in db.session.scalars(sa.select(StockMovement)):
            sums[movement.variant_id, movement.kind] += movement.quantity
        for row in db.session.scalars(sa.select(StockItem)):
            came = sums[row.variant_id, MovementKind.RECEIVED] + sums[row.variant_id, MovementKind.ADJUSTED]
            went = sums[row.variant_id, MovementKind.ALLOCATED] - sums[row.variant_id, MovementKind.RELEASED]
            assert (row.on_hand, row.allocated) == (came, went)


@pytest.mark.parametrize(("database", "sequences"), [("sqlite", 6), ("postgresql", 6)])
def test_the_shop_agrees_with_its_model(
    database: str, sequences: int, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue("postgres_url") if database == "postgresql" else ""
    machine = type("ShopOnDatabase", (Shop,), {"database_url": url})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=sequences,
            stateful_step_count=15,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )

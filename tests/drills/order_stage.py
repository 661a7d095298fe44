"""Where drill R10 plays: a shop that is emptied in no time, and its comparison with the model."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from marketplace import clock
from marketplace.database import db, unit_of_work
from marketplace.ordering.after_sale_models import Return
from marketplace.ordering.models import (
    Fulfillment,
    MovementKind,
    Order,
    OrderLine,
    StockItem,
    StockMovement,
    StockReservation,
)
from marketplace.ordering.stock import find_available
from marketplace.payments.ledger_models import SellerTransfer
from marketplace.payments.models import PaymentSplit
from marketplace.payments.standings import find_standings
from marketplace.places.models import AdminUnit
from marketplace.upkeep.doctor import examine
from tests.drills.order_model import Model
from tests.factories.ordering import a_commune, seller_of, stocked
from tests.factories.payments import MemoryGateway

PRICES = (90_000, 50_000, 70_000)
ON_HAND = 6
HONEY = 4
_EMPTIED = {"order_group", "cart", "stock_movement", "job", "phone_allowance"}


@dataclass
class Stage:
    """Three items, the first two of one seller, and a gateway that keeps its books in memory."""

    gateway: MemoryGateway
    commune: AdminUnit = field(init=False)
    items: list[int] = field(init=False)

    def __post_init__(self) -> None:
        with unit_of_work() as session:
            self.commune = a_commune(session)
            pack: dict[str, Any] = {"on_hand": ON_HAND, "set_number": HONEY}
            first = stocked(session, "Mật ong", price=PRICES[0], **pack)
            seller = seller_of(session, first)
            second = stocked(session, "Sáp ong", price=PRICES[1], producer=seller, **pack)
            third = stocked(session, "Gạo nếp", price=PRICES[2], **pack)
            self.items = [first.id, second.id, third.id]

    def reset(self) -> None:
        """Forget every order and fill the shelves."""
        with unit_of_work() as session:
            for table in _tables_to_empty():
                session.connection().execute(sa.delete(table))
            full = {"on_hand": ON_HAND, "allocated": 0, "reserved": 0}
            session.execute(sa.update(StockItem).values(full))
            came = {"kind": MovementKind.RECEIVED, "quantity": ON_HAND, "at": clock.now()}
            session.execute(sa.insert(StockMovement), [{"variant_id": one, **came} for one in self.items])
        db.session.remove()

    def number(self, variant_id: int) -> int:
        """Return the model's number of a variant."""
        return self.items.index(variant_id)

    def lines_of(self, order_id: int) -> dict[int, int]:
        """Return the lines of an order by the number of their item."""
        db.session.rollback()
        lines = sa.select(OrderLine.variant_id, OrderLine.id).where(OrderLine.order_id == order_id)
        return {self.number(variant_id): line_id for variant_id, line_id in db.session.execute(lines)}

    def available(self, variant_id: int) -> int:
        """Return what the shop says can be sold, holds that ran out not counted."""
        db.session.rollback()
        return find_available(db.session(), [variant_id])[variant_id]

    def books_agree(self) -> None:
        """Raise AssertionError where the doctor finds something off."""
        db.session.rollback()
        assert not list(examine(db.session()))


def _tables_to_empty() -> list[sa.Table]:
    """Return the tables that hang on orders, those that point to others first."""
    names = set(_EMPTIED)
    for table in db.metadata.sorted_tables:
        if any(key.column.table.name in names for key in table.foreign_keys):
            names.add(table.name)
    return [table for table in reversed(db.metadata.sorted_tables) if table.name in names]


def compare(stage: Stage, model: Model) -> None:
    """Raise AssertionError where the shop and the model differ, or the shop's books do not add up."""
    db.session.rollback()
    db.session.expunge_all()
    _compare_stock(stage, model)
    _compare_orders(stage, model)
    _compare_returns(stage, model)


def _compare_stock(stage: Stage, model: Model) -> None:
    rows = {row.variant_id: row for row in db.session.scalars(sa.select(StockItem))}
    held: defaultdict[int, int] = defaultdict(int)
    living: defaultdict[int, int] = defaultdict(int)
    for hold in db.session.scalars(sa.select(StockReservation)):
        held[hold.variant_id] += hold.quantity
        living[hold.variant_id] += hold.quantity if hold.expires_at > model.now else 0
    moved = _movements()
    for number, variant_id in enumerate(stage.items):
        row = rows[variant_id]
        assert (row.on_hand, row.allocated) == (model.on_hand[number], model.promised(number))
        assert row.reserved == held[variant_id]
        assert living[variant_id] == model.held(number)
        assert (row.on_hand, row.allocated) == moved[variant_id]


def _movements() -> defaultdict[int, tuple[int, int]]:
    """Return what movements add up to by variant: on the shelf, and promised."""
    shelf = {MovementKind.RECEIVED: 1, MovementKind.ADJUSTED: 1, MovementKind.SHIPPED: -1}
    promise = {MovementKind.ALLOCATED: 1, MovementKind.RELEASED: -1, MovementKind.SHIPPED: -1}
    sums: defaultdict[int, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for one in db.session.scalars(sa.select(StockMovement)):
        on_hand, promised = sums[one.variant_id]
        sums[one.variant_id] = (
            on_hand + shelf.get(one.kind, 0) * one.quantity,
            promised + promise.get(one.kind, 0) * one.quantity,
        )
    return sums


def _compare_orders(stage: Stage, model: Model) -> None:
    whole = (selectinload(Order.lines), selectinload(Order.fulfillments).selectinload(Fulfillment.lines))
    orders = {order.id: order for order in db.session.scalars(sa.select(Order).options(*whole))}
    money = {
        row[0]: (int(row[1]), int(row[2]))
        for row in db.session.execute(
            sa.select(
                PaymentSplit.order_id, sa.func.sum(PaymentSplit.captured), sa.func.sum(PaymentSplit.refunded)
            ).group_by(PaymentSplit.order_id)
        )
    }
    standings = find_standings(db.session(), orders.values())
    earned = _earned()
    assert orders.keys() == {order.id for order in model.orders}
    for known in model.orders:
        order, standing = orders[known.id], standings[known.id]
        assert order.status.value == known.status
        assert (order.confirmed_at is not None) == known.confirmed
        assert {stage.number(line.variant_id): line.canceled for line in order.lines} == {
            number: line.canceled for number, line in known.lines.items()
        }
        assert {one.id: _state_of(one) for one in order.fulfillments} == {
            number: one.state for number, one in known.sendings.items()
        }
        assert money.get(known.id, (0, 0)) == (known.captured, known.refunded)
        assert (standing.due, standing.owed, standing.excess) == (known.due, known.owed, known.excess)
        if known.id in earned:
            assert earned[known.id] == standing.gross, "the ledger is not what the order stands at"


def _earned() -> dict[int, int]:
    sums = sa.select(SellerTransfer.order_id, sa.func.sum(SellerTransfer.gross))
    return {row[0]: int(row[1]) for row in db.session.execute(sums.group_by(SellerTransfer.order_id))}


def _state_of(one: Fulfillment) -> str:
    if one.came_back_at is not None:
        return "back"
    if one.delivered_at is not None:
        return "delivered"
    return "failed" if one.failed_at is not None else "on the way"


def _compare_returns(stage: Stage, model: Model) -> None:
    stored = {one.id: one for one in db.session.scalars(sa.select(Return))}
    for order in model.orders:
        for known in order.returns:
            one = stored.pop(known.id)
            state = "canceled" if known.state == "declined" else known.state
            assert (one.state.value, one.refund_amount) == (state, known.amount)
    assert not stored

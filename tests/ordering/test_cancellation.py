from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import clock
from marketplace.database import db, unit_of_work
from marketplace.errors import NotFound
from marketplace.jobs import Job
from marketplace.ordering.cancellation import cancel_order, may_cancel
from marketplace.ordering.errors import NotCancelable
from marketplace.ordering.fulfillment import came_back, confirm_order, mark_failed, ship
from marketplace.ordering.models import (
    CancelReason,
    MovementKind,
    Order,
    OrderGroup,
    PaymentMethod,
    PhoneAllowance,
    StockMovement,
)
from marketplace.ordering.order_lock import lock_order
from marketplace.ordering.stock import find_available
from tests.factories.ordering import a_commune, ordered, stocked


@pytest.fixture
def group(app: Flask) -> OrderGroup:
    """An order of two parcels, three units each, out of ten."""
    return order_two(PaymentMethod.CASH_ON_DELIVERY)


def order_two(method: PaymentMethod) -> OrderGroup:
    with unit_of_work() as session:
        items = [stocked(session, name, on_hand=10).id for name in ("Cam", "Bưởi")]
        commune = a_commune(session)
    return ordered(dict.fromkeys(items, 3), commune, method=method)


def cancel(order_id: int, reason: CancelReason = CancelReason.CUSTOMER, words: str | None = None) -> None:
    with unit_of_work() as session:
        cancel_order(session, order_id, reason, clock.now(), words)


def do(act: Any, *told: Any) -> Any:
    with unit_of_work() as session:
        return act(session, *told, clock.now())


def left() -> list[int]:
    db.session.rollback()
    return list(dict(sorted(find_available(db.session(), [1, 2]).items())).values())


def unconfirmed() -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(PhoneAllowance.unconfirmed)) or 0


def told() -> list[tuple[str, int]]:
    """What was told of an order once it was placed."""
    db.session.rollback()
    payloads = db.session.scalars(sa.select(Job.payload).where(Job.kind == "orders.news").order_by(Job.id))
    news = [(payload["news"], payload["about"]) for payload in payloads]
    return [one for one in news if one[0] not in {"order_placed", "order_arrived"}]


def test_one_order_is_taken_back_and_the_other_stays(group: OrderGroup) -> None:
    first, second = (order.id for order in group.orders)
    cancel(first)
    assert left() == [10, 7]
    assert unconfirmed() == 1
    statuses = db.session.scalars(sa.select(Order.status).order_by(Order.id)).all()
    assert [status.value for status in statuses] == ["canceled", "placed"]
    cancel(second)
    assert left() == [10, 10]
    assert db.session.execute(sa.select(PhoneAllowance)).first() is None


def test_what_is_taken_off_says_when_and_why(group: OrderGroup) -> None:
    cancel(group.orders[0].id, CancelReason.DECLINED, "Hết mùa")
    db.session.rollback()
    order = db.session.get_one(Order, group.orders[0].id, populate_existing=True)
    assert (order.canceled_at, order.cancel_reason) == (clock.now(), CancelReason.DECLINED)
    assert order.cancel_words == "Hết mùa"


def test_taking_back_twice_gives_back_once(group: OrderGroup) -> None:
    cancel(group.orders[0].id)
    cancel(group.orders[0].id, CancelReason.STAFF, "again")
    assert left() == [10, 7]
    released = sa.select(StockMovement).where(StockMovement.kind == MovementKind.RELEASED)
    movement = db.session.scalars(released).one()
    assert (movement.quantity, movement.cause) == (3, f"order:{group.orders[0].id}")
    order = db.session.get_one(Order, group.orders[0].id, populate_existing=True)
    assert (order.cancel_reason, order.cancel_words) == (CancelReason.CUSTOMER, None)
    assert told() == [("order_taken_back", order.id)]


@pytest.mark.parametrize(
    ("reason", "news"),
    [
        (CancelReason.CUSTOMER, ["order_taken_back"]),
        (CancelReason.DECLINED, ["order_declined"]),
        (CancelReason.INVENTORY, ["order_declined"]),
        (CancelReason.UNPAID, ["order_declined", "order_taken_back"]),
        (CancelReason.STAFF, ["order_declined", "order_taken_back"]),
        (CancelReason.EXPIRED, []),
        (CancelReason.UNDELIVERED, []),
    ],
)
def test_whoever_did_not_know_is_told(group: OrderGroup, reason: CancelReason, news: list[str]) -> None:
    order_id = group.orders[0].id
    cancel(order_id, reason)
    assert told() == [(one, order_id) for one in news]


@pytest.mark.parametrize(("reason", "news"), [("customer", []), ("staff", ["order_declined"])])
def test_sellers_hear_nothing_of_drafts(app: Flask, reason: str, news: list[str]) -> None:
    order_id = order_two(PaymentMethod.CARD).orders[0].id
    cancel(order_id, CancelReason(reason))
    assert told() == [(one, order_id) for one in news]
    assert left() == [10, 7]


def test_a_confirmed_order_can_be_taken_back_until_it_is_sent(group: OrderGroup) -> None:
    order_id = group.orders[0].id
    do(confirm_order, order_id)
    with unit_of_work() as session:
        assert may_cancel(lock_order(session, order_id))
    cancel(order_id)
    assert left() == [10, 7]


def test_what_was_sent_cannot_be_taken_back(group: OrderGroup) -> None:
    order_id = group.orders[0].id
    do(confirm_order, order_id)
    do(ship, order_id, {group.orders[0].lines[0].id: 1}, "Viettel Post", "VTP1")
    with unit_of_work() as session:
        assert not may_cancel(lock_order(session, order_id))
    with pytest.raises(NotCancelable) as refusal:
        cancel(order_id)
    assert refusal.value.parameters == {"position": 1, "state": "partly_shipped"}
    assert left() == [7, 7]


def test_what_came_back_can_be_taken_off(group: OrderGroup) -> None:
    order_id = group.orders[0].id
    do(confirm_order, order_id)
    sending = do(ship, order_id, None, "Viettel Post", "VTP1")
    do(mark_failed, sending.id)
    with pytest.raises(NotCancelable):
        cancel(order_id)
    do(came_back, sending.id, True)
    with unit_of_work() as session:
        assert not may_cancel(lock_order(session, order_id)), "its buyer may not, once it was sent"
    cancel(order_id, CancelReason.STAFF)
    assert left() == [10, 7]


def test_what_is_off_cannot_be_taken_off(group: OrderGroup) -> None:
    cancel(group.orders[0].id)
    with unit_of_work() as session:
        assert not may_cancel(lock_order(session, group.orders[0].id))


def test_an_order_that_is_not_there_is_not_found(app: Flask) -> None:
    with pytest.raises(NotFound):
        cancel(1)


def test_the_telephone_is_free_once_each_order_is_answered(group: OrderGroup) -> None:
    do(confirm_order, group.orders[0].id)
    assert unconfirmed() == 1
    cancel(group.orders[1].id)
    assert unconfirmed() == 0


def test_a_group_that_does_not_count_gives_nothing_back(group: OrderGroup) -> None:
    with unit_of_work() as session:
        session.get_one(OrderGroup, group.id).allowance_held = False
    for order in group.orders:
        cancel(order.id)
    assert unconfirmed() == 1

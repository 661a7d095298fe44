from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import clock
from marketplace.database import db, unit_of_work
from marketplace.errors import NotFound
from marketplace.jobs import Job
from marketplace.ordering.cancellation import cancel_order
from marketplace.ordering.completion import Finalized, expire_draft, finalize, list_stale_drafts
from marketplace.ordering.deadlines import confirm_by
from marketplace.ordering.models import (
    CancelReason,
    MovementKind,
    Order,
    OrderGroup,
    OrderStatus,
    PaymentMethod,
    StockMovement,
)
from marketplace.ordering.reservations import extend_holds, sweep_holds
from marketplace.places.models import AdminUnit
from tests.factories.ordering import after, figures, ordered, stocked
from tests.factories.producers import a_producer

MINUTE = timedelta(minutes=1)


def pay(group_id: int) -> Finalized:
    with unit_of_work() as session:
        return finalize(session, group_id, clock.now())


def expire(group_id: int) -> bool:
    with unit_of_work() as session:
        return expire_draft(session, group_id, clock.now())


def stale() -> list[int]:
    db.session.rollback()
    return list(list_stale_drafts(db.session(), clock.now()))


def orders() -> list[tuple[str, str | None]]:
    db.session.rollback()
    rows = db.session.scalars(sa.select(Order).order_by(Order.id))
    return [(row.status.value, row.cancel_reason and row.cancel_reason.value) for row in rows]


def told() -> list[tuple[str, int]]:
    db.session.rollback()
    left = sa.select(Job.payload).where(Job.kind == "orders.news").order_by(Job.id)
    return [(payload["news"], payload["about"]) for payload in db.session.scalars(left)]


def movements() -> list[tuple[str, int, str | None]]:
    db.session.rollback()
    made = sa.select(StockMovement).where(StockMovement.kind != MovementKind.RECEIVED)
    rows = db.session.scalars(made.order_by(StockMovement.id))
    return [(row.kind.value, row.quantity, row.cause) for row in rows]


def test_a_paid_draft_is_placed(draft: OrderGroup) -> None:
    first, second = (order.id for order in draft.orders)
    with after(10):
        paid_at = clock.now()
        assert pay(draft.id) == Finalized([first, second], [])
    assert orders() == [("placed", None)] * 2
    assert figures() == [(10, 3, 0), (10, 3, 0)]
    kept = db.session.scalars(sa.select(Order)).all()
    assert {(order.placed_at, order.confirm_by) for order in kept} == {(paid_at, confirm_by(paid_at))}
    assert told() == [("order_placed", draft.id), ("order_arrived", first), ("order_arrived", second)]
    assert movements() == [("allocated", 3, f"order:{first}"), ("allocated", 3, f"order:{second}")]


def test_paying_again_changes_nothing_more(draft: OrderGroup) -> None:
    pay(draft.id)
    before = figures(), orders(), told(), movements()
    assert pay(draft.id) == Finalized([], [])
    assert (figures(), orders(), told(), movements()) == before


def test_an_order_of_cash_is_left_alone(items: list[int], commune: AdminUnit) -> None:
    placed = ordered({items[0]: 1}, commune)
    assert pay(placed.id) == Finalized([], [])
    assert not expire(placed.id)


def test_what_is_not_there_is_not_found(app: Flask) -> None:
    for act in (pay, expire):
        with pytest.raises(NotFound):
            act(1)


@pytest.mark.parametrize("swept", [True, False])
def test_goods_held_no_longer_are_taken_again(draft: OrderGroup, swept: bool) -> None:
    with after(50):
        if swept:
            sweep_holds()
        assert len(pay(draft.id).placed) == 2
    assert figures() == [(10, 3, 0), (10, 3, 0)]


def test_goods_that_others_bought_cost_their_order_alone(
    draft: OrderGroup, items: list[int], commune: AdminUnit
) -> None:
    first, second = (order.id for order in draft.orders)
    with after(50):
        ordered({items[0]: 8}, commune)
        assert pay(draft.id) == Finalized([second], [first])
    assert orders()[:2] == [("canceled", "inventory"), ("placed", None)]
    assert figures() == [(10, 8, 0), (10, 3, 0)]
    assert told()[2:] == [
        ("order_declined", first),
        ("order_placed", draft.id),
        ("order_arrived", second),
    ]


def test_nothing_of_an_order_is_kept_that_is_not_whole(commune: AdminUnit) -> None:
    with unit_of_work() as session:
        seller = a_producer(session, "HTX Khe Mây")
        both = [stocked(session, name, on_hand=10, producer=seller).id for name in ("Cam", "Na")]
    draft = ordered(dict.fromkeys(both, 3), commune, method=PaymentMethod.CARD)
    with after(50):
        ordered({both[1]: 8}, commune)
        assert pay(draft.id) == Finalized([], [draft.orders[0].id])
    assert figures() == [(10, 0, 0), (10, 8, 0)]


def test_lapsed_holds_of_others_give_way_to_who_paid(items: list[int], commune: AdminUnit) -> None:
    slow = ordered({items[0]: 8}, commune, method=PaymentMethod.CARD)
    with after(20), pytest.raises(Exception, match="nothing_to_order"):
        ordered({items[0]: 3}, commune, method=PaymentMethod.CARD)
    with after(41):
        quick = ordered({items[0]: 5}, commune, method=PaymentMethod.CARD)
        assert len(pay(quick.id).placed) == 1
    assert figures()[0] == (10, 5, 0)
    with after(42):
        assert pay(slow.id).out_of_stock == [slow.orders[0].id]


def test_the_holds_of_others_that_still_stand_are_respected(items: list[int], commune: AdminUnit) -> None:
    slow = ordered({items[0]: 4}, commune, method=PaymentMethod.CARD)
    with after(30):
        ordered({items[0]: 6}, commune, method=PaymentMethod.CARD)
    with after(41):
        sweep_holds()
        ordered({items[0]: 2}, commune, method=PaymentMethod.CARD)
        assert pay(slow.id).out_of_stock == [slow.orders[0].id]
    assert figures()[0] == (10, 0, 8)


def test_a_draft_expires_when_nothing_is_held(draft: OrderGroup) -> None:
    with after(39):
        assert stale() == []
        assert not expire(draft.id)
    with after(40):
        assert stale() == [draft.id]
        assert expire(draft.id)
        assert stale() == []
        assert not expire(draft.id)
    assert orders() == [("canceled", "expired")] * 2
    assert figures() == [(10, 0, 0), (10, 0, 0)]
    assert told() == [("order_expired", draft.id)]
    assert movements() == []


def test_a_sign_of_life_keeps_a_draft(draft: OrderGroup) -> None:
    with after(39), unit_of_work() as session:
        extend_holds(session, draft.id, clock.now())
    with after(78):
        assert stale() == []
        assert not expire(draft.id)
    with after(79):
        assert stale() == [draft.id]


def test_cash_and_transfers_never_expire(items: list[int], commune: AdminUnit) -> None:
    for method in (PaymentMethod.CASH_ON_DELIVERY, PaymentMethod.VIETQR):
        ordered({items[0]: 1}, commune, method=method)
    with after(60 * 24 * 365):
        assert stale() == []


def test_money_for_an_expired_draft_places_nothing(draft: OrderGroup) -> None:
    with after(40):
        expire(draft.id)
        assert pay(draft.id) == Finalized([], [])
    assert orders() == [("canceled", "expired")] * 2


def test_one_draft_canceled_leaves_the_other(draft: OrderGroup) -> None:
    first, second = (order.id for order in draft.orders)
    with unit_of_work() as session:
        cancel_order(session, first, CancelReason.CUSTOMER, clock.now())
    assert figures() == [(10, 0, 0), (10, 0, 3)]
    assert pay(draft.id) == Finalized([second], [])
    statuses = [order.status for order in db.session.scalars(sa.select(Order).order_by(Order.id))]
    assert statuses == [OrderStatus.CANCELED, OrderStatus.PLACED]

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from marketplace import clock
from marketplace.database import db, unit_of_work
from marketplace.ordering.errors import HoldLost, OutOfStock
from marketplace.ordering.models import (
    MovementKind,
    Order,
    OrderGroup,
    PaymentMethod,
    StockItem,
    StockMovement,
    StockReservation,
)
from marketplace.ordering.reservations import (
    extend_holds,
    let_go,
    release_expired,
    reserve,
    sweep_holds,
)
from marketplace.ordering.stock import Demand, StockLedgerBroken
from marketplace.places.models import AdminUnit
from marketplace.register import current_version
from tests.catalogue.statements import counted_statements
from tests.factories.ordering import after, figures, ordered

MINUTE = timedelta(minutes=1)
FIRST, LATEST = 40 * MINUTE, 120 * MINUTE


def held_until() -> set[Any]:
    db.session.rollback()
    return set(db.session.scalars(sa.select(StockReservation.expires_at)))


def extend(group_id: int) -> Any:
    with unit_of_work() as session:
        return extend_holds(session, group_id, clock.now())


def hold(demands: list[Demand]) -> None:
    with unit_of_work() as session:
        now = clock.now()
        reserve(session, demands, now + FIRST, now + LATEST, now)


def test_what_is_held_is_not_sold_to_others(draft: OrderGroup, items: list[int], commune: AdminUnit) -> None:
    assert figures() == [(10, 0, 3), (10, 0, 3)]
    ordered({items[0]: 7}, commune)
    with pytest.raises(Exception, match="nothing_to_order"):
        ordered({items[0]: 1}, commune)


def test_quantities_of_one_item_are_summed_first(draft: OrderGroup, items: list[int]) -> None:
    first, second = (order.id for order in draft.orders)
    with unit_of_work() as session:
        for order in (first, second):
            let_go(session, order)
    hold([Demand(first, items[0], 4), Demand(second, items[0], 2), Demand(first, items[0], 1)])
    assert figures() == [(10, 0, 7), (10, 0, 0)]
    rows = db.session.execute(
        sa.select(StockReservation.order_id, StockReservation.quantity).order_by(StockReservation.order_id)
    )
    assert [tuple(row) for row in rows] == [(first, 5), (second, 2)]


def test_all_is_held_or_nothing(draft: OrderGroup, items: list[int]) -> None:
    order_id = draft.orders[0].id
    with unit_of_work() as session:
        let_go(session, order_id)
    with pytest.raises(OutOfStock) as refusal:
        hold([Demand(order_id, items[0], 6), Demand(order_id, items[0], 5)])
    assert refusal.value.parameters == {"variant_id": items[0], "available": 10}
    assert figures() == [(10, 0, 0), (10, 0, 3)]


def test_letting_go_gives_back_once(draft: OrderGroup) -> None:
    order_id = draft.orders[0].id
    for _ in range(2):
        with unit_of_work() as session:
            let_go(session, order_id)
        assert figures() == [(10, 0, 0), (10, 0, 3)]


def test_a_hold_ends_after_forty_minutes(draft: OrderGroup, items: list[int]) -> None:
    own = draft.orders[1].id
    with after(39), unit_of_work() as session:
        assert release_expired(session, items, clock.now()) == 0
    assert figures() == [(10, 0, 3), (10, 0, 3)]
    with after(40), unit_of_work() as session:
        assert release_expired(session, items[:1], clock.now()) == 1
    assert figures() == [(10, 0, 0), (10, 0, 3)]
    with after(40), unit_of_work() as session:
        assert release_expired(session, items, clock.now(), but_of={own}) == 0


def test_the_sweeper_lets_go_of_what_ran_out(draft: OrderGroup) -> None:
    assert sweep_holds() == 0
    with after(40):
        assert sweep_holds() == 2
        assert sweep_holds() == 0
    assert figures() == [(10, 0, 0), (10, 0, 0)]
    assert held_until() == set()


def test_who_stays_active_keeps_the_goods_for_two_hours(draft: OrderGroup) -> None:
    begun = clock.now()
    for minutes, until in ((30, 70), (60, 100), (90, 120), (119, 120)):
        with after(minutes):
            assert extend(draft.id) == begun + until * MINUTE
        assert held_until() == {begun + until * MINUTE}
    with after(120), pytest.raises(HoldLost):
        extend(draft.id)


def test_what_ran_out_is_taken_again_while_it_is_there(draft: OrderGroup, items: list[int]) -> None:
    begun = clock.now()
    with after(50):
        sweep_holds()
        assert extend(draft.id) == begun + 90 * MINUTE
    assert figures() == [(10, 0, 3), (10, 0, 3)]
    assert held_until() == {begun + 90 * MINUTE}


def test_a_hold_that_ran_out_unnoticed_still_counts(draft: OrderGroup, items: list[int]) -> None:
    with after(50):
        extend(draft.id)
        with unit_of_work() as session:
            assert release_expired(session, items, clock.now()) == 0
    assert figures() == [(10, 0, 3), (10, 0, 3)]


def test_what_somebody_else_bought_is_lost(draft: OrderGroup, items: list[int], commune: AdminUnit) -> None:
    with after(50):
        ordered({items[1]: 8}, commune)
        with pytest.raises(HoldLost) as refusal:
            extend(draft.id)
    assert refusal.value.parameters == {"variant_id": items[1], "available": 2}
    assert figures() == [(10, 0, 3), (10, 8, 0)]


def test_only_drafts_are_held(items: list[int], commune: AdminUnit) -> None:
    placed = ordered({items[0]: 1}, commune)
    assert extend(placed.id) is None
    assert figures()[0] == (10, 1, 0)


def test_holding_writes_no_movement(draft: OrderGroup) -> None:
    kinds = set(db.session.scalars(sa.select(StockMovement.kind)))
    assert kinds == {MovementKind.RECEIVED}


def test_pages_say_when_held_goods_are_sold_out(items: list[int], commune: AdminUnit) -> None:
    before = current_version()
    ordered({items[0]: 1}, commune, method=PaymentMethod.CARD)
    db.session.rollback()
    assert current_version() == before
    ordered({items[0]: 9}, commune, method=PaymentMethod.CARD)
    db.session.rollback()
    assert current_version() == before + 1
    with after(40):
        sweep_holds()
    db.session.rollback()
    assert current_version() == before + 2


def test_figures_that_contradict_the_holds_are_a_defect(draft: OrderGroup) -> None:
    with unit_of_work() as session:
        session.execute(sa.update(StockItem).values(reserved=0))
    with pytest.raises(StockLedgerBroken), unit_of_work() as session:
        let_go(session, draft.orders[0].id)


@pytest.mark.parametrize("late", [40, 41])
def test_a_buyer_in_time_wins_over_the_sweeper(draft: OrderGroup, late: int) -> None:
    with after(39):
        extend(draft.id)
    with after(late):
        assert sweep_holds() == 0


def test_a_shop_without_lapsed_holds_locks_nothing(draft: OrderGroup) -> None:
    with counted_statements() as seen:
        sweep_holds()
    assert len(seen) == 1
    assert "UPDATE" not in seen[0]
    assert db.session.scalars(sa.select(sa.func.count()).select_from(Order)).one() == 2

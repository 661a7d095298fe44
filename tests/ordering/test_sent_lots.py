"""What was sent of which lot stays on record, whatever happens to the rest of an order."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import clock
from marketplace.database import db, unit_of_work
from marketplace.ordering.errors import InvalidQuantity
from marketplace.ordering.fulfillment import came_back, cancel_rest, mark_failed, ship
from marketplace.ordering.lot_models import OrderLineLot, RecallTold
from marketplace.ordering.models import Order, OrderLine
from marketplace.ordering.order_lock import lock_order
from marketplace.ordering.returned_lots import list_doubtful, put_on_shelf_again
from marketplace.traceability.lots.models import Lot
from marketplace.traceability.recalls.models import RecallScope
from tests.factories.lots import a_lot
from tests.factories.ordering import product_of
from tests.factories.recalls import recalled
from tests.ordering.test_recalled import (
    a_pack,
    a_shelved_lot,
    an_order,
    in_stock,
    lots_of,
    on_shelf,
    pack,
    send,
)

SOON = {"use_by": date(2027, 1, 1)}
LATE = {"use_by": date(2027, 6, 1)}


def send_some(order: Order, units: int) -> int:
    """Have the seller send some units of the first line; return the id of the sending."""
    with unit_of_work() as session:
        return ship(session, order.id, {order.lines[0].id: units}, "Viettel Post", None, clock.now()).id


def give_up_the_rest(order: Order) -> None:
    """Have the seller cancel what is not sent."""
    with unit_of_work() as session:
        cancel_rest(session, order.id, clock.now())


def bring_back(sending_id: int, *, restock: bool = True) -> None:
    """Have a parcel come back that nobody took."""
    with unit_of_work() as session:
        mark_failed(session, sending_id, clock.now())
        came_back(session, sending_id, restock, clock.now())


def sent_of(order: Order) -> dict[int, int]:
    """Return how many units of which lots were sent."""
    own = sa.select(OrderLine.id).where(OrderLine.order_id == order.id)
    db.session.rollback()
    rows = db.session.execute(
        sa.select(OrderLineLot.lot_id, OrderLineLot.sent).where(OrderLineLot.order_line_id.in_(own))
    )
    return {one.lot_id: one.sent for one in rows}


def told() -> list[int]:
    """Return the orders whose buyers were told of a recall."""
    db.session.rollback()
    return sorted(db.session.scalars(sa.select(RecallTold.order_id)))


def test_a_lot_that_was_sent_stays_on_record_when_the_rest_is_given_up(app: Flask) -> None:
    variant, commune = a_pack()
    bad = a_shelved_lot(variant, 10, **LATE)
    order = an_order(variant, commune, 4)
    send_some(order, 2)
    sooner = a_shelved_lot(variant, 10, **SOON)
    pack(order)
    assert lots_of(order) == {bad.id: 2, sooner.id: 2}
    give_up_the_rest(order)
    assert (lots_of(order), sent_of(order)) == ({bad.id: 2}, {bad.id: 2})
    assert (on_shelf(bad), on_shelf(sooner)) == ((8, 0), (10, 0))
    recalled(RecallScope.LOT, bad.id)
    assert told() == [order.id]


def test_a_recall_takes_off_the_record_only_what_was_not_sent(app: Flask) -> None:
    variant, commune = a_pack()
    bad = a_shelved_lot(variant, 10, **LATE)
    order = an_order(variant, commune, 4)
    send_some(order, 2)
    sooner = a_shelved_lot(variant, 10, **SOON)
    pack(order)
    recalled(RecallScope.LOT, bad.id)
    assert (lots_of(order), sent_of(order)) == ({bad.id: 2, sooner.id: 2}, {bad.id: 2, sooner.id: 0})
    assert (on_shelf(bad), in_stock(variant)) == ((0, 8), (10, 2))


def test_a_recall_takes_what_waits_beside_what_was_sent_of_the_same_lot(app: Flask) -> None:
    variant, commune = a_pack()
    bad = a_shelved_lot(variant, 10)
    order = an_order(variant, commune, 4)
    pack(order)
    send_some(order, 1)
    assert sent_of(order) == {bad.id: 1}
    recalled(RecallScope.LOT, bad.id)
    assert (lots_of(order), sent_of(order)) == ({bad.id: 1}, {bad.id: 1})
    assert sum(on_shelf(bad)) == 9


@pytest.mark.parametrize("restock", [True, False])
def test_a_parcel_that_came_back_is_not_sent_any_more(app: Flask, restock: bool) -> None:
    variant, commune = a_pack()
    lot = a_shelved_lot(variant, 10)
    order = an_order(variant, commune, 4)
    first, second = send_some(order, 1), send_some(order, 3)
    bring_back(second, restock=restock)
    assert (lots_of(order), sent_of(order)) == ({lot.id: 4 if restock else 1}, {lot.id: 1})
    bring_back(first, restock=True)
    assert sent_of(order) == {lot.id: 0}
    recalled(RecallScope.LOT, lot.id)
    assert sum(on_shelf(lot)) == (10 if restock else 7)


def test_of_several_lots_those_stay_on_record_that_may_have_been_kept(app: Flask) -> None:
    variant, commune = a_pack()
    late = a_shelved_lot(variant, 10, **LATE)
    order = an_order(variant, commune, 4)
    first = send_some(order, 2)
    soon = a_shelved_lot(variant, 10, **SOON)
    send_some(order, 2)
    bring_back(first)
    assert sent_of(order) == {late.id: 2, soon.id: 2}
    give_up_the_rest(order)
    assert sent_of(order) == {late.id: 2, soon.id: 2}


def test_who_was_sent_goods_of_which_only_some_were_noted_is_told(app: Flask) -> None:
    variant, commune = a_pack(on_hand=10)
    good = a_shelved_lot(variant, 6)
    partly, wholly = an_order(variant, commune, 5), an_order(variant, commune, 2, phone="0987654321")
    send(wholly)
    send(partly)
    assert (sent_of(wholly), sent_of(partly)) == ({good.id: 2}, {good.id: 4})
    with unit_of_work() as session:
        bad = a_lot(session, product_of(session, variant), variant_id=variant.id, quantity=Decimal(5))
    recalled(RecallScope.LOT, bad.id)
    assert told() == [partly.id]


def test_what_was_sent_before_a_lot_was_made_is_not_of_it(app: Flask) -> None:
    variant, commune = a_pack(on_hand=10)
    order, before = an_order(variant, commune, 5), clock.now() - timedelta(days=1)
    with unit_of_work() as session:
        ship(session, order.id, None, None, None, before)
        made_on = clock.today()
        bad = a_lot(session, product_of(session, variant), variant_id=variant.id, made_on=made_on)
    recalled(RecallScope.LOT, bad.id)
    assert told() == []


def take_back(order: Order, units: int, told: dict[int, int] | None = None) -> None:
    """Have a buyer's return of the first line put on the shelf again; `told` is by lot."""
    with unit_of_work() as session:
        whole = lock_order(session, order.id)
        line_id = whole.lines[0].id
        put_on_shelf_again(session, whole, {line_id: units}, {line_id: told} if told else {}, clock.now())


def two_lots_sent() -> tuple[Order, Lot, Lot]:
    """Send two units each of two lots, the one that expires sooner first."""
    variant, commune = a_pack()
    soon, late = a_shelved_lot(variant, 2, **SOON), a_shelved_lot(variant, 10, **LATE)
    order = an_order(variant, commune, 4)
    send_some(order, 4)
    return order, soon, late


def doubtful(order: Order, units: int) -> list[int]:
    """Return the lots of the first line that somebody has to choose among."""
    with unit_of_work() as session:
        whole = lock_order(session, order.id)
        found = list_doubtful(session, whole, {whole.lines[0].id: units})
        return [one.lot_id for own in found.values() for one in own]


def returned_of(order: Order) -> dict[int, int]:
    """Return how many units of which lots came back."""
    own = sa.select(OrderLine.id).where(OrderLine.order_id == order.id)
    db.session.rollback()
    rows = db.session.scalars(sa.select(OrderLineLot).where(OrderLineLot.order_line_id.in_(own)))
    return {one.lot_id: one.returned for one in rows}


def test_what_a_buyer_returned_is_on_the_shelf_and_stays_on_record(app: Flask) -> None:
    variant, commune = a_pack()
    lot = a_shelved_lot(variant, 10)
    order = an_order(variant, commune, 4)
    send_some(order, 4)
    take_back(order, 3)
    assert (sent_of(order), on_shelf(lot)) == ({lot.id: 4}, (9, 0))
    recalled(RecallScope.LOT, lot.id)
    assert told() == [order.id]


def test_of_several_lots_a_return_is_believed_to_be_of_the_recalled_one(app: Flask) -> None:
    order, soon, late = two_lots_sent()
    take_back(order, 1)
    assert (on_shelf(soon), on_shelf(late)) == ((0, 0), (8, 0))
    recalled(RecallScope.LOT, soon.id)
    take_back(order, 2)
    assert (on_shelf(soon), on_shelf(late)) == ((2, 0), (8, 0))
    assert sent_of(order) == {soon.id: 2, late.id: 2}


def test_a_return_of_several_lots_goes_where_the_seller_says(app: Flask) -> None:
    order, soon, late = two_lots_sent()
    take_back(order, 2, {soon.id: 1, late.id: 1})
    assert (on_shelf(soon), on_shelf(late)) == ((1, 0), (9, 0))
    assert returned_of(order) == {soon.id: 1, late.id: 1}
    assert sent_of(order) == {soon.id: 2, late.id: 2}


def test_what_the_seller_leaves_open_is_told_where_only_one_lot_is_left(app: Flask) -> None:
    order, soon, late = two_lots_sent()
    take_back(order, 3, {soon.id: 2})
    assert (on_shelf(soon), on_shelf(late)) == ((2, 0), (9, 0))
    take_back(order, 1)
    assert on_shelf(late) == (10, 0)
    assert returned_of(order) == {soon.id: 2, late.id: 2}


def test_all_that_was_sent_of_several_lots_comes_back_to_each(app: Flask) -> None:
    order, soon, late = two_lots_sent()
    take_back(order, 4)
    assert (on_shelf(soon), on_shelf(late)) == ((2, 0), (10, 0))
    take_back(order, 1)
    assert returned_of(order) == {soon.id: 2, late.id: 2}


@pytest.mark.parametrize("said", [{"soon": 3}, {"soon": 1, "late": 2}, {"soon": -1}, {"other": 1}])
def test_lots_that_cannot_be_theirs_are_refused(app: Flask, said: dict[str, int]) -> None:
    order, soon, late = two_lots_sent()
    numbers = {"soon": soon.id, "late": late.id, "other": 999_999}
    with pytest.raises(InvalidQuantity):
        take_back(order, 2, {numbers[name]: units for name, units in said.items()})
    assert returned_of(order) == {soon.id: 0, late.id: 0}
    assert (on_shelf(soon), on_shelf(late)) == ((0, 0), (8, 0))


def test_lots_that_somebody_must_name_are_listed_until_they_are_back(app: Flask) -> None:
    order, soon, late = two_lots_sent()
    assert doubtful(order, 3) == [soon.id, late.id]
    assert doubtful(order, 4) == []
    take_back(order, 2, {soon.id: 2})
    assert doubtful(order, 1) == []


def sent_beside_loose(*lots: tuple[int, date]) -> tuple[Order, list[Lot]]:
    """Send all units of lots, of so many that expire on a day, in one line with five of no lot."""
    variant, commune = a_pack(on_hand=5)
    shelved = [a_shelved_lot(variant, units, use_by=day) for units, day in lots]
    order = an_order(variant, commune, 5 + sum(units for units, _ in lots))
    send_some(order, order.lines[0].quantity)
    return order, shelved


def test_what_may_be_of_one_lot_or_of_none_is_asked_about(app: Flask) -> None:
    order, [lot] = sent_beside_loose((3, SOON["use_by"]))
    assert sent_of(order) == {lot.id: 3}
    assert (doubtful(order, 2), doubtful(order, 8)) == ([lot.id], [lot.id])
    take_back(order, 5)
    assert (returned_of(order), on_shelf(lot)) == ({lot.id: 0}, (0, 0))
    take_back(order, 2, {lot.id: 1})
    assert (returned_of(order), on_shelf(lot)) == ({lot.id: 1}, (1, 0))


def test_what_may_be_of_two_lots_or_of_none_is_asked_about(app: Flask) -> None:
    order, [soon, late] = sent_beside_loose((3, SOON["use_by"]), (2, LATE["use_by"]))
    assert sent_of(order) == {soon.id: 3, late.id: 2}
    assert doubtful(order, 5) == [soon.id, late.id]
    take_back(order, 5)
    assert returned_of(order) == {soon.id: 0, late.id: 0}
    assert (on_shelf(soon), on_shelf(late)) == ((0, 0), (0, 0))


def test_a_lot_that_nothing_came_back_of_is_gone_since_it_went(app: Flask) -> None:
    variant, commune = a_pack()
    soon, late = a_shelved_lot(variant, 2, **SOON), a_shelved_lot(variant, 2, **LATE)
    order, before = an_order(variant, commune, 4), clock.now() - timedelta(days=9)
    with unit_of_work() as session:
        ship(session, order.id, None, None, None, before)
    take_back(order, 2, {soon.id: 2})
    db.session.rollback()
    gone = [db.session.get_one(Lot, lot.id, populate_existing=True).gone_at for lot in (soon, late)]
    assert gone == [None, before]


def test_a_parcel_that_nobody_took_leaves_what_was_returned_of_another(app: Flask) -> None:
    variant, commune = a_pack()
    lot = a_shelved_lot(variant, 10)
    order = an_order(variant, commune, 4)
    send_some(order, 2)
    second = send_some(order, 2)
    take_back(order, 1)
    bring_back(second)
    assert (sent_of(order), returned_of(order)) == ({lot.id: 2}, {lot.id: 1})
    take_back(order, 1)
    assert returned_of(order) == {lot.id: 2}

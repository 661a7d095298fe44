import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import clock
from marketplace.database import db, unit_of_work
from marketplace.errors import NotFound
from marketplace.ordering.errors import NotCancelable, NotConfirmable
from marketplace.ordering.fulfilment import ParcelState, cancel_order, confirm_order, parcel_state
from marketplace.ordering.models import MovementKind, Order, OrderGroup, PhoneAllowance, StockMovement
from marketplace.ordering.stock import find_available
from tests.factories.ordering import a_commune, ordered, stocked


@pytest.fixture
def group_id(app: Flask) -> int:
    """An order of two parcels, three units each, out of ten."""
    with unit_of_work() as session:
        items = [stocked(session, name, on_hand=10).id for name in ("Cam", "Bưởi")]
        commune = a_commune(session)
    return ordered(dict.fromkeys(items, 3), commune).id


def cancel(group_id: int, position: int) -> None:
    with unit_of_work() as session:
        cancel_order(session, group_id, position, clock.now())


def confirm(group_id: int, position: int) -> None:
    with unit_of_work() as session:
        confirm_order(session, group_id, position, clock.now())


def states() -> list[ParcelState]:
    db.session.rollback()
    return [parcel_state(order) for order in db.session.scalars(sa.select(Order).order_by(Order.position))]


def left() -> list[int]:
    available = find_available(db.session(), [1, 2])
    return [available[1], available[2]]


def unconfirmed() -> int:
    return db.session.scalar(sa.select(PhoneAllowance.unconfirmed)) or 0


def test_one_parcel_is_taken_back_and_the_other_stays(group_id: int) -> None:
    cancel(group_id, 1)
    assert states() == [ParcelState.CANCELED, ParcelState.WAITING]
    assert left() == [10, 7]
    assert unconfirmed() == 1
    cancel(group_id, 2)
    assert left() == [10, 10]
    assert unconfirmed() == 0
    assert db.session.execute(sa.select(PhoneAllowance)).first() is None


def test_taking_back_twice_gives_back_once(group_id: int) -> None:
    cancel(group_id, 1)
    cancel(group_id, 1)
    assert left() == [10, 7]
    released = sa.select(sa.func.count()).where(StockMovement.kind == MovementKind.RELEASED)
    assert db.session.scalar(released) == 1


def test_what_the_seller_confirmed_stays(group_id: int) -> None:
    confirm(group_id, 1)
    confirm(group_id, 1)
    with pytest.raises(NotCancelable):
        cancel(group_id, 1)
    assert states() == [ParcelState.CONFIRMED, ParcelState.WAITING]
    assert left() == [7, 7]


def test_what_the_buyer_took_back_is_not_confirmed(group_id: int) -> None:
    cancel(group_id, 1)
    with pytest.raises(NotConfirmable):
        confirm(group_id, 1)
    assert states()[0] is ParcelState.CANCELED


def test_an_order_counts_for_its_telephone_while_one_parcel_waits(group_id: int) -> None:
    confirm(group_id, 1)
    assert states() == [ParcelState.CONFIRMED, ParcelState.WAITING]
    assert unconfirmed() == 1
    cancel(group_id, 2)
    assert states() == [ParcelState.CONFIRMED, ParcelState.CANCELED]
    assert unconfirmed() == 0


@pytest.mark.parametrize("position", [0, 3])
def test_a_parcel_that_is_not_there_is_not_found(group_id: int, position: int) -> None:
    with pytest.raises(NotFound):
        cancel(group_id, position)
    with pytest.raises(NotFound):
        cancel(group_id + 1, 1)


def test_a_group_that_does_not_count_gives_nothing_back(group_id: int) -> None:
    with unit_of_work() as session:
        session.get_one(OrderGroup, group_id).allowance_held = False
    cancel(group_id, 1)
    cancel(group_id, 2)
    assert unconfirmed() == 1

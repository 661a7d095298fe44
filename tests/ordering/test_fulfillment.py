"""What sellers do with an order: taken on, packed, sent in parts, delivered, taken back undelivered."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import clock
from marketplace.database import db, unit_of_work
from marketplace.errors import NotFound
from marketplace.ordering.after_sale_errors import (
    InvalidCarrier,
    InvalidCollected,
    InvalidTrackingNumber,
    NothingToShip,
    NotOnTheWay,
    NotShippable,
)
from marketplace.ordering.cancellation import cancel_order
from marketplace.ordering.carriers import read_carrier, read_tracking_number
from marketplace.ordering.errors import InvalidQuantity, NotCancelable, NotConfirmable
from marketplace.ordering.fulfillment import (
    came_back,
    cancel_rest,
    confirm_order,
    hand_over,
    mark_delivered,
    mark_failed,
    pack_order,
    ship,
)
from marketplace.ordering.models import (
    CancelReason,
    MovementKind,
    Order,
    OrderStatus,
    PaymentMethod,
    PhoneAllowance,
)
from marketplace.ordering.shipping_rules import ShippingRule
from marketplace.ordering.status import ParcelState, amount_due, parcel_state
from marketplace.ordering.stock import Demand, StockLedgerBroken
from marketplace.ordering.stock_sending import send_off
from marketplace.places.models import AdminUnit
from tests.accounts.conftest import Race
from tests.conftest import NOON
from tests.factories.after_sale import confirmed, movements, news, reload, sent, shelf, step
from tests.factories.ordering import a_commune, ordered, seller_of, stocked


@dataclass
class Shop:
    """Two variants of two sellers, ten of each, and where they are sent."""

    items: list[int]
    commune: AdminUnit
    sellers: list[int]


@pytest.fixture
def shop(app: Flask) -> Shop:
    with unit_of_work() as session:
        variants = [stocked(session, name, on_hand=10) for name in ("Cam", "Bưởi")]
        sellers = [seller_of(session, variant).id for variant in variants]
        return Shop([variant.id for variant in variants], a_commune(session), sellers)


@pytest.fixture
def order(shop: Shop) -> Order:
    """A confirmed order of three units out of ten."""
    return confirmed({shop.items[0]: 3}, shop.commune)[0]


@pytest.fixture
def two_lines(app: Flask) -> Order:
    """A confirmed order of two lines of one seller, two units each."""
    with unit_of_work() as session:
        first = stocked(session, "Cam", on_hand=10)
        second = stocked(session, "Bưởi", on_hand=10, producer=seller_of(session, first))
        commune = a_commune(session)
    return confirmed({first.id: 2, second.id: 2}, commune)[0]


def state(order: Order) -> ParcelState:
    return parcel_state(reload(order.id))


def line(order: Order, place: int = 0) -> int:
    return order.lines[place].id


def unconfirmed() -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(PhoneAllowance.unconfirmed)) or 0


def test_a_group_counts_for_its_telephone_until_every_seller_answered(shop: Shop) -> None:
    group = ordered(dict.fromkeys(shop.items, 3), shop.commune)
    first, second = (one.id for one in group.orders)
    told = news()
    step(confirm_order, first)
    step(confirm_order, first)
    assert unconfirmed() == 1
    step(confirm_order, second)
    assert unconfirmed() == 0
    assert news()[len(told) :] == [("order_confirmed", first), ("order_confirmed", second)]


def test_an_order_is_taken_on_after_its_deadline_too(shop: Shop) -> None:
    order = ordered({shop.items[0]: 1}, shop.commune).orders[0]
    with clock.stopped(NOON + timedelta(days=30)):
        assert step(confirm_order, order.id).confirmed_at == clock.now()


def test_what_its_buyer_took_back_is_not_taken_on(shop: Shop) -> None:
    order = ordered({shop.items[0]: 1}, shop.commune).orders[0]
    step(cancel_order, order.id, CancelReason.CUSTOMER)
    with pytest.raises(NotConfirmable):
        step(confirm_order, order.id)


@pytest.mark.parametrize("act", [confirm_order, pack_order, cancel_rest, hand_over])
def test_an_order_that_is_not_there_is_not_found(app: Flask, act: object) -> None:
    given = (7, None) if act is hand_over else (7,)
    with pytest.raises(NotFound):
        step(act, *given)  # type: ignore[arg-type]
    for missing in (mark_failed, lambda session, at: mark_delivered(session, 7, None, at)):
        with pytest.raises(NotFound):
            step(missing, *((7,) if missing is mark_failed else ()))


def test_a_draft_is_neither_taken_on_nor_sent(shop: Shop) -> None:
    group = ordered({shop.items[0]: 1}, shop.commune, method=PaymentMethod.CARD, email="an@example.vn")
    order = group.orders[0].id
    assert reload(order).status is OrderStatus.DRAFT
    with pytest.raises(NotConfirmable):
        step(confirm_order, order)
    for act in (pack_order, cancel_rest):
        with pytest.raises(NotShippable):
            step(act, order)
    with pytest.raises(NotShippable):
        sent(order)


def test_what_was_not_taken_on_is_not_sent(shop: Shop) -> None:
    order = ordered({shop.items[0]: 1}, shop.commune).orders[0].id
    for act in (pack_order, cancel_rest):
        with pytest.raises(NotShippable):
            step(act, order)
    with pytest.raises(NotShippable):
        sent(order)
    step(cancel_order, order, CancelReason.DECLINED)
    with pytest.raises(NotShippable):
        sent(order)


def test_packing_twice_keeps_the_first_moment(order: Order) -> None:
    step(pack_order, order.id)
    with clock.stopped(NOON + timedelta(hours=1)):
        assert step(pack_order, order.id).packed_at == NOON
    assert state(order) is ParcelState.PACKED
    assert "order_ready" not in dict(news())


def test_sending_takes_the_goods_off_the_shelf_once(shop: Shop, order: Order) -> None:
    told = news()
    first = sent(order.id)
    again = sent(order.id)
    assert again.id == first.id
    assert (first.position, first.carrier, first.tracking_number) == (1, "Viettel Post", "VTP123456")
    assert state(order) is ParcelState.SHIPPED
    assert shelf(shop.items[0]) == (7, 0)
    assert movements(shop.items[0])[-2:] == [
        (MovementKind.ALLOCATED, 3, f"order:{order.id}"),
        (MovementKind.SHIPPED, 3, f"fulfillment:{first.id}"),
    ]
    assert news()[len(told) :] == [("order_shipped", order.id)]


def test_an_order_is_sent_in_parts_for_the_fee_it_had(two_lines: Order) -> None:
    part = sent(two_lines.id, {line(two_lines): 1, line(two_lines, 1): 0}, position=1)
    assert [(one.order_line_id, one.quantity) for one in part.lines] == [(line(two_lines), 1)]
    assert state(two_lines) is ParcelState.PARTLY_SHIPPED
    rest = sent(two_lines.id, position=2)
    assert {one.order_line_id: one.quantity for one in rest.lines} == {
        line(two_lines): 1,
        line(two_lines, 1): 2,
    }
    now = reload(two_lines.id)
    assert parcel_state(now) is ParcelState.SHIPPED
    assert (now.total, now.shipping_fee) == (two_lines.total, two_lines.shipping_fee)
    assert amount_due(now) == two_lines.total


def test_a_part_sent_twice_goes_once(shop: Shop, order: Order) -> None:
    first = sent(order.id, {line(order): 1}, position=1)
    again = sent(order.id, {line(order): 1}, position=1)
    assert again.id == first.id
    assert shelf(shop.items[0]) == (9, 2)
    with pytest.raises(NotFound):
        sent(order.id, {line(order): 1}, position=0)


def test_two_taps_at_once_send_one_parcel(order: Order, race: Race) -> None:
    def tap(session: object) -> None:
        ship(session, order.id, {line(order): 1}, None, None, NOON, position=1)  # type: ignore[arg-type]

    assert race(tap, tap) == ["done", "done"]
    assert len(reload(order.id).fulfillments) == 1


def test_no_more_is_sent_than_was_ordered(shop: Shop, order: Order) -> None:
    for wrong in ({line(order): 4}, {line(order): -1}, {line(order) + 100: 1}):
        with pytest.raises(InvalidQuantity):
            sent(order.id, wrong)
    with pytest.raises(NothingToShip):
        sent(order.id, {line(order): 0})
    sent(order.id, {line(order): 2})
    with pytest.raises(InvalidQuantity):
        sent(order.id, {line(order): 2})
    assert shelf(shop.items[0]) == (8, 1)


def test_carriers_and_their_numbers_are_read_as_typed() -> None:
    assert read_carrier("  Viettel   Post ") == "Viettel Post"
    assert read_carrier(" ") is read_carrier(None) is None
    assert read_tracking_number(" S1.A1 17373471 ") == "S1.A117373471"
    assert read_tracking_number("") is None
    with pytest.raises(InvalidCarrier):
        read_carrier("x" * 61)
    for wrong in ("ab", "x" * 61, "<b>123</b>", "-123", "số 12"):
        with pytest.raises(InvalidTrackingNumber):
            read_tracking_number(wrong)


def test_a_delivery_notes_what_was_collected_once(order: Order) -> None:
    sending = sent(order.id).id
    with pytest.raises(InvalidCollected):
        step(mark_delivered, sending, order.total + 1)
    with pytest.raises(InvalidCollected):
        step(mark_delivered, sending, -1)
    step(mark_delivered, sending, order.total)
    again = step(mark_delivered, sending, 0)
    assert (again.collected, again.delivered_at) == (order.total, NOON)
    assert state(order) is ParcelState.DELIVERED
    assert [what for what, _ in news()].count("order_delivered") == 1
    for act in (mark_failed, lambda session, number, at: came_back(session, number, True, at)):
        with pytest.raises(NotOnTheWay):
            step(act, sending)


def test_what_could_not_be_delivered_is_not_delivered_later(order: Order) -> None:
    sending = sent(order.id).id
    step(mark_failed, sending)
    step(mark_failed, sending)
    assert state(order) is ParcelState.FAILED
    assert [what for what, _ in news()].count("delivery_failed") == 1
    with pytest.raises(NotOnTheWay):
        step(mark_delivered, sending, None)


def test_good_units_that_come_back_are_sent_once_more(shop: Shop, order: Order) -> None:
    sending = sent(order.id).id
    step(came_back, sending, True)
    step(came_back, sending, True)
    assert shelf(shop.items[0]) == (10, 3)
    cause = f"fulfillment:{sending}"
    assert movements(shop.items[0])[-2:] == [
        (MovementKind.RECEIVED, 3, cause),
        (MovementKind.ALLOCATED, 3, cause),
    ]
    assert [what for what, _ in news()].count("delivery_failed") == 1
    assert sent(order.id).position == 2
    assert shelf(shop.items[0]) == (7, 0)
    assert state(order) is ParcelState.SHIPPED


def test_lost_units_are_taken_off_the_order(shop: Shop, order: Order) -> None:
    part = sent(order.id, {line(order): 1}).id
    step(came_back, part, False)
    now = reload(order.id)
    assert (now.lines[0].canceled, now.status) == (1, OrderStatus.PLACED)
    assert amount_due(now) == order.total - order.lines[0].unit_price
    assert shelf(shop.items[0]) == (9, 2)
    rest = sent(order.id).id
    step(came_back, rest, False)
    gone = reload(order.id)
    assert (gone.status, gone.cancel_reason) == (OrderStatus.CANCELED, CancelReason.UNDELIVERED)
    assert shelf(shop.items[0]) == (7, 0)
    assert step(cancel_rest, order.id).status is OrderStatus.CANCELED


def test_the_rest_is_given_up_and_the_fee_stays(shop: Shop, order: Order) -> None:
    sent(order.id, {line(order): 1})
    told = news()
    step(cancel_rest, order.id)
    step(cancel_rest, order.id)
    now = reload(order.id)
    assert now.lines[0].canceled == 2
    assert amount_due(now) == order.lines[0].unit_price + order.shipping_fee
    assert shelf(shop.items[0]) == (9, 0)
    assert movements(shop.items[0])[-1] == (MovementKind.RELEASED, 2, f"rest:{order.id}:0")
    assert news()[len(told) :] == [("order_shortened", order.id)]
    assert state(order) is ParcelState.SHIPPED


def test_giving_up_what_was_never_sent_cancels_the_order(shop: Shop, order: Order) -> None:
    step(cancel_rest, order.id)
    now = reload(order.id)
    assert (now.status, now.cancel_reason) == (OrderStatus.CANCELED, CancelReason.INVENTORY)
    assert (now.lines[0].canceled, amount_due(now)) == (0, 0)
    assert shelf(shop.items[0]) == (10, 0)


def test_the_rest_can_be_given_up_again_after_more_came_back(shop: Shop, order: Order) -> None:
    first = sent(order.id, {line(order): 1})
    second = sent(order.id, {line(order): 1})
    step(cancel_rest, order.id)
    step(came_back, second.id, True)
    step(cancel_rest, order.id)
    assert reload(order.id).lines[0].canceled == 2
    step(came_back, first.id, True)
    step(cancel_rest, order.id)
    assert reload(order.id).status is OrderStatus.CANCELED
    assert shelf(shop.items[0]) == (10, 0)


def test_an_order_with_a_carrier_is_not_canceled(order: Order) -> None:
    sent(order.id)
    with pytest.raises(NotCancelable):
        step(cancel_order, order.id, CancelReason.CUSTOMER)


def test_pick_up_is_told_when_ready_and_ends_in_one_step(shop: Shop) -> None:
    with unit_of_work() as session:
        session.add(ShippingRule(producer_id=shop.sellers[0], pickup=True))
    order = confirmed({shop.items[0]: 2}, shop.commune, pickups=frozenset(shop.sellers[:1]))[0]
    assert order.pickup
    step(pack_order, order.id)
    assert ("order_ready", order.id) in news()
    handed = step(hand_over, order.id, order.total)
    again = step(hand_over, order.id, 0)
    assert (again.id, again.collected) == (handed.id, order.total)
    assert state(order) is ParcelState.DELIVERED
    assert "order_shipped" not in dict(news())
    assert shelf(shop.items[0]) == (8, 0)


def test_more_than_was_promised_never_leaves_the_shelf(shop: Shop, order: Order) -> None:
    demand = Demand(order.id, shop.items[0], 4)
    with pytest.raises(StockLedgerBroken), unit_of_work() as session:
        send_off(session, [demand], "fulfillment:77", NOON)
    assert shelf(shop.items[0]) == (10, 3)

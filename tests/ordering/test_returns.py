"""Returns: what can be given back and until when, each step once, the money agreed at approval."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import clock
from marketplace.accounts.permissions import Actor
from marketplace.catalogue.models import Product, Variant
from marketplace.database import db, unit_of_work
from marketplace.errors import NotFound
from marketplace.media.models import Picture
from marketplace.ordering import fulfillment
from marketplace.ordering.after_sale_errors import (
    InvalidReturn,
    NotReturnable,
    ReturnMovedOn,
    TooManyPictures,
)
from marketplace.ordering.after_sale_models import Return, ReturnReason, ReturnState
from marketplace.ordering.lot_models import OrderLineLot
from marketplace.ordering.models import MovementKind, Order
from marketplace.ordering.order_queries import list_returns
from marketplace.ordering.returnable import last_day_for_return, returnable
from marketplace.ordering.returns import (
    approve_return,
    ask_return,
    cancel_return,
    decline_return,
    find_fresh,
    find_recalled,
    is_declined,
    mark_return_refunded,
    receive_return,
)
from marketplace.storefront import promises
from marketplace.traceability.recalls.acts import lift_recall
from marketplace.traceability.recalls.models import RecallScope
from tests.conftest import NOON
from tests.factories.accounts import a_person
from tests.factories.after_sale import (
    confirmed,
    delivered_orders,
    movements,
    news,
    reload,
    returned,
    sent,
    shelf,
    step,
)
from tests.factories.lots import a_lot
from tests.factories.media import encoded
from tests.factories.ordering import a_commune, seller_of, stocked
from tests.factories.recalls import recalled

FRESH_FRUIT, HONEY = 1, 4
PRICE = 90_000


def an_order(set_number: int = HONEY, units: int = 3) -> Order:
    """A delivered order of some units of one variant."""
    with unit_of_work() as session:
        variant, commune = stocked(session, on_hand=10, set_number=set_number), a_commune(session)
    return delivered_orders({variant.id: units}, commune)[0]


@pytest.fixture
def order(app: Flask) -> Order:
    return an_order()


def left(order: Order, at: datetime | None = None) -> list[int]:
    """What can still be given back, line by line."""
    now = reload(order.id)
    with unit_of_work() as session:
        returns = list_returns(session, [order.id])[order.id]
        found = returnable(now, returns, find_fresh(session, now), at or clock.now())
    return [found.get(line.id, 0) for line in now.lines]


def asked(return_id: int) -> Return:
    db.session.rollback()
    return db.session.get_one(Return, return_id, populate_existing=True)


def to_received(return_id: int, restock: bool = True) -> None:
    step(approve_return, return_id)
    step(receive_return, return_id, restock)


def test_the_days_are_those_that_are_published() -> None:
    assert promises.RETURN_DAYS == 7


def test_the_last_day_is_the_seventh_after_delivery(order: Order) -> None:
    last_moment = datetime(2026, 11, 28, 16, 59, 59, tzinfo=NOON.tzinfo)
    assert left(order, last_moment) == [3]
    assert left(order, last_moment + timedelta(seconds=1)) == [0]
    assert last_day_for_return(reload(order.id)) == last_moment + timedelta(seconds=1)
    with clock.stopped(last_moment + timedelta(seconds=1)), pytest.raises(NotReturnable):
        returned(order)
    with clock.stopped(last_moment):
        assert returned(order).state is ReturnState.REQUESTED


def test_faults_of_fresh_goods_are_told_within_a_day(app: Flask) -> None:
    order = an_order(FRESH_FRUIT)
    assert left(order, NOON + timedelta(hours=24)) == [3]
    assert left(order, NOON + timedelta(hours=24, seconds=1)) == [0]
    with pytest.raises(InvalidReturn):
        returned(order, reason=ReturnReason.CHANGED_MIND)
    assert returned(order, reason=ReturnReason.WRONG_GOODS).lines[0].quantity == 1


def test_only_what_was_delivered_comes_back(app: Flask) -> None:
    with unit_of_work() as session:
        variant, commune = stocked(session, on_hand=10, set_number=HONEY), a_commune(session)
    order = confirmed({variant.id: 3}, commune)[0]
    assert last_day_for_return(order) is None
    with pytest.raises(NotReturnable):
        returned(order)
    part = sent(order.id, {order.lines[0].id: 2}).id
    assert left(order) == [0]
    step(fulfillment.mark_delivered, part, None)
    assert left(order) == [2]
    with pytest.raises(NotReturnable):
        returned(order, 3)


def test_units_delivered_later_have_days_of_their_own(app: Flask) -> None:
    with unit_of_work() as session:
        variant, commune = stocked(session, on_hand=10, set_number=HONEY), a_commune(session)
    order = confirmed({variant.id: 4}, commune)[0]
    line = order.lines[0].id
    step(fulfillment.mark_delivered, sent(order.id, {line: 2}).id, None)
    returned(order, 1)
    with clock.stopped(NOON + timedelta(days=10)):
        assert left(order) == [0]
        step(fulfillment.mark_delivered, sent(order.id).id, None)
        assert left(order) == [2]


def test_units_are_given_back_once(order: Order) -> None:
    first = returned(order, 2)
    assert left(order) == [1]
    with pytest.raises(NotReturnable) as refusal:
        returned(order, 2, words="Cũng bị dập.")
    assert refusal.value.parameters["most"] == 1
    step(cancel_return, first.id)
    assert left(order) == [3]
    assert returned(order, 3).id != first.id


def test_a_form_sent_twice_asks_once(order: Order) -> None:
    first, again = returned(order), returned(order)
    assert first.id == again.id
    assert returned(order, words="Quả khác cũng bị dập.").id != first.id
    assert [what for what, _ in news()].count("return_asked") == 2


@pytest.mark.parametrize(
    ("units", "words"), [(0, "Quả bị dập."), (-1, "Quả bị dập."), (1, " … "), (1, "x" * 1001)]
)
def test_what_is_asked_has_goods_and_words(order: Order, units: int, words: str) -> None:
    with pytest.raises(InvalidReturn):
        returned(order, units, words=words)


def test_lines_of_other_orders_are_not_returnable(order: Order) -> None:
    with pytest.raises(NotReturnable):
        step(ask_return, order.id, {order.lines[0].id + 50: 1}, ReturnReason.DAMAGED, "Bị dập.", [])
    with pytest.raises(NotFound):
        step(ask_return, order.id + 50, {1: 1}, ReturnReason.DAMAGED, "Bị dập.", [])


def test_up_to_five_photographs_are_kept_with_it(order: Order) -> None:
    order_id, line = order.id, order.lines[0].id

    def ask(count: int) -> Return:
        return step(ask_return, order_id, {line: 1}, ReturnReason.DAMAGED, "Bị dập.", [encoded()] * count)

    with pytest.raises(TooManyPictures):
        ask(6)
    one = ask(5)
    assert [shown.position for shown in one.pictures] == [0, 1, 2, 3, 4]
    assert ask(5).id == one.id
    owners = db.session.execute(sa.select(Picture.owner)).scalars().all()
    assert owners == [f"order:{order_id}"] * 5


def test_approval_fixes_the_price_of_the_units(order: Order) -> None:
    one = returned(order, 2).id
    step(approve_return, one, answer="  Xin gửi lại.  ")
    with clock.stopped(NOON + timedelta(hours=1)):
        step(approve_return, one)
    now = asked(one)
    assert (now.state, now.refund_amount, now.answer, now.decided_at) == (
        ReturnState.APPROVED,
        2 * PRICE,
        "Xin gửi lại.",
        NOON,
    )
    assert [what for what, _ in news()].count("return_approved") == 1


def test_the_fee_is_given_back_when_all_of_it_was_at_fault(order: Order) -> None:
    assert order.shipping_fee > 0
    first, second = returned(order, 1).id, returned(order, 2).id
    step(approve_return, first)
    step(approve_return, second)
    assert asked(first).refund_amount == PRICE
    assert asked(second).refund_amount == 2 * PRICE + order.shipping_fee


def test_the_fee_stays_when_a_part_was_a_change_of_mind(order: Order) -> None:
    first = returned(order, 1, ReturnReason.CHANGED_MIND, "Tôi mua nhầm.").id
    second = returned(order, 2).id
    step(approve_return, first)
    step(approve_return, second)
    assert asked(second).refund_amount == 2 * PRICE


def test_the_fee_does_not_count_on_returns_nobody_agreed_to(order: Order) -> None:
    returned(order, 1)
    second = returned(order, 2).id
    step(approve_return, second)
    assert asked(second).refund_amount == 2 * PRICE


def test_a_refusal_has_words_and_frees_the_units(order: Order) -> None:
    one = returned(order, 3).id
    with pytest.raises(InvalidReturn):
        step(decline_return, one, "  ")
    step(decline_return, one, "Ảnh không cho thấy lỗi.")
    step(decline_return, one, "Lời khác.")
    now = asked(one)
    assert (now.state, now.answer, now.refund_amount) == (
        ReturnState.CANCELED,
        "Ảnh không cho thấy lỗi.",
        None,
    )
    assert is_declined(now)
    assert left(order) == [3]
    assert [what for what, _ in news()].count("return_declined") == 1
    with pytest.raises(ReturnMovedOn):
        step(approve_return, one)
    assert step(cancel_return, one).answer == "Ảnh không cho thấy lỗi."


@pytest.mark.parametrize("restock", [True, False])
def test_goods_that_came_back_are_sold_again_if_they_are_good(order: Order, restock: bool) -> None:
    variant, one = order.lines[0].variant_id, returned(order, 2).id
    with pytest.raises(ReturnMovedOn):
        step(receive_return, one, restock)
    to_received(one, restock)
    step(receive_return, one, not restock)
    assert shelf(variant) == ((9, 0) if restock else (7, 0))
    came = (MovementKind.RECEIVED, 2, f"return:{one}")
    assert (came in movements(variant)) is restock
    assert asked(one).restocked is restock
    assert [what for what, _ in news()].count("return_received") == 1


def test_the_money_follows_the_goods(order: Order) -> None:
    one = returned(order).id
    with pytest.raises(ReturnMovedOn):
        step(mark_return_refunded, one)
    to_received(one)
    step(mark_return_refunded, one)
    with clock.stopped(NOON + timedelta(hours=1)):
        step(mark_return_refunded, one)
    assert (asked(one).state, asked(one).refunded_at) == (ReturnState.REFUNDED, NOON)
    assert step(approve_return, one).state is ReturnState.REFUNDED
    assert step(receive_return, one, True).state is ReturnState.REFUNDED


def test_a_buyer_takes_a_return_back_until_the_goods_arrive(order: Order) -> None:
    one = returned(order).id
    step(approve_return, one, answer="Xin gửi lại.")
    step(cancel_return, one)
    step(cancel_return, one)
    now = asked(one)
    assert (now.state, now.refund_amount, is_declined(now)) == (ReturnState.CANCELED, None, False)
    for act in (lambda session, number, at: decline_return(session, number, "Muộn.", at), approve_return):
        with pytest.raises(ReturnMovedOn):
            step(act, one)
    two = returned(order).id
    to_received(two)
    with pytest.raises(ReturnMovedOn):
        step(cancel_return, two)


@pytest.mark.parametrize("act", [approve_return, cancel_return, mark_return_refunded])
def test_a_return_that_is_not_there_is_not_found(app: Flask, act: object) -> None:
    with pytest.raises(NotFound):
        step(act, 99)  # type: ignore[arg-type]


def test_only_the_sets_of_fresh_food_are_fresh(app: Flask) -> None:
    with unit_of_work() as session:
        first = stocked(session, "Cam", set_number=FRESH_FRUIT)
        second = stocked(session, "Mật ong", set_number=HONEY, producer=seller_of(session, first))
        commune = a_commune(session)
    order = delivered_orders({first.id: 1, second.id: 1}, commune)[0]
    with unit_of_work() as session:
        assert find_fresh(session, order) == {first.id}


def test_the_fee_goes_with_the_last_return_that_arrives(order: Order) -> None:
    first, second = returned(order, 1).id, returned(order, 2).id
    step(approve_return, first)
    step(approve_return, second)
    step(receive_return, second, restock=True)
    assert asked(second).refund_amount == 2 * PRICE
    step(receive_return, first, restock=True)
    assert asked(first).refund_amount == PRICE + order.shipping_fee


def test_the_fee_stays_when_another_return_is_taken_back(order: Order) -> None:
    first, second = returned(order, 1).id, returned(order, 2).id
    step(approve_return, first)
    step(approve_return, second)
    step(cancel_return, first)
    step(receive_return, second, restock=True)
    step(mark_return_refunded, second)
    assert asked(second).refund_amount == 2 * PRICE
    again = returned(order, 1, words="Quả này cũng bị dập.").id
    to_received(again)
    assert asked(again).refund_amount == PRICE + order.shipping_fee


def test_the_fee_goes_back_once_however_the_order_is_sent(app: Flask) -> None:
    with unit_of_work() as session:
        variant, commune = stocked(session, on_hand=10, set_number=HONEY), a_commune(session)
    order = confirmed({variant.id: 3}, commune)[0]
    line = order.lines[0].id
    step(fulfillment.mark_delivered, sent(order.id, {line: 2}).id, None)
    first = returned(order, 2).id
    to_received(first)
    step(fulfillment.mark_delivered, sent(order.id).id, None)
    second = returned(order, 1).id
    to_received(second)
    assert asked(first).refund_amount == 2 * PRICE + order.shipping_fee
    assert asked(second).refund_amount == PRICE


def test_recalled_goods_are_taken_back_as_long_as_they_are_recalled(app: Flask) -> None:
    order = an_order(FRESH_FRUIT)
    with unit_of_work() as session:
        variant = session.get_one(Variant, order.lines[0].variant_id)
    with clock.stopped(NOON + timedelta(days=100)):
        with pytest.raises(NotReturnable):
            returned(order, reason=ReturnReason.RECALLED)
        recall = recalled(RecallScope.PRODUCT, variant.product_id)
        back = returned(order, 1, reason=ReturnReason.RECALLED)
        step(approve_return, back.id)
        assert asked(back.id).refund_amount == PRICE
        with unit_of_work() as session:
            lift_recall(session, Actor(a_person(session).id), recall, "Mẫu kiểm lại đạt.", clock.now())
        with pytest.raises(NotReturnable):
            returned(order, 2)


def test_only_recalled_goods_come_back_as_recalled(order: Order) -> None:
    with pytest.raises(InvalidReturn):
        returned(order, reason=ReturnReason.RECALLED)


@pytest.mark.parametrize(("noted", "kept"), [("own", [3]), ("other", [0]), (None, [3])])
def test_a_recalled_lot_concerns_the_lines_with_units_of_it(
    app: Flask, noted: str | None, kept: list[int]
) -> None:
    order = an_order()
    [line] = order.lines
    with unit_of_work() as session:
        variant = session.get_one(Variant, line.variant_id)
        product = session.get_one(Product, variant.product_id)
        lots = {name: a_lot(session, product, code=name, variant_id=variant.id) for name in ("own", "other")}
        if noted:
            session.add(OrderLineLot(order_line_id=line.id, lot_id=lots[noted].id, quantity=3, sent=3))
    recalled(RecallScope.LOT, lots["own"].id)
    now = reload(order.id)
    with unit_of_work() as session:
        found = returnable(now, [], set(), NOON + timedelta(days=100), find_recalled(session, now))
    assert [found.get(one.id, 0) for one in now.lines] == kept

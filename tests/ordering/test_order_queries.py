"""What sellers and buyers read of orders: parts of the inbox, whole orders, and nobody else's."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import clock
from marketplace.database import db, unit_of_work
from marketplace.errors import NotFound
from marketplace.ordering import fulfillment, order_queries
from marketplace.ordering.after_sale_models import InvoiceRequest
from marketplace.ordering.cancellation import cancel_order
from marketplace.ordering.completion import expire_draft, finalize
from marketplace.ordering.models import CancelReason, Order, OrderGroup, PaymentMethod
from marketplace.ordering.order_number import write_number
from marketplace.ordering.order_queries import (
    count_segments,
    get_order,
    list_groups_of_person,
    list_orders,
    list_orders_between,
    open_group,
)
from marketplace.ordering.order_segments import Segment
from marketplace.ordering.returns import approve_return, cancel_return
from marketplace.ordering.secret import order_secret
from marketplace.ordering.status import ParcelState, parcel_state
from marketplace.ordering.waiting import find_waiting
from marketplace.places.models import AdminUnit
from tests.conftest import NOON
from tests.factories.accounts import a_person
from tests.factories.after_sale import confirmed, delivered_orders, returned, sent, step
from tests.factories.ordering import a_commune, ordered, seller_of, stocked


class Shop:
    """One variant of each of two sellers, and where it is sent."""

    def __init__(self) -> None:
        with unit_of_work() as session:
            mine, other = (stocked(session, name, on_hand=100, set_number=4) for name in ("Cam", "Bưởi"))
            self.commune: AdminUnit = a_commune(session)
            self.variant, self.other = mine.id, other.id
            self.seller, self.rival = seller_of(session, mine).id, seller_of(session, other).id
            self.phones = iter(f"09{number:08}" for number in range(50))

    def order(self, quantity: int = 2, **changes: object) -> Order:
        changes.setdefault("phone", next(self.phones))
        return ordered({self.variant: quantity}, self.commune, **changes).orders[0]

    def confirmed(self, quantity: int = 2) -> Order:
        return confirmed({self.variant: quantity}, self.commune, phone=next(self.phones))[0]


@pytest.fixture
def shop(app: Flask) -> Shop:
    return Shop()


@contextmanager
def statements() -> Iterator[list[str]]:
    """Note every statement inside."""
    seen: list[str] = []

    def note(_c: object, _k: object, statement: str, *_: object) -> None:
        seen.append(statement)

    db.session.rollback()
    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)


def in_each_segment(shop: Shop) -> dict[Segment, list[int]]:
    """Write orders into every part of the inbox; return their ids."""
    waiting, to_pack = shop.order().id, shop.confirmed().id
    to_ship, half = shop.confirmed(), shop.confirmed()
    step(fulfillment.pack_order, to_ship.id)
    sent(half.id, {half.lines[0].id: 1})
    away, failing, back = shop.confirmed().id, shop.confirmed().id, shop.confirmed().id
    sent(away)
    step(fulfillment.mark_failed, sent(failing).id)
    step(fulfillment.came_back, sent(back).id, True)
    done = delivered_orders({shop.variant: 1}, shop.commune, phone=next(shop.phones))[0]
    refused, lost = shop.order().id, shop.confirmed().id
    step(cancel_order, refused, CancelReason.DECLINED)
    step(fulfillment.came_back, sent(lost).id, False)
    returned(done)
    return {
        Segment.WAITING: [waiting],
        Segment.TO_PACK: [to_pack, half.id, back],
        Segment.TO_SHIP: [to_ship.id],
        Segment.ON_THE_WAY: [away, failing],
        Segment.DONE: [done.id],
        Segment.CANCELED: [refused, lost],
        Segment.RETURNS: [done.id],
    }


def test_every_order_is_in_its_part_of_the_inbox(shop: Shop) -> None:
    written = in_each_segment(shop)
    ordered({shop.other: 1}, shop.commune)
    for segment, ids in written.items():
        page = list_orders(db.session(), shop.seller, segment)
        assert sorted(order.id for order in page.orders) == sorted(ids), segment
        assert page.total == len(ids)
    with statements() as seen:
        counts = count_segments(db.session(), shop.seller)
    assert len([one for one in seen if one.startswith("SELECT")]) == 1
    assert counts == {segment: len(ids) for segment, ids in written.items()}


def test_parts_agree_with_the_states_of_single_orders(shop: Shop) -> None:
    in_each_segment(shop)
    of = {
        Segment.WAITING: {ParcelState.WAITING},
        Segment.TO_PACK: {ParcelState.CONFIRMED, ParcelState.PARTLY_SHIPPED, ParcelState.FAILED},
        Segment.TO_SHIP: {ParcelState.PACKED},
        Segment.ON_THE_WAY: {ParcelState.SHIPPED, ParcelState.FAILED},
        Segment.DONE: {ParcelState.DELIVERED},
        Segment.CANCELED: {ParcelState.CANCELED},
    }
    for segment, states in of.items():
        page = list_orders(db.session(), shop.seller, segment)
        assert {parcel_state(order) for order in page.orders} == states


def test_orders_that_were_never_placed_are_not_the_sellers_business(shop: Shop) -> None:
    draft = shop.order(method=PaymentMethod.CARD)
    assert list_orders(db.session(), shop.seller).total == 0
    assert sum(count_segments(db.session(), shop.seller).values()) == 0
    with pytest.raises(NotFound):
        get_order(db.session(), shop.seller, draft.id)
    with clock.stopped(NOON + timedelta(days=2)):
        assert step(expire_draft, draft.group_id)
    assert list_orders(db.session(), shop.seller).total == 0
    with pytest.raises(NotFound):
        get_order(db.session(), shop.seller, draft.id)


def test_a_draft_that_was_paid_waits_like_others(shop: Shop) -> None:
    draft = shop.order(method=PaymentMethod.CARD)
    step(finalize, draft.group_id)
    assert [order.id for order in list_orders(db.session(), shop.seller, Segment.WAITING).orders] == [
        draft.id
    ]
    assert find_waiting(db.session(), shop.seller).oldest == NOON


def test_pages_hold_what_waits_longest_first_and_the_rest_newest_first(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(order_queries, "PAGE_SIZE", 2)
    numbers = []
    for hour in range(3):
        with clock.stopped(NOON + timedelta(hours=hour)):
            numbers.append(shop.order().id)
    first, second = (list_orders(db.session(), shop.seller, Segment.WAITING, page) for page in (1, 2))
    assert [one.id for one in (*first.orders, *second.orders)] == numbers
    assert (first.total, first.last, second.number) == (3, 2, 2)
    newest = list_orders(db.session(), shop.seller, page=99)
    assert ([one.id for one in newest.orders], newest.number) == ([numbers[0]], 2)
    assert list_orders(db.session(), shop.rival).last == 1


def test_a_page_of_orders_takes_few_statements(shop: Shop) -> None:
    for _ in range(3):
        order = shop.confirmed()
        sent(order.id)
    with statements() as seen:
        page = list_orders(db.session(), shop.seller, Segment.ON_THE_WAY)
        assert {(one.group.buyer_name, len(one.lines), len(one.fulfillments[0].lines)) for one in page.orders}
    assert len([one for one in seen if one.startswith("SELECT")]) == 5


def test_orders_are_found_by_number_and_telephone(shop: Shop) -> None:
    wanted = shop.order(phone="0987654321")
    shop.order(phone="0911111111")
    number = db.session.get_one(OrderGroup, wanted.group_id).number
    for typed in (number, write_number(number).lower(), number[:5], "0987 654 321", "4321"):
        assert [one.id for one in list_orders(db.session(), shop.seller, search=typed).orders] == [wanted.id]
    assert list_orders(db.session(), shop.seller, search="  ").total == 2
    for typed in ("%", "321x", "không có", "_"):
        assert list_orders(db.session(), shop.seller, search=typed).total == 0
    assert list_orders(db.session(), shop.rival, search=number).total == 0


def test_what_belongs_to_others_is_not_found(shop: Shop) -> None:
    order = delivered_orders({shop.variant: 1}, shop.commune)[0]
    assert get_order(db.session(), shop.seller, order.id).order.id == order.id
    with pytest.raises(NotFound):
        get_order(db.session(), shop.rival, order.id)


def test_a_whole_order_takes_few_statements(shop: Shop) -> None:
    order = delivered_orders({shop.variant: 2}, shop.commune)[0]
    returned(order)
    with unit_of_work() as session:
        session.add(
            InvoiceRequest(
                group_id=order.group_id,
                company="Công ty An",
                tax_code="0101234567",
                address="Hà Nội",
                email="a@b.vn",
            )
        )
    with statements() as seen:
        whole = get_order(db.session(), shop.seller, order.id)
        names = [line.line.product_name for one in whole.order.fulfillments for line in one.lines]
        given_back = [line.line.product_name for one in whole.returns for line in one.lines]
    assert names == given_back == ["Cam"]
    assert whole.invoice is not None
    assert whole.invoice.company == "Công ty An"
    assert len([one for one in seen if one.startswith("SELECT")]) <= 8


def test_the_secret_link_opens_the_whole_group(shop: Shop) -> None:
    orders = delivered_orders({shop.variant: 1, shop.other: 1}, shop.commune)
    given_back = returned(orders[1])
    number = db.session.get_one(OrderGroup, orders[0].group_id).number
    whole = open_group(db.session(), number, order_secret(number))
    assert [one.id for one in whole.group.orders] == [one.id for one in orders]
    assert [one.id for one in whole.returns[orders[1].id]] == [given_back.id]
    assert whole.returns[orders[0].id] == []
    assert whole.invoice is None
    with pytest.raises(NotFound):
        open_group(db.session(), number, "0" * 32)
    with pytest.raises(NotFound):
        open_group(db.session(), "keine", "0" * 32)


def test_people_see_what_they_ordered_while_signed_in(shop: Shop) -> None:
    with unit_of_work() as session:
        an, binh = (
            a_person(session, "An", email="an@example.vn"),
            a_person(session, "Bình", email="b@example.vn"),
        )
    first = shop.order(person_id=an.id).group_id
    with clock.stopped(NOON + timedelta(hours=1)):
        second = shop.order(person_id=an.id).group_id
    assert [one.id for one in list_groups_of_person(db.session(), an.id)] == [second, first]
    assert list_groups_of_person(db.session(), binh.id) == []


def test_a_table_holds_the_orders_of_its_days(shop: Shop) -> None:
    first = shop.order().id
    with clock.stopped(NOON + timedelta(hours=12)):
        second = shop.order().id
    shop.order(method=PaymentMethod.CARD)
    days = date(2026, 11, 21), date(2026, 11, 22)

    def between(start: date, end: date) -> list[int]:
        return [one.id for one in list_orders_between(db.session(), shop.seller, start, end)]

    assert between(*days) == [first, second]
    assert between(days[0], days[0]) == [first]
    assert between(days[1], days[1]) == [second]
    assert list_orders_between(db.session(), shop.rival, *days) == []


def test_what_waits_is_told_with_the_time_to_answer(shop: Shop) -> None:
    assert find_waiting(db.session(), shop.seller).orders == 0
    first = shop.order()
    with clock.stopped(NOON + timedelta(days=1)):
        shop.order()
    order = delivered_orders({shop.variant: 2}, shop.commune)[0]
    one, two = returned(order), returned(order, words="Thêm một quả.")
    waiting = find_waiting(db.session(), shop.seller)
    assert (waiting.orders, waiting.oldest, waiting.answer_by) == (2, NOON, first.confirm_by)
    assert waiting.returns == 2
    step(cancel_return, one.id)
    step(approve_return, two.id)
    assert find_waiting(db.session(), shop.seller).returns == 0
    assert find_waiting(db.session(), shop.rival).orders == 0

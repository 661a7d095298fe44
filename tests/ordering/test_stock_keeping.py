from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from marketplace import clock
from marketplace.accounts.roles import Role, Scope, ScopeKind
from marketplace.catalogue.models import Publication, Variant
from marketplace.database import db, unit_of_work
from marketplace.errors import NotFound
from marketplace.ordering.errors import BelowPromised, InvalidQuantity, StockChanged
from marketplace.ordering.stock_keeping import (
    MOST_ON_HAND,
    Shelved,
    StockReason,
    count_again,
    get_shelved,
    list_movements,
    list_shelf,
    take_in,
)
from tests.factories.accounts import an_actor
from tests.factories.deeds import deeds
from tests.factories.ordering import a_commune, ordered, product_of, seller_of, stocked


@pytest.fixture
def cam(app: Flask) -> Variant:
    with unit_of_work() as session:
        return stocked(session, "Cam Khe Mây", on_hand=10)


def seller_id(variant: Variant) -> int:
    with unit_of_work() as session:
        return seller_of(session, variant).id


def do(act: Callable[..., None], variant: Variant, number: int, reason: StockReason, seen: int) -> None:
    owner = seller_id(variant)
    with unit_of_work() as session:
        actor = an_actor(1, (Scope(ScopeKind.PRODUCER, owner), Role.STAFF))
        act(session, actor, owner, variant.id, number, reason, seen=seen, at=clock.now())


def shelf(variant: Variant) -> Shelved:
    owner = seller_id(variant)
    db.session.rollback()
    return get_shelved(db.session(), owner, variant.id)


def test_goods_come_in_with_their_reason(cam: Variant) -> None:
    do(take_in, cam, 5, StockReason.PRODUCED, 10)
    held = shelf(cam)
    assert (held.on_hand, held.promised, held.available) == (15, 0, 15)
    newest, first = list_movements(db.session(), cam.id)
    assert (newest.quantity, newest.reason) == (5, "produced")
    assert first.reason == "kiểm kê đầu kỳ"
    [deed] = deeds("stock:receive")
    assert (deed.subject_id, deed.actor_role, deed.data) == (
        str(cam.id),
        Role.STAFF,
        '{"by":5,"cause":"produced"}',
    )


def test_a_count_sets_the_shelf_and_is_no_sample_any_more(cam: Variant) -> None:
    before = shelf(cam).item
    assert before
    assert before.sample
    do(count_again, cam, 7, StockReason.DAMAGED, 10)
    held = shelf(cam)
    assert held.on_hand == 7
    assert held.item
    assert held.item.sample is False
    [deed] = deeds("stock:adjust")
    assert deed.data == '{"by":-3,"cause":"damaged"}'


def test_a_form_sent_twice_counts_once(cam: Variant) -> None:
    do(take_in, cam, 5, StockReason.PRODUCED, 10)
    for act in (take_in, count_again):
        with pytest.raises(StockChanged) as refusal:
            do(act, cam, 5, StockReason.PRODUCED, 10)
        assert refusal.value.parameters == {"on_hand": 15}
    assert shelf(cam).on_hand == 15


def test_the_first_goods_make_the_shelf(app: Flask) -> None:
    with unit_of_work() as session:
        taken, counted = stocked(session, "Bưởi", on_hand=0), stocked(session, "Na", on_hand=0)
    assert shelf(taken).available == 0
    do(take_in, taken, 5, StockReason.PRODUCED, 0)
    do(count_again, counted, 4, StockReason.MISCOUNTED, 0)
    assert [shelf(one).available for one in (taken, counted)] == [5, 4]
    with pytest.raises(StockChanged):
        do(take_in, taken, 5, StockReason.PRODUCED, 0)


def test_no_count_goes_below_what_is_promised(cam: Variant) -> None:
    with unit_of_work() as session:
        commune = a_commune(session)
    ordered({cam.id: 4}, commune)
    with pytest.raises(BelowPromised):
        do(count_again, cam, 3, StockReason.SOLD_ELSEWHERE, 10)
    do(count_again, cam, 4, StockReason.SOLD_ELSEWHERE, 10)
    held = shelf(cam)
    assert (held.on_hand, held.promised, held.available) == (4, 4, 0)


@pytest.mark.parametrize(
    ("act", "number"),
    [
        (take_in, 0),
        (take_in, -1),
        (take_in, MOST_ON_HAND - 9),
        (count_again, -1),
        (count_again, MOST_ON_HAND + 1),
    ],
)
def test_impossible_numbers_are_refused(cam: Variant, act: Any, number: int) -> None:
    with pytest.raises(InvalidQuantity):
        do(act, cam, number, StockReason.PRODUCED, 10)
    assert shelf(cam).on_hand == 10


def test_a_shelf_of_others_is_not_there(cam: Variant) -> None:
    with unit_of_work() as session:
        other = stocked(session, "Bưởi")
    rival = seller_id(other)
    for act in (take_in, count_again):
        with pytest.raises(NotFound), unit_of_work() as session:
            act(session, an_actor(1), rival, cam.id, 1, StockReason.PRODUCED, seen=10, at=clock.now())
    assert shelf(cam).on_hand == 10


def test_a_shelf_lists_what_is_sold_by_name(cam: Variant) -> None:
    owner = seller_id(cam)
    with unit_of_work() as session:
        seller = seller_of(session, cam)
        bun = stocked(session, "Bún", producer=seller, on_hand=0)
        gone = stocked(session, "Áo", producer=seller)
        product_of(session, gone).publication = Publication.WITHDRAWN
        off = stocked(session, "Ấm", producer=seller)
        off.active = False
        stocked(session, "Của người khác")
    db.session.rollback()
    assert [(one.variant.id, one.on_hand) for one in list_shelf(db.session(), owner)] == [
        (bun.id, 0),
        (cam.id, 10),
    ]


def test_two_first_receipts_at_once_are_one(app: Flask, race: Any) -> None:
    with unit_of_work() as session:
        variant = stocked(session, "Bưởi", on_hand=0)
    owner = seller_id(variant)

    def receive(session: Any) -> None:
        take_in(session, an_actor(1), owner, variant.id, 5, StockReason.PRODUCED, seen=0, at=clock.now())

    assert race(receive, receive) == ["StockChanged", "done"]
    assert shelf(variant).on_hand == 5

"""What a recall does to carts, checkouts, orders and stock; and what lifting it does."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import clock, jobs
from marketplace.accounts.permissions import Actor
from marketplace.catalogue.models import Variant
from marketplace.database import db, unit_of_work
from marketplace.ordering.after_sale_errors import NoGoodLot, OrderFrozen, PromisedToOrders
from marketplace.ordering.cancellation import cancel_order
from marketplace.ordering.errors import NotForSale, QuoteChanged
from marketplace.ordering.fulfillment import came_back, confirm_order, mark_failed, pack_order, ship
from marketplace.ordering.lot_models import LotStock, OrderFreeze, OrderLineLot, RecallTold
from marketplace.ordering.lots import shelve
from marketplace.ordering.models import CancelReason, Order, OrderLine, OrderStatus, StockItem
from marketplace.ordering.recall_reach import Reach, measure
from marketplace.ordering.recalled import resume, take_recalled_off
from marketplace.places.models import AdminUnit
from marketplace.traceability.lots.models import Lot
from marketplace.traceability.recalls.acts import lift_recall
from marketplace.traceability.recalls.errors import AlreadyLifted, AlreadyRecalled, NotResumable
from marketplace.traceability.recalls.models import Recall, RecallScope
from tests.factories.accounts import a_person
from tests.factories.lots import a_lot
from tests.factories.ordering import a_commune, fill_cart, ordered, product_of, seller_of, stocked
from tests.factories.recalls import a_recall, recalled

USE_BY = date(2027, 5, 14)


def a_shelved_lot(variant: Variant, quantity: int = 10, **changes: Any) -> Lot:
    """Make a lot of a pack, and put it on the shelf and into stock."""
    with unit_of_work() as session:
        product = product_of(session, variant)
        lot = a_lot(session, product, variant_id=variant.id, quantity=Decimal(quantity), **changes)
        shelve(session, lot, clock.now(), add_to_stock=True)
        return lot


def a_pack(on_hand: int = 0) -> tuple[Variant, AdminUnit]:
    """Write a certified pack and a commune to send it to."""
    with unit_of_work() as session:
        return stocked(session, on_hand=on_hand), a_commune(session)


def an_order(variant: Variant, commune: AdminUnit, quantity: int = 2, **changes: object) -> Order:
    """Place an order of one line and have its seller confirm it."""
    [order] = ordered({variant.id: quantity}, commune, **changes).orders
    with unit_of_work() as session:
        return confirm_order(session, order.id, clock.now())


def pack(order: Order) -> None:
    """Have the seller pack an order."""
    with unit_of_work() as session:
        pack_order(session, order.id, clock.now())


def send(order: Order) -> int:
    """Have the seller send all of an order; return the id of the sending."""
    with unit_of_work() as session:
        return ship(session, order.id, None, "Viettel Post", None, clock.now()).id


def lots_of(order: Order) -> dict[int, int]:
    """Return how many units of an order were taken from which lots."""
    own = sa.select(OrderLine.id).where(OrderLine.order_id == order.id)
    db.session.rollback()
    taken = db.session.scalars(sa.select(OrderLineLot).where(OrderLineLot.order_line_id.in_(own)))
    return {one.lot_id: one.quantity for one in taken}


def on_shelf(lot: Lot) -> tuple[int, int]:
    """Return what of a lot remains on the shelf, and what is quarantined."""
    db.session.rollback()
    return db.session.execute(
        sa.select(LotStock.remaining, LotStock.quarantined).where(LotStock.lot_id == lot.id)
    ).one()


def in_stock(variant: Variant) -> tuple[int, int]:
    """Return what is on hand, and what of it is promised."""
    db.session.rollback()
    return db.session.execute(
        sa.select(StockItem.on_hand, StockItem.allocated).where(StockItem.variant_id == variant.id)
    ).one()


def is_halted(variant: Variant) -> bool:
    """Return whether a pack is kept from being sold."""
    db.session.rollback()
    return db.session.execute(sa.select(Variant.halted).where(Variant.id == variant.id)).scalar_one()


def frozen() -> set[int]:
    """Return the orders that are frozen."""
    db.session.rollback()
    return set(db.session.scalars(sa.select(OrderFreeze.order_id)))


def lift(recall: Recall) -> None:
    """Have somebody else lift a recall."""
    with unit_of_work() as session:
        lifter = Actor(person_id=a_person(session).id)
        lift_recall(session, lifter, recall, "Mẫu kiểm lại đạt, bán tiếp được.", clock.now())
    jobs.do_all()


def test_recalled_packs_are_neither_put_into_carts_nor_ordered(app: Flask) -> None:
    variant, commune = a_pack(20)
    token = fill_cart({variant.id: 1})
    recalled(RecallScope.PRODUCT, variant.product_id)
    with pytest.raises(NotForSale) as refusal:
        fill_cart({variant.id: 1})
    assert refusal.value.parameters == {"obstacle": "recalled"}
    with pytest.raises(NotForSale):
        ordered({variant.id: 1}, commune)
    assert token


def test_what_was_open_is_frozen_until_the_recall_is_lifted(app: Flask) -> None:
    variant, commune = a_pack(20)
    waiting, packed, sent = (an_order(variant, commune, phone=f"091234567{n}") for n in range(3))
    pack(packed)
    send(sent)
    recall = recalled(RecallScope.PRODUCT, variant.product_id)
    assert frozen() == {waiting.id, packed.id}
    assert set(db.session.scalars(sa.select(RecallTold.order_id))) == {waiting.id, packed.id, sent.id}
    for deed in (pack, send):
        with pytest.raises(OrderFrozen):
            deed(waiting)
    with pytest.raises(OrderFrozen):
        send(packed)
    db.session.rollback()
    kept = db.session.get_one(Recall, recall.id)
    assert (kept.buyers_told, kept.orders_frozen, kept.done_at) == (3, 2, clock.now())
    lift(recall)
    assert frozen() == set()
    send(packed)
    pack(waiting)


def test_nothing_is_sent_between_the_recall_and_its_job(app: Flask) -> None:
    variant, commune = a_pack(20)
    order = an_order(variant, commune)
    a_recall(RecallScope.PRODUCT, variant.product_id)
    assert frozen() == set()
    with pytest.raises(OrderFrozen):
        pack(order)
    with pytest.raises(OrderFrozen):
        send(order)
    jobs.do_all()
    assert frozen() == {order.id}


def test_goods_go_out_first_expired_first(app: Flask) -> None:
    variant, commune = a_pack()
    late = a_shelved_lot(variant, 10, use_by=USE_BY + timedelta(days=30))
    soon = a_shelved_lot(variant, 3, use_by=USE_BY)
    order = an_order(variant, commune, 5)
    pack(order)
    assert lots_of(order) == {soon.id: 3, late.id: 2}
    assert (on_shelf(soon), on_shelf(late)) == ((0, 0), (8, 0))
    assert db.session.get_one(Lot, soon.id, populate_existing=True).gone_at == clock.now()
    with unit_of_work() as session:
        cancel_order(session, order.id, CancelReason.INVENTORY, clock.now())
    assert (on_shelf(soon), on_shelf(late), lots_of(order)) == ((3, 0), (10, 0), {})
    assert db.session.get_one(Lot, soon.id, populate_existing=True).gone_at is None


def test_old_lots_are_not_sent_and_loose_goods_are(app: Flask) -> None:
    variant, commune = a_pack()
    old = a_shelved_lot(variant, 5, made_on=date(2026, 9, 1), use_by=date(2026, 11, 20))
    order = an_order(variant, commune, 2)
    with pytest.raises(NoGoodLot) as refusal:
        pack(order)
    assert refusal.value.parameters["missing"] == 2
    with unit_of_work() as session:
        session.execute(sa.update(StockItem).values(on_hand=StockItem.on_hand + 2))
    pack(order)
    assert (lots_of(order), on_shelf(old)) == ({}, (5, 0))


def test_a_recalled_lot_leaves_the_shelf_and_other_lots_are_sold_again(app: Flask) -> None:
    variant, commune = a_pack()
    bad = a_shelved_lot(variant, 6)
    good = a_shelved_lot(variant, 10, use_by=USE_BY + timedelta(days=9))
    packed = an_order(variant, commune, 2)
    pack(packed)
    assert lots_of(packed) == {bad.id: 2}
    recall = recalled(RecallScope.LOT, bad.id)
    assert (on_shelf(bad), in_stock(variant), is_halted(variant)) == ((0, 6), (10, 2), True)
    with unit_of_work() as session:
        resume(session, None, recall.id, clock.now())
    assert (is_halted(variant), frozen(), lots_of(packed)) == (False, set(), {})
    pack(packed)
    send(packed)
    assert (lots_of(packed), on_shelf(good)) == ({good.id: 2}, (8, 0))
    assert db.session.get_one(Lot, bad.id, populate_existing=True).recalled_at == clock.now()
    lift(recall)
    assert (on_shelf(bad), in_stock(variant)) == ((6, 0), (14, 0))


def test_other_lots_are_not_sold_before_they_suffice_for_what_was_promised(app: Flask) -> None:
    variant, commune = a_pack()
    bad = a_shelved_lot(variant, 6)
    order = an_order(variant, commune, 4)
    recall = recalled(RecallScope.LOT, bad.id)
    assert on_shelf(bad) == (4, 2)
    with pytest.raises(PromisedToOrders) as refusal, unit_of_work() as session:
        resume(session, None, recall.id, clock.now())
    assert refusal.value.parameters == {"missing": 4}
    with unit_of_work() as session:
        take_recalled_off(session, order.id, clock.now())
    with unit_of_work() as session:
        resume(session, None, recall.id, clock.now())
    assert (on_shelf(bad), in_stock(variant)) == ((0, 6), (0, 0))
    db.session.rollback()
    kept = db.session.get_one(Order, order.id)
    assert (kept.status, kept.cancel_reason) == (OrderStatus.CANCELED, CancelReason.RECALLED)


def test_only_a_lot_that_is_dealt_with_lets_others_be_sold(app: Flask) -> None:
    variant, _ = a_pack(5)
    lot = a_shelved_lot(variant)
    of_lot = a_recall(RecallScope.LOT, lot.id)
    with pytest.raises(NotResumable), unit_of_work() as session:
        resume(session, None, of_lot.id, clock.now())
    of_product = recalled(RecallScope.PRODUCT, variant.product_id)
    with pytest.raises(NotResumable), unit_of_work() as session:
        resume(session, None, of_product.id, clock.now())
    with unit_of_work() as session:
        resume(session, None, of_lot.id, clock.now())
    assert is_halted(variant)


def test_lifting_one_of_two_recalls_starts_nothing(app: Flask) -> None:
    variant, _ = a_pack(5)
    lot = a_shelved_lot(variant)
    of_lot = recalled(RecallScope.LOT, lot.id)
    of_product = recalled(RecallScope.PRODUCT, variant.product_id)
    lift(of_product)
    assert is_halted(variant)
    assert db.session.get_one(Lot, lot.id, populate_existing=True).recalled_at is not None
    lift(of_lot)
    assert not is_halted(variant)
    assert db.session.get_one(Lot, lot.id, populate_existing=True).recalled_at is None
    with pytest.raises(AlreadyLifted):
        lift(of_lot)


def test_the_same_thing_is_recalled_once(app: Flask) -> None:
    variant, _ = a_pack(5)
    recall = a_recall(RecallScope.PRODUCT, variant.product_id)
    with pytest.raises(AlreadyRecalled) as refusal:
        a_recall(RecallScope.PRODUCT, variant.product_id)
    assert refusal.value.parameters == {"recall": recall.code}


def test_what_is_left_of_an_order_goes_without_the_recalled_goods(app: Flask) -> None:
    with unit_of_work() as session:
        variant, commune = stocked(session, on_hand=10), a_commune(session)
        seller = seller_of(session, variant)
        other = stocked(session, "Mật ong rừng", on_hand=10, producer=seller)
    [order] = ordered({variant.id: 2, other.id: 1}, commune).orders
    with unit_of_work() as session:
        confirm_order(session, order.id, clock.now())
    recalled(RecallScope.PRODUCT, variant.product_id)
    assert frozen() == {order.id}
    with unit_of_work() as session:
        take_recalled_off(session, order.id, clock.now())
    assert frozen() == set()
    with unit_of_work() as session:
        sending = ship(session, order.id, None, None, None, clock.now())
        assert [line.quantity for line in sending.lines] == [1]


def test_what_comes_back_of_a_recalled_lot_is_not_sold_again(app: Flask) -> None:
    variant, commune = a_pack()
    bad = a_shelved_lot(variant, 6)
    a_shelved_lot(variant, 10, use_by=USE_BY + timedelta(days=9))
    order = an_order(variant, commune, 2)
    pack(order)
    sending = send(order)
    recall = recalled(RecallScope.LOT, bad.id)
    with unit_of_work() as session:
        resume(session, None, recall.id, clock.now())
    with unit_of_work() as session:
        mark_failed(session, sending, clock.now())
        came_back(session, sending, True, clock.now())
    with unit_of_work() as session:
        cancel_order(session, order.id, CancelReason.INVENTORY, clock.now())
    jobs.do_all()
    assert (on_shelf(bad), in_stock(variant)) == ((0, 6), (10, 0))


def test_what_a_recall_will_touch_is_told_before(app: Flask) -> None:
    variant, commune = a_pack()
    lot = a_shelved_lot(variant, 8)
    sent = an_order(variant, commune, 2)
    send(sent)
    an_order(variant, commune, 1, phone="0987654321")
    with app.app_context():
        found = measure(db.session(), RecallScope.LOT, lot.id)
    assert found == Reach(products=1, lots=1, on_shelf=6, open_orders=1, buyers=2, points=0)


def test_a_checkout_under_way_meets_the_recall(app: Flask) -> None:
    variant, commune = a_pack(20)
    with pytest.raises((QuoteChanged, NotForSale)):
        token = fill_cart({variant.id: 1})
        a_recall(RecallScope.PRODUCT, variant.product_id)
        ordered({variant.id: 1}, commune)
    assert token

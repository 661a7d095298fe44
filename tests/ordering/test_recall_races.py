"""Recalls that meet something else at the same moment: nothing recalled is sold, and nothing of it sent."""

import time
from datetime import timedelta
from decimal import Decimal
from threading import Barrier, Thread
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from marketplace import clock, jobs
from marketplace.accounts.permissions import Actor
from marketplace.catalogue.models import Product, Variant
from marketplace.database import db, unit_of_work
from marketplace.ordering import recalled
from marketplace.ordering.after_sale_errors import OrderFrozen
from marketplace.ordering.checkout import place_order
from marketplace.ordering.errors import NothingToOrder, QuoteChanged
from marketplace.ordering.fulfillment import confirm_order, pack_order, ship
from marketplace.ordering.lot_models import OrderFreeze, RecallTold
from marketplace.ordering.lots import shelve
from marketplace.ordering.models import Fulfillment, Order
from marketplace.ordering.reservations import release_expired
from marketplace.places.models import AdminUnit
from marketplace.traceability.lots.models import Lot
from marketplace.traceability.recalls.acts import RecallFacts, lift_recall, order_recall
from marketplace.traceability.recalls.models import Recall, RecallReason, RecallScope
from marketplace.traceability.recalls.new_lots import is_new_lot_recalled
from tests.conftest import NOON
from tests.factories.accounts import a_person
from tests.factories.lots import a_lot
from tests.factories.ordering import (
    a_checkout,
    a_commune,
    fill_cart,
    ordered,
    product_of,
    stocked,
    terms,
)
from tests.factories.recalls import ADVICE, WORDS, a_recall
from tests.ordering.conftest import race as race  # noqa: PLC0414 - pytest finds it by this name

Race = Any


@pytest.fixture
def pack(app: Flask) -> Variant:
    """A pack of which a lot of thirty lies on the shelf."""
    with unit_of_work() as session:
        variant = stocked(session, on_hand=0)
        lot = a_lot(session, product_of(session, variant), variant_id=variant.id, quantity=Decimal(30))
        shelve(session, lot, clock.now(), add_to_stock=True)
        return variant


@pytest.fixture
def commune(app: Flask) -> AdminUnit:
    """Where everything is sent to."""
    with unit_of_work() as session:
        return a_commune(session)


def recalling(variant: Variant, scope: RecallScope = RecallScope.PRODUCT) -> Any:
    """Return the deed of recalling a pack's product, its producer, or its only lot."""
    lot_id = db.session.scalar(sa.select(Lot.id).where(Lot.variant_id == variant.id))
    producer_id = db.session.scalar(sa.select(Lot.producer_id).where(Lot.variant_id == variant.id))
    subject = {RecallScope.PRODUCT: variant.product_id, RecallScope.LOT: lot_id}.get(scope, producer_id)
    facts = RecallFacts(scope, subject or 0, RecallReason.CONTAMINATION, WORDS, ADVICE)
    return lambda session: order_recall(session, None, facts, by_office=True, at=clock.now())


def placing(variant: Variant, commune: AdminUnit, phone: str) -> Any:
    """Return the deed of ordering two packs, the cart filled and the checkout page open."""
    token = fill_cart({variant.id: 2})
    with unit_of_work() as session:
        page = a_checkout(session, token, commune, phone=phone)
    return lambda session: place_order(session, token, page, terms(), clock.now())


def an_order(variant: Variant, commune: AdminUnit, phone: str) -> Order:
    """Place an order and have its seller take it on."""
    [order] = ordered({variant.id: 2}, commune, phone=phone).orders
    with unit_of_work() as session:
        return confirm_order(session, order.id, clock.now())


def do_jobs() -> None:
    """Do all jobs, also those left by threads, for which the clock does not stand still."""
    with clock.stopped(NOON + timedelta(days=36_500)):
        jobs.do_all()


def counted(what: Any) -> int:
    """Return how many rows there are."""
    db.session.rollback()
    return db.session.execute(sa.select(sa.func.count()).select_from(what)).scalar_one()


def test_checkouts_under_way_are_refused_or_frozen(race: Race, pack: Variant, commune: AdminUnit) -> None:
    buyers = [placing(pack, commune, f"09{n:08d}") for n in range(4)]
    results = race(recalling(pack), *buyers)
    assert results.count("done") >= 1
    assert set(results) <= {"done", "QuoteChanged", "NothingToOrder"}
    do_jobs()
    orders = db.session.scalars(sa.select(Order.id)).all()
    assert counted(OrderFreeze) == counted(RecallTold) == len(orders) == results.count("done") - 1
    for order_id in orders:
        with unit_of_work() as session:
            confirm_order(session, order_id, clock.now())
        for deed in (pack_order, lambda *told: ship(told[0], told[1], None, None, None, told[2])):
            with pytest.raises(OrderFrozen), unit_of_work() as session:
                deed(session, order_id, clock.now())
    assert counted(Fulfillment) == 0


def test_a_recall_between_the_quote_and_the_stock_is_seen_by_a_second_look(
    app: Flask, database_url: str, pack: Variant, commune: AdminUnit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of SQLite's writers only one is inside: there the recall comes before or after, never between."""
    buy, between = placing(pack, commune, "0912345678"), Barrier(2)
    look, apart = release_expired, database_url.startswith("postgresql")

    def look_late(*told: Any) -> int:
        if apart:
            between.wait()
            between.wait()
        return look(*told)

    def recall_meanwhile() -> None:
        with app.app_context():
            between.wait()
            a_recall(RecallScope.PRODUCT, pack.product_id)
            between.wait()

    monkeypatch.setattr("marketplace.ordering.checkout.release_expired", look_late)
    other = Thread(target=recall_meanwhile if apart else lambda: None)
    other.start()
    if not apart:
        a_recall(RecallScope.PRODUCT, pack.product_id)
    with pytest.raises((QuoteChanged, NothingToOrder)), unit_of_work() as session:
        buy(session)
    other.join()
    assert counted(Order) == 0


@pytest.mark.parametrize("scope", [RecallScope.PRODUCT, RecallScope.PRODUCER])
def test_a_lot_made_while_a_recall_is_ordered_is_recalled(
    race: Race, pack: Variant, scope: RecallScope
) -> None:
    def make(session: Session) -> None:
        product = session.get_one(Product, pack.product_id)
        touched = is_new_lot_recalled(session, product.producer_id or 0, product.id)
        time.sleep(0.05)
        a_lot(session, product, code="M1", variant_id=pack.id, recalled=touched)

    assert race(make, recalling(pack, scope)) == ["done", "done"]
    assert counted(Lot) == 2
    assert db.session.scalars(sa.select(Lot.code).where(Lot.recalled_at.is_(None))).all() == []


def test_packing_meets_the_recall_or_its_job(race: Race, pack: Variant, commune: AdminUnit) -> None:
    orders = [an_order(pack, commune, f"09{n:08d}") for n in range(3)]

    def packing(order: Order) -> Any:
        return lambda session: pack_order(session, order.id, clock.now())

    results = race(recalling(pack, RecallScope.LOT), *(packing(order) for order in orders))
    assert set(results) <= {"done", "OrderFrozen"}
    do_jobs()
    assert counted(OrderFreeze) == 3
    db.session.rollback()
    assert set(db.session.scalars(sa.select(Order.packed_at))) == {None}
    for order in orders:
        with pytest.raises(OrderFrozen), unit_of_work() as session:
            ship(session, order.id, None, None, None, clock.now())


def test_packing_while_the_job_runs_is_refused(
    app: Flask, pack: Variant, commune: AdminUnit, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (an_order(pack, commune, f"09{n:08d}") for n in range(2))
    monkeypatch.setattr(recalled, "AT_ONCE", 1)
    refused: list[str] = []

    def rest(seconds: float) -> None:
        """Try to pack the order whose turn has not come yet."""
        db.session.rollback()
        marked = set(db.session.scalars(sa.select(OrderFreeze.order_id)))
        for order in (first, second):
            if order.id not in marked:
                with pytest.raises(OrderFrozen), unit_of_work() as session:
                    pack_order(session, order.id, clock.now())
                refused.append("refused")

    monkeypatch.setattr("marketplace.ordering.recalled.time.sleep", rest)
    a_recall(RecallScope.PRODUCT, pack.product_id)
    do_jobs()
    assert refused == ["refused"]
    assert counted(OrderFreeze) == 2


def test_two_recalls_that_overlap_and_the_end_of_one(race: Race, app: Flask, pack: Variant) -> None:
    of_product = a_recall(RecallScope.PRODUCT, pack.product_id)
    with unit_of_work() as session:
        people = [Actor(a_person(session).id) for _ in range(2)]

    def lifting(session: Session) -> None:
        lift_recall(session, people[0], of_product, "Mẫu kiểm lại đạt rồi.", clock.now())

    assert race(recalling(pack, RecallScope.LOT), lifting) == ["done", "done"]
    do_jobs()
    assert is_halted(pack)
    [of_lot] = db.session.scalars(sa.select(Recall).where(Recall.lifted_at.is_(None)))

    def lifting_too(actor: Actor) -> Any:
        return lambda session: lift_recall(session, actor, of_lot, "Mẫu kiểm lại đạt rồi.", clock.now())

    assert race(*(lifting_too(one) for one in people)) == ["AlreadyLifted", "done"]
    do_jobs()
    assert not is_halted(pack)


def test_both_of_two_recalls_lifted_at_once_end_the_halt(race: Race, app: Flask, pack: Variant) -> None:
    lot_id = db.session.scalar(sa.select(Lot.id))
    recalls = [a_recall(RecallScope.PRODUCT, pack.product_id), a_recall(RecallScope.LOT, lot_id or 0)]
    with unit_of_work() as session:
        lifter = Actor(a_person(session).id)

    def lifting(recall: Recall) -> Any:
        return lambda session: lift_recall(session, lifter, recall, "Mẫu kiểm lại đạt rồi.", clock.now())

    assert race(*(lifting(one) for one in recalls)) == ["done", "done"]
    assert not is_halted(pack)


def test_the_same_recall_ordered_twice_at_once_counts_once(race: Race, pack: Variant) -> None:
    assert race(recalling(pack), recalling(pack)) == ["AlreadyRecalled", "done"]
    assert counted(Recall) == 1


def is_halted(variant: Variant) -> bool:
    """Return whether a pack is kept from being sold."""
    db.session.rollback()
    return db.session.execute(sa.select(Variant.halted).where(Variant.id == variant.id)).scalar_one()

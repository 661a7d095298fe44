"""Other lots are sold again beside a recalled one only when no unit of it can go out unnoted."""

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import clock
from marketplace.accounts.permissions import Actor
from marketplace.catalogue.models import Variant
from marketplace.database import db, unit_of_work
from marketplace.ordering.after_sale_errors import NotCounted
from marketplace.ordering.models import Order
from marketplace.ordering.recalled import resume, take_recalled_off
from marketplace.ordering.stock_keeping import StockReason, count_again, take_in
from marketplace.traceability.recalls.models import Recall, RecallScope
from tests.factories.accounts import a_person
from tests.factories.lots import a_lot
from tests.factories.ordering import product_of, seller_of
from tests.factories.recalls import recalled
from tests.ordering.test_recalled import (
    a_pack,
    a_shelved_lot,
    an_order,
    in_stock,
    is_halted,
    lots_of,
    pack,
    send,
)


def resumed(recall: Recall) -> None:
    """Sell other lots again."""
    with unit_of_work() as session:
        resume(session, None, recall.id, clock.now())


def counted(variant: Variant, units: int) -> None:
    """Have the seller count its shelf again."""
    seen, _ = in_stock(variant)
    with unit_of_work() as session:
        actor, seller = Actor(person_id=a_person(session).id), seller_of(session, variant).id
        reason = StockReason.MISCOUNTED
        count_again(session, actor, seller, variant.id, units, reason, seen=seen, at=clock.now())


def is_packed(order: Order) -> bool:
    """Return whether an order stands ready."""
    db.session.rollback()
    return db.session.execute(sa.select(Order.packed_at).where(Order.id == order.id)).scalar_one() is not None


@pytest.mark.parametrize("of_a_pack", [True, False])
def test_goods_of_a_lot_that_was_never_shelved_are_counted_first(app: Flask, of_a_pack: bool) -> None:
    variant, commune = a_pack(on_hand=10)
    with unit_of_work() as session:
        lot = a_lot(session, product_of(session, variant), variant_id=variant.id if of_a_pack else None)
    order = an_order(variant, commune, 2)
    pack(order)
    recall = recalled(RecallScope.LOT, lot.id)
    assert not is_packed(order)
    with pytest.raises(NotCounted):
        resumed(recall)
    seen, _ = in_stock(variant)
    with unit_of_work() as session:
        actor, seller = Actor(person_id=a_person(session).id), seller_of(session, variant).id
        take_in(session, actor, seller, variant.id, 1, StockReason.PRODUCED, seen=seen, at=clock.now())
    with pytest.raises(NotCounted):
        resumed(recall)
    counted(variant, 4)
    resumed(recall)
    assert (is_halted(variant), in_stock(variant)) == (False, (4, 2))
    pack(order)
    send(order)


def test_nothing_on_hand_needs_no_count(app: Flask) -> None:
    variant, commune = a_pack(on_hand=2)
    with unit_of_work() as session:
        lot = a_lot(session, product_of(session, variant), variant_id=variant.id)
    send(an_order(variant, commune, 2))
    resumed(recalled(RecallScope.LOT, lot.id))
    assert not is_halted(variant)


def test_an_order_packed_with_unnoted_goods_is_packed_anew(app: Flask) -> None:
    variant, commune = a_pack(on_hand=3)
    loose = an_order(variant, commune, 3, phone="0987654321")
    pack(loose)
    good = a_shelved_lot(variant, 2)
    noted = an_order(variant, commune, 2)
    pack(noted)
    bad = a_shelved_lot(variant, 5)
    recall = recalled(RecallScope.LOT, bad.id)
    assert (is_packed(loose), is_packed(noted)) == (False, True)
    assert lots_of(noted) == {good.id: 2}
    resumed(recall)
    send(noted)


def test_a_recall_of_all_lots_lets_packed_orders_stand(app: Flask) -> None:
    variant, commune = a_pack(on_hand=3)
    order = an_order(variant, commune, 3)
    pack(order)
    recalled(RecallScope.PRODUCT, variant.product_id)
    assert is_packed(order)
    with unit_of_work() as session:
        take_recalled_off(session, order.id, clock.now())

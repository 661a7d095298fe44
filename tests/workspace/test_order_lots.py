"""Lots and recalls on a seller's orders: named on every paper, changed by hand, held back and left out."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import clock
from marketplace.accounts.journal import Deed
from marketplace.catalogue.models import Variant
from marketplace.database import db, unit_of_work
from marketplace.ordering.lot_models import OrderLineLot
from marketplace.ordering.lots import shelve
from marketplace.ordering.models import Order, OrderLine, OrderStatus
from marketplace.ordering.secret import order_secret
from marketplace.payments.models import Refund
from marketplace.traceability.lots.models import Lot
from marketplace.traceability.recalls.models import RecallScope
from tests.factories.after_sale import reload
from tests.factories.lots import a_lot
from tests.factories.ordering import product_of
from tests.factories.recalls import recalled
from tests.pages import visit
from tests.workspace.conftest import Shop
from tests.workspace.parcels import confirmed, goods, on_the_way, packed, somewhere, waiting
from tests.workspace.test_orders import order_page


def a_lot_of(variant_id: int, code: str, use_by: date = date(2027, 5, 14), quantity: int = 20) -> Lot:
    """Put a lot on the shelf and into stock."""
    with unit_of_work() as session:
        variant = session.get_one(Variant, variant_id)
        facts: dict[str, Any] = {"code": code, "use_by": use_by, "quantity": Decimal(quantity)}
        lot = a_lot(session, product_of(session, variant), variant_id=variant.id, **facts)
        shelve(session, lot, clock.now(), add_to_stock=True)
        return lot


def taken(order: Order) -> dict[int, int]:
    """Return how many units of an order come from which lots."""
    db.session.rollback()
    own = sa.select(OrderLine.id).where(OrderLine.order_id == order.id)
    rows = db.session.scalars(sa.select(OrderLineLot).where(OrderLineLot.order_line_id.in_(own)))
    return {one.lot_id: one.quantity for one in rows}


def tap(
    shop: Shop, order: Order, deed: str, status: int = 303, lots: dict[str, str] | None = None, **fields: Any
) -> str:
    """Send a form of an order; return what the answer says."""
    typed: dict[str, Any] = {**(lots or {}), **fields}
    return shop.browser.send(f"{shop.base}/don-hang/{order.id}/{deed}", status, **typed).text


@pytest.fixture
def pack(shop: Shop) -> int:
    """A pack without anything on the shelf."""
    return goods(shop, on_hand=0)


def test_papers_and_pages_name_the_lot_and_its_exact_page(app: Flask, shop: Shop, pack: int) -> None:
    lot = a_lot_of(pack, "CK2611-02")
    order = packed(pack, somewhere())
    path = f"/10/{lot.code}"
    page = order_page(shop, order)
    assert "2 × lô CK2611-02 · hạn dùng 14/05/2027" in page.words
    assert any(link.endswith(path) for link in page.links())
    slips = shop.browser.open(f"{shop.base}/don-hang/phieu-giao?don={order.id}")
    assert "Lô CK2611-02: 2" in slips.words
    assert path in slips.words
    assert "Lô CK2611-02: 2" in shop.browser.open(f"{shop.base}/don-hang/phieu-soan?don={order.id}").words
    number = reload(order.id).group.number
    buyer = visit(app.test_client(), f"/don-hang/{number}/{order_secret(number)}", statements=9)
    [link] = [link for link in buyer.links() if link.endswith(path)]
    assert app.test_client().get(link).status_code == 200
    paper = visit(app.test_client(), f"/don-hang/{number}/{order_secret(number)}/in", statements=9)
    assert path in paper.words


def test_the_seller_says_which_lots_were_packed(shop: Shop, pack: int) -> None:
    soon, late = a_lot_of(pack, "A1"), a_lot_of(pack, "B1", date(2027, 8, 1))
    order = packed(pack, somewhere(), 3)
    assert taken(order) == {soon.id: 3}
    [line] = reload(order.id).lines
    assert "còn 20, hạn dùng 14/05/2027" in order_page(shop, order).words
    fields = {f"lo_{line.id}_{soon.id}": "1", f"lo_{line.id}_{late.id}": "2"}
    tap(shop, order, "lo", lots=fields)
    assert taken(order) == {soon.id: 1, late.id: 2}
    assert db.session.scalars(sa.select(Deed.action).order_by(Deed.seq)).all()[-1] == "order:name_lots"


@pytest.mark.parametrize(
    ("units", "status", "words"),
    [("4", 422, "Mời gõ số từ 0 đến 3."), ("x", 422, "0 là không lấy từ lô này"), ("-1", 422, "Mời gõ số")],
)
def test_more_than_is_to_be_sent_is_refused(
    shop: Shop, pack: int, units: str, status: int, words: str
) -> None:
    lot = a_lot_of(pack, "A1")
    order = packed(pack, somewhere(), 3)
    [line] = reload(order.id).lines
    assert words in tap(shop, order, "lo", status, {f"lo_{line.id}_{lot.id}": units})
    assert taken(order) == {lot.id: 3}


def test_a_lot_that_must_not_be_sent_is_refused(shop: Shop, pack: int) -> None:
    good, old = a_lot_of(pack, "A1"), a_lot_of(pack, "C1", date(2026, 11, 20))
    order = packed(pack, somewhere(), 3)
    [line] = reload(order.id).lines
    for wrong in (old.id, a_lot_of(goods(shop, "Bưởi", on_hand=0), "X1").id, 999_999):
        words = tap(shop, order, "lo", 409, {f"lo_{line.id}_{wrong}": "1"})
        assert "quá hạn dùng hoặc bị thu hồi" in words
    assert taken(order) == {good.id: 3}


def test_lots_that_ran_out_of_days_since_are_packed_anew(shop: Shop, pack: int) -> None:
    soon, late = a_lot_of(pack, "A1"), a_lot_of(pack, "B1", date(2027, 8, 1))
    order = packed(pack, somewhere(), 2)
    with unit_of_work() as session:
        session.get_one(Lot, soon.id).use_by = date(2026, 11, 20)
    assert "Mời chọn lô khác" in tap(shop, order, "gui", 409, lan=1)
    [line] = reload(order.id).lines
    tap(shop, order, "lo", lots={f"lo_{line.id}_{soon.id}": "0", f"lo_{line.id}_{late.id}": "2"})
    tap(shop, order, "gui", lan=1)
    assert taken(order) == {late.id: 2}


def test_an_order_held_back_says_why_and_what_to_do(app: Flask, shop: Shop, pack: int) -> None:
    lot = a_lot_of(pack, "CK2611-02")
    order, first = confirmed(pack, somewhere()), waiting(pack, somewhere(), phone="0987000111")
    recall = recalled(RecallScope.LOT, lot.id)
    page = order_page(shop, order)
    assert "chưa gói, chưa gửi được" in page.words
    assert f"/thu-hoi/{recall.code}" in page.links()
    assert "Đã gói xong" not in page.words
    inbox = visit(shop.browser.client, f"{shop.base}/don-hang?muc=can-goi", statements=14)
    assert "mở đơn" in inbox.words
    paper = visit(shop.browser.client, f"{shop.base}/don-hang/phieu-soan?don={order.id}", statements=14)
    assert "KHÔNG GỬI" in paper.words
    for deed in ("goi", "gui", "da-lay"):
        assert "đang bị thu hồi" in tap(shop, order, deed, 409, lan=1)
    assert "chưa gói, chưa gửi được" in order_page(shop, first).words
    number = reload(order.id).group.number
    buyer = visit(app.test_client(), f"/don-hang/{number}/{order_secret(number)}", statements=10)
    assert "đang dừng lại" in buyer.words
    assert f"/thu-hoi/{recall.code}" in buyer.links()


def test_recalled_goods_are_left_out_and_the_rest_is_sent(shop: Shop, pack: int) -> None:
    a_lot_of(pack, "CK2611-02")
    order = confirmed(pack, somewhere())
    recalled(RecallScope.PRODUCT, product_id(pack))
    tap(shop, order, "bo-hang-thu-hoi")
    kept = reload(order.id)
    assert (kept.status, kept.cancel_reason) == (OrderStatus.CANCELED, "recalled")
    assert db.session.scalars(sa.select(Refund.id)).all() == []
    assert "order:leave_recalled_out" in db.session.scalars(sa.select(Deed.action)).all()
    tap(shop, order, "bo-hang-thu-hoi")


def test_what_was_sent_of_a_recalled_lot_is_told_on_its_order(shop: Shop, pack: int) -> None:
    lot = a_lot_of(pack, "CK2611-02")
    order = on_the_way(pack, somewhere())
    recalled(RecallScope.LOT, lot.id)
    assert "khách đã được báo" in order_page(shop, order).words


def product_id(variant_id: int) -> int:
    """Return the product of a pack."""
    db.session.rollback()
    return db.session.get_one(Variant, variant_id).product_id

"""Labels of lots in the workspace: ordered, handed out, put to use, made void, printed anew."""

import csv
import io
from typing import Any

import pytest
import sqlalchemy as sa

from marketplace.database import db, unit_of_work
from marketplace.traceability.codes.models import LabelBatch, SerialCode, SerialState, VoidReason
from marketplace.traceability.lots.models import Lot
from tests.factories.lots import a_lot, a_material_lot
from tests.factories.shop_sheets import Goods, goods_of
from tests.signin.browsing import write
from tests.workspace.conftest import Shop


@pytest.fixture
def goods(shop: Shop) -> Goods:
    """What the shop sells."""
    found: Goods = write(goods_of, shop.producer)
    return found


@pytest.fixture
def lot(goods: Goods) -> Lot:
    """A lot of 48 packs."""
    found: Lot = write(a_lot, goods.product, variant_id=goods.packs[0].id)
    return found


def order(shop: Shop, lot: Lot, status: int = 303, **changes: Any) -> Any:
    fields = {"kho": "a4-24", "so_tem": "10", "muc": "item", **changes}
    return shop.browser.send(f"{shop.base}/lo/{lot.id}/tem", status, **fields)


def batches() -> list[LabelBatch]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(LabelBatch).order_by(LabelBatch.id)))


def read(lot: Lot) -> Lot:
    db.session.rollback()
    return db.session.get_one(Lot, lot.id, populate_existing=True)


def states() -> list[tuple[int, SerialState]]:
    db.session.rollback()
    rows = db.session.execute(sa.select(SerialCode.number, SerialCode.state).order_by(SerialCode.number))
    return [(number, state) for number, state in rows]


def test_labels_are_ordered_and_handed_out(shop: Shop, lot: Lot) -> None:
    assert shop.browser.open(f"{shop.base}/lo/{lot.id}/tem").one("#so_tem")["value"] == "48"
    answer = order(shop, lot)
    [batch] = batches()
    at = f"{shop.base}/lo/{lot.id}/tem/{batch.id}"
    assert answer.location == at
    page = shop.staff_browser.open(at)
    assert page.heading == "Tem 0001 đến 0010"
    assert "10 đã in, chưa dùng" in page.words
    for query in ("", "?bo_qua=5", "?bo_qua=99"):
        pdf = shop.staff_browser.client.get(f"{at}.pdf{query}")
        assert pdf.content_type == "application/pdf"
        assert pdf.data.startswith(b"%PDF-")
        assert pdf.headers["Content-Disposition"] == f"attachment; filename=tem-{lot.code}-1.pdf"
    table = list(csv.reader(io.StringIO(shop.browser.client.get(f"{at}.csv").text.removeprefix("\ufeff"))))
    assert len(table) == 11
    assert f"/10/{lot.code}/21/" in table[1][1]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kho": "x"}, "kho"),
        ({"so_tem": "0"}, "so_tem"),
        ({"so_tem": "x"}, "so_tem"),
        ({"so_tem": "2001"}, "so_tem"),
        ({"kho": "a4-65", "ma_cao": "1"}, "kho"),
        ({"muc": "lot", "ma_cao": "1"}, "kho"),
    ],
)
def test_what_is_wrong_is_named(shop: Shop, lot: Lot, changes: dict[str, Any], field: str) -> None:
    answer = order(shop, lot, 422, **changes)
    assert f'href="#{field}"' in answer.text
    assert f'id="{field}"' in answer.text
    assert batches() == []


@pytest.mark.parametrize("pins", [{}, {"ma_cao": "1"}])
def test_an_order_sent_twice_is_one_batch(shop: Shop, goods: Goods, lot: Lot, pins: dict[str, Any]) -> None:
    at = f"{shop.base}/lo/{lot.id}/tem"
    key = str(shop.browser.open(at).one("input[name=ma_don]")["value"])
    assert key != str(shop.browser.open(at).one("input[name=ma_don]")["value"])
    order(shop, lot, 200 if pins else 303, ma_don=key, **pins)
    [batch] = batches()
    assert order(shop, lot, ma_don=key, **pins).location == f"{at}/{batch.id}"
    assert "Lần in này đã tạo rồi" in shop.browser.open(f"{at}/{batch.id}").words
    assert len(states()) == 10
    order(shop, lot, ma_don=key, so_tem="4")
    assert [one.count for one in batches()] == [10, 4]
    other = write(a_lot, goods.product)
    order(shop, other, ma_don=key)
    assert len(batches()) == 3


def test_labels_alike_have_no_numbers(shop: Shop, lot: Lot) -> None:
    order(shop, lot, muc="lot")
    [batch] = batches()
    page = shop.browser.open(f"{shop.base}/lo/{lot.id}/tem/{batch.id}")
    assert page.heading == "10 tem chung một mã"
    assert "Huỷ tem" not in page.words
    assert shop.browser.client.get(f"{shop.base}/lo/{lot.id}/tem/{batch.id}.pdf").status_code == 200
    assert "10 tem chung một mã" in shop.browser.open(f"{shop.base}/lo/{lot.id}").words


def test_labels_with_a_pin_are_handed_out_at_once_and_never_again(shop: Shop, lot: Lot) -> None:
    answer = order(shop, lot, 200, ma_cao="1")
    assert answer.data.startswith(b"%PDF-")
    [batch] = batches()
    at = f"{shop.base}/lo/{lot.id}/tem/{batch.id}"
    page = shop.browser.open(at)
    assert f"{at}.pdf" not in page.links()
    assert "mã bí mật" in page.words
    answer = shop.browser.send(f"{at}/in-lai", 200, lai_tu="3", ma_cao="1")
    assert answer.data.startswith(b"%PDF-")
    assert len(batches()) == 2


def test_labels_are_put_to_use_made_void_and_printed_anew(shop: Shop, lot: Lot) -> None:
    order(shop, lot)
    [batch] = batches()
    at = f"{shop.base}/lo/{lot.id}/tem/{batch.id}"
    shop.staff_browser.send(f"{at}/dung")
    assert {state for _number, state in states()} == {SerialState.ACTIVE}
    assert "10 đang dùng" in shop.browser.open(f"{shop.base}/lo/{lot.id}").words
    shop.browser.send(f"{at}/huy", huy_tu="2", huy_den="3", ly_do="lost")
    assert [number for number, state in states() if state is SerialState.VOID] == [2, 3]
    reasons = set(db.session.scalars(sa.select(SerialCode.void_reason)))
    assert reasons == {None, VoidReason.LOST}
    answer = shop.browser.send(f"{at}/in-lai", lai_tu="9", lai_den="10")
    anew = batches()[1]
    assert answer.location == f"{shop.base}/lo/{lot.id}/tem/{anew.id}"
    assert (anew.first_number, anew.count, anew.reprint_of_id) == (11, 2, batch.id)
    assert [number for number, state in states() if state is SerialState.VOID] == [2, 3, 9, 10]


@pytest.mark.parametrize(
    ("deed", "fields", "field"),
    [
        ("huy", {"huy_tu": "x", "ly_do": "lost"}, "huy_tu"),
        ("huy", {"huy_tu": "1", "huy_den": "11", "ly_do": "lost"}, "huy_tu"),
        ("huy", {"huy_tu": "3", "huy_den": "2", "ly_do": "lost"}, "huy_tu"),
        ("huy", {"huy_tu": "1", "huy_den": "x", "ly_do": "lost"}, "huy_den"),
        ("huy", {"huy_tu": "1", "ly_do": "reprinted"}, "ly_do"),
        ("in-lai", {"lai_tu": ""}, "lai_tu"),
        ("in-lai", {"lai_tu": "12"}, "lai_tu"),
    ],
)
def test_numbers_that_are_none_of_the_batch_are_named(
    shop: Shop, lot: Lot, deed: str, fields: dict[str, str], field: str
) -> None:
    order(shop, lot)
    at = f"{shop.base}/lo/{lot.id}/tem/{batches()[0].id}"
    answer = shop.browser.send(f"{at}/{deed}", 422, **fields)
    assert f'href="#{field}"' in answer.text
    assert f'id="{field}"' in answer.text
    assert {state for _number, state in states()} == {SerialState.PRINTED}


def test_void_labels_are_left_out_and_not_printed_anew(shop: Shop, lot: Lot) -> None:
    order(shop, lot, so_tem="2")
    at = f"{shop.base}/lo/{lot.id}/tem/{batches()[0].id}"
    shop.browser.send(f"{at}/huy", huy_tu="1", huy_den="2", ly_do="spoilt")
    assert shop.browser.client.get(f"{at}.pdf").status_code == 303
    answer = shop.browser.send(f"{at}/in-lai", 422, lai_tu="1")
    assert 'href="#lai_tu"' in answer.text


def test_a_code_is_handed_out_as_a_picture(shop: Shop, lot: Lot) -> None:
    assert read(lot).printed_at is None
    for form, begins in (("svg", b"<svg"), ("png", b"\x89PNG")):
        answer = shop.browser.client.get(f"{shop.base}/lo/{lot.id}/qr.{form}")
        assert answer.data.startswith(begins)
        assert answer.content_type.startswith("image/")
        assert read(lot).printed_at == lot.created_at
    assert shop.browser.client.get(f"{shop.base}/lo/{lot.id}/datamatrix.svg").status_code in {404, 409}
    material = write(a_material_lot, shop.producer)
    assert shop.browser.client.get(f"{shop.base}/lo/{material.id}/qr.svg").status_code == 404


def test_what_must_not_be_sold_is_not_labelled(shop: Shop, lot: Lot) -> None:
    with unit_of_work() as session:
        session.get_one(Lot, lot.id).recalled_at = lot.created_at
    assert 'href="#kho"' in order(shop, lot, 409).text
    assert batches() == []


def test_a_rival_finds_no_labels(shop: Shop, rival: Shop, lot: Lot) -> None:
    order(shop, lot)
    [batch] = batches()
    other = write(a_lot, write(goods_of, rival.producer, "Bưởi", ("BUOI-1",)).product)
    for base, number in ((shop.base, lot.id), (rival.base, lot.id), (rival.base, other.id)):
        at = f"{base}/lo/{number}/tem/{batch.id}"
        for path in (at, f"{at}.pdf", f"{at}.csv"):
            assert rival.browser.client.get(path).status_code == 404
        for deed in ("dung", "huy", "in-lai"):
            rival.browser.send(f"{at}/{deed}", 404, huy_tu="1", lai_tu="1", ly_do="lost")
    rival.browser.send(f"{shop.base}/lo/{lot.id}/tem", 404, kho="a4-24", so_tem="1", muc="item")
    rival.browser.send(f"{rival.base}/lo/{lot.id}/tem", 404, kho="a4-24", so_tem="1", muc="item")
    assert rival.browser.client.get(f"{rival.base}/lo/{lot.id}/qr.svg").status_code == 404
    assert {state for _number, state in states()} == {SerialState.PRINTED}

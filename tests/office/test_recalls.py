"""Recalls at the office: found fast, shown before the deed, ordered in one step, lifted by somebody else."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask

from marketplace import clock, jobs
from marketplace.catalogue.models import Product, Variant
from marketplace.database import db, unit_of_work
from marketplace.ordering.lots import shelve
from marketplace.ordering.stock import receive
from marketplace.producers.models import Producer
from marketplace.traceability.lots.models import Lot
from marketplace.traceability.recalls.goods import trace_path
from marketplace.traceability.recalls.models import Recall, RecallScope
from tests.conftest import NOON
from tests.factories.catalogue import a_product, a_variant
from tests.factories.deeds import deeds
from tests.factories.lots import a_lot, serials
from tests.factories.office import Desk
from tests.factories.recalls import ADVICE, WORDS, a_recall, recalled
from tests.signin.browsing import Browser

PAGE = "/van-phong/thu-hoi"
TOLD: dict[str, Any] = {"ly_do": "contamination", "loi": WORDS, "khuyen": ADVICE}
REASON = "Mẫu kiểm lại đạt, bán tiếp được."


@pytest.fixture
def lot(desk: Desk) -> Lot:
    """A lot of a product of the own units, on the shelf."""
    with unit_of_work() as session:
        product = session.get_one(Product, desk.other_product)
        variant = a_variant(session, product)
        made = a_lot(session, product, variant_id=variant.id, code="MO2611-07")
        receive(session, variant.id, 48, "produced", clock.now())
        shelve(session, made, clock.now(), add_to_stock=False)
        return made


def kept() -> Recall:
    """The only recall there is."""
    db.session.rollback()
    [recall] = db.session.query(Recall).all()
    return recall


def test_a_lot_is_found_by_what_stands_on_the_pack(office: Browser, lot: Lot) -> None:
    for typed in ("mo2611-07", "MO2611", f"https://cho.example{path_of(lot)}"):
        page = office.open(f"{PAGE}/moi?q={typed}")
        assert f"{PAGE}/moi/lo/{lot.id}" in page.links(), typed
    assert "Mật ong rừng, lô MO2611-07" in page.words


def path_of(lot: Lot) -> str:
    """Return the trace address of a lot."""
    db.session.rollback()
    product = db.session.get_one(Product, lot.product_id)
    return trace_path(product, db.session.get_one(Lot, lot.id))


def test_every_code_on_a_pack_leads_to_it(desk: Desk, office: Browser, lot: Lot) -> None:
    with unit_of_work() as session:
        product = session.get_one(Product, desk.other_product)
        product.gtin = "09521234543213"
        [code] = serials(session, session.get_one(Lot, lot.id), 1)
        producer = session.get_one(Producer, product.producer_id)
        other = a_lot(session, a_product(session, "Cam", producer=producer), code=lot.code)
        dated, serial = a_lot(session, product, code="20261108"), code.serial
    of_lot, of_product = f"{PAGE}/moi/lo/{lot.id}", f"{PAGE}/moi/san-pham/{desk.other_product}"
    site = "https://cho.example/01/09521234543213"
    for typed, product_too in (
        ("9521234543213", True),
        ("0952 1234 543213", True),
        (site, True),
        (f"{site}/21/{serial}", False),
        (f"{site}/21/KHONG-CO", True),
        (serial.lower(), False),
        (f"{site}/10/mo2611-07", False),
        (f"{site}/10/MO2611-07/21/{serial}?17=270514", False),
    ):
        links = office.open(f"{PAGE}/moi?{urlencode({'q': typed})}").links()
        assert of_lot in links, typed
        assert (of_product in links) == product_too, typed
        assert f"{PAGE}/moi/lo/{other.id}" not in links, typed
    assert f"{PAGE}/moi/lo/{dated.id}" in office.open(f"{PAGE}/moi?q=20261108").links()
    for unknown in ("https://cho.example/01/09520000000011/10/MO2611-07", "https://cho.example/10/MO2611-07"):
        assert "Không thấy lô" in office.open(f"{PAGE}/moi?{urlencode({'q': unknown})}").words


def test_products_and_producers_are_found_by_name(desk: Desk, office: Browser) -> None:
    assert f"{PAGE}/moi/san-pham/{desk.other_product}" in office.open(f"{PAGE}/moi?q=mat+ong").links()
    assert f"{PAGE}/moi/chu-the/{desk.producer}" in office.open(f"{PAGE}/moi?q=cam+khe").links()
    assert "Không thấy lô" in office.open(f"{PAGE}/moi?q=zzz").words
    assert office.open(f"{PAGE}/moi").words.count("Chỉ một lô") == 0


def test_the_deed_is_shown_before_it_is_done(office: Browser, lot: Lot) -> None:
    page = office.open(f"{PAGE}/moi/lo/{lot.id}")
    assert page.heading == "Thu hồi Mật ong rừng, lô MO2611-07"
    assert "Gói của các lô ấy còn trên kệ 48" in page.words
    assert db.session.query(Recall).count() == 0


def test_a_recall_is_ordered_in_one_step_and_put_on_record(office: Browser, lot: Lot, app: Flask) -> None:
    answer = office.send(f"{PAGE}/moi/lo/{lot.id}", cong_van="12/QLTT", **TOLD)
    recall = kept()
    assert answer.location.endswith(f"{PAGE}/{recall.code}")
    assert (recall.scope, recall.lot_id, recall.by_office) == (RecallScope.LOT, lot.id, True)
    assert recall.document_number == "12/QLTT"
    assert len(deeds("recall:order")) == 1
    jobs.do_all()
    page = office.open(f"{PAGE}/{recall.code}")
    assert WORDS in page.words
    assert "đang làm" not in page.words
    assert "Mật ong rừng, lô MO2611-07" in office.open(PAGE).words
    db.session.rollback()
    assert db.session.get_one(Variant, lot.variant_id, populate_existing=True).halted


def test_what_is_missing_is_told_beside_its_field(office: Browser, lot: Lot) -> None:
    path = f"{PAGE}/moi/lo/{lot.id}"
    for fields, words in (
        ({**TOLD, "ly_do": ""}, "Mời chọn một lý do."),
        ({**TOLD, "loi": "ngắn"}, "Mời viết từ 10 đến 1000 chữ."),
        ({**TOLD, "khuyen": ""}, "Mời viết từ 10 đến 1000 chữ."),
        ({**TOLD, "cong_van": "9" * 61}, "Mời viết từ 0 đến 60 chữ."),
    ):
        answer = office.send(path, status=422, **fields)
        assert words in answer.text
    assert db.session.query(Recall).count() == 0


def test_what_is_recalled_already_leads_to_its_recall(office: Browser, lot: Lot) -> None:
    recall = a_recall(RecallScope.LOT, lot.id)
    answer = office.send(f"{PAGE}/moi/lo/{lot.id}", **TOLD)
    assert answer.location.endswith(f"{PAGE}/{recall.code}")
    assert "đang bị thu hồi rồi" in office.open(f"{PAGE}/{recall.code}").words


def test_the_office_beyond_its_units_finds_nothing(desk: Desk, browser: Browser, lot: Lot) -> None:
    recall = a_recall(RecallScope.LOT, lot.id)
    browser.enter_as(desk.stranger)
    assert recall.code not in browser.open(PAGE).words
    assert browser.open(f"{PAGE}/moi?q=MO2611").links().count(f"{PAGE}/moi/lo/{lot.id}") == 0
    browser.open(f"{PAGE}/{recall.code}", status=404)
    for path in (f"lo/{lot.id}", f"san-pham/{desk.other_product}", f"chu-the/{desk.producer}"):
        browser.open(f"{PAGE}/moi/{path}", status=404)
        browser.send(f"{PAGE}/moi/{path}", status=404, **TOLD)
    for deed in ("go", "ban-tiep"):
        browser.send(f"{PAGE}/{recall.code}/{deed}", status=404, ly_do_go=REASON)


def test_identity_is_proved_before_the_form_is_filled_in(desk: Desk, office: Browser, lot: Lot) -> None:
    with clock.stopped(NOON + timedelta(minutes=20)):
        assert office.client.get(f"{PAGE}/moi/lo/{lot.id}").location == "/xac-nhan-lai"


def test_who_ordered_a_recall_does_not_lift_it(desk: Desk, office: Browser, app: Flask, lot: Lot) -> None:
    office.send(f"{PAGE}/moi/lo/{lot.id}", **TOLD)
    code = kept().code
    assert "mời một cán bộ khác" in office.open(f"{PAGE}/{code}").words
    office.send(f"{PAGE}/{code}/go", status=409, ly_do_go=REASON)
    assert kept().in_force
    browser = Browser(app)
    browser.enter_as(desk.second)
    assert "Mời viết từ 10" in browser.send(f"{PAGE}/{code}/go", status=422, ly_do_go="").text
    browser.send(f"{PAGE}/{code}/go", ly_do_go=REASON)
    assert not kept().in_force
    assert len(deeds("recall:lift")) == 1
    assert "đã được gỡ trước đó" in browser.send(f"{PAGE}/{code}/go", status=409, ly_do_go=REASON).text
    assert REASON in browser.open(f"{PAGE}/{code}").words


def test_other_lots_are_sold_again_once_this_one_is_off_the_shelf(office: Browser, lot: Lot) -> None:
    recall = a_recall(RecallScope.LOT, lot.id)
    refused = office.send(f"{PAGE}/{recall.code}/ban-tiep", status=409)
    assert "chưa rút xong khỏi kho" in refused.text
    jobs.do_all()
    office.send(f"{PAGE}/{recall.code}/ban-tiep")
    assert "Lô này vẫn bị thu hồi" in office.open(f"{PAGE}/{recall.code}").words
    assert len(deeds("recall:resume")) == 1
    db.session.rollback()
    assert not db.session.get_one(Variant, lot.variant_id, populate_existing=True).halted


def test_recalls_of_products_and_producers_are_ordered_alike(desk: Desk, office: Browser) -> None:
    office.send(f"{PAGE}/moi/san-pham/{desk.other_product}", **TOLD)
    office.send(f"{PAGE}/moi/chu-the/{desk.producer}", **TOLD)
    jobs.do_all()
    words = office.open(PAGE).words
    assert "Mật ong rừng, mọi lô" in words
    assert "mọi hàng của HTX Cam Khe Mây" in words


def test_a_commune_sees_what_lies_in_it(desk: Desk, browser: Browser) -> None:
    recall = recalled(RecallScope.PRODUCER, desk.producer)
    browser.enter_as(desk.commune_officer)
    assert recall.code in browser.open(PAGE).words

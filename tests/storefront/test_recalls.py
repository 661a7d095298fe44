"""Recalls in public: on the pages they concern, in a list, each at its own address, and as a feed."""

import json

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from marketplace import clock, jobs
from marketplace.accounts.permissions import Actor
from marketplace.database import unit_of_work
from marketplace.ordering.fulfillment import confirm_order, ship
from marketplace.ordering.models import OrderLine
from marketplace.ordering.secret import order_secret
from marketplace.traceability.recalls.acts import lift_recall
from marketplace.traceability.recalls.models import Recall, RecallScope
from tests.factories.accounts import a_person
from tests.factories.catalogue import a_product
from tests.factories.lots import a_lot, a_material_lot, from_lot
from tests.factories.ordering import a_commune, ordered, product_of, seller_of, stocked
from tests.factories.recalls import ADVICE, WORDS, a_recall, recalled
from tests.pages import visit

LIFTED = "Mẫu kiểm lại đạt, bán tiếp được."


@pytest.fixture
def recall(app: Flask) -> Recall:
    """A lot of a product on sale, recalled."""
    with unit_of_work() as session:
        variant = stocked(session, "Nước mắm Ba Làng")
        lot = a_lot(session, product_of(session, variant), variant_id=variant.id, code="NM2611-02")
    return recalled(RecallScope.LOT, lot.id)


def lift(recall: Recall) -> None:
    """Have somebody lift a recall."""
    with unit_of_work() as session:
        lift_recall(session, Actor(a_person(session).id), recall, LIFTED, clock.now())
    jobs.do_all()


def test_the_pages_of_goods_and_makers_say_what_is_recalled(client: FlaskClient, recall: Recall) -> None:
    for path in ("/san-pham/nuoc-mam-ba-lang", "/chu-the/htx-nuoc-mam-ba-lang"):
        page = visit(client, path, statements=None)
        assert f"Nước mắm Ba Làng, lô NM2611-02. {ADVICE}" in page.words
        assert page.soup.select(f'main a[href="/thu-hoi/{recall.code}"]')
    assert "Chợ ngừng bán sản phẩm này" in visit(client, "/san-pham/nuoc-mam-ba-lang", statements=None).words
    lift(recall)
    for path in ("/san-pham/nuoc-mam-ba-lang", "/chu-the/htx-nuoc-mam-ba-lang"):
        assert "thu hồi" not in visit(client, path, statements=None).words


def test_a_notice_keeps_its_address_when_it_is_lifted(client: FlaskClient, recall: Recall) -> None:
    page = visit(client, f"/thu-hoi/{recall.code}")
    assert WORDS in page.words
    assert ADVICE in page.words
    assert "đang thu hồi" in page.words
    lift(recall)
    page = visit(client, f"/thu-hoi/{recall.code}")
    assert LIFTED in page.words
    assert "đang thu hồi" not in page.words
    assert client.get("/thu-hoi/TH000000-XXXX").status_code == 404


def test_the_list_shows_recalls_in_force_first(client: FlaskClient, recall: Recall) -> None:
    lift(recall)
    with unit_of_work() as session:
        newer = stocked(session, "Kẹo cu đơ").product_id
    a_recall(RecallScope.PRODUCT, newer)
    names = [one.get_text() for one in visit(client, "/thu-hoi").soup.select("main h3")]
    assert names == ["Kẹo cu đơ, mọi lô", "Nước mắm Ba Làng, lô NM2611-02"]


def test_an_empty_list_offers_ways_on(client: FlaskClient) -> None:
    assert "Chưa có hàng nào bị thu hồi" in visit(client, "/thu-hoi").words


def test_programs_read_recalls_as_a_feed(client: FlaskClient, recall: Recall) -> None:
    answer = client.get("/thu-hoi.json")
    assert answer.content_type == "application/feed+json; charset=utf-8"
    feed = json.loads(answer.data)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    [item] = feed["items"]
    assert (item["id"], item["url"]) == (recall.code, f"{feed['home_page_url']}/{recall.code}")
    assert item["tags"] == ["contamination", "in-force"]
    told = item["_recall"]
    assert (told["scope"], told["lot"], told["in_force"]) == ("lot", "NM2611-02", True)
    assert told["trace_url"].endswith("/10/NM2611-02")
    lift(recall)
    [item] = json.loads(client.get("/thu-hoi.json").data)["items"]
    assert item["tags"] == ["contamination", "lifted"]
    assert LIFTED in item["content_text"]


@pytest.mark.parametrize("scope", [RecallScope.PRODUCT, RecallScope.PRODUCER])
def test_wider_recalls_are_told_alike(client: FlaskClient, scope: RecallScope) -> None:
    with unit_of_work() as session:
        product = product_of(session, stocked(session, "Nước mắm Ba Làng"))
        subject = product.id if scope is RecallScope.PRODUCT else product.producer_id
    recall = a_recall(scope, subject or 0)
    for path in ("/san-pham/nuoc-mam-ba-lang", f"/thu-hoi/{recall.code}", "/thu-hoi"):
        assert "thu hồi" in visit(client, path, statements=None).words
    [item] = json.loads(client.get("/thu-hoi.json").data)["items"]
    assert item["_recall"]["scope"] == scope.value


def test_a_recall_of_material_names_the_packs_it_went_into(client: FlaskClient) -> None:
    with unit_of_work() as session:
        variant = stocked(session, "Kẹo cu đơ")
        product = product_of(session, variant)
        product.gtin = "09521234543213"
        material = a_material_lot(session, seller_of(session, variant), "Mật mía", code="NL01")
        a_lot(session, product, variant_id=variant.id, code="KCD-07", inputs=(from_lot(material),))
        a_lot(session, product, variant_id=variant.id, code="KCD-08")
    recall = a_recall(RecallScope.LOT, material.id)
    page = visit(client, f"/thu-hoi/{recall.code}")
    assert "Kẹo cu đơ, lô KCD-07 GTIN 09521234543213" in page.words
    assert "/01/09521234543213/10/KCD-07" in page.links()
    assert "KCD-08" not in page.words
    [item] = json.loads(client.get("/thu-hoi.json").data)["items"]
    [lot] = item["_recall"]["lots"]
    assert (lot["product"], lot["gtin"], lot["lot"]) == ("Kẹo cu đơ", "09521234543213", "KCD-07")
    assert lot["trace_url"].endswith("/01/09521234543213/10/KCD-07")


def test_a_recall_of_a_product_names_what_was_made_of_it(client: FlaskClient) -> None:
    with unit_of_work() as session:
        variant = stocked(session, "Mật ong")
        made = a_product(session, "Kẹo mật ong", producer=seller_of(session, variant))
        honey = a_lot(session, product_of(session, variant), code="MO1")
        a_lot(session, made, code="K1", inputs=(from_lot(honey),))
    recall = a_recall(RecallScope.PRODUCT, variant.product_id)
    words = visit(client, f"/thu-hoi/{recall.code}").words
    assert "Kẹo mật ong, lô K1" in words
    assert "MO1" not in words


def test_a_recall_of_a_producer_names_its_products(client: FlaskClient) -> None:
    with unit_of_work() as session:
        product = product_of(session, stocked(session, "Mật ong"))
        a_lot(session, product, code="MO1")
    recall = a_recall(RecallScope.PRODUCER, product.producer_id or 0)
    page = visit(client, f"/thu-hoi/{recall.code}")
    assert "Mật ong, mọi lô" in page.words
    assert "MO1" not in page.words
    [item] = json.loads(client.get("/thu-hoi.json").data)["items"]
    assert [one["product"] for one in item["_recall"]["products"]] == ["Mật ong"]


@pytest.mark.parametrize("part_sent", [True, False])
def test_only_who_may_cancel_is_told_so(app: Flask, part_sent: bool) -> None:
    with unit_of_work() as session:
        variant, commune = stocked(session, "Mật ong"), a_commune(session)
    group = ordered({variant.id: 3}, commune)
    [order] = group.orders
    with unit_of_work() as session:
        confirm_order(session, order.id, clock.now())
        line = session.scalar(sa.select(OrderLine.id).where(OrderLine.order_id == order.id)) or 0
        if part_sent:
            ship(session, order.id, {line: 1}, None, None, clock.now())
    recalled(RecallScope.PRODUCT, variant.product_id)
    path = f"/don-hang/{group.number}/{order_secret(group.number)}"
    words = visit(app.test_client(), path, statements=None).words
    assert ("Bạn huỷ được" in words) is not part_sent
    assert ("Muốn bỏ phần ấy, mời gọi người bán" in words) is part_sent

"""The resolver, as GS1's own test suite asks one: links by type, sets of links, odd spellings, errors."""

import json
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import g
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from marketplace import clock
from marketplace.accounts.permissions import Actor
from marketplace.catalogue.models import Product, Publication
from marketplace.database import unit_of_work
from marketplace.sales_points.actions import open_sales_point, stock_product
from marketplace.traceability.codes.link_types import LinkType, read_link_type
from marketplace.traceability.codes.models import LabelBatch, LabelLevel
from marketplace.traceability.codes.serials import mint, next_number
from marketplace.traceability.lots.models import Lot
from marketplace.traceability.recalls.acts import lift_recall
from marketplace.traceability.recalls.models import RecallScope
from tests.catalogue.statements import counted_statements
from tests.factories.accounts import a_person
from tests.factories.catalogue import a_product
from tests.factories.certification import a_certificate, a_decision
from tests.factories.lots import a_lot
from tests.factories.producers import a_producer
from tests.factories.recalls import a_recall

GTIN = "09521234543213"
KEY = f"/01/{GTIN}"
SITE = "http://127.0.0.1:8000"
VOC = "https://ref.gs1.org/voc/"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
LINKSET = "application/linkset+json"


def ask(
    client: FlaskClient, path: str, accept: str = "*/*", method: str = "GET", **headers: str
) -> TestResponse:
    g.pop("style_hash", None)
    return client.open(path, method=method, headers={"Accept": accept, **headers})


def goods(**facts: Any) -> tuple[Product, Lot, str]:
    """Register certified goods with a GTIN, a lot of them, and a label with a serial."""
    with unit_of_work() as session:
        product = a_product(session, "Cam Khe Mây", gtin=GTIN, producer=a_producer(session), **facts)
        a_certificate(session, product, 4, decision=a_decision(session))
        lot = a_lot(session, product, code="PT2611-02")
        serial = label(session, lot)
        return product, lot, serial


def label(session: Any, lot: Lot) -> str:
    batch = LabelBatch(
        lot_id=lot.id,
        level=LabelLevel.ITEM,
        format="a4-24",
        first_number=next_number(session, lot.id),
        count=1,
        made_at=clock.now(),
    )
    session.add(batch)
    session.flush()
    return mint(session, lot, batch.id, 1, False, clock.now())[0].serial


def linkset(client: FlaskClient, path: str) -> list[dict[str, Any]]:
    answer = ask(client, path, LINKSET)
    assert (answer.status_code, answer.content_type) == (200, LINKSET)
    found: list[dict[str, Any]] = json.loads(answer.text)["linkset"]
    return found


def test_browsers_get_the_page_whatever_they_accept_besides(client: FlaskClient) -> None:
    goods()
    for accept in (BROWSER, "*/*", "", "text/html", "application/json", f"text/html,{LINKSET};q=0.5"):
        answer = ask(client, KEY, accept)
        assert (answer.status_code, answer.mimetype) == (200, "text/html")
    assert "Accept" in answer.vary


def test_programs_get_a_set_of_links_by_accept_or_by_link_type(client: FlaskClient) -> None:
    goods()
    by_accept = linkset(client, KEY)
    for kind in ("linkset", "all"):
        answer = ask(client, f"{KEY}?linkType={kind}")
        assert (answer.status_code, answer.content_type) == (200, LINKSET)
        assert json.loads(answer.text)["linkset"] == by_accept
    assert ask(client, f"{KEY}?linkType=linkset", "application/json").content_type == "application/json"
    assert ask(client, f"{KEY}?linkType=linkset", method="HEAD").status_code == 200


def test_the_set_of_a_product_is_as_the_schema_asks(client: FlaskClient) -> None:
    product, _, _ = goods()
    [level] = linkset(client, KEY)
    assert level.pop("anchor") == SITE + KEY
    assert level.pop("description") == product.name
    assert level.pop(f"{VOC}defaultLink") == [{"href": SITE + KEY, "title": "Trang của mã này"}]
    assert set(level) == {
        f"{VOC}{one}" for one in ("pip", "traceability", "certificationInfo", "recallStatus")
    }
    for links in level.values():
        assert [link["hreflang"] for link in links] == [["vi"], ["en"]]
        for link in links:
            assert set(link) == {"href", "title", "type", "hreflang"}
            assert link["href"].startswith(SITE)
            assert ask(client, link["href"].removeprefix(SITE)).status_code == 200
    assert level[f"{VOC}pip"][1]["href"] == f"{SITE}/en/san-pham/{product.slug}"


def test_every_level_down_to_the_pack_has_its_links(client: FlaskClient) -> None:
    _, lot, serial = goods()
    pack = f"{KEY}/10/{lot.code}/21/{serial}"
    levels = linkset(client, pack)
    assert [level["anchor"] for level in levels] == [
        SITE + KEY,
        f"{SITE}{KEY}/10/{lot.code}",
        f"{SITE}{pack}",
    ]
    assert f"{VOC}epcis" in levels[1]
    [events] = levels[1][f"{VOC}epcis"]
    assert events["type"] == "application/ld+json"
    answer = ask(client, events["href"].removeprefix(SITE))
    assert (answer.status_code, answer.mimetype) == (200, "application/ld+json")
    for level in levels:
        assert [link["href"] for link in level[f"{VOC}defaultLink"]] == [level["anchor"]]


def test_a_pack_without_its_lot_in_the_code_has_its_links_too(client: FlaskClient) -> None:
    _, lot, serial = goods()
    levels = linkset(client, f"{KEY}/21/{serial}")
    assert [level["anchor"] for level in levels] == [SITE + KEY, f"{SITE}{KEY}/21/{serial}"]
    assert levels[1]["description"] == f"Cam Khe Mây, lô {lot.code}, tem 0001"
    [events] = levels[1][f"{VOC}epcis"]
    assert events["href"].endswith(f"{KEY}/10/{lot.code}")


def test_a_recall_is_linked_from_what_it_touches(client: FlaskClient) -> None:
    _, lot, _ = goods()
    recall = a_recall(RecallScope.LOT, lot.id)
    product, of_lot = linkset(client, f"{KEY}/10/{lot.code}")
    assert product[f"{VOC}recallStatus"][0]["href"] == f"{SITE}/thu-hoi"
    assert of_lot[f"{VOC}recallStatus"][0]["href"] == f"{SITE}/thu-hoi/{recall.code}"
    asked = ask(client, f"{KEY}/10/{lot.code}?linkType=gs1:recallStatus")
    assert asked.headers["Location"] == f"{SITE}/thu-hoi/{recall.code}"


def test_a_recall_of_the_product_is_linked_from_the_product(client: FlaskClient) -> None:
    product, _, _ = goods()
    recall = a_recall(RecallScope.PRODUCT, product.id)
    [level] = linkset(client, KEY)
    assert level[f"{VOC}recallStatus"][1]["href"] == f"{SITE}/en/thu-hoi/{recall.code}"


def test_every_recall_in_force_is_linked_from_what_it_touches(client: FlaskClient) -> None:
    product, lot, _ = goods()
    own = a_recall(RecallScope.LOT, lot.id, by_office=False)
    of_maker = a_recall(RecallScope.PRODUCER, lot.producer_id, by_office=False)
    office = a_recall(RecallScope.PRODUCT, product.id)
    kind = f"{VOC}recallStatus"
    of_product, of_lot = linkset(client, f"{KEY}/10/{lot.code}")

    def named(level: dict[str, Any]) -> list[str]:
        return [link["href"].rpartition("/")[2] for link in level[kind] if link["hreflang"] == ["vi"]]

    assert named(of_product) == [office.code, of_maker.code]
    assert named(of_lot) == [office.code, of_maker.code, own.code]
    with unit_of_work() as session:
        lift_recall(session, Actor(a_person(session).id), office, "Mẫu kiểm lại đạt, bán tiếp.", clock.now())
    assert named(linkset(client, f"{KEY}/10/{lot.code}")[1]) == [of_maker.code, own.code]


def test_of_several_recalls_whoever_asked_chooses(client: FlaskClient) -> None:
    product, lot, _ = goods()
    recalls = [
        a_recall(RecallScope.LOT, lot.id, by_office=False),
        a_recall(RecallScope.PRODUCT, product.id),
    ]
    path = f"{KEY}/10/{lot.code}"
    for accept in ("*/*", LINKSET):
        answer = ask(client, f"{path}?linkType=gs1:recallStatus", accept)
        [level] = json.loads(answer.text)["linkset"]
        assert (answer.status_code, answer.content_type, level["anchor"]) == (300, LINKSET, SITE + path)
        assert set(level) == {"anchor", "description", f"{VOC}recallStatus"}
        assert len(level[f"{VOC}recallStatus"]) == 4
        assert answer.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    browser = ask(client, f"{path}?linkType=gs1:recallStatus", BROWSER)
    assert (browser.status_code, browser.headers["Location"]) == (307, SITE + path)
    page = ask(client, path, BROWSER).text
    assert all(f"/thu-hoi/{one.code}" in page for one in recalls)


def test_points_that_stock_it_are_linked_once_there_are_some(client: FlaskClient) -> None:
    product, _, _ = goods()
    with unit_of_work() as session:
        stock_product(session, open_sales_point(session, "Điểm Hương Khê"), product.id, None)
    asked = ask(client, f"{KEY}?linkType=gs1:hasRetailers&x=1")
    assert asked.headers["Location"] == f"{SITE}/san-pham/{product.slug}?x=1#mua-tan-noi"
    assert 'id="mua-tan-noi"' in ask(client, f"/san-pham/{product.slug}").text


def test_what_is_not_on_record_has_no_level(client: FlaskClient) -> None:
    _, lot, _ = goods()
    assert len(linkset(client, f"{KEY}/10/KHONG-CO")) == 1
    assert len(linkset(client, f"{KEY}/10/{lot.code}/21/GIA")) == 2


def test_a_token_has_the_same_links(client: FlaskClient) -> None:
    with unit_of_work() as session:
        product = a_product(session, "Mật ong", producer=a_producer(session))
        lot = a_lot(session, product)
    levels = linkset(client, f"/t/{product.trace_token}/10/{lot.code}")
    assert levels[0]["anchor"] == f"{SITE}/t/{product.trace_token}"
    assert f"{VOC}certificationInfo" not in levels[0]
    assert len(levels) == 2


def test_a_product_off_view_has_no_product_page(client: FlaskClient) -> None:
    goods(publication=Publication.WITHDRAWN)
    [level] = linkset(client, KEY)
    assert f"{VOC}pip" not in level
    assert ask(client, f"{KEY}?linkType=gs1:pip").status_code == 404


@pytest.mark.parametrize("kind", ["gs1:pip", f"{VOC}pip", "https://gs1.org/voc/pip", "pip"])
def test_a_link_type_leads_to_its_page(client: FlaskClient, kind: str) -> None:
    product, _, _ = goods()
    answer = client.get(KEY, query_string={"linkType": kind})
    assert (answer.status_code, answer.headers["Location"]) == (307, f"{SITE}/san-pham/{product.slug}")
    assert 'rel="linkset"' in answer.headers["Link"]


def test_a_link_type_is_found_at_the_finest_level_that_has_it(client: FlaskClient) -> None:
    product, lot, _ = goods()
    lot_path = f"{KEY}/10/{lot.code}"
    for kind, path in {
        "traceability": lot_path,
        "defaultLink": lot_path,
        "epcis": f"/api/v1/epcis/history{lot_path}",
        "pip": f"/san-pham/{product.slug}",
    }.items():
        answer = ask(client, f"{lot_path}?linkType=gs1:{kind}")
        assert (answer.status_code, answer.headers["Location"]) == (307, SITE + path)


def test_the_rest_of_the_query_is_passed_on(client: FlaskClient) -> None:
    product, _, _ = goods()
    answer = ask(client, f"{KEY}?foo=bar&linkType=gs1:pip&17=270514")
    assert answer.headers["Location"] == f"{SITE}/san-pham/{product.slug}?foo=bar&17=270514"


def test_a_link_type_without_a_link_is_not_found(client: FlaskClient) -> None:
    goods()
    for kind in ("gs1:epcis", "gs1:locationInfo", "gs1:recipeInfo", "schema:url", "", "//evil.example"):
        assert ask(client, f"{KEY}?linkType={kind}").status_code == 404


@pytest.mark.parametrize(
    ("accepted", "prefix"),
    [
        ("en", "/en"),
        ("en-GB,en;q=0.9,vi;q=0.1", "/en"),
        ("vi", ""),
        ("ja", ""),
        ("vi,en;q=0.9", ""),
        ("*", ""),
    ],
)
def test_the_language_asked_for_decides_between_targets(
    client: FlaskClient, accepted: str, prefix: str
) -> None:
    product, _, _ = goods()
    answer = ask(client, f"{KEY}?linkType=gs1:pip", **{"Accept-Language": accepted})
    assert answer.headers["Location"] == f"{SITE}{prefix}/san-pham/{product.slug}"
    assert "Accept-Language" in answer.vary


def test_an_english_address_leads_to_english_pages(client: FlaskClient) -> None:
    product, _, _ = goods()
    answer = ask(client, f"/en{KEY}?linkType=gs1:pip", **{"Accept-Language": "vi"})
    assert answer.headers["Location"] == f"{SITE}/en/san-pham/{product.slug}"


def test_headers_tell_of_the_set_and_let_other_sites_read(client: FlaskClient) -> None:
    goods()
    for method in ("GET", "HEAD", "OPTIONS"):
        answer = ask(client, KEY, method=method)
        assert answer.status_code == 200
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
        assert f'<{SITE}{KEY}?linkType=linkset>; rel="linkset"' in answer.headers["Link"]
    told = ask(client, KEY, LINKSET).headers
    assert 'rel="http://www.w3.org/ns/json-ld#context"' in ", ".join(told.getlist("Link"))
    assert not client.get("/t").headers.get("Access-Control-Allow-Origin")


def test_forms_of_the_page_are_answered_as_forms(client: FlaskClient) -> None:
    _, lot, serial = goods()
    path = f"{KEY}/10/{lot.code}/21/{serial}?linkType=gs1:traceability"
    answer = client.post(path, data={"pin": "1"}, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 404
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_a_kept_page_is_not_given_to_who_asks_for_links(client: FlaskClient) -> None:
    goods()
    page = ask(client, KEY, BROWSER)
    assert ask(client, KEY, LINKSET).content_type == LINKSET
    again = ask(client, KEY, LINKSET, **{"If-None-Match": page.headers["ETag"]})
    assert (again.status_code, again.content_type) == (200, LINKSET)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"{KEY}/foo", 400),
        (f"{KEY}?17=261399", 400),
        (f"{KEY}?10=L1", 400),
        (f"{KEY}?999=1", 400),
        ("/414/9520123456788?17=1", 400),
        ("/01/9521234543214", 400),
        ("/414/9520123456789", 400),
        ("/gtin/123", 400),
        ("/01/09520123456788", 404),
        ("/414/9520123456788", 404),
        ("/t/khong-co", 404),
        (f"{KEY}?linkType=gs1:smpc", 404),
        ("/khong-co-trang", 404),
        ("/KHONG-CO-TRANG", 404),
        ("/00/006141411234567890", 404),
    ],
)
def test_errors_are_told_by_their_status(client: FlaskClient, path: str, status: int) -> None:
    goods()
    for accept in (BROWSER, LINKSET):
        answer = ask(client, path, accept)
        assert answer.status_code == status
        assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("path", "goal"),
    [
        (f"{KEY}/", KEY),
        ("/01/9521234543213", KEY),
        ("/gtin/9521234543213/lot/A%2FB?17=261231", f"{KEY}/10/A%2FB?17=261231"),
        ("/GTIN/9521234543213/SER/1", f"{KEY}/21/1"),
        ("/gln/9520123456788", "/414/9520123456788"),
        ("/AQnYUc1gmiCNV4JGQhcNT6K6c?x=1", "/01/05412345000013/10/ABC123/21/72292641703?x=1"),
        ("/01/05412345000013/EEarwSMhC4an0V04", "/01/05412345000013/10/ABC123/21/72292641703"),
        ("/QUSaVjC_dA", "/414/5060917510004"),
        ("/en/AQnYUc1gmg", "/en/01/05412345000013"),
    ],
)
def test_odd_spellings_lead_to_the_canonical_address(client: FlaskClient, path: str, goal: str) -> None:
    answer = ask(client, path)
    assert (answer.status_code, answer.headers["Location"]) == (301, goal)


def test_a_compressed_address_tells_what_it_stands_for(client: FlaskClient) -> None:
    answer = ask(client, "/AQnYUc1gmg")
    assert answer.headers["Link"] == f'<{SITE}/01/05412345000013>; rel="owl:sameAs"'


def test_no_address_leads_to_another_site(client: FlaskClient) -> None:
    for path in (
        "//evil.example/01/09521234543213",
        "/gtin//evil.example",
        "/gtin/9521234543213/lot/%2F%2Fevil.example",
        f"{KEY}?linkType=https://evil.example/voc/pip",
    ):
        goal = ask(client, path).headers.get("Location", "/")
        assert urlsplit(goal).hostname in {None, "127.0.0.1", "localhost"}
        assert not goal.startswith("//")


def test_a_set_of_links_takes_few_statements(client: FlaskClient) -> None:
    _, lot, serial = goods()
    with counted_statements() as sent:
        linkset(client, f"{KEY}/10/{lot.code}/21/{serial}")
    assert len(sent) <= 2


def test_the_description_says_what_is_answered(client: FlaskClient) -> None:
    answer = client.get("/.well-known/gs1resolver")
    told = json.loads(answer.text)
    assert answer.content_type == "application/json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert told["resolverRoot"] == SITE
    assert told["supportedPrimaryKeys"] == ["01", "414"]
    assert told["supportedLinkType"] == [{"namespace": VOC, "prefix": "gs1:"}]
    assert told["linkTypeDefaultCanBeLinkset"] is False


def test_link_types_are_read_in_every_spelling() -> None:
    assert read_link_type("gs1:epcis") is LinkType.EPCIS
    assert read_link_type(" https://www.gs1.org/voc/recallStatus ") is LinkType.RECALL
    assert read_link_type("gs1:PIP") is None

"""EPCIS 2.0 over HTTP: what goes out is valid and comes in again, and nothing comes in by halves."""

import json
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from marketplace.accounts.api_keys import Ability
from marketplace.database import db, unit_of_work
from marketplace.traceability.epcis.schema import find_faults
from marketplace.traceability.events.chain import first_broken
from marketplace.traceability.events.models import BizStep, Disposition, EventKind, TraceEvent
from marketplace.traceability.lots.models import Lot
from tests.catalogue.statements import counted_statements
from tests.factories.api import a_key
from tests.factories.catalogue import a_product
from tests.factories.lots import a_lot, a_site, a_zone, an_event, from_zone
from tests.factories.producers import a_producer

CAPTURE, EVENTS = "/api/v1/epcis/capture", "/api/v1/epcis/events"
SITE = "http://127.0.0.1:8000"
GTIN = "09521234543213"
LOT = f"https://x.vn/01/{GTIN}/10/CAM-01"
CONTEXT = [
    "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
    {"ocop": f"{SITE}/ns/ocop#"},
]
WRONG = {"declarationTime": "2026-11-20T00:00:00Z"}


class Shop:
    """A producer with a lot, and a key to speak for it."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        with unit_of_work() as session:
            producer = a_producer(session, "HTX Cam Vũ Quang")
            product = a_product(session, producer=producer, gtin=GTIN)
            self.zone = a_zone(session, producer)
            self.site = a_site(session, producer, gln="9521234543211")
            lot = a_lot(session, product, code="CAM-01", inputs=(from_zone(self.zone),))
            self.headers = a_key(session, producer.id)
            self.lot_id, self.producer_id = lot.id, producer.id

    def send(self, *events: dict[str, Any], **members: Any) -> TestResponse:
        return self.client.post(CAPTURE, data=json.dumps(a_document(*events) | members), headers=self.headers)

    def ask(self, **parameters: str) -> Any:
        answer = self.client.get(EVENTS, query_string=parameters, headers=self.headers)
        assert answer.status_code == 200, answer.text
        return answer.get_json()["epcisBody"]["queryResults"]["resultsBody"]["eventList"]

    def chain(self) -> list[TraceEvent]:
        db.session.rollback()
        found = sa.select(TraceEvent).where(TraceEvent.lot_id == self.lot_id).order_by(TraceEvent.position)
        chain = list(db.session.execute(found).scalars())
        assert first_broken(chain) is None
        return chain


@pytest.fixture
def shop(client: FlaskClient) -> Shop:
    return Shop(client)


def a_document(*events: dict[str, Any]) -> dict[str, Any]:
    return {
        "@context": CONTEXT,
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-11-20T03:00:00Z",
        "epcisBody": {"eventList": list(events)},
    }


def a_storing(number: int = 1, **members: Any) -> dict[str, Any]:
    event = {
        "type": "ObjectEvent",
        "eventID": f"urn:uuid:00000000-0000-4000-8000-{number:012d}",
        "eventTime": "2026-11-20T08:30:00+07:00",
        "eventTimeZoneOffset": "+07:00",
        "action": "OBSERVE",
        "bizStep": "storing",
        "quantityList": [{"epcClass": f"https://id.gs1.org/01/{GTIN}/10/CAM-01", "quantity": 40}],
    }
    return {name: value for name, value in (event | members).items() if value is not None}


def test_a_document_is_captured_whole(shop: Shop) -> None:
    answer = shop.send(
        a_storing(1, bizLocation={"id": f"{SITE}/414/9521234543211"}, disposition="active"),
        a_storing(2, bizStep="https://ref.gs1.org/cbv/BizStep-shipping", **{"ocop:words": "Gửi ra Hà Nội"}),
    )
    assert answer.status_code == 202, answer.text
    assert answer.headers["GS1-EPCIS-Version"] == "2.0.0"
    first, second = shop.chain()[-2:]
    assert (first.biz_step, first.site_id, first.quantity) == (
        BizStep.STORING,
        shop.site.id,
        Decimal(40),
    )
    assert first.disposition is Disposition.ACTIVE
    assert (second.biz_step, second.words) == (BizStep.SHIPPING, "Gửi ra Hà Nội")
    job = shop.client.get(answer.headers["Location"], headers=shop.headers).get_json()
    assert (job["running"], job["success"], job["events"]) == (False, True, 2)


def test_a_document_sent_again_changes_nothing(shop: Shop) -> None:
    first, again = shop.send(a_storing()), shop.send(a_storing())
    assert first.get_json() == again.get_json()
    assert shop.send(a_storing(), creationDate="2026-11-20T04:00:00Z").status_code == 202
    assert len(shop.chain()) == 2


def test_another_event_under_a_known_identity_is_refused(shop: Shop) -> None:
    shop.send(a_storing())
    answer = shop.send(a_storing(quantityList=[{"epcClass": LOT, "quantity": 41}]))
    assert (answer.status_code, answer.get_json()["errors"][0]["pointer"]) == (400, "/epcisBody/eventList/0")
    assert "event_differs" in answer.get_json()["errors"][0]["detail"]


def test_one_bad_event_keeps_out_the_whole_document(shop: Shop) -> None:
    answer = shop.send(a_storing(1), a_storing(2, eventTime="2027-01-01T00:00:00+07:00"))
    assert answer.status_code == 400
    assert answer.content_type == "application/problem+json"
    assert [error["pointer"] for error in answer.get_json()["errors"]] == ["/epcisBody/eventList/1"]
    assert len(shop.chain()) == 1
    db.session.rollback()


@pytest.mark.parametrize(
    ("changes", "pointer", "words"),
    [
        ({"bizStep": "walking"}, "/bizStep", "walking"),
        ({"action": None}, "", "action"),
        ({"eventTime": "2026-11-20"}, "/eventTime", "date-time"),
        ({"eventTimeZoneOffset": "+7"}, "/eventTimeZoneOffset", "+7"),
        ({"type": "WalkEvent"}, "/type", "ObjectEvent"),
        ({"quantityList": []}, "", ""),
        ({"quantityList": [{"epcClass": "urn:epc:idpat:x"}]}, "", "Digital Link"),
        ({"quantityList": [{"epcClass": f"https://x.vn/01/{GTIN}"}]}, "", "no lot"),
        ({"quantityList": [{"epcClass": f"https://x.vn/01/{GTIN}/10/ELSE"}]}, "", "of yours"),
        ({"quantityList": [{"epcClass": "https://x.vn/01/09521234543214/10/A"}]}, "", "Digital Link"),
        (
            {"quantityList": [{"epcClass": LOT, "quantity": -1}]},
            "",
            "above 0",
        ),
        (
            {
                "quantityList": [
                    {"epcClass": LOT, "quantity": 1, "uom": "TNE"}
                ]
            },
            "",
            "TNE",
        ),
        ({"quantityList": [{"epcClass": LOT}, {"epcClass": f"{LOT}2"}]}, "/quantityList", "one lot"),
        ({"errorDeclaration": {**WRONG, "reason": "x:y"}}, "/errorDeclaration/reason", "did_not"),
        ({"ocop:words": "x" * 501}, "/ocop:words", "500"),
        ({"eventID": "urn:" + "x" * 200}, "/eventID", "120"),
        ({"ocop:more": "x" * 9000}, "", "8000"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(shop: Shop, changes: dict[str, Any], pointer: str, words: str) -> None:
    answer = shop.send(a_storing(**changes))
    assert answer.status_code == 400, answer.text
    errors = answer.get_json()["errors"]
    assert any(
        error["pointer"].startswith(f"/epcisBody/eventList/0{pointer}") and words in error["detail"]
        for error in errors
    ), errors
    assert len(shop.chain()) == 1


@pytest.mark.parametrize("body", ["", "[]", "{}", "nonsense", '{"type": "EPCISDocument"}', "[" * 5000])
def test_what_is_no_document_is_refused(shop: Shop, body: str) -> None:
    answer = shop.client.post(CAPTURE, data=body, headers=shop.headers)
    assert (answer.status_code, answer.get_json()["code"]) == (400, "epcis_document_refused")


def test_members_that_have_no_column_are_kept(shop: Shop) -> None:
    sensor = [{"sensorReport": [{"type": "Temperature", "value": -18, "uom": "CEL"}]}]
    answer = shop.send(a_storing(bizStep="loading", sensorElementList=sensor))
    assert answer.status_code == 202, answer.text
    told = shop.ask()[-1]
    assert (told["bizStep"], told["sensorElementList"]) == ("loading", sensor)
    assert shop.chain()[-1].biz_step is BizStep.OTHER


@pytest.mark.parametrize(
    ("kind", "members"),
    [
        (
            "AggregationEvent",
            {
                "parentID": "urn:epc:id:sscc:0614141.1234567890",
                "childQuantityList": [{"epcClass": LOT}],
            },
        ),
        (
            "TransactionEvent",
            {
                "bizTransactionList": [{"type": "po", "bizTransaction": "urn:x:po:1"}],
                "quantityList": [{"epcClass": LOT}],
            },
        ),
        (
            "TransformationEvent",
            {
                "action": None,
                "inputQuantityList": [{"epcClass": "urn:x:cam"}],
                "outputQuantityList": [{"epcClass": LOT}],
            },
        ),
        ("ObjectEvent", {"epcList": [f"https://x.vn/01/{GTIN}/10/CAM-01/21/{n}" for n in (1, 2)]}),
    ],
)
def test_each_kind_of_event_comes_in_and_out(shop: Shop, kind: str, members: dict[str, Any]) -> None:
    answer = shop.send(a_storing(type=kind, **({"quantityList": None} | members)))
    assert answer.status_code == 202, answer.text
    told = shop.ask(eventType=kind)[-1]
    assert {name: told[name] for name in members if members[name] and "uantity" not in name} == {
        name: value for name, value in members.items() if value and "uantity" not in name
    }
    assert shop.chain()[-1].kind is EventKind(kind)


def test_an_error_declaration_takes_an_event_back(shop: Shop) -> None:
    shop.send(a_storing(1))
    declared = {
        "declarationTime": "2026-11-20T05:00:00Z",
        "reason": "incorrect_data",
        "correctiveEventIDs": [a_storing(2)["eventID"]],
    }
    answer = shop.send(a_storing(2, bizStep="packing"), a_storing(1, errorDeclaration=declared))
    assert answer.status_code == 202, answer.text
    told = shop.ask()
    assert [event.get("errorDeclaration", {}).get("correctiveEventIDs") for event in told][-2:] == [
        [a_storing(2)["eventID"]],
        None,
    ]
    assert [event["bizStep"] for event in told][-3:] == ["storing", "storing", "packing"]


def test_a_history_is_valid_and_comes_in_again(shop: Shop, app: Flask) -> None:
    with unit_of_work() as session:
        lot = session.get_one(Lot, shop.lot_id)
        for step in (BizStep.PROCESSING, BizStep.SHIPPING):
            an_event(session, lot, step, site_id=shop.site.id, words="Tiếng Việt có dấu")
        an_event(session, lot, BizStep.GROWING, zone_id=shop.zone.id)
    shop.send(a_storing(9, errorDeclaration=None))
    told = shop.client.get(f"/api/v1/epcis/history/01/{GTIN}/10/CAM-01")
    document = json.loads(told.data)
    assert told.content_type.startswith("application/ld+json"), told.text[:200]
    assert find_faults(document) == []
    assert len(document["epcisBody"]["eventList"]) == 5
    before = len(shop.chain())
    assert shop.client.post(CAPTURE, data=told.data, headers=shop.headers).status_code == 202
    assert len(shop.chain()) == before


def test_events_are_found_by_code_time_and_step(shop: Shop) -> None:
    shop.send(a_storing(1), a_storing(2, bizStep="shipping", eventTime="2026-11-20T10:00:00+07:00"))
    assert len(shop.ask(EQ_bizStep="shipping,storing")) == 2
    assert len(shop.ask(EQ_bizStep="https://ref.gs1.org/cbv/BizStep-shipping")) == 1
    assert len(shop.ask(GE_eventTime="2026-11-20T10:00:00+07:00")) == 1
    assert len(shop.ask(LT_eventTime="2026-11-20T10:00:00+07:00", GE_eventTime="2026-11-20T00:00:00Z")) == 1
    assert len(shop.ask(MATCH_anyEPCClass=LOT)) == 3
    assert shop.ask(MATCH_anyEPCClass=f"https://x.vn/01/{GTIN}/10/ELSE") == []
    assert len(shop.ask(EQ_eventID=a_storing(2)["eventID"], EQ_action="OBSERVE")) == 1


def test_a_long_answer_is_told_in_pages(shop: Shop) -> None:
    shop.send(*(a_storing(number) for number in range(1, 6)))
    seen, address = [], f"{EVENTS}?perPage=2"
    while address:
        answer = shop.client.get(address, headers=shop.headers)
        assert find_faults({**answer.get_json(), "type": "EPCISQueryDocument"}) is not None
        events = answer.get_json()["epcisBody"]["queryResults"]["resultsBody"]["eventList"]
        seen += [event["eventID"] for event in events]
        link = answer.headers.get("Link", "")
        address = link[1 : link.index(">")] if link else ""
    assert len(seen) == len(set(seen)) == 6


@pytest.mark.parametrize(
    "query",
    [
        "EQ_bizStep=walking", "eventType=Walk", "GE_eventTime=yesterday", "GE_eventTime=2026-11-20T10:00",
        "perPage=x", "perPage=1000", "nextPageToken=-1", "WHERE_x=1", "MATCH_anyEPC=urn:x", "EQ_action=GO",
    ],
)  # fmt: skip
def test_queries_that_cannot_be_read_are_refused(shop: Shop, query: str) -> None:
    answer = shop.client.get(f"{EVENTS}?{query}", headers=shop.headers)
    assert (answer.status_code, answer.get_json()["field"]) == (400, query.partition("=")[0])


def test_nobody_writes_or_sees_without_a_key_that_may(shop: Shop) -> None:
    with unit_of_work() as session:
        reader = a_key(session, shop.producer_id, Ability.ORDERS_READ)
        rival = a_key(session, a_producer(session, "HTX Khác").id)
    body = json.dumps(a_document(a_storing()))
    for headers, status in (({}, 401), ({"Authorization": "Bearer ocop_nonsense"}, 401), (reader, 403)):
        answer = shop.client.post(CAPTURE, data=body, headers=headers)
        assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
        assert shop.client.get(EVENTS, headers=headers).status_code == status
    refused = shop.client.post(CAPTURE, data=body, headers=rival)
    assert "of yours" in refused.get_json()["errors"][0]["detail"]
    assert shop.client.get(EVENTS, headers=rival).get_json()["epcisBody"]["queryResults"]["resultsBody"] == {
        "eventList": []
    }
    mine = shop.send(a_storing()).headers["Location"]
    assert shop.client.get(mine, headers=rival).status_code == 404
    assert len(shop.chain()) == 2


def test_a_query_costs_few_statements(shop: Shop) -> None:
    shop.send(*(a_storing(number) for number in range(1, 40)))
    with counted_statements() as counted:
        assert len(shop.ask()) == 40
    assert len(counted) <= 5

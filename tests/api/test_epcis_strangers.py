"""EPCIS from strangers: what is too much, what no database takes, and what others must not see."""

import json
import threading
import time
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from marketplace import clock
from marketplace.accounts.attempts import WINDOWS, Rule
from marketplace.catalogue.models import Publication
from marketplace.database import unit_of_work
from marketplace.traceability.events.models import Action, BizStep, EventKind, TraceEvent
from marketplace.traceability.events.recording import append, lock_chain
from tests.api.test_epcis import CAPTURE, EVENTS, GTIN, LOT, Shop, a_document, a_storing
from tests.factories.api import a_key
from tests.factories.catalogue import a_product
from tests.factories.lots import a_lot
from tests.factories.producers import a_producer


@pytest.fixture
def shop(client: FlaskClient) -> Shop:
    return Shop(client)


def refused(shop: Shop, body: str | bytes) -> list[dict[str, str]]:
    answer = shop.client.post(CAPTURE, data=body, headers=shop.headers)
    assert answer.status_code == 400, answer.text[:500]
    errors: list[dict[str, str]] = answer.get_json()["errors"]
    return errors


@pytest.mark.parametrize(
    ("events", "words"),
    [
        ([{}] * 501, "500 events"),
        ([a_storing(quantityList=[{"x": 1}] * 2_001)], "2000 members"),
        ([a_storing(epcList=["urn:x:1"] * 2_001)], "2000 members"),
        ([a_storing() | {f"x:{number}": 1 for number in range(20_001)}], "20000 values"),
        ([a_storing() | {"ocop:more": "x" * 10_001}], "10000 characters"),
    ],
)
def test_what_is_too_much_is_refused_unjudged(shop: Shop, events: list[Any], words: str) -> None:
    [error] = refused(shop, json.dumps(a_document(*events)))
    assert words in error["detail"]


def test_judging_stops_at_fifty_faults_and_soon(shop: Shop) -> None:
    before = time.process_time()
    assert len(refused(shop, json.dumps(a_document(*[{"type": "ObjectEvent"}] * 500)))) == 50
    assert len(refused(shop, json.dumps(a_document(a_storing(quantityList=[{"x": 1}] * 1_990))))) <= 50
    assert time.process_time() - before < 10


def test_a_key_sends_so_many_documents_in_an_hour(shop: Shop) -> None:
    [window] = WINDOWS[Rule.EPCIS_CAPTURE]
    for _ in range(window.count):
        assert shop.client.post(CAPTURE, data="{}", headers=shop.headers).status_code == 400
    late = shop.send(a_storing())
    assert (late.status_code, late.headers["Retry-After"]) == (429, "30")


@pytest.mark.parametrize(
    "member",
    [
        '"x:y": NaN', '"x:y": -Infinity', '"x:y": 1e999', '"ocop:words": "\\ud800"',
        '"ocop:words": "a\\u0000"',
        '"x:\\u0000": 1', '"eventID": "urn:x:\\u0000"', '"x:y": ' + "[" * 700 + "]" * 700,
        '"quantityList": [{"epcClass": "http://[bad/01/1"}]', '"eventTime": "0001-01-01T00:00:00+14:00"',
        '"eventTime": "0001-01-01T05:00:00Z", "eventTimeZoneOffset": "-05:00"',
        '"quantityList": [{"epcClass": "' + LOT + '", "quantity": 1e400}]',
    ],
)  # fmt: skip
def test_what_no_database_takes_is_refused(shop: Shop, member: str) -> None:
    event = json.dumps(a_storing())[:-1]
    body = json.dumps(a_document({"here": 1})).replace('{"here": 1}', f"{event}, {member}}}")
    refused(shop, body)
    assert len(shop.chain()) == 1


@pytest.mark.parametrize(
    "query",
    [
        {"perPage": "0"}, {"perPage": "9" * 5_000}, {"nextPageToken": "9" * 5_000},
        {"GE_eventTime": "0001-01-01T00:00:00+14:00"}, {"LT_recordTime": "9999-12-31T23:59:59-14:00"},
        {"MATCH_anyEPC": ",".join([LOT] * 51)}, {"EQ_eventID": ",".join(["urn:x"] * 1_200)},
        {"MATCH_epc": "http://[bad/01/1"},
    ],
)  # fmt: skip
def test_queries_beyond_bounds_are_refused(shop: Shop, query: dict[str, str]) -> None:
    answer = shop.client.get(EVENTS, query_string=query, headers=shop.headers)
    assert (answer.status_code, answer.get_json()["field"]) == (400, next(iter(query)))


def test_the_codes_of_all_parameters_count_together(shop: Shop) -> None:
    codes = ",".join([LOT] * 30)
    query = {"MATCH_anyEPC": codes, "MATCH_epcClass": codes}
    assert shop.client.get(EVENTS, query_string=query, headers=shop.headers).status_code == 400


def test_events_at_the_ends_of_the_calendar_are_still_told(shop: Shop) -> None:
    with unit_of_work() as session:
        ancient = TraceEvent(
            lot_id=shop.lot_id,
            event_id="urn:x:1",
            kind=EventKind.OBJECT,
            action=Action.OBSERVE,
            biz_step=BizStep.STORING,
            event_time=datetime(1, 1, 1, tzinfo=UTC),
            time_zone_offset="-05:00",
            details={},
            recorded_at=clock.now(),
        )
        append(session, ancient, lock_chain(session, shop.lot_id))
    told = shop.client.get(f"/api/v1/epcis/history/01/{GTIN}/10/CAM-01")
    assert told.status_code == 200
    assert told.get_json()["epcisBody"]["eventList"][-1]["eventTime"].startswith("0001-01-01")
    assert shop.client.get(f"/01/{GTIN}/10/CAM-01").status_code == 200


def test_others_see_a_lot_by_its_whole_code_alone(shop: Shop) -> None:
    with unit_of_work() as session:
        producer = a_producer(session, "HTX Nháp")
        draft = a_product(session, producer=producer, publication=Publication.DRAFT)
        a_lot(session, draft, code="NHAP")
        own = a_key(session, producer.id)
        rival = a_key(session, a_producer(session, "HTX Khác").id)
        token = draft.trace_token

    def seen(code: str, headers: dict[str, str]) -> int:
        answer = shop.client.get(EVENTS, query_string={"MATCH_anyEPC": code}, headers=headers)
        assert answer.status_code == 200
        return len(answer.get_json()["epcisBody"]["queryResults"]["resultsBody"]["eventList"])

    assert (seen(f"https://x.vn/01/{GTIN}", rival), seen(LOT, rival)) == (0, 1)
    assert (seen(f"https://x.vn/01/{GTIN}", shop.headers), seen(LOT, shop.headers)) == (1, 1)
    assert seen(f"https://x.vn/01/{GTIN},{LOT}", rival) == 1
    assert (seen(f"https://x.vn/t/{token}/10/NHAP", rival), seen(f"https://x.vn/t/{token}/10/NHAP", own)) == (
        0,
        1,
    )


def test_nobody_occupies_an_identity_of_somebody_else(shop: Shop) -> None:
    with unit_of_work() as session:
        producer = a_producer(session, "HTX Khác")
        product = a_product(session, producer=producer, gtin="09521234543220")
        a_lot(session, product, code="KHAC")
        rival = a_key(session, producer.id)
    theirs = a_storing(quantityList=[{"epcClass": "https://x.vn/01/09521234543220/10/KHAC"}])
    taken = shop.client.post(CAPTURE, data=json.dumps(a_document(theirs)), headers=rival)
    assert taken.status_code == 202, taken.text
    assert shop.send(a_storing()).status_code == 202
    assert shop.chain()[-1].event_id == a_storing()["eventID"]


@pytest.mark.parametrize("events", [(), (a_storing(1), a_storing(2))])
def test_a_document_sent_by_many_at_once_is_captured_once(
    app: Flask, shop: Shop, events: tuple[dict[str, Any], ...]
) -> None:
    body = json.dumps(a_document(*events))
    start, came = threading.Barrier(6), list[tuple[int, Any]]()

    def send() -> None:
        start.wait()
        answer = app.test_client().post(CAPTURE, data=body, headers=shop.headers)
        came.append((answer.status_code, answer.get_json().get("captureID")))

    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {status for status, _ in came} == {202}
    assert len({code for _, code in came}) == 1
    assert len(shop.chain()) == 1 + len(events)

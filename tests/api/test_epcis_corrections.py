"""Corrections in EPCIS documents: nothing is lost, and each event comes into the chain of its own lot."""

import json
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from marketplace.catalogue.models import Product
from marketplace.database import db, unit_of_work
from marketplace.traceability.events.models import BizStep, TraceEvent
from marketplace.traceability.lots.models import Lot
from tests.api.test_epcis import CAPTURE, GTIN, Shop, a_storing
from tests.factories.lots import a_lot, an_event

SECOND = f"https://x.vn/01/{GTIN}/10/CAM-02"


@pytest.fixture
def shop(client: FlaskClient) -> Shop:
    return Shop(client)


def wrong(number: int, *instead: int) -> dict[str, Any]:
    declared: dict[str, Any] = {"declarationTime": "2026-11-20T05:00:00Z", "reason": "incorrect_data"}
    if instead:
        declared["correctiveEventIDs"] = [a_storing(one)["eventID"] for one in instead]
    return a_storing(number, errorDeclaration=declared)


def taken(shop: Shop, *events: dict[str, Any], **members: Any) -> None:
    answer = shop.send(*events, **members)
    assert answer.status_code == 202, answer.text


def links(shop: Shop) -> list[tuple[BizStep, bool, bool]]:
    chain = shop.chain()[1:]
    return [(one.biz_step, one.declares_wrong_id is not None, one.corrects_id is not None) for one in chain]


def test_all_replacements_are_recorded(shop: Shop) -> None:
    document = (wrong(1, 2, 3), a_storing(2, bizStep="packing"), a_storing(3, bizStep="shipping"))
    taken(shop, a_storing(1))
    taken(shop, *document)
    said = [
        (BizStep.STORING, False, False),
        (BizStep.STORING, True, False),
        (BizStep.PACKING, False, True),
        (BizStep.SHIPPING, False, False),
    ]
    assert links(shop) == said
    taken(shop, *document, creationDate="2026-11-20T04:00:00Z")
    assert links(shop) == said


def test_a_replacement_about_another_lot_goes_into_that_lot(shop: Shop) -> None:
    with unit_of_work() as session:
        product = session.execute(sa.select(Product).where(Product.gtin == GTIN)).scalar_one()
        other = a_lot(session, product, code="CAM-02").id
    taken(shop, a_storing(1))
    taken(shop, wrong(1, 2), a_storing(2, bizStep="packing", quantityList=[{"epcClass": SECOND}]))
    assert links(shop) == [(BizStep.STORING, False, False), (BizStep.STORING, True, False)]
    chain = db.session.scalars(
        sa.select(TraceEvent).where(TraceEvent.lot_id == other, TraceEvent.position > 1)
    )
    assert [(one.biz_step, one.corrects_id) for one in chain] == [(BizStep.PACKING, None)]


def test_a_replacement_may_come_after_the_declaration(shop: Shop) -> None:
    taken(shop, a_storing(1))
    taken(shop, wrong(1))
    taken(shop, wrong(1, 2), a_storing(2, bizStep="packing"))
    said = links(shop)
    assert said[1:] == [(BizStep.STORING, True, False), (BizStep.PACKING, False, True)]
    taken(shop, wrong(1, 3), a_storing(3, bizStep="shipping"))
    assert links(shop) == [*said, (BizStep.SHIPPING, False, False)]


@pytest.mark.parametrize(
    "changed",
    [
        {"ocop:words": "Khác"},
        {"bizStep": "packing"},
        {"eventTime": "2026-11-20T08:31:00+07:00"},
        {"x:more": 1},
        {"bizLocation": {"id": "urn:x:elsewhere"}, "readPoint": {"id": "urn:x:elsewhere"}},
    ],
)
def test_an_exported_event_that_was_changed_is_refused(shop: Shop, changed: dict[str, Any]) -> None:
    with unit_of_work() as session:
        an_event(session, session.get_one(Lot, shop.lot_id), BizStep.STORING, site_id=shop.site.id)
    document = shop.client.get(f"/api/v1/epcis/history/01/{GTIN}/10/CAM-01").get_json()
    before = len(shop.chain())
    document["epcisBody"]["eventList"][-1] |= changed
    answer = shop.client.post(CAPTURE, data=json.dumps(document), headers=shop.headers)
    assert answer.status_code == 400
    assert "event_differs" in answer.get_json()["errors"][0]["detail"]
    assert len(shop.chain()) == before


def test_a_corrected_history_comes_in_again(shop: Shop) -> None:
    taken(shop, a_storing(1), a_storing(5))
    taken(shop, wrong(1, 2), a_storing(2, bizStep="packing"), wrong(5))
    told = shop.client.get(f"/api/v1/epcis/history/01/{GTIN}/10/CAM-01")
    before = len(shop.chain())
    assert shop.client.post(CAPTURE, data=told.data, headers=shop.headers).status_code == 202
    assert len(shop.chain()) == before

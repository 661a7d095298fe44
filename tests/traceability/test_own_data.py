"""What trace data knows of who wrote it: handed out to them alone, and kept for shoppers to check."""

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import clock
from marketplace.accounts.models import Person
from marketplace.accounts.permissions import Actor
from marketplace.accounts.privacy import Subject, erase, erasers, exporters
from marketplace.database import db, unit_of_work
from marketplace.traceability.codes.models import LabelLevel
from marketplace.traceability.events.chain import first_broken
from marketplace.traceability.events.models import BizStep, TraceEvent
from marketplace.traceability.events.recording import EventFacts, record_event
from marketplace.traceability.labels.making import LabelOrder, make_labels
from marketplace.traceability.lots.models import MeasureUnit
from marketplace.traceability.own_data import KEPT_BECAUSE
from marketplace.traceability.recalls.acts import lift_recall
from marketplace.traceability.recalls.models import RecallScope
from marketplace.traceability.scans.alerts import list_alerts, see_alert
from marketplace.traceability.scans.models import ScanAlert, ScanRule
from marketplace.traceability.zones.chain import note_zone
from tests.factories.accounts import a_person, an_actor
from tests.factories.lots import a_lot, a_zone
from tests.factories.producers import a_producer
from tests.factories.recalls import a_recall
from tests.factories.scans import certified_product


def subject_of(person: Person) -> Subject:
    return Subject(person.id, person.email, person.phone)


def export(person: Person) -> dict[str, Any]:
    db.session.rollback()
    found: dict[str, Any] = exporters["traceability"](db.session(), subject_of(person))
    return found


@pytest.fixture
def people(app: Flask) -> tuple[Person, Person]:
    """One who wrote something of each kind, and a colleague who lifted the recall."""
    with unit_of_work() as session:
        one, other = a_person(session), a_person(session)
        maker = a_producer(session)
        lot = a_lot(session, certified_product(session, producer=maker))
        facts = EventFacts(
            biz_step=BizStep.STORING,
            event_time=clock.now() - timedelta(hours=1),
            words="Tôi cất.",
            quantity=Decimal("12.5"),
            uom=MeasureUnit.KILOGRAM,
        )
        record_event(session, lot.id, facts, clock.now(), one.id)
        note_zone(session, a_zone(session, maker, "Vườn tôi"), clock.now(), one.id)
        order = LabelOrder(format="a4-24", level=LabelLevel.LOT, count=3)
        make_labels(session, an_actor(one.id), lot, order, clock.now())
        alert = ScanAlert(lot_id=lot.id, rule=ScanRule.SOLD_OUT, count=30, raised_at=clock.now())
        session.add(alert)
        session.flush()
        [alert] = list_alerts(session)
        see_alert(session, an_actor(one.id), alert, clock.now())
    recall = a_recall(RecallScope.LOT, lot.id, actor=Actor(one.id))
    with unit_of_work() as session:
        lift_recall(session, Actor(other.id), recall, "Mẫu kiểm lại đạt, bán tiếp.", clock.now())
    return one, other


def test_everybody_gets_what_they_wrote_and_nothing_of_others(people: tuple[Person, Person]) -> None:
    one, other = people
    mine = export(one)
    assert {kind: len(rows) for kind, rows in mine.items()} == {
        "events": 1,
        "zones": 1,
        "labels": 1,
        "recalls_ordered": 1,
        "scan_alerts_seen": 1,
    }
    assert json.loads(json.dumps(mine))["events"][0]["words"] == "Tôi cất."
    assert mine["zones"][0]["facts"]["name"] == "Vườn tôi"
    assert "lift_words" not in mine["recalls_ordered"][0]
    theirs = export(other)
    assert list(theirs) == ["recalls_lifted"]
    assert theirs["recalls_lifted"][0]["lift_words"] == "Mẫu kiểm lại đạt, bán tiếp."
    assert "words" not in theirs["recalls_lifted"][0]


def test_chains_stay_whole_when_who_wrote_them_is_erased(people: tuple[Person, Person]) -> None:
    one, _ = people
    with unit_of_work() as session:
        kept = erase(session, subject_of(one), clock.now())
    assert kept["traceability"] == KEPT_BECAUSE
    events = db.session.scalars(sa.select(TraceEvent).order_by(TraceEvent.position)).all()
    assert first_broken(events) is None
    assert db.session.get_one(Person, one.id).name == "Người đã xoá tài khoản"


def test_of_anybody_else_nothing_is_known(people: tuple[Person, Person]) -> None:
    with unit_of_work() as session:
        stranger = a_person(session)
    nobody = Subject(None, "ai@example.vn", None)
    for subject in (subject_of(stranger), nobody):
        assert exporters["traceability"](db.session(), subject) == {}
        assert erasers["traceability"](db.session(), subject, clock.now()) is None

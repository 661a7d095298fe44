"""Recording events: one after the other, never twice the same, and taken back only in the open."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace.catalogue.models import Product
from marketplace.database import db, unit_of_work
from marketplace.errors import MarketplaceError, NotFound
from marketplace.traceability.events.corrections import declare_wrong
from marketplace.traceability.events.errors import EventDiffers, EventTakenBack, InvalidEvent
from marketplace.traceability.events.history import History, load_history
from marketplace.traceability.events.models import (
    Action,
    BizStep,
    ErrorReason,
    EventKind,
    EventsOnlyGrow,
    TraceEvent,
)
from marketplace.traceability.events.recording import EventFacts, record_event
from marketplace.traceability.lots.models import Lot, MeasureUnit
from tests.conftest import NOON
from tests.factories.catalogue import a_product
from tests.factories.lots import a_lot, a_paper, an_event
from tests.factories.producers import a_producer

THREADS = 20
ID = "urn:uuid:7f8e9f3c-1111-4222-8333-444455556666"
STORED = EventFacts(biz_step=BizStep.STORING, event_time=NOON - timedelta(hours=2), words="Cất kho lạnh")


def made(events: int = 1) -> Lot:
    with unit_of_work() as session:
        return a_lot(session, events=events)


def recorded(lot: Lot, facts: EventFacts = STORED) -> TraceEvent:
    with unit_of_work() as session:
        return record_event(session, lot.id, facts, NOON, None)


def history_of(lot: Lot) -> History:
    """Read a lot anew, whatever this thread knew of it."""
    number = lot.id
    db.session.expire_all()
    return load_history(db.session(), number)


def at_once(app: Flask, acts: Sequence[Callable[[], Any]]) -> list[str]:
    """Do things at the same moment, each in a thread; return sorted what came of them."""
    start, came = threading.Barrier(len(acts)), list[str]()

    def one(act: Callable[[], Any]) -> None:
        with app.app_context():
            start.wait()
            try:
                act()
            except MarketplaceError as refusal:
                came.append(type(refusal).__name__)
            else:
                came.append("done")

    threads = [threading.Thread(target=one, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(came)


def test_twenty_recorders_of_one_lot_leave_a_chain_without_gaps(app: Flask) -> None:
    lot = made()
    acts = [partial(recorded, lot, replace(STORED, words=f"Lần {n}")) for n in range(THREADS)]
    assert at_once(app, acts) == ["done"] * THREADS
    history = history_of(lot)
    assert [event.position for event in history.events] == list(range(1, THREADS + 2))
    assert len({event.words for event in history.events[1:]}) == THREADS
    assert history.first_broken is None


def test_an_event_sent_by_twenty_at_once_is_one_event(app: Flask) -> None:
    lot = made()
    facts = replace(STORED, event_id=ID)
    assert at_once(app, [lambda: recorded(lot, facts)] * THREADS) == ["done"] * THREADS
    history = history_of(lot)
    assert [event.event_id for event in history.events[1:]] == [ID]
    assert history.first_broken is None


def test_an_identity_names_one_event_of_each_lot(app: Flask) -> None:
    first, second = made(), made()
    facts = replace(STORED, event_id=ID)
    came = at_once(app, [lambda: recorded(first, facts), lambda: recorded(second, replace(facts, words="B"))])
    assert came == ["done", "done"]
    assert {history_of(lot).first_broken for lot in (first, second)} == {None}


def test_the_same_event_again_is_the_one_that_is_there(app: Flask) -> None:
    lot = made()
    first = recorded(lot, replace(STORED, event_id=ID, quantity=Decimal("12.50"), uom=MeasureUnit.KILOGRAM))
    again = recorded(lot, replace(STORED, event_id=ID, quantity=Decimal("12.5"), uom=MeasureUnit.KILOGRAM))
    assert (again.id, again.position) == (first.id, 2)


@pytest.mark.parametrize("other", [{"words": "Khác"}, {"biz_step": BizStep.PACKING}, {"event_time": NOON}])
def test_an_identity_never_stands_for_two_events(app: Flask, other: dict[str, Any]) -> None:
    lot = made()
    recorded(lot, replace(STORED, event_id=ID))
    with pytest.raises(EventDiffers):
        recorded(lot, replace(STORED, event_id=ID, **other))


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("action", {"action": None}),
        ("action", {"kind": EventKind.TRANSFORMATION}),
        ("event_time", {"event_time": NOON + timedelta(minutes=11)}),
        ("event_time", {"event_time": NOON.replace(tzinfo=None)}),
        ("time_zone_offset", {"time_zone_offset": "7"}),
        ("time_zone_offset", {"time_zone_offset": "+15:00"}),
        ("event_time", {"event_time": datetime(1989, 12, 31, 23, 59, tzinfo=UTC)}),
        ("event_time", {"event_time": datetime.fromisoformat("0001-01-01T00:00:00+14:00")}),
        ("event_id", {"event_id": "not a uri"}),
        ("event_id", {"event_id": "urn:" + "x" * 120}),
        ("event_id", {"event_id": ""}),
        ("words", {"words": "x" * 501}),
        ("place_words", {"place_words": "x" * 201}),
        ("details", {"details": {"x": "y" * 20_000}}),
        ("quantity", {"quantity": Decimal(0), "uom": MeasureUnit.PIECE}),
        ("quantity", {"quantity": Decimal("0.0001"), "uom": MeasureUnit.PIECE}),
        ("uom", {"quantity": Decimal(1)}),
        ("uom", {"uom": MeasureUnit.PIECE}),
    ],
)
def test_what_an_event_cannot_say(app: Flask, field: str, wrong: dict[str, Any]) -> None:
    lot = made()
    with pytest.raises(InvalidEvent) as refusal:
        recorded(lot, replace(STORED, **wrong))
    assert refusal.value.parameters["field"] == field


def test_words_are_kept_on_one_line(app: Flask) -> None:
    event = recorded(made(), replace(STORED, words="  Cất\nkho\x00  lạnh ", place_words=" \n "))
    assert (event.words, event.place_words) == ("Cất kho lạnh", None)


def test_there_is_no_event_of_no_lot(app: Flask) -> None:
    with pytest.raises(NotFound), unit_of_work() as session:
        record_event(session, 404, STORED, NOON, None)


def test_an_event_names_papers_of_its_own_lot_alone(app: Flask) -> None:
    lot, other = made(), made()
    with unit_of_work() as session:
        paper = a_paper(session, session.merge(lot))
    assert recorded(lot, replace(STORED, paper_id=paper.id)).paper_id == paper.id
    with pytest.raises(InvalidEvent):
        recorded(other, replace(STORED, paper_id=paper.id))


def taken_back(lot: Lot, event_id: str, instead: EventFacts | None = None) -> Any:
    with unit_of_work() as session:
        reason = ErrorReason.INCORRECT_DATA if instead else ErrorReason.DID_NOT_OCCUR
        return declare_wrong(session, lot.id, event_id, reason, NOON, None, instead)


def test_a_wrong_event_stays_and_another_stands_in_its_place(app: Flask) -> None:
    lot = made(events=3)
    wrong = recorded(lot)
    correction = taken_back(lot, wrong.event_id, replace(STORED, words="Cất kho thường"))
    history = history_of(lot)
    assert history.first_broken is None
    assert [event.position for event in history.events] == [1, 2, 3, 4, 5, 6]
    assert correction.declaration.declares_wrong_id == wrong.id
    assert correction.instead.corrects_id == wrong.id
    words = [event.words for event in history.living_events]
    assert "Cất kho thường" in words
    assert "Cất kho lạnh" not in words
    assert len(words) == 4


def test_what_never_happened_has_nothing_in_its_place(app: Flask) -> None:
    lot = made()
    correction = taken_back(lot, recorded(lot).event_id)
    assert correction.instead is None
    assert [event.position for event in history_of(lot).living_events] == [1]


def test_what_cannot_be_taken_back(app: Flask) -> None:
    lot = made()
    first = history_of(lot).events[0]
    with pytest.raises(EventTakenBack):
        taken_back(lot, first.event_id)
    wrong = recorded(lot)
    declaration = taken_back(lot, wrong.event_id).declaration
    for event in (wrong, declaration):
        with pytest.raises(EventTakenBack):
            taken_back(lot, event.event_id)
    with pytest.raises(NotFound):
        taken_back(made(), wrong.event_id)


def test_a_refused_replacement_takes_nothing_back(app: Flask) -> None:
    lot = made()
    wrong = recorded(lot)
    with pytest.raises(InvalidEvent):
        taken_back(lot, wrong.event_id, replace(STORED, uom=MeasureUnit.PIECE))
    assert history_of(lot).lot.chain_length == 2


def test_an_event_taken_back_by_two_at_once_is_taken_back_once(app: Flask) -> None:
    lot = made()
    wrong = recorded(lot)
    came = at_once(app, [lambda: taken_back(lot, wrong.event_id)] * 2)
    assert came == ["EventTakenBack", "done"]
    assert history_of(lot).first_broken is None


def test_recording_leaves_the_lot_in_hand_as_it_is(app: Flask) -> None:
    """What a caller has loaded with the lot is still there after an event."""
    with unit_of_work() as session:
        lot = a_lot(session)
        history = load_history(session, lot.id)
        an_event(session, history.lot)
        assert history.lot.product is not None
        assert history.lot.chain_length == 2
    kept = db.session.execute(sa.select(Lot.chain_length, Lot.chain_hash)).one()
    assert kept == (2, history_of(lot).events[-1].hash)


def test_no_event_is_ever_changed_or_deleted(app: Flask) -> None:
    event = recorded(made())
    with pytest.raises(EventsOnlyGrow), unit_of_work() as session:
        session.get_one(TraceEvent, event.id).words = "Khác"
        session.flush()
    with pytest.raises(EventsOnlyGrow), unit_of_work() as session:
        session.delete(session.get_one(TraceEvent, event.id))
        session.flush()


def test_lots_made_at_once_have_codes_of_their_own(app: Flask) -> None:
    with unit_of_work() as session:
        product = a_product(session, producer=a_producer(session))

    def make(code: str | None = None) -> None:
        with unit_of_work() as session:
            a_lot(session, session.get_one(Product, product.id), code=code)

    assert at_once(app, [make] * 6) == ["done"] * 6
    assert at_once(app, [partial(make, "L1")] * 6) == ["LotCodeTaken"] * 5 + ["done"]
    codes = db.session.scalars(sa.select(Lot.code)).all()
    assert sorted(codes) == [*(f"KM2611-{number:02d}" for number in range(1, 7)), "L1"]


def test_an_action_beside_a_transformation_has_none(app: Flask) -> None:
    facts = replace(STORED, kind=EventKind.TRANSFORMATION, action=None, biz_step=BizStep.PROCESSING)
    assert recorded(made(), facts).action is None
    assert recorded(made()).action is Action.OBSERVE

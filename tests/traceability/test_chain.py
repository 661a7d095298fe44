"""The chain of a lot's events: whatever is changed in it shows, at the place where it was changed."""

import copy
import hashlib
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.database import db, unit_of_work
from marketplace.traceability.events.chain import canonical_text, first_broken, hash_of, statement_of
from marketplace.traceability.events.models import (
    Action,
    BizStep,
    Disposition,
    ErrorReason,
    EventKind,
    TraceEvent,
)
from marketplace.traceability.lots.models import MeasureUnit
from tests.conftest import NOON
from tests.factories.lots import a_lot

TEXT = st.text(max_size=40)
COLUMNS: dict[str, st.SearchStrategy[Any]] = {
    "event_id": st.text(min_size=1, max_size=40),
    "kind": st.sampled_from(EventKind),
    "action": st.none() | st.sampled_from(Action),
    "biz_step": st.sampled_from(BizStep),
    "disposition": st.none() | st.sampled_from(Disposition),
    "event_time": st.timedeltas(timedelta(0), timedelta(days=900)).map(lambda passed: NOON - passed),
    "time_zone_offset": st.sampled_from(["+07:00", "+00:00", "-03:30"]),
    "site_id": st.none() | st.integers(1, 99),
    "zone_id": st.none() | st.integers(1, 99),
    "place_words": st.none() | TEXT,
    "words": st.none() | TEXT,
    "quantity": st.none() | st.decimals(1, 10**6, places=3, allow_nan=False),
    "uom": st.none() | st.sampled_from(MeasureUnit),
    "details": st.dictionaries(TEXT, TEXT | st.integers() | st.lists(TEXT, max_size=2), max_size=3),
    "paper_id": st.none() | st.integers(1, 99),
    "picture_id": st.none() | st.integers(1, 99),
    "declares_wrong_id": st.none() | st.integers(1, 99),
    "error_reason": st.none() | st.sampled_from(ErrorReason),
    "corrects_id": st.none() | st.integers(1, 99),
    "recorded_at": st.timedeltas(timedelta(0), timedelta(days=900)).map(lambda passed: NOON - passed),
}
"""Every column of an event that says something, and what may stand in it."""
PLACE_IN_CHAIN = {"id", "lot_id", "position", "recorded_by", "previous_hash", "hash"}
SAID = st.fixed_dictionaries(COLUMNS)
CHAINS = st.lists(SAID, min_size=2, max_size=6)


def chained(said: list[dict[str, Any]], lot_id: int = 1) -> list[TraceEvent]:
    events: list[TraceEvent] = []
    for position, columns in enumerate(said, start=1):
        event = TraceEvent(lot_id=lot_id, position=position, **columns)
        event.previous_hash = events[-1].hash if events else None
        event.hash = hash_of(event)
        events.append(event)
    return events


def broken(events: list[TraceEvent], whole: list[TraceEvent]) -> int | None:
    return first_broken(events, len(whole), whole[-1].hash)


def again(event: TraceEvent) -> TraceEvent:
    columns = {column.key: copy.copy(getattr(event, column.key)) for column in sa.inspect(TraceEvent).columns}
    return TraceEvent(**columns)


def test_every_column_that_says_something_is_hashed() -> None:
    assert set(COLUMNS) | PLACE_IN_CHAIN == {column.key for column in sa.inspect(TraceEvent).columns}


@settings(deadline=None)
@given(CHAINS)
def test_a_chain_that_nobody_touched_is_whole(said: list[dict[str, Any]]) -> None:
    events = chained(said)
    assert broken(events, events) is None
    assert first_broken(events) is None
    assert first_broken([]) is None


@settings(max_examples=150, deadline=None)
@given(CHAINS, st.data())
def test_any_edit_shows_where_it_was_made(said: list[dict[str, Any]], data: st.DataObject) -> None:
    events = chained(said)
    place = data.draw(st.integers(0, len(events) - 1))
    name = data.draw(st.sampled_from(sorted(COLUMNS)))
    edited = again(events[place])
    setattr(edited, name, data.draw(COLUMNS[name]))
    changed = [*events[:place], edited, *events[place + 1 :]]
    same = getattr(edited, name) == getattr(events[place], name) or (name == "details" and not edited.details)
    if same:
        assert broken(changed, events) in {None, place + 1}
        return
    assert broken(changed, events) == place + 1
    edited.hash = hash_of(edited)
    assert broken(changed, events) == (place + 2 if place + 1 < len(events) else place + 1)


@settings(deadline=None)
@given(CHAINS, st.data())
def test_any_loss_shows(said: list[dict[str, Any]], data: st.DataObject) -> None:
    events = chained(said)
    place = data.draw(st.integers(0, len(events) - 1))
    assert broken(events[:place] + events[place + 1 :], events) == place + 1
    assert broken(events[:place], events) == place + 1


@settings(deadline=None)
@given(CHAINS, st.data())
def test_any_exchange_of_two_shows(said: list[dict[str, Any]], data: st.DataObject) -> None:
    events = chained(said)
    first = data.draw(st.integers(0, len(events) - 2))
    second = data.draw(st.integers(first + 1, len(events) - 1))
    events[first], events[second] = events[second], events[first]
    assert first_broken(events) == first + 1


@settings(max_examples=40, deadline=None)
@given(CHAINS, CHAINS)
def test_another_lots_events_are_no_part_of_a_chain(ours: list[Any], theirs: list[Any]) -> None:
    own, other = chained(ours), chained(theirs, lot_id=2)
    assert first_broken([*own, other[len(own)] if len(other) > len(own) else other[-1]]) == len(own) + 1


@settings(max_examples=150, deadline=None)
@given(SAID, SAID)
def test_two_events_that_say_different_things_never_read_alike(
    one: dict[str, Any], two: dict[str, Any]
) -> None:
    first, second = TraceEvent(**one), TraceEvent(**two)
    differ = [name for name in COLUMNS if name != "recorded_at" and one[name] != two[name]]
    assert (statement_of(first) != statement_of(second)) is bool(differ)


def test_words_cannot_pass_for_another_fact() -> None:
    said = {"event_id": "a", "kind": EventKind.OBJECT, "biz_step": BizStep.OTHER, "details": {}}
    times = {"event_time": NOON, "time_zone_offset": "+07:00"}
    forged = TraceEvent(**said, **times, words="x\nquantity: 5")
    honest = TraceEvent(**said, **times, words="x", quantity=Decimal(5))
    assert "\nquantity:" not in statement_of(forged)
    assert statement_of(forged) != statement_of(honest)


def test_anybody_can_make_the_hash_from_the_text(app: Flask) -> None:
    """The text is written out here a second time on purpose: it is what `sha256sum` is given by hand."""
    with unit_of_work() as session:
        lot = a_lot(session, events=2)
    second = db.session.scalars(sa.select(TraceEvent).where(TraceEvent.position == 2)).one()
    text = (
        "phien-cho-ocop event 1\n"
        f"lot: {lot.id}\n"
        "position: 2\n"
        f"previous: {second.previous_hash}\n"
        "recorded: 2026-11-21T05:00:00.000000Z\n"
        f"event: {second.event_id}\n"
        "kind: ObjectEvent\n"
        "action: OBSERVE\n"
        "step: packing\n"
        "time: 2026-11-13T18:00:00.000000Z +07:00\n"
    )
    assert canonical_text(second) == text
    assert second.hash == hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize(("quantity", "written"), [("48", "48"), ("0.500", "0.5"), ("1000", "1000")])
def test_a_quantity_reads_the_same_from_every_database(quantity: str, written: str) -> None:
    event = TraceEvent(event_id="a", kind=EventKind.OBJECT, biz_step=BizStep.OTHER, details={})
    event.event_time, event.time_zone_offset, event.quantity = NOON, "+07:00", Decimal(quantity)
    assert f"quantity: {written}\n" in statement_of(event)

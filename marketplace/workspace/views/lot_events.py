"""Events of a lot: written down one by one, and declared wrong instead of changed."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Response, request

from marketplace import clock
from marketplace.accounts.roles import Role
from marketplace.database import db
from marketplace.errors import NotFound
from marketplace.media.errors import PictureRefused
from marketplace.media.pictures import Encoded, encode, find_same, keep, owner_of
from marketplace.producers.models import Producer
from marketplace.traceability.events.corrections import declare_wrong
from marketplace.traceability.events.errors import EventDiffers, EventTakenBack, InvalidEvent
from marketplace.traceability.events.history import load_history
from marketplace.traceability.events.models import ErrorReason, TraceEvent
from marketplace.traceability.events.recording import EventFacts, record_event
from marketplace.traceability.lots.models import Lot
from marketplace.traceability.lots.queries import get_own_lot
from marketplace.web.guards import requires
from marketplace.web.pictures import read_files, takes_files
from marketplace.web.refusals import explain
from marketplace.web.visitors import acting
from marketplace.web.words import gettext as _
from marketplace.workspace import door
from marketplace.workspace.answers import Faults, go, page
from marketplace.workspace.event_form import (
    Places,
    blank_event,
    event_as_typed,
    fault_of,
    form_of,
    read_event,
)
from marketplace.workspace.lot_words import ERRORS, step_of
from marketplace.workspace.tenancy import own_producer, own_producer_in
from marketplace.workspace.typed import Typed

LOT = "<int(max=2147483647):lot_id>"


@door.get(f"/<slug>/lo/{LOT}/su-kien")
@requires(Role.OWNER, Role.STAFF)
def ask_for_event(slug: str, lot_id: int) -> Response:
    """Ask what was done to a lot."""
    return _event_page(own_producer(slug), lot_id)


@door.post(f"/<slug>/lo/{LOT}/su-kien")
@requires(Role.OWNER, Role.STAFF)
@takes_files()
def save_event(slug: str, lot_id: int) -> Response:
    """Write down what was done to a lot; the same form sent twice counts once."""
    producer, typed = own_producer(slug), Typed(request.form)
    get_own_lot(db.session(), lot_id, producer.id)
    facts, photograph = read_event(typed, Places.of(db.session(), producer.id)), None
    try:
        photograph = next((encode(content, name) for name, content in read_files(most=1)), None)
    except PictureRefused as refusal:
        typed.fault("anh", explain(refusal))
    if typed.faults or facts is None:
        return _event_page(producer, lot_id, request.form, typed.faults)
    try:
        _write(slug, lot_id, facts, photograph)
    except InvalidEvent as refusal:
        return _event_page(own_producer(slug), lot_id, request.form, [fault_of(refusal)])
    except EventDiffers as refusal:
        return _event_page(own_producer(slug), lot_id, None, [("viec", explain(refusal))], refusal.status)
    return go(f"/gian-hang/{slug}/lo/{lot_id}", _("Đã ghi việc này vào lô."))


@door.get(f"/<slug>/lo/{LOT}/su-kien/<int(max=2147483647):in_chain>/sai")
@requires(Role.OWNER, Role.STAFF)
def ask_what_is_wrong(slug: str, lot_id: int, in_chain: int) -> Response:
    """Ask in what an event is wrong, and what is true instead."""
    return _wrong_page(own_producer(slug), lot_id, in_chain)


@door.post(f"/<slug>/lo/{LOT}/su-kien/<int(max=2147483647):in_chain>/sai")
@requires(Role.OWNER, Role.STAFF)
def take_event_back(slug: str, lot_id: int, in_chain: int) -> Response:
    """Declare an event wrong; it stays in the chain, and what is true comes behind it."""
    producer, typed = own_producer(slug), Typed(request.form)
    _lot, event = _get_event(producer, lot_id, in_chain)
    reason = ErrorReason(typed.text("ly_do")) if typed.text("ly_do") in set(ErrorReason) else None
    instead = None
    if reason is ErrorReason.INCORRECT_DATA:
        instead = read_event(typed, Places.of(db.session(), producer.id))
    if reason is None or typed.faults:
        faults = typed.faults or [("ly_do", _("Mời chọn sai thế nào."))]
        return _wrong_page(producer, lot_id, in_chain, request.form, faults)
    try:
        _declare(slug, lot_id, event.event_id, reason, instead)
    except InvalidEvent as refusal:
        return _wrong_page(own_producer(slug), lot_id, in_chain, request.form, [fault_of(refusal)])
    except (EventTakenBack, EventDiffers) as refusal:
        return go(f"/gian-hang/{slug}/lo/{lot_id}", explain(refusal))
    return go(f"/gian-hang/{slug}/lo/{lot_id}", _("Đã báo ghi sai. Dòng cũ được gạch đi."))


def _write(slug: str, lot_id: int, facts: EventFacts, photograph: Encoded | None) -> None:
    with acting() as (session, actor):
        own, at = own_producer_in(session, actor, slug), clock.now()
        lot = get_own_lot(session, lot_id, own.id)
        picture_id = None
        if photograph is not None:
            owner = owner_of("producer", own.id)
            same = find_same(session, owner, photograph.digest)
            picture_id = (same or keep(session, photograph, owner, at)).id
        record_event(session, lot.id, replace(facts, picture_id=picture_id), at, actor.person_id)


def _declare(slug: str, lot_id: int, event_id: str, reason: ErrorReason, instead: EventFacts | None) -> None:
    with acting() as (session, actor):
        own = own_producer_in(session, actor, slug)
        lot = get_own_lot(session, lot_id, own.id)
        declare_wrong(session, lot.id, event_id, reason, clock.now(), actor.person_id, instead)


def _get_event(producer: Producer, lot_id: int, position: int) -> tuple[Lot, TraceEvent]:
    lot = get_own_lot(db.session(), lot_id, producer.id)
    for event in load_history(db.session(), lot.id).living_events:
        if event.position == position > 1:
            return lot, event
    raise NotFound(event=position)


def _event_page(
    producer: Producer,
    lot_id: int,
    typed: Mapping[str, str] | None = None,
    faults: Faults = (),
    status: int = 0,
) -> Response:
    session = db.session()
    lot, places = get_own_lot(session, lot_id, producer.id), Places.of(session, producer.id)
    form = form_of(places, typed or blank_event(places))
    return page("lot_event", producer, faults=faults, status=status, lot=lot, **form)


def _wrong_page(
    producer: Producer,
    lot_id: int,
    position: int,
    typed: Mapping[str, str] | None = None,
    faults: Faults = (),
) -> Response:
    lot, event = _get_event(producer, lot_id, position)
    places = Places.of(db.session(), producer.id)
    form = form_of(places, typed or event_as_typed(event, places))
    errors = {reason.value: words for reason, words in ERRORS.items()}
    facts: dict[str, Any] = {"lot": lot, "event": event, "step": step_of(event.biz_step), "errors": errors}
    return page("lot_event_wrong", producer, faults=faults, **facts, **form)

"""Field notes: events written down where there is no network, sent later, each of them once."""

from collections.abc import Mapping

from flask import Response, jsonify, request
from flask_wtf.csrf import generate_csrf

from marketplace import clock
from marketplace.accounts.roles import Role
from marketplace.database import db
from marketplace.producers.models import Producer
from marketplace.traceability.events.errors import EventDiffers, InvalidEvent
from marketplace.traceability.events.recording import EventFacts, record_event
from marketplace.traceability.lots.models import Lot
from marketplace.traceability.lots.queries import find_own_lot, get_own_lot, list_lots
from marketplace.web.assets import serve_asset
from marketplace.web.guards import Guard, guarded, requires
from marketplace.web.pictures import answer_script
from marketplace.web.refusals import explain
from marketplace.web.visitors import acting
from marketplace.web.words import gettext as _
from marketplace.workspace import door
from marketplace.workspace.answers import Faults, go, page
from marketplace.workspace.event_form import Places, blank_event, fault_of, form_of, read_event
from marketplace.workspace.lot_goods import lot_words
from marketplace.workspace.tenancy import own_producer, own_producer_in
from marketplace.workspace.typed import Typed

WORKER = "js/field-worker.js"
LOTS_OFFERED = 40


@door.get("/so-tay.js")
@guarded(Guard.PUBLIC)
def field_worker() -> Response:
    """Give the worker that keeps the notebook under an address above it, as its scope asks."""
    response: Response = serve_asset(WORKER)
    return response


@door.get("/<slug>/so-tay")
@requires(Role.OWNER, Role.STAFF)
def show_notebook(slug: str) -> Response:
    """Show the notebook; the telephone keeps this page and what is written in it without a network."""
    return _notebook(own_producer(slug))


@door.get("/<slug>/so-tay/the")
@requires(Role.OWNER, Role.STAFF)
def give_token(slug: str) -> Response:
    """Give the form token of this visit: the page that the telephone kept holds that of an earlier one."""
    own_producer(slug)
    return jsonify(token=generate_csrf())


@door.post("/<slug>/so-tay")
@requires(Role.OWNER, Role.STAFF)
def take_note(slug: str) -> Response:
    """Write down an event; one that arrives again, because the answer was lost, counts once.

    A note may come long after it was written: its lot may be gone by then, its place retired.
    """
    producer, typed = own_producer(slug), Typed(request.form)
    lot_id = typed.id("lo")
    facts = read_event(typed, Places.ever(db.session(), producer.id))
    if find_own_lot(db.session(), lot_id, producer.id) is None:
        typed.fault("lo", _("Mời chọn lô."))
    if typed.faults or facts is None:
        return _refuse(producer, typed.faults)
    try:
        _write(slug, lot_id, facts)
    except InvalidEvent as refusal:
        return _refuse(own_producer(slug), [fault_of(refusal)])
    except EventDiffers as refusal:
        return _refuse(own_producer(slug), [("viec", explain(refusal))])
    return answer_script() or go(f"/gian-hang/{slug}/so-tay", _("Đã ghi việc này vào lô."))


def _write(slug: str, lot_id: int, facts: EventFacts) -> None:
    with acting() as (session, actor):
        lot = get_own_lot(session, lot_id, own_producer_in(session, actor, slug).id)
        record_event(session, lot.id, facts, clock.now(), actor.person_id)


def _refuse(producer: Producer, faults: Faults) -> Response:
    return answer_script([words for _field, words in faults]) or _notebook(producer, request.form, faults)


def _lots(producer: Producer) -> list[Lot]:
    """Return the lots that are offered: the newest that are not gone."""
    newest = list_lots(db.session(), producer.id, limit=LOTS_OFFERED)
    return [lot for lot in newest if lot.gone_at is None]


def _notebook(producer: Producer, typed: Mapping[str, str] | None = None, faults: Faults = ()) -> Response:
    places, lots = Places.of(db.session(), producer.id), _lots(producer)
    return page(
        "field_notes",
        producer,
        faults=faults,
        lots=[(lot.id, f"{lot.code} · {lot_words(lot)}") for lot in lots],
        **form_of(places, typed or blank_event(places)),
    )

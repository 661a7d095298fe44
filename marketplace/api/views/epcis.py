"""EPCIS 2.0 over HTTP: taking in documents of events, and answering what happened (GS1, EPCIS 2.0, 12)."""

from flask import Response, current_app, json, request, url_for

from marketplace import clock
from marketplace.accounts.api_keys import Ability
from marketplace.accounts.attempts import Rule, claim
from marketplace.api import door
from marketplace.api.epcis_query import read_question
from marketplace.api.keys import require_producer
from marketplace.api.problems import problem
from marketplace.database import db, unit_of_work
from marketplace.errors import NotFound
from marketplace.traceability.codes.queries import get_traced_product
from marketplace.traceability.epcis.asking import list_beside, list_events, list_events_of_lot
from marketplace.traceability.epcis.capture import capture, find_capture, read_document
from marketplace.traceability.epcis.errors import CaptureRefused
from marketplace.traceability.epcis.models import EpcisCapture
from marketplace.traceability.epcis.reading import read_epc
from marketplace.traceability.epcis.writing import write_answer, write_document, write_events
from marketplace.traceability.lots.queries import find_lot
from marketplace.web.guards import keyed
from marketplace.web.kept_pages import public_page

VERSIONS = {"GS1-EPCIS-Version": "2.0.0", "GS1-CBV-Version": "2.0.0"}
LD_JSON = "application/ld+json"


@door.post("/epcis/capture")
@keyed
def capture_events() -> Response:
    """Take in a document, all or nothing; the same document again is answered as the first time."""
    holder, producer_id = require_producer(Ability.LOTS_WRITE)
    claim([(Rule.EPCIS_CAPTURE, str(holder.key_id))], clock.now())
    body = request.get_data()
    try:
        events = read_document(body)
        with unit_of_work() as session:
            done = capture(session, producer_id, body, events, clock.now(), _site_url())
    except CaptureRefused as refusal:
        return _refused(refusal)
    response = _json(_job(done), 202)
    response.headers["Location"] = url_for("api.show_capture", code=done.code)
    return response


@door.get("/epcis/capture/<code>")
@keyed
def show_capture(code: str) -> Response:
    """Tell what became of a document."""
    _, producer_id = require_producer(Ability.LOTS_WRITE)
    done = find_capture(db.session(), producer_id, code)
    if done is None:
        raise NotFound
    return _json(_job(done))


@door.get("/epcis/history/<path:printed>")
@public_page
def show_history(printed: str) -> Response:
    """Answer the whole history of a lot, by the path of its Digital Link (`01/…/10/…` or `t/…/10/…`).

    What happened to a lot is public: who has a pack in hand has its address.
    """
    code = read_epc(f"/{printed}")
    lot = find_lot(db.session(), get_traced_product(code).id, code.lot or "")
    if lot is None:
        raise NotFound
    events = list_events_of_lot(db.session(), lot.id)
    created_at = max(event.recorded_at for event in events)
    document = write_document(write_events(events, (), _site_url()), created_at, _site_url())
    return Response(
        json.dumps(document, ensure_ascii=False, separators=(",", ":")),
        headers=VERSIONS,
        content_type=LD_JSON,
    )


@door.get("/epcis/events")
@keyed
def query_events() -> Response:
    """Answer which events happened to one's own lots, or to lots that are asked for by their codes."""
    _, producer_id = require_producer(Ability.LOTS_WRITE)
    question = read_question(request.args)
    session = db.session()
    found = list_events(session, producer_id, question)
    written = write_events(found, list_beside(session, found), _site_url())
    response = _json(write_answer(written, clock.now(), _site_url(), "SimpleEventQuery"), kind=LD_JSON)
    if len(found) == question.most:
        again = {**request.args.to_dict(flat=False), "nextPageToken": [str(found[-1].id)]}
        response.headers["Link"] = f'<{url_for("api.query_events", **again)}>; rel="next"'  # type: ignore[arg-type]
    return response


def _job(done: EpcisCapture) -> dict[str, object]:
    """Return a capture as the standard's capture job, which is always over when it can be seen."""
    moment = done.captured_at.isoformat()
    return {
        "captureID": done.code,
        "createdAt": moment,
        "finishedAt": moment,
        "running": False,
        "success": True,
        "captureErrorBehaviour": "rollback",
        "events": done.events,
        "errors": [],
    }


def _refused(refusal: CaptureRefused) -> Response:
    db.session.rollback()
    faults = [{"pointer": fault.path, "detail": fault.words} for fault in refusal.faults]
    response = problem(refusal.status, refusal.code, errors=faults)
    response.headers.update(VERSIONS)
    return response


def _json(content: dict[str, object], status: int = 200, kind: str = "application/json") -> Response:
    headers = {**VERSIONS, "Cache-Control": "no-store"}
    return Response(json.dumps(content, ensure_ascii=False), status, headers=headers, content_type=kind)


def _site_url() -> str:
    return str(current_app.extensions["settings"].site_url)

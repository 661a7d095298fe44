"""Sheets of past events: a table filled in at a desk, tried, and recorded as a whole or not at all."""

from flask import Response, request

from marketplace import clock
from marketplace.accounts.roles import Role
from marketplace.database import db
from marketplace.producers.models import Producer
from marketplace.traceability.events.errors import EventDiffers, InvalidEvent
from marketplace.traceability.lots.queries import list_lots
from marketplace.upkeep.event_sheets.columns import MOST_BYTES, MOST_ROWS
from marketplace.upkeep.event_sheets.planning import EventPlan, examine_events, record_sheet
from marketplace.upkeep.event_sheets.reading import Upload, read_upload
from marketplace.upkeep.event_sheets.workbook import blank_workbook
from marketplace.upkeep.sheets import SheetRefused
from marketplace.upkeep.shop_sheets.errors import TrialHasErrors
from marketplace.web.guards import requires
from marketplace.web.pictures import takes_files
from marketplace.web.refusals import explain
from marketplace.web.visitors import acting
from marketplace.web.words import ngettext
from marketplace.workspace import door
from marketplace.workspace.answers import go, page
from marketplace.workspace.lot_words import step_of
from marketplace.workspace.tenancy import own_producer, own_producer_in

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LOTS_NAMED = 200
MOST_SHOWN = 200
BEYOND_FILE = 200_000


@door.get("/<slug>/lo/bang-tinh")
@requires(Role.OWNER, Role.STAFF)
def show_event_sheets(slug: str) -> Response:
    """Offer the empty sheet, and the place to send one in."""
    return _sheets_page(own_producer(slug))


@door.get("/<slug>/lo/bang-tinh/mau.xlsx")
@requires(Role.OWNER, Role.STAFF)
def export_event_sheet(slug: str) -> Response:
    """Hand out the empty sheet, with the producer's own lots beside it."""
    producer = own_producer(slug)
    book = blank_workbook(list_lots(db.session(), producer.id, limit=LOTS_NAMED))
    response = Response(book, content_type=XLSX)
    response.headers["Content-Disposition"] = f"attachment; filename={producer.slug}-viec-cua-lo.xlsx"
    return response


@door.post("/<slug>/lo/bang-tinh")
@requires(Role.OWNER, Role.STAFF)
@takes_files(MOST_BYTES + BEYOND_FILE)
def try_event_sheet(slug: str) -> Response:
    """Read a sheet and show what it would record; nothing is recorded yet."""
    producer, sent = own_producer(slug), request.files.get("tep")
    try:
        upload = read_upload(sent.stream.read(MOST_BYTES + 1) if sent else b"")
    except SheetRefused as refusal:
        return _sheets_page(producer, ("tep", refusal.reason))
    return _trial_page(producer, upload)


@door.post("/<slug>/lo/bang-tinh/ghi")
@requires(Role.OWNER, Role.STAFF)
@takes_files(MOST_BYTES + BEYOND_FILE)
def record_event_sheet(slug: str) -> Response:
    """Record all that was shown, or nothing; rows recorded before are passed over."""
    producer, at = own_producer(slug), clock.now()
    try:
        upload = Upload.from_json(request.form.get("dong", ""))
    except SheetRefused as refusal:
        return _sheets_page(producer, ("tep", refusal.reason))
    try:
        with acting() as (session, actor):
            own = own_producer_in(session, actor, slug)
            done = len(record_sheet(session, own.id, actor, upload, at).new)
    except (TrialHasErrors, InvalidEvent, EventDiffers) as refusal:
        return _trial_page(own_producer(slug), upload, explain(refusal))
    words = ngettext("Đã ghi %(num)s việc vào lô.", "Đã ghi %(num)s việc vào lô.", done)
    return go(f"/gian-hang/{slug}/lo", words)


def _sheets_page(producer: Producer, *faults: tuple[str, str]) -> Response:
    return page("event_sheets", producer, faults=faults, rows=MOST_ROWS, megabytes=MOST_BYTES // 1_000_000)


def _trial_page(producer: Producer, upload: Upload, refused: str = "") -> Response:
    plan: EventPlan = examine_events(db.session(), producer.id, upload, clock.now())
    return page(
        "event_sheet_trial",
        producer,
        status=409 if refused else 422 if plan.errors else 200,
        plan=plan,
        steps={work.row: step_of(work.facts.biz_step).words for work in plan.works},
        carried=upload.to_json(),
        refused=refused,
        most=MOST_SHOWN,
    )

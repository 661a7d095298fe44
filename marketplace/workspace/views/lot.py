"""One lot: what it is, what it went through, its labels, papers and scans, and whom it reached."""

from datetime import timedelta

from flask import Response, request

from marketplace import clock
from marketplace.accounts.roles import Role
from marketplace.database import db
from marketplace.errors import NotFound
from marketplace.ordering.errors import BelowPromised
from marketplace.ordering.recall_reach import measure
from marketplace.producers.models import Producer
from marketplace.traceability.codes.serial_counts import list_counted_batches
from marketplace.traceability.events.history import load_history
from marketplace.traceability.lots.errors import LotInUse
from marketplace.traceability.lots.papers import must_keep_papers
from marketplace.traceability.lots.queries import get_own_lot
from marketplace.traceability.recalls.models import RecallScope
from marketplace.traceability.recalls.queries import recalls_of_lot
from marketplace.traceability.scans.alerts import count_scans_of_lot
from marketplace.web.guards import requires
from marketplace.web.lot_words import PAPER_KINDS, PORTALS
from marketplace.web.refusals import explain
from marketplace.web.words import gettext as _
from marketplace.workspace import door
from marketplace.workspace.answers import Faults, go, page
from marketplace.workspace.label_words import format_words
from marketplace.workspace.lot_deeds import drop_lot
from marketplace.workspace.lot_pages import happenings_of, trace_path_of
from marketplace.workspace.lot_words import mark_of
from marketplace.workspace.scan_warnings import warnings_of_lot
from marketplace.workspace.tenancy import own_producer
from marketplace.workspace.views.lot_events import LOT

SCANS_SHOWN = timedelta(days=30)


@door.get(f"/<slug>/lo/{LOT}")
@requires(Role.OWNER, Role.STAFF)
def show_lot(slug: str, lot_id: int) -> Response:
    """Show a lot with all that is known of it."""
    return _lot_page(own_producer(slug), lot_id)


@door.post(f"/<slug>/lo/{LOT}/bo")
@requires(Role.OWNER, Role.STAFF)
def drop(slug: str, lot_id: int) -> Response:
    """Delete a lot that was typed wrong, as long as nothing came of it."""
    producer = own_producer(slug)
    code = get_own_lot(db.session(), lot_id, producer.id).code
    try:
        drop_lot(slug, lot_id, from_stock=bool(request.form.get("bot_kho")))
    except (LotInUse, BelowPromised) as refusal:
        return _lot_page(own_producer(slug), lot_id, [("bo", explain(refusal))], refusal.status)
    return go(f"/gian-hang/{slug}/lo", _("Đã bỏ lô %(code)s.", code=code))


def _lot_page(producer: Producer, lot_id: int, faults: Faults = (), status: int = 0) -> Response:
    session, day = db.session(), clock.today()
    history = load_history(session, lot_id)
    if history.lot.producer_id != producer.id:
        raise NotFound(lot=lot_id)
    return page(
        "lot",
        producer,
        lot=history.lot,
        mark=mark_of(history.lot, day),
        history=history,
        keeps_papers=must_keep_papers(history.lot, history.product, clock.now()),
        happenings=happenings_of(history),
        trace_path=trace_path_of(history.lot),
        batches=[(one, format_words(one.batch.format)) for one in list_counted_batches(session, lot_id)],
        reach=measure(session, RecallScope.LOT, lot_id),
        scans=count_scans_of_lot(session, lot_id, day - SCANS_SHOWN),
        warnings=warnings_of_lot(session, lot_id),
        recalls=recalls_of_lot(session, history.lot) if history.lot.recalled_at else (),
        faults=faults,
        status=status,
        paper_kinds=PAPER_KINDS,
        portals=PORTALS,
    )

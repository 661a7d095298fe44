"""Where a pack was scanned, if the shopper wants to say: a province, and nothing else."""

from dataclasses import replace

from flask import Response, make_response, render_template, request

from marketplace import clock
from marketplace.accounts.attempts import Rule, claim
from marketplace.accounts.errors import TooManyAttempts
from marketplace.database import unit_of_work
from marketplace.places.models import AdminUnit
from marketplace.places.queries import list_provinces
from marketplace.scan import door
from marketplace.scan.addressed import read_printed
from marketplace.scan.counting import scan_of
from marketplace.scan.page import TracePage
from marketplace.scan.views.trace import get_page
from marketplace.traceability.scans.tallies import note_province
from marketplace.web.guards import Guard, guarded
from marketplace.web.refusals import explain
from marketplace.web.words import gettext as _


@door.get("/truy-xuat/noi-quet/<path:printed>")
@guarded(Guard.VISITOR)
def ask_province(printed: str) -> Response:
    """Ask in which province a code was scanned."""
    return _page(get_page(read_printed(printed)))


@door.post("/truy-xuat/noi-quet/<path:printed>")
@guarded(Guard.VISITOR)
def take_province(printed: str) -> Response:
    """Count a scan in the province that was picked."""
    page = get_page(read_printed(printed))
    province = next((one for one in list_provinces() if one.slug == request.form.get("tinh")), None)
    if province is None:
        return _page(page, fault=_("Mời chọn một tỉnh, thành phố."), status=422)
    at = clock.now()
    try:
        claim([(Rule.SCAN_PLACE, request.remote_addr or "unknown")], at)
    except TooManyAttempts as refusal:
        return _page(page, fault=explain(refusal), status=refusal.status)
    with unit_of_work() as session:
        note_province(session, replace(scan_of(page), province_id=province.id), at)
    return _page(page, noted=province)


def _page(page: TracePage, *, fault: str = "", noted: AdminUnit | None = None, status: int = 200) -> Response:
    body = render_template(
        "scan/whereabouts.html",
        page=page,
        provinces=[(one.slug, one.name) for one in list_provinces()],
        fault=fault,
        noted=noted,
    )
    return make_response(body, status)

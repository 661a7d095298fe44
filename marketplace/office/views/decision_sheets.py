"""Decisions of years gone by: a sheet is tried, then drafted, and a second officer confirms each decision."""

from collections.abc import Sequence

from flask import Response, request

from marketplace import clock
from marketplace.office import door
from marketplace.office.answers import Faults, go, page
from marketplace.office.tenancy import PROVINCE
from marketplace.upkeep.decision_sheets.drafting import Outcome, draft_from_sheet
from marketplace.upkeep.decision_sheets.rows import COLUMNS
from marketplace.upkeep.decision_sheets.uploads import (
    MOST_BYTES,
    MOST_ROWS,
    carry,
    read_carried,
    read_sheet,
)
from marketplace.upkeep.sheets import Finding, Row, SheetRefused
from marketplace.web.guards import requires
from marketplace.web.open_csv import write_csv
from marketplace.web.pictures import takes_files
from marketplace.web.score_sheets import write_points
from marketplace.web.visitors import acting
from marketplace.web.words import gettext as _
from marketplace.web.words import ngettext

PATH = "/van-phong/so-cu"
BEYOND_FILE = 50_000
MOST_SHOWN = 200


@door.get("/so-cu")
@requires(*PROVINCE)
def ask_for_old_decisions() -> Response:
    """Say which columns a sheet has, and take one in."""
    return _form_page()


@door.get("/so-cu/mau.csv")
@requires(*PROVINCE)
def export_empty_decisions() -> Response:
    """Hand out the empty sheet."""
    response = Response(write_csv(COLUMNS.known, []), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = "attachment; filename=quyet-dinh-cu.csv"
    return response


@door.post("/so-cu")
@requires(*PROVINCE)
@takes_files(MOST_BYTES + BEYOND_FILE)
def try_old_decisions() -> Response:
    """Show what a sheet would draft; nothing is written."""
    sent = request.files.get("tep")
    try:
        rows, found = read_sheet(sent.stream.read(MOST_BYTES + 1) if sent else b"")
    except SheetRefused as refusal:
        return _form_page([("tep", refusal.reason)])
    return _trial_page(rows, _bring_in(rows, found, dry_run=True))


@door.post("/so-cu/soan")
@requires(*PROVINCE)
def draft_old_decisions() -> Response:
    """Draft all that was shown; where it is in error by now, nothing of it, and that is shown."""
    try:
        rows = read_carried(request.form.get("dong", ""))
    except SheetRefused as refusal:
        return _form_page([("tep", refusal.reason)])
    outcome = _bring_in(rows, (), dry_run=False)
    if not outcome.papers:
        return _trial_page(rows, outcome, 409)
    drafted = len(outcome.papers)
    words = ngettext("Đã soạn %(num)s quyết định.", "Đã soạn %(num)s quyết định.", drafted)
    return go("/van-phong/quyet-dinh", f"{words} {_('Người thứ hai cùng tỉnh xác nhận thì mới công bố.')}")


def _bring_in(rows: Sequence[Row], found: Sequence[Finding], *, dry_run: bool) -> Outcome:
    with acting() as (work, actor):
        return draft_from_sheet(work, actor, rows, found, clock.now(), dry_run=dry_run)


def _form_page(faults: Faults = ()) -> Response:
    megabytes = MOST_BYTES // 1_000_000
    return page("old_decisions", faults=faults, columns=COLUMNS, rows=MOST_ROWS, megabytes=megabytes)


def _trial_page(rows: Sequence[Row], outcome: Outcome, status: int = 0) -> Response:
    return page(
        "old_decisions_trial",
        status=status or (422 if outcome.report.errors else 200),
        report=outcome.report,
        groups=outcome.groups,
        carried=carry(rows),
        most=MOST_SHOWN,
        write_points=write_points,
    )

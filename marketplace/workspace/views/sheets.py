"""Sheets: goods, prices and stock taken out as a table, changed at a desk, tried, and put back as a whole."""

from collections.abc import Sequence
from typing import TypeAlias

from flask import Response, request
from flask_babel import gettext as _

from marketplace import clock
from marketplace.accounts.roles import Role
from marketplace.database import db
from marketplace.errors import MarketplaceError
from marketplace.media.errors import PictureRefused
from marketplace.media.picture_zip import MAX_ZIP_BYTES
from marketplace.producers.models import Producer
from marketplace.upkeep.sheets import SheetRefused
from marketplace.upkeep.shop_sheets.brought import Brought, gather, keep_brought
from marketplace.upkeep.shop_sheets.columns import COLUMNS_OF, SheetKind
from marketplace.upkeep.shop_sheets.errors import TrialGone, TrialOutdated
from marketplace.upkeep.shop_sheets.limits import MOST_BYTES, MOST_NEW_PICTURES, MOST_ROWS
from marketplace.upkeep.shop_sheets.models import SheetTrial
from marketplace.upkeep.shop_sheets.plans import Difference, Plan, differences
from marketplace.upkeep.shop_sheets.present import list_values, load_kept, written
from marketplace.upkeep.shop_sheets.trials import (
    begin_trial,
    confirm_trial,
    drop_trial,
    examine_trial,
    find_trial,
)
from marketplace.upkeep.shop_sheets.uploads import Upload, read_upload
from marketplace.upkeep.shop_sheets.workbook import workbook_of
from marketplace.web.guards import requires
from marketplace.web.open_csv import write_csv
from marketplace.web.pictures import takes_files
from marketplace.web.refusals import explain
from marketplace.web.visitors import acting, require_actor
from marketplace.workspace import door
from marketplace.workspace.answers import go, page
from marketplace.workspace.tenancy import own_producer, own_producer_in

Told: TypeAlias = tuple[int, str, str, str, str, str]
"""A row of the table of what was tried: row, column, what it is about, old, new, message."""
MOST_SHOWN = 200
"""Changes and messages on the page; the table to take out has them all."""
BEYOND_FILES = 200_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@door.get("/<slug>/bang-tinh")
@requires(Role.OWNER, Role.STAFF)
def show_sheets(slug: str) -> Response:
    """Offer the sheets to take out, and the place to send one in."""
    return _sheets_page(own_producer(slug))


@door.get("/<slug>/bang-tinh/<any('hang-ban', 'gia', 'ton-kho', 'mau'):name>.<any('xlsx', 'csv'):form>")
@requires(Role.OWNER, Role.STAFF)
def export_sheet(slug: str, name: str, form: str) -> Response:
    """Hand out a sheet with the producer's own goods, or the empty one (`mau`)."""
    producer = own_producer(slug)
    columns = COLUMNS_OF[SheetKind.LISTINGS if name == "mau" else SheetKind(name)]
    rows = [] if name == "mau" else list(list_values(load_kept(db.session(), producer.id), columns))
    if form == "xlsx":
        return _file(f"{producer.slug}-{name}.xlsx", workbook_of(columns, rows), XLSX)
    table = write_csv(columns, ([written(column, row.get(column)) for column in columns] for row in rows))
    return _file(f"{producer.slug}-{name}.csv", table, "text/csv; charset=utf-8")


@door.post("/<slug>/bang-tinh")
@requires(Role.OWNER, Role.STAFF)
@takes_files(MOST_BYTES + MAX_ZIP_BYTES + BEYOND_FILES)
def try_sheet(slug: str) -> Response:
    """Read a sheet and the pictures it names, and lead to what it would change."""
    producer = own_producer(slug)
    try:
        upload = read_upload(_sent("tep", MOST_BYTES)[1])
    except SheetRefused as refusal:
        return _sheets_page(producer, ("tep", refusal.reason))
    try:
        brought = _gather(upload, producer)
    except PictureRefused as refusal:
        return _sheets_page(producer, ("anh_zip", explain(refusal)))
    _keep_and_examine(slug, upload, brought)
    return go(f"/gian-hang/{slug}/bang-tinh/xem-thu")


@door.get("/<slug>/bang-tinh/xem-thu")
@requires(Role.OWNER, Role.STAFF)
def show_trial(slug: str) -> Response:
    """Show what the sheet last sent would change, and what stands against it."""
    producer = own_producer(slug)
    trial = _find_trial(producer)
    if trial is None:
        return go(f"/gian-hang/{slug}/bang-tinh", explain(TrialGone()))
    return _trial_page(producer, trial)


@door.get("/<slug>/bang-tinh/xem-thu.csv")
@requires(Role.OWNER, Role.STAFF)
def export_trial(slug: str) -> Response:
    """Hand out all messages and changes of the sheet last sent."""
    producer = own_producer(slug)
    trial = _find_trial(producer)
    if trial is None:
        return go(f"/gian-hang/{slug}/bang-tinh", explain(TrialGone()))
    header = (_("Dòng"), _("Cột"), _("Nói về"), _("Đang là"), _("Sẽ là"), _("Ghi chú"))
    table = write_csv(header, _told(Plan.from_json(trial.plan)))
    return _file(f"{producer.slug}-xem-thu.csv", table, "text/csv; charset=utf-8")


@door.post("/<slug>/bang-tinh/xem-thu/ghi")
@requires(Role.OWNER, Role.STAFF)
def apply_sheet(slug: str) -> Response:
    """Do all that was shown, or, where anything changed meanwhile, nothing of it and show that."""
    at = clock.now()
    shown = Plan.from_json(_require_trial(own_producer(slug)).plan)
    try:
        with acting() as (work, actor):
            done = confirm_trial(
                work, own_producer_in(work, actor, slug), actor, request.form.get("ban", ""), at
            )
    except TrialOutdated as refusal:
        return _changed_meanwhile(slug, shown, refusal)
    words = _("Đã ghi %(number)s thay đổi từ bảng tính.", number=len(done.changes))
    return go(f"/gian-hang/{slug}/bang-tinh", words)


@door.post("/<slug>/bang-tinh/xem-thu/bo")
@requires(Role.OWNER, Role.STAFF)
def drop_sheet(slug: str) -> Response:
    """Let the sheet last sent go, with the pictures that came with it."""
    with acting() as (work, actor):
        drop_trial(work, own_producer_in(work, actor, slug).id, actor)
    return go(f"/gian-hang/{slug}/bang-tinh", _("Đã bỏ bảng tính vừa gửi. Chưa có gì thay đổi."))


def _sent(field: str, most: int) -> tuple[str, bytes]:
    """Return name and content of the file of a field, and one byte more than it may have."""
    upload = request.files.get(field)
    return (upload.filename or "", upload.stream.read(most + 1)) if upload else ("", b"")


def _gather(upload: Upload, producer: Producer) -> Brought:
    name, archive = _sent("anh_zip", MAX_ZIP_BYTES)
    return gather(archive, name, upload.picture_names(), producer.id) if archive else Brought()


def _keep_and_examine(slug: str, upload: Upload, brought: Brought) -> None:
    at = clock.now()
    with acting() as (work, actor):
        producer = own_producer_in(work, actor, slug)
        keys, new = keep_brought(work, brought, producer.id, at)
        told = upload.beside({name: explain(refusal) for name, refusal in brought.refused.items()})
        begin_trial(work, producer.id, actor, told, keys, new, at)
    examine_trial(producer.id, actor, at)


def _changed_meanwhile(slug: str, shown: Plan, refusal: TrialOutdated) -> Response:
    now = examine_trial(own_producer(slug).id, require_actor(), clock.now())
    producer = own_producer(slug)
    return _trial_page(producer, _require_trial(producer), differences(shown, now), refusal)


def _find_trial(producer: Producer) -> SheetTrial | None:
    return find_trial(db.session(), producer.id, require_actor().person_id, clock.now())


def _require_trial(producer: Producer) -> SheetTrial:
    trial = _find_trial(producer)
    if trial is None:
        raise TrialGone
    return trial


def _told(plan: Plan) -> list[Told]:
    findings: list[Told] = [(one.row, one.column, "", "", "", one.message) for one in plan.findings]
    fixed = [
        (one.row, one.column, one.about, one.old, one.new, _("Không đổi ở đây; gửi đề nghị thay đổi"))
        for one in plan.fixed
    ]
    changes = [(one.row, one.column, one.about, one.old, one.new, "") for one in plan.changes]
    return sorted([*findings, *fixed, *changes], key=lambda row: row[0])


def _file(name: str, content: str | bytes, content_type: str) -> Response:
    response = Response(content, content_type=content_type)
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    return response


def _sheets_page(producer: Producer, *faults: tuple[str, str]) -> Response:
    return page(
        "sheets",
        producer,
        faults=faults,
        trial=_find_trial(producer),
        rows=MOST_ROWS,
        megabytes=MOST_BYTES // 1_000_000,
        zip_megabytes=MAX_ZIP_BYTES // 1_000_000,
        pictures=MOST_NEW_PICTURES,
    )


def _trial_page(
    producer: Producer,
    trial: SheetTrial,
    changed: Sequence[Difference] = (),
    refusal: MarketplaceError | None = None,
) -> Response:
    plan = Plan.from_json(trial.plan)
    return page(
        "sheet_trial",
        producer,
        status=refusal.status if refusal else 200,
        trial=trial,
        plan=plan,
        changed=changed,
        refused=explain(refusal) if refusal else "",
        most=MOST_SHOWN,
    )

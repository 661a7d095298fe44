"""Labels of a lot: ordered, and handed out as PDF, as a table, or as the picture of a code."""

import secrets
from collections.abc import Sequence

from flask import Response, current_app, request
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.accounts.roles import Role
from marketplace.database import db
from marketplace.errors import NotFound
from marketplace.producers.models import Producer
from marketplace.traceability.codes.models import LabelBatch, LabelLevel
from marketplace.traceability.codes.serials import Minted
from marketplace.traceability.labels.errors import InvalidLabels, NotForPrinting
from marketplace.traceability.labels.formats import get_format
from marketplace.traceability.labels.making import (
    MOST_LABELS,
    LabelOrder,
    MadeLabels,
    make_labels,
)
from marketplace.traceability.labels.printer_list import HEADER, printer_rows
from marketplace.traceability.labels.queries import get_own_batch, list_serials
from marketplace.traceability.labels.sheet import draw_batch
from marketplace.traceability.labels.single import Symbol, note_as_printed, single_png, single_svg
from marketplace.traceability.lots.queries import get_own_lot
from marketplace.web.guards import requires
from marketplace.web.open_csv import write_csv
from marketplace.web.refusals import explain
from marketplace.web.visitors import acting
from marketplace.web.words import gettext as _
from marketplace.web.words import ngettext
from marketplace.workspace import door, label_words
from marketplace.workspace.answers import Faults, csv_table, go, page
from marketplace.workspace.lot_pages import trace_code_of
from marketplace.workspace.tenancy import own_producer, own_producer_in
from marketplace.workspace.typed import Typed
from marketplace.workspace.views.lot_events import LOT

BATCH = "<int(max=2147483647):batch_id>"


@door.get(f"/<slug>/lo/{LOT}/tem")
@requires(Role.OWNER, Role.STAFF)
def ask_for_labels(slug: str, lot_id: int) -> Response:
    """Ask which labels are wanted for a lot."""
    return _order_page(own_producer(slug), lot_id)


@door.post(f"/<slug>/lo/{LOT}/tem")
@requires(Role.OWNER, Role.STAFF)
def order_labels(slug: str, lot_id: int) -> Response:
    """Make labels for a lot; those with a PIN are handed out at once, for nobody can tell it again."""
    producer, typed = own_producer(slug), Typed(request.form)
    lot = get_own_lot(db.session(), lot_id, producer.id)
    order = label_words.read_order(typed, int(lot.quantity))
    if order is None or typed.faults:
        return _order_page(producer, lot_id, typed.faults)
    try:
        made = _make(slug, lot_id, order)
    except InvalidLabels as refusal:
        return _order_page(own_producer(slug), lot_id, [label_words.fault_of(refusal)])
    except NotForPrinting as refusal:
        return _order_page(own_producer(slug), lot_id, [("kho", explain(refusal))], refusal.status)
    return hand_out(slug, lot_id, made)


@door.get(f"/<slug>/lo/{LOT}/tem/{BATCH}.pdf")
@requires(Role.OWNER, Role.STAFF)
def draw_labels(slug: str, lot_id: int, batch_id: int) -> Response:
    """Hand out the labels of a batch for printing, void ones left out."""
    batch = own_batch(own_producer(slug), lot_id, batch_id)
    labels = list_serials(db.session(), batch.id)
    if batch.level is LabelLevel.ITEM and not labels:
        return go(f"/gian-hang/{slug}/lo/{lot_id}/tem/{batch_id}", _("Mọi tem của lần in này đã huỷ."))
    used = min(Typed(request.args).id("bo_qua"), get_format(batch.format).per_page - 1)
    return _file(f"tem-{batch.lot.code}-{batch.first_number}.pdf", _draw(batch, labels, used))


@door.get(f"/<slug>/lo/{LOT}/tem/{BATCH}.csv")
@requires(Role.OWNER, Role.STAFF)
def list_labels(slug: str, lot_id: int, batch_id: int) -> Response:
    """Hand out the codes of a batch as a table, for a printing house."""
    batch = own_batch(own_producer(slug), lot_id, batch_id)
    table = write_csv(
        HEADER, printer_rows(batch, list_serials(db.session(), batch.id), _site_url(), clock.today())
    )
    return csv_table(f"tem-{batch.lot.code}-{batch.first_number}", table)


@door.get(f"/<slug>/lo/{LOT}/<any('qr', 'datamatrix'):symbol>.<any('svg', 'png'):form>")
@requires(Role.OWNER, Role.STAFF)
def draw_code(slug: str, lot_id: int, symbol: str, form: str) -> Response:
    """Hand out a code of a lot as a picture, for packs whose design has room for it."""
    lot = get_own_lot(db.session(), lot_id, own_producer(slug).id)
    if lot.product is None:
        raise NotFound(lot=lot_id)
    code, kind = trace_code_of(lot.product, lot.code), Symbol(symbol)
    if form == "svg":
        label = _("Mã lô %(code)s", code=lot.code)
        content = single_svg(kind, code, lot.use_by, _site_url(), label).encode()
    else:
        content = single_png(kind, code, lot.use_by, _site_url())
    if lot.printed_at is None:
        with acting() as (session, actor):
            own = own_producer_in(session, actor, slug)
            note_as_printed(get_own_lot(session, lot_id, own.id), clock.now())
    content_type = "image/svg+xml" if form == "svg" else "image/png"
    return _file(f"{symbol}-{lot.code}.{form}", content, content_type)


def _make(slug: str, lot_id: int, order: LabelOrder) -> MadeLabels:
    with acting() as (session, actor):
        lot = get_own_lot(session, lot_id, own_producer_in(session, actor, slug).id)
        return make_labels(session, actor, lot, order, clock.now())


def hand_out(slug: str, lot_id: int, made: MadeLabels) -> Response:
    """Hand out labels with PINs, which are in no other file; else lead to where the files are."""
    if made.known:
        return go(f"/gian-hang/{slug}/lo/{lot_id}/tem/{made.batch.id}", _("Lần in này đã tạo rồi."))
    if any(label.pin for label in made.minted):
        batch = own_batch(own_producer(slug), lot_id, made.batch.id)
        return _file(f"tem-{batch.lot.code}-{batch.first_number}.pdf", _draw(batch, made.minted, 0))
    words = ngettext(
        "Đã tạo %(num)s tem. Mở tệp để in.", "Đã tạo %(num)s tem. Mở tệp để in.", made.batch.count
    )
    return go(f"/gian-hang/{slug}/lo/{lot_id}/tem/{made.batch.id}", words)


def own_batch(producer: Producer, lot_id: int, batch_id: int) -> LabelBatch:
    """Return a batch of a lot of a producer's; raises NotFound for all others."""
    return own_batch_in(db.session(), producer.id, lot_id, batch_id)


def own_batch_in(session: Session, producer_id: int, lot_id: int, batch_id: int) -> LabelBatch:
    """Return a batch of a lot of a producer's inside a unit of work; raises NotFound."""
    batch = get_own_batch(session, batch_id, producer_id)
    if batch.lot_id != lot_id or batch.lot.product is None:
        raise NotFound(batch=batch_id)
    return batch


def _draw(batch: LabelBatch, labels: Sequence[Minted], used: int) -> bytes:
    return draw_batch(batch, labels, _site_url(), clock.today(), skip=used)


def _site_url() -> str:
    site_url: str = current_app.extensions["settings"].site_url
    return site_url


def _file(name: str, content: bytes, content_type: str = "application/pdf") -> Response:
    response = Response(content, content_type=content_type)
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    return response


def _order_page(producer: Producer, lot_id: int, faults: Faults = (), status: int = 0) -> Response:
    lot = get_own_lot(db.session(), lot_id, producer.id)
    packs = int(lot.quantity)
    blank = {"kho": label_words.FIRST_FORMAT, "muc": LabelLevel.ITEM.value, "so_tem": str(packs)}
    blank |= {"ma_don": secrets.token_urlsafe(16)}
    return page(
        "lot_labels",
        producer,
        faults=faults,
        status=status,
        lot=lot,
        typed=request.form if faults else blank,
        formats=label_words.format_choices(packs),
        levels=label_words.level_choices(),
        most=MOST_LABELS,
    )

"""A batch of labels: how its numbers stand, put to use, made void, and printed anew."""

from flask import Response, request
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.accounts import journal
from marketplace.accounts.permissions import Actor
from marketplace.accounts.roles import Role
from marketplace.database import db
from marketplace.producers.models import Producer
from marketplace.producers.profile import scope_of
from marketplace.traceability.codes.models import LabelBatch, VoidReason
from marketplace.traceability.codes.serial_counts import count_batch
from marketplace.traceability.codes.serial_states import activate_batch, void
from marketplace.traceability.errors import NoSuchLabels
from marketplace.traceability.labels.errors import InvalidLabels, NotForPrinting
from marketplace.traceability.labels.formats import FORMATS
from marketplace.traceability.labels.making import MadeLabels, reprint_labels
from marketplace.traceability.lots.queries import get_own_lot
from marketplace.web.guards import requires
from marketplace.web.refusals import explain
from marketplace.web.visitors import acting
from marketplace.web.words import gettext as _
from marketplace.web.words import ngettext
from marketplace.workspace import door, label_words
from marketplace.workspace.answers import Faults, go, page
from marketplace.workspace.tenancy import own_producer, own_producer_in
from marketplace.workspace.typed import Typed
from marketplace.workspace.views.lot_events import LOT
from marketplace.workspace.views.lot_labels import BATCH, hand_out, own_batch, own_batch_in

VOIDABLE = {
    VoidReason.SPOILT: _l("Tem hỏng, in mờ"),
    VoidReason.LOST: _l("Làm mất"),
    VoidReason.STOLEN: _l("Bị lấy cắp"),
    VoidReason.UNUSED: _l("Không dùng đến"),
}
"""Why people make labels void; printing anew is a reason of its own."""


@door.get(f"/<slug>/lo/{LOT}/tem/{BATCH}")
@requires(Role.OWNER, Role.STAFF)
def show_batch(slug: str, lot_id: int, batch_id: int) -> Response:
    """Show a batch of labels: its files, and how its numbers stand."""
    return _batch_page(own_producer(slug), lot_id, batch_id)


@door.post(f"/<slug>/lo/{LOT}/tem/{BATCH}/dung")
@requires(Role.OWNER, Role.STAFF)
def put_to_use(slug: str, lot_id: int, batch_id: int) -> Response:
    """Say that the labels of a batch are on packs now."""
    at = f"/gian-hang/{slug}/lo/{lot_id}/tem/{batch_id}"
    try:
        with acting() as (session, actor):
            batch = own_batch_in(session, own_producer_in(session, actor, slug).id, lot_id, batch_id)
            done = activate_batch(session, batch, clock.now())
            _record(session, actor, "labels:activate", batch, done)
    except NoSuchLabels as refusal:
        return go(at, explain(refusal))
    words = ngettext("%(num)s tem đã bắt đầu dùng.", "%(num)s tem đã bắt đầu dùng.", done)
    return go(at, words)


@door.post(f"/<slug>/lo/{LOT}/tem/{BATCH}/huy")
@requires(Role.OWNER, Role.STAFF)
def make_void(slug: str, lot_id: int, batch_id: int) -> Response:
    """Make numbers of a batch void for ever: whoever scans one is told."""
    producer, typed = own_producer(slug), Typed(request.form)
    numbers = _read_numbers(typed, own_batch(producer, lot_id, batch_id), "huy")
    reason = VoidReason(typed.text("ly_do")) if typed.text("ly_do") in set(VOIDABLE) else None
    if reason is None:
        typed.fault("ly_do", _("Mời chọn vì sao huỷ."))
    if typed.faults or reason is None:
        return _batch_page(producer, lot_id, batch_id, typed.faults)
    try:
        with acting() as (session, actor):
            batch = own_batch_in(session, own_producer_in(session, actor, slug).id, lot_id, batch_id)
            done = void(session, batch.lot_id, *numbers, reason, clock.now())
            _record(session, actor, "labels:void", batch, done)
    except NoSuchLabels as refusal:
        return _batch_page(own_producer(slug), lot_id, batch_id, [("huy_tu", explain(refusal))])
    words = ngettext("Đã huỷ %(num)s tem.", "Đã huỷ %(num)s tem.", done)
    return go(f"/gian-hang/{slug}/lo/{lot_id}/tem/{batch_id}", words)


@door.post(f"/<slug>/lo/{LOT}/tem/{BATCH}/in-lai")
@requires(Role.OWNER, Role.STAFF)
def print_anew(slug: str, lot_id: int, batch_id: int) -> Response:
    """Make new labels for spoilt ones, whose numbers are void from then on."""
    producer, typed = own_producer(slug), Typed(request.form)
    numbers = _read_numbers(typed, own_batch(producer, lot_id, batch_id), "lai")
    if typed.faults:
        return _batch_page(producer, lot_id, batch_id, typed.faults)
    try:
        made = _reprint(slug, lot_id, batch_id, numbers, with_pins=bool(typed.text("ma_cao")))
    except (NoSuchLabels, InvalidLabels, NotForPrinting) as refusal:
        status = 409 if isinstance(refusal, NotForPrinting) else 422
        faults = [("lai_tu", explain(refusal))]
        return _batch_page(own_producer(slug), lot_id, batch_id, faults, status)
    return hand_out(slug, lot_id, made)


def _record(session: Session, actor: Actor, deed: str, batch: LabelBatch, labels: int) -> None:
    data, org = {"lot": batch.lot_id, "count": labels}, scope_of(batch.lot.producer)
    journal.record(session, actor, deed, "label_batch", batch.id, org, at=clock.now(), data=data)


def _reprint(
    slug: str, lot_id: int, batch_id: int, numbers: tuple[int, int], *, with_pins: bool
) -> MadeLabels:
    with acting() as (session, actor):
        own = own_producer_in(session, actor, slug)
        batch = own_batch_in(session, own.id, lot_id, batch_id)
        lot = get_own_lot(session, lot_id, own.id)
        return reprint_labels(session, actor, lot, batch, numbers, clock.now(), with_pins=with_pins)


def _read_numbers(typed: Typed, batch: LabelBatch, form: str) -> tuple[int, int]:
    """Return the first and the last number that a form of the page names; one alone is both."""
    first = typed.whole(f"{form}_tu", _("Mời ghi số tem đầu."))
    ends_typed = typed.text(f"{form}_den").strip()
    last = typed.whole(f"{form}_den", _("Mời ghi số tem cuối.")) if ends_typed else first
    ends = batch.first_number + batch.count - 1
    if not typed.faults and not batch.first_number <= first <= last <= ends:
        words = _("Lần in này có tem %(first)s đến %(last)s.", first=batch.first_number, last=ends)
        typed.fault(f"{form}_tu", words)
    return first, last


def _batch_page(
    producer: Producer, lot_id: int, batch_id: int, faults: Faults = (), status: int = 0
) -> Response:
    batch = own_batch(producer, lot_id, batch_id)
    return page(
        "lot_batch",
        producer,
        faults=faults,
        status=status,
        batch=batch,
        lot=batch.lot,
        counts=count_batch(db.session(), batch),
        form=FORMATS.get(batch.format),
        form_words=label_words.format_words(batch.format),
        reasons=[(reason.value, words) for reason, words in VOIDABLE.items()],
        typed=request.form,
    )

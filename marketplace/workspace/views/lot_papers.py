"""Papers put to a lot: inspections and laboratory reports, as files that whoever scans a pack can open."""

from flask import Response, request

from marketplace import clock
from marketplace.accounts.roles import Role
from marketplace.database import db
from marketplace.errors import InvalidInput
from marketplace.media.limits import MAX_BYTES
from marketplace.producers.models import Producer
from marketplace.traceability.lots.errors import InvalidPaper, PaperInUse
from marketplace.traceability.lots.models import PaperKind
from marketplace.traceability.lots.papers import (
    LONGEST_ISSUER,
    LONGEST_NUMBER,
    LONGEST_TITLE,
    LONGEST_WORDS,
    PaperFacts,
    add_paper,
    get_own_paper,
    remove_paper,
)
from marketplace.traceability.lots.queries import get_own_lot
from marketplace.web.guards import requires
from marketplace.web.lot_words import PAPER_KINDS
from marketplace.web.pictures import takes_files
from marketplace.web.refusals import explain
from marketplace.web.visitors import acting
from marketplace.web.words import gettext as _
from marketplace.workspace import door
from marketplace.workspace.answers import Faults, go, page
from marketplace.workspace.paper_file import read_paper_file
from marketplace.workspace.tenancy import own_producer, own_producer_in
from marketplace.workspace.typed import Typed, read_required_day
from marketplace.workspace.views.lot_events import LOT

FIELDS = {
    "kind": "loai",
    "title": "ten",
    "number": "so",
    "issuer": "noi_cap",
    "issued_on": "ngay",
    "words": "ghi_chu",
    "file": "tep",
}
"""What the facts of a paper are called in its form."""
LONGEST = {
    "ten": LONGEST_TITLE,
    "so": LONGEST_NUMBER,
    "noi_cap": LONGEST_ISSUER,
    "ghi_chu": LONGEST_WORDS,
}
VERDICTS = {"dat": True, "khong": False}


@door.get(f"/<slug>/lo/{LOT}/giay")
@requires(Role.OWNER, Role.STAFF)
def ask_for_paper(slug: str, lot_id: int) -> Response:
    """Ask what stands on a paper that speaks of a lot."""
    return _paper_page(own_producer(slug), lot_id)


@door.post(f"/<slug>/lo/{LOT}/giay")
@requires(Role.OWNER, Role.STAFF)
@takes_files(MAX_BYTES + 200_000)
def save_paper(slug: str, lot_id: int) -> Response:
    """Put a paper to a lot; whoever scans a pack can open it."""
    producer, typed = own_producer(slug), Typed(request.form)
    get_own_lot(db.session(), lot_id, producer.id)
    facts, file = _read_facts(typed), read_paper_file(typed)
    if typed.faults or facts is None or file is None:
        return _paper_page(producer, lot_id, typed.faults)
    try:
        with acting() as (session, actor):
            own = own_producer_in(session, actor, slug)
            lot = get_own_lot(session, lot_id, own.id)
            add_paper(session, actor, own, lot, facts, file, clock.now())
    except InvalidPaper as refusal:
        return _paper_page(own_producer(slug), lot_id, [_fault(refusal)])
    return go(f"/gian-hang/{slug}/lo/{lot_id}", _("Đã thêm giấy. Ai quét tem cũng mở xem được."))


@door.post(f"/<slug>/lo/{LOT}/giay/bo")
@requires(Role.OWNER, Role.STAFF)
def drop_paper(slug: str, lot_id: int) -> Response:
    """Take a paper away, as long as it is no evidence yet."""
    words = _("Đã bỏ giấy.")
    try:
        with acting() as (session, actor):
            own = own_producer_in(session, actor, slug)
            lot = get_own_lot(session, lot_id, own.id)
            paper = get_own_paper(session, Typed(request.form).id("giay"), lot)
            remove_paper(session, actor, own, lot, paper, clock.now())
    except PaperInUse as refusal:
        words = explain(refusal)
    return go(f"/gian-hang/{slug}/lo/{lot_id}", words)


def _read_facts(typed: Typed) -> PaperFacts | None:
    kind = typed.read("loai", _read_kind, _("Chưa chọn loại giấy."))
    issued = typed.read("ngay", read_required_day, _("Mời chọn ngày trên giấy, ví dụ 10/11/2026."))
    if kind is None or issued is None:
        return None
    return PaperFacts(
        kind=kind,
        title=typed.text("ten"),
        number=typed.text("so"),
        issuer=typed.text("noi_cap"),
        issued_on=issued,
        passed=VERDICTS.get(typed.text("ket_qua")),
        words=typed.text("ghi_chu"),
    )


def _read_kind(text: str) -> PaperKind:
    if text not in set(PaperKind):
        raise InvalidInput(field="loai")
    return PaperKind(text)


def _fault(refusal: InvalidPaper) -> tuple[str, str]:
    field = str(refusal.parameters["field"])
    words = {
        "issued_on": _("Ngày trên giấy không ở sau hôm nay."),
        "file": _("Mỗi lô giữ nhiều nhất 30 giấy."),
    }
    return FIELDS.get(field, "ten"), words.get(field, _("Mời gõ một dòng ngắn, không bỏ trống."))


def _paper_page(producer: Producer, lot_id: int, faults: Faults = ()) -> Response:
    return page(
        "lot_paper",
        producer,
        faults=faults,
        lot=get_own_lot(db.session(), lot_id, producer.id),
        typed=request.form,
        kinds=[(kind.value, words) for kind, words in PAPER_KINDS.items()],
        longest={
            "ten": LONGEST_TITLE,
            "so": LONGEST_NUMBER,
            "noi_cap": LONGEST_ISSUER,
            "ghi_chu": LONGEST_WORDS,
        },
    )

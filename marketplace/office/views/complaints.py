"""Complaints about orders at the office: what was said, answered in time, closed with a reason."""

from datetime import datetime

from flask import Response, request

from marketplace import clock
from marketplace.accounts.roles import Role
from marketplace.database import db
from marketplace.office import door
from marketplace.office.answers import Faults, go, page
from marketplace.office.complaints import (
    complaint_in_reach,
    list_closed_complaints,
    list_open_complaints,
)
from marketplace.office.deadlines import TimeLeft, time_left
from marketplace.office.tenancy import OFFICE, Reach
from marketplace.ordering.after_sale_errors import InvalidComplaint
from marketplace.ordering.complaint_models import ComplaintEnd, Voice
from marketplace.ordering.complaints import MOST_WORDS, answer_complaint, close_complaint, read_words
from marketplace.ordering.order_number import write_number
from marketplace.web.complaint_words import COMPLAINT_ENDS, COMPLAINT_KINDS, COMPLAINT_STATES, VOICES
from marketplace.web.guards import requires
from marketplace.web.refusals import explain
from marketplace.web.visitors import acting, require_actor
from marketplace.web.words import gettext as _

PATH = "/van-phong/khieu-nai"


@door.get("/khieu-nai")
@requires(*OFFICE)
def list_complaints() -> Response:
    """List the complaints that are not settled, overdue ones first, and those closed last."""
    session, reach = db.session(), Reach.of(require_actor())
    return page(
        "complaints",
        complaints=list_open_complaints(session, reach),
        closed=list_closed_complaints(session, reach),
        kinds=COMPLAINT_KINDS,
        states=COMPLAINT_STATES,
        ends=COMPLAINT_ENDS,
        left=_left,
    )


@door.get("/khieu-nai/<ticket>")
@requires(*OFFICE)
def show_complaint(ticket: str) -> Response:
    """Show a complaint with its words, without who the buyer is."""
    return _complaint_page(ticket)


@door.post("/khieu-nai/<ticket>")
@requires(*OFFICE)
def answer_complainer(ticket: str) -> Response:
    """Answer a complaint; its buyer is told, its seller reads it on the order."""
    complaint_id = complaint_in_reach(db.session(), require_actor(), ticket).id
    words, faults = _read_words("loi")
    if faults:
        return _complaint_page(ticket, faults)
    with acting() as (session, actor):
        complaint_in_reach(session, actor, ticket)
        answer_complaint(session, actor, complaint_id, Voice.OFFICE, words, clock.now())
    return go(f"{PATH}/{ticket}", _("Đã trả lời. Khách được báo."))


@door.post("/khieu-nai/<ticket>/khep-lai")
@requires(*OFFICE)
def close_with_reason(ticket: str) -> Response:
    """Close a complaint with a reason, and tell its buyer."""
    complaint_id = complaint_in_reach(db.session(), require_actor(), ticket).id
    typed = request.form.get("ket_qua", "")
    words, faults = _read_words("loi_cuoi")
    if typed not in set(ComplaintEnd):
        faults = [("ket_qua", _("Mời chọn một kết quả.")), *faults]
    if faults:
        return _complaint_page(ticket, faults)
    with acting() as (session, actor):
        complaint_in_reach(session, actor, ticket)
        close_complaint(session, actor, complaint_id, ComplaintEnd(typed), words, clock.now())
    return go(PATH, _("Đã khép lại khiếu nại. Khách được báo."))


def _read_words(field: str) -> tuple[str, list[tuple[str, str]]]:
    """Return the words in a field, or what is wrong with them."""
    try:
        return read_words(request.form.get(field, "")), []
    except InvalidComplaint as refusal:
        return "", [(field, explain(refusal))]


def _complaint_page(ticket: str, faults: Faults = ()) -> Response:
    complaint = complaint_in_reach(db.session(), require_actor(), ticket)
    return page(
        "complaint",
        faults=faults,
        complaint=complaint,
        number=write_number(complaint.order.group.number),
        money_path=_money_path(complaint.order.group.number),
        kinds=COMPLAINT_KINDS,
        states=COMPLAINT_STATES,
        ends=COMPLAINT_ENDS,
        voices=VOICES,
        left=_left(complaint.due_at),
        most_words=MOST_WORDS,
        typed=request.form,
    )


def _money_path(number: str) -> str:
    """Return where an administrator gives money of the order back; nothing for anybody else."""
    roles = {held.role for held in require_actor().live_memberships}
    return f"/van-phong/tien/don/{number}/hoan" if Role.ADMINISTRATOR in roles else ""


def _left(due_at: datetime) -> TimeLeft:
    return time_left(due_at, clock.now())

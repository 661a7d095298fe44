"""Complaints about a producer's orders: those that are open, and its answer to one."""

from flask import Response, request

from marketplace import clock
from marketplace.accounts.roles import Role
from marketplace.database import db
from marketplace.errors import NotFound
from marketplace.ordering.after_sale_errors import ComplaintClosed, InvalidComplaint
from marketplace.ordering.complaint_models import Voice
from marketplace.ordering.complaint_queries import find_open_complaint, list_complaints_of_producer
from marketplace.ordering.complaints import answer_complaint, read_words
from marketplace.web.complaint_words import COMPLAINT_ENDS, COMPLAINT_KINDS, COMPLAINT_STATES
from marketplace.web.guards import requires
from marketplace.web.refusals import explain
from marketplace.web.visitors import acting
from marketplace.web.words import gettext as _
from marketplace.workspace import door
from marketplace.workspace.answers import go, page
from marketplace.workspace.tenancy import own_producer, own_producer_in
from marketplace.workspace.views.orders import order_page


@door.get("/<slug>/khieu-nai")
@requires(Role.OWNER, Role.STAFF)
def list_complaints(slug: str) -> Response:
    """List the complaints that are open, and those closed last."""
    producer = own_producer(slug)
    found = list_complaints_of_producer(db.session(), producer.id)
    return page(
        "complaints",
        producer,
        waiting=[one for one in found if one.is_open],
        closed=[one for one in found if not one.is_open],
        kinds=COMPLAINT_KINDS,
        states=COMPLAINT_STATES,
        ends=COMPLAINT_ENDS,
    )


@door.post("/<slug>/don-hang/<int(max=2147483647):order_id>/khieu-nai")
@requires(Role.OWNER, Role.STAFF)
def answer_buyer(slug: str, order_id: int) -> Response:
    """Answer the complaint about an order that is open; buyer and office read it."""
    producer = own_producer(slug)
    if find_open_complaint(db.session(), producer.id, order_id) is None:
        raise NotFound(order=order_id)
    try:
        words = read_words(request.form.get("tra_loi", ""))
    except InvalidComplaint as refusal:
        return order_page(producer, order_id, [("tra_loi", explain(refusal))])
    try:
        _answer(slug, order_id, words)
    except ComplaintClosed as refusal:
        db.session.rollback()
        return order_page(producer, order_id, refusal=explain(refusal), status=refusal.status)
    return go(f"/gian-hang/{slug}/don-hang/{order_id}", _("Đã trả lời khiếu nại. Khách được báo."))


def _answer(slug: str, order_id: int, words: str) -> None:
    with acting() as (session, actor):
        own = own_producer_in(session, actor, slug)
        complaint = find_open_complaint(session, own.id, order_id)
        if complaint is None:
            raise ComplaintClosed
        answer_complaint(session, actor, complaint.id, Voice.SELLER, words, clock.now())

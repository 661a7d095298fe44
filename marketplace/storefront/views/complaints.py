"""Complaining of a parcel from the page of its order: what happened, the code to speak of it, the answers."""

from collections.abc import Sequence

from flask import Response, make_response, render_template, request

from marketplace import clock
from marketplace.accounts.errors import TooManyAttempts
from marketplace.database import db, unit_of_work
from marketplace.errors import NotFound
from marketplace.ordering.after_sale_errors import InvalidComplaint
from marketplace.ordering.complaint_models import Complaint, ComplaintKind
from marketplace.ordering.complaint_queries import list_complaints
from marketplace.ordering.complaint_times import times_for
from marketplace.ordering.complaints import MOST_WORDS, can_complain, claim_complaint, complain, read_words
from marketplace.ordering.models import Order, OrderGroup
from marketplace.ordering.order_queries import open_group
from marketplace.storefront import door
from marketplace.storefront.views.orders import back_to
from marketplace.web.complaint_words import COMPLAINT_ENDS, COMPLAINT_KINDS, COMPLAINT_STATES, VOICES
from marketplace.web.form_token import require_form_token
from marketplace.web.guards import Guard, guarded
from marketplace.web.headers import tell_no_address
from marketplace.web.refusals import explain
from marketplace.web.words import gettext as _

Faults = list[tuple[str, str]]


@door.get("/don-hang/<number>/<secret>/khieu-nai/<int(max=99):position>")
@guarded(Guard.VISITOR)
def ask_what_happened(number: str, secret: str, position: int) -> Response:
    """Show what is complained of a parcel, and ask what happened or what else is to be said."""
    return _page(*_find(number, secret, position), f"/don-hang/{number}/{secret}")


@door.post("/don-hang/<number>/<secret>/khieu-nai/<int(max=99):position>")
@guarded(Guard.VISITOR)
def take_complaint(number: str, secret: str, position: int) -> Response:
    """Take a complaint, or more words of one that is open; what is typed wrong costs no attempt."""
    require_form_token()
    path = f"/don-hang/{number}/{secret}"
    group, order = _find(number, secret, position)
    kind, words, faults = _read(_open_one(list_complaints(db.session(), [order.id])))
    if faults:
        return _page(group, order, path, faults, 422)
    try:
        claim_complaint(order.id, request.remote_addr, clock.now())
    except TooManyAttempts as refusal:
        again = _find(number, secret, position)
        response = _page(*again, path, [("loi", explain(refusal))], refusal.status)
        response.headers["Retry-After"] = str(refusal.parameters["wait"])
        return response
    with unit_of_work() as session:
        complain(session, order.id, kind, words, clock.now())
    return back_to(f"{path}/khieu-nai/{position}")


def _find(number: str, secret: str, position: int) -> tuple[OrderGroup, Order]:
    group = open_group(db.session(), number, secret).group
    for order in group.orders:
        if order.position == position:
            return group, order
    raise NotFound


def _open_one(complaints: Sequence[Complaint]) -> Complaint | None:
    return next((one for one in complaints if one.is_open), None)


def _read(before: Complaint | None) -> tuple[ComplaintKind, str, Faults]:
    """Return the kind and the words, and what is wrong with them in the order of the form."""
    typed, words = request.form.get("viec", ""), ""
    kind = before.kind if before else ComplaintKind.OTHER
    faults: Faults = []
    if before is None and typed not in set(ComplaintKind):
        faults.append(("viec", _("Mời chọn một việc.")))
    elif before is None:
        kind = ComplaintKind(typed)
    try:
        words = read_words(request.form.get("loi", ""))
    except InvalidComplaint as refusal:
        faults.append(("loi", explain(refusal)))
    return kind, words, faults


def _page(
    group: OrderGroup, order: Order, path: str, faults: Faults | None = None, status: int = 200
) -> Response:
    complaints = list_complaints(db.session(), [order.id])
    page = render_template(
        "storefront/complaint.html",
        order=order,
        order_path=path,
        form_path=f"{path}/khieu-nai/{order.position}",
        complaint=_open_one(complaints),
        past=[one for one in complaints if not one.is_open],
        may_write=can_complain(group, order),
        kinds=COMPLAINT_KINDS,
        states=COMPLAINT_STATES,
        ends=COMPLAINT_ENDS,
        voices=VOICES,
        times={kind: times_for(kind) for kind in ComplaintKind},
        most_words=MOST_WORDS,
        faults=faults or [],
        faulty=dict(faults or []),
        typed=request.form,
    )
    return tell_no_address(make_response(page, status))

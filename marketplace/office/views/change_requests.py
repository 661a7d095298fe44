"""A change of what a certificate fixes: old beside new, the certificate beside both."""

from flask import Response, request
from sqlalchemy.orm import joinedload

from marketplace import clock
from marketplace.catalogue.change_requests import (
    ChangeRequest,
    RequestState,
    confirm_change_request,
    decline_change_request,
)
from marketplace.catalogue.errors import InvalidWords
from marketplace.certification.history import standing_on
from marketplace.certification.register_book import list_certificates_of
from marketplace.database import db
from marketplace.office import door
from marketplace.office.answers import Faults, go, page
from marketplace.office.changed import list_changed
from marketplace.office.deadlines import time_left
from marketplace.office.tenancy import OFFICE, change_in_reach
from marketplace.web.guards import requires
from marketplace.web.post import Letter, send_to_members
from marketplace.web.visitors import acting, require_actor
from marketplace.web.words import gettext as _

PATH = "/van-phong/de-nghi"


@door.get("/de-nghi/<int:request_id>")
@requires(*OFFICE)
def show_change(request_id: int) -> Response:
    """Show what is asked for, old beside new, and the certificate."""
    return _change_page(_find_change(request_id))


@door.post("/de-nghi/<int:request_id>/xac-nhan")
@requires(*OFFICE)
def confirm_change(request_id: int) -> Response:
    """Confirm a change: it is applied at once."""
    with acting() as (work, actor):
        change = change_in_reach(work, actor, request_id)
        confirm_change_request(work, change, actor=actor, at=clock.now())
        send_to_members(work, Letter.CHANGE_CONFIRMED, change.producer_id, clock.now(), change.id)
    return go(PATH, _("Đã xác nhận. Trang sản phẩm đã đổi theo."))


@door.post("/de-nghi/<int:request_id>/tra-lai")
@requires(*OFFICE)
def decline_change(request_id: int) -> Response:
    """Decline a change, with words that say why."""
    try:
        with acting() as (work, actor):
            change = change_in_reach(work, actor, request_id)
            decline_change_request(work, change, request.form.get("loi", ""), actor=actor, at=clock.now())
            send_to_members(work, Letter.CHANGE_DECLINED, change.producer_id, clock.now(), change.id)
    except InvalidWords:
        return _change_page(
            _find_change(request_id), [("loi", _("Mời viết vì sao, không quá %(most)s chữ.", most=1000))]
        )
    return go(PATH, _("Đã trả lại. Cơ sở được báo ngay."))


def _find_change(request_id: int) -> ChangeRequest:
    """Return a change request with what its page shows."""
    return change_in_reach(db.session(), require_actor(), request_id, joinedload(ChangeRequest.product))


def _change_page(change: ChangeRequest, faults: Faults = ()) -> Response:
    certificates = list_certificates_of(change.product_id)
    return page(
        "change",
        faults=faults,
        change=change,
        product=change.product,
        waits=change.state is RequestState.OPEN,
        rows=list_changed(db.session(), change),
        standing=standing_on(certificates, clock.today()),
        left=time_left(change.answer_due_at, clock.now()),
        typed=request.form,
    )

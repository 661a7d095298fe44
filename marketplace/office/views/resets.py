"""Letting somebody back in who stands before the officer: without e-mail, without the old password."""

from flask import Response, request
from markupsafe import Markup

from marketplace import clock
from marketplace.accounts.errors import InvalidIdentity, NotPermitted
from marketplace.accounts.identity import read_identity
from marketplace.accounts.models import Person
from marketplace.accounts.people import get_person
from marketplace.accounts.placement import people_in_reach
from marketplace.accounts.proofs import find_person
from marketplace.accounts.recovery import reset_in_person
from marketplace.database import db
from marketplace.media.qr import qr_svg
from marketplace.office import door
from marketplace.office.answers import page
from marketplace.office.tenancy import OFFICE
from marketplace.web.addresses import full_url
from marketplace.web.guards import requires, strong
from marketplace.web.post import Letter, send_letter_to
from marketplace.web.refusals import explain
from marketplace.web.role_words import ROLES, name_scopes
from marketplace.web.visitors import acting, require_actor
from marketplace.web.words import gettext as _


@door.get("/dat-lai")
@requires(*OFFICE)
@strong
def ask_whom_to_help() -> Response:
    """Ask for the phone or e-mail address of whoever stands there."""
    return page("reset", person=None, typed="")


@door.post("/dat-lai/tim")
@requires(*OFFICE)
@strong
def find_whom_to_help() -> Response:
    """Show who that is, if it is somebody the officer may help."""
    typed = request.form.get("dia_chi", "")
    try:
        person = find_person(db.session(), read_identity(typed))
    except InvalidIdentity as refusal:
        return page("reset", faults=[("dia_chi", explain(refusal))], person=None, typed=typed)
    actor = require_actor()
    if person is None or person.id == actor.person_id or not people_in_reach(db.session(), actor, person.id):
        words = _("Không có ai như vậy trong địa bàn mà bạn được giúp vào lại.")
        return page("reset", faults=[("dia_chi", words)], person=None, typed=typed)
    return _person_page(person.id, typed)


@door.post("/dat-lai/<int:person_id>")
@requires(*OFFICE)
@strong
def let_back_in(person_id: int) -> Response:
    """Draw a code that works once for half an hour; it is shown on this page alone."""
    if not people_in_reach(db.session(), require_actor(), person_id):
        raise NotPermitted
    if not request.form.get("da_xem"):
        words = _("Mời xem giấy tờ của người đứng trước mặt rồi đánh dấu.")
        return _person_page(person_id, "", [("da_xem", words)])
    at, lost = clock.now(), bool(request.form.get("mat_ma"))
    with acting() as (work, actor):
        code = reset_in_person(work, actor, person_id, at, second_factor_lost=lost)
        send_letter_to(work, Letter.ACCESS_RESET, person_id, at)
        name = work.get_one(Person, person_id).name
    address = full_url(f"/dat-lai-mat-khau/{code}")
    drawing = Markup(qr_svg(address, _("Mã QR để đặt mật khẩu mới")))  # noqa: S704 - drawn by us
    return page("reset_code", name=name, code=code, address=address, drawing=drawing)


def _person_page(person_id: int, typed: str, faults: list[tuple[str, str]] | None = None) -> Response:
    person = get_person(db.session(), person_id)
    return page(
        "reset",
        faults=faults or [],
        person=person,
        typed=typed,
        roles=ROLES,
        names=name_scopes(held.scope for held in person.memberships),
    )

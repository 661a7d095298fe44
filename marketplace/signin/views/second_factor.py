"""The second factor: an authenticator app, and recovery codes shown once."""

from flask import Response, request
from flask_babel import gettext as _
from markupsafe import Markup

from marketplace import clock
from marketplace.accounts.errors import CodeRefused, TooManyAttempts
from marketplace.accounts.passkeys import list_passkeys
from marketplace.accounts.permissions import two_factor_required
from marketplace.accounts.second_factor import (
    claim_code,
    confirm_totp,
    count_recovery_codes,
    enrol_totp,
    has_second_factor,
    remove_totp,
    renew_recovery_codes,
)
from marketplace.accounts.sessions import rotate
from marketplace.database import db
from marketplace.media.qr import qr_svg
from marketplace.signin import door
from marketplace.signin.answers import go, page, site_settings
from marketplace.signin.entering import renew
from marketplace.web.guards import signed_in, strong
from marketplace.web.post import Change, Letter, send_letter_to
from marketplace.web.visitors import acting, require_actor


@door.get("/tai-khoan/ma-6-so")
@signed_in
def show_second_factor() -> Response:
    """Show whether there is a second factor, and why a role may wait for one."""
    actor, work = require_actor(), db.session()
    return page(
        "second_factor",
        needed=two_factor_required(actor),
        present=has_second_factor(work, actor.person_id),
        passkeys=len(list_passkeys(work, actor.person_id)),
        codes_left=count_recovery_codes(work, actor.person_id),
    )


@door.post("/tai-khoan/ma-6-so/bat-dau")
@signed_in
@strong
def begin_second_factor() -> Response:
    """Show the QR code for the authenticator app; it is on this page alone."""
    with acting() as (work, actor):
        enrolment = enrol_totp(work, actor, site_settings().site_name, clock.now())
    drawing = Markup(qr_svg(enrolment.uri, _("Mã QR cho ứng dụng tạo mã")))  # noqa: S704 - drawn by us
    return page("enrol", drawing=drawing, secret=enrolment.secret)


@door.post("/tai-khoan/ma-6-so")
@signed_in
@strong
def confirm_second_factor() -> Response:
    """Put the app to use and show the recovery codes, once."""
    at = clock.now()
    try:
        claim_code(require_actor().person_id, at)
        with acting() as (work, actor):
            enrolled = confirm_totp(work, actor, request.form.get("ma", "").replace(" ", ""), at)
            send_letter_to(work, Letter.SECURITY_CHANGED, actor.person_id, at, Change.SECOND_FACTOR)
    except (CodeRefused, TooManyAttempts) as refusal:
        return page("enrol", refusal, "ma", drawing="", secret="")
    return renew(page("recovery_codes", codes=enrolled.recovery_codes), enrolled.token)


@door.post("/tai-khoan/ma-6-so/ma-du-phong")
@signed_in
@strong
def renew_codes() -> Response:
    """Show ten new recovery codes; the old ones no longer work."""
    at = clock.now()
    with acting() as (work, actor):
        codes = renew_recovery_codes(work, actor, at)
        send_letter_to(work, Letter.SECURITY_CHANGED, actor.person_id, at, Change.SECOND_FACTOR)
    return page("recovery_codes", codes=codes)


@door.post("/tai-khoan/ma-6-so/bo")
@signed_in
@strong
def remove_second_factor() -> Response:
    """Do without the app; roles that need it wait for another."""
    at = clock.now()
    with acting() as (work, actor):
        remove_totp(work, actor, at)
        token = rotate(work, actor.sign_in_id or 0, at)
        send_letter_to(work, Letter.SECURITY_CHANGED, actor.person_id, at, Change.SECOND_FACTOR)
    return renew(go("/tai-khoan/ma-6-so", _("Đã bỏ mã 6 số.")), token)

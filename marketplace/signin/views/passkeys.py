"""One's passkeys: added in a browser that can, listed and removed anywhere."""

from flask import Response, request, session
from flask_babel import gettext as _

from marketplace import clock
from marketplace.accounts.errors import SignInRefused
from marketplace.accounts.passkeys import (
    add_passkey,
    begin_registration,
    list_passkeys,
    prove_new_passkey,
    remove_passkey,
    site_of,
)
from marketplace.database import db
from marketplace.errors import MarketplaceError
from marketplace.signin import door
from marketplace.signin.answers import go, page, site_settings
from marketplace.signin.views.sign_in import CEREMONY, PasskeyRefused
from marketplace.web.guards import signed_in, strong
from marketplace.web.post import Change, Letter, send_letter_to
from marketplace.web.visitors import acting, current_browser, require_actor


@door.get("/tai-khoan/van-tay")
@signed_in
def show_passkeys() -> Response:
    """List one's passkeys."""
    return _passkeys_page()


@door.post("/tai-khoan/van-tay/bat-dau")
@signed_in
@strong
def begin_passkey() -> Response:
    """Hand the browser the options of a registration."""
    with acting() as (work, actor):
        ceremony = begin_registration(work, actor, site_of(site_settings()), clock.now())
    session[CEREMONY] = ceremony.token
    return Response(ceremony.options, content_type="application/json")


@door.post("/tai-khoan/van-tay")
@signed_in
@strong
def keep_passkey() -> Response:
    """Keep the passkey that the browser made."""
    at, site = clock.now(), site_of(site_settings())
    label = current_browser().device or _("Máy này")
    try:
        token, answer = session.pop(CEREMONY, ""), request.form.get("tra_loi", "")
        new = prove_new_passkey(require_actor(), token, answer, site, at)
    except SignInRefused:
        return _passkeys_page(PasskeyRefused())
    with acting() as (work, actor):
        add_passkey(work, actor, new, label, at)
        send_letter_to(work, Letter.SECURITY_CHANGED, actor.person_id, at, Change.PASSKEY)
    return go("/tai-khoan/van-tay", _("Đã thêm khoá vân tay."))


@door.post("/tai-khoan/van-tay/<int:passkey_id>/bo")
@signed_in
@strong
def drop_passkey(passkey_id: int) -> Response:
    """Remove one of one's own passkeys."""
    at = clock.now()
    with acting() as (work, actor):
        remove_passkey(work, actor, passkey_id, at)
        send_letter_to(work, Letter.SECURITY_CHANGED, actor.person_id, at, Change.PASSKEY)
    return go("/tai-khoan/van-tay", _("Đã bỏ khoá vân tay."))


def _passkeys_page(refusal: MarketplaceError | None = None) -> Response:
    return page("passkeys", refusal, "ten", passkeys=list_passkeys(db.session(), require_actor().person_id))

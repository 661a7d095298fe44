"""Asking who it is once more, before dangerous acts; what was typed is kept, and sent on by hand."""

from flask import Response, flash, make_response, request
from flask_babel import gettext as _

from marketplace import clock
from marketplace.accounts.errors import (
    NotPermitted,
    ReauthenticationNeeded,
    SignInRefused,
    TooManyAttempts,
)
from marketplace.accounts.proofs import Proof, prove_own_password
from marketplace.accounts.sign_in import re_authenticate
from marketplace.errors import MarketplaceError
from marketplace.signin import door
from marketplace.signin.answers import page, page_with_faults
from marketplace.signin.views.sign_in import PasskeyRefused, take_passkey_proof
from marketplace.signin.waiting import offer, owner_by_sign_in, seal_what_was_sent, tell_of_loss, waiting_form
from marketplace.web.deed_words import DEEDS
from marketplace.web.doorkeeping import go_ahead, keep_way_ahead, lead_to
from marketplace.web.guards import signed_in
from marketplace.web.headers import tell_no_address
from marketplace.web.kept_forms import FIELD, is_sent_by_page
from marketplace.web.visitors import acting, require_actor


@door.app_errorhandler(ReauthenticationNeeded)
def ask_before_going_on(refusal: ReauthenticationNeeded) -> Response:
    """Ask who it is; the page that asks carries the form that was sent, where that can be kept."""
    if not is_sent_by_page():
        return make_response(lead_to("signin.ask_again"))
    sealed = seal_what_was_sent(owner_by_sign_in())
    if sealed is None:
        flash(_("Những gì vừa gõ không giữ lại được. Xác nhận xong, mời bạn gõ lại."))
        return make_response(lead_to("signin.ask_again"))
    keep_way_ahead()
    deed = DEEDS.get(request.endpoint or "")
    return page_with_faults("again", [], refusal.status, sealed=sealed, deed=deed)


@door.get("/xac-nhan-lai")
@signed_in
def ask_again() -> Response:
    """Ask for the password or a passkey."""
    return page("again", sealed="", deed=None)


@door.post("/xac-nhan-lai")
@signed_in
def prove_again() -> Response:
    """Note that the password was right and go on."""
    try:
        password = request.form.get("mat_khau", "")
        proof = prove_own_password(require_actor().person_id, password, clock.now())
        return _go_on(proof)
    except (SignInRefused, TooManyAttempts) as refusal:
        return _once_more(refusal)


@door.post("/xac-nhan-lai/van-tay")
@signed_in
def prove_again_by_passkey() -> Response:
    """Note that the passkey was one's own and go on."""
    try:
        return _go_on(take_passkey_proof())
    except (SignInRefused, NotPermitted):
        return _once_more(PasskeyRefused())


def _go_on(proof: Proof) -> Response:
    with acting() as (work, actor):
        re_authenticate(work, actor, proof, clock.now())
    if (form := waiting_form(owner_by_sign_in())) is not None:
        return offer(form)
    tell_of_loss()
    return tell_no_address(make_response(go_ahead("signin.show_account")))


def _once_more(refusal: MarketplaceError) -> Response:
    form = waiting_form(owner_by_sign_in())
    sealed = request.form[FIELD] if form else ""
    deed = DEEDS.get(form.endpoint) if form else None
    return page("again", refusal, "mat_khau", sealed=sealed, deed=deed)

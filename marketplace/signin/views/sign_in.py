"""Signing in with a passkey or a password, the second step, and signing out."""

from typing import Any

from flask import Response, make_response, redirect, request, session
from flask_babel import gettext as _

from marketplace import clock
from marketplace.accounts.errors import (
    CodeRefused,
    InvalidIdentity,
    LinkRefused,
    SignInRefused,
    TooManyAttempts,
)
from marketplace.accounts.identity import read_identity
from marketplace.accounts.passkeys import begin_authentication, prove_passkey, site_of
from marketplace.accounts.proofs import Proof, prove_password
from marketplace.accounts.sessions import sign_out
from marketplace.accounts.sign_in import Halfway, claim_second_step, finish_sign_in
from marketplace.accounts.sign_in import sign_in as take_sign_in
from marketplace.database import unit_of_work
from marketplace.errors import MarketplaceError
from marketplace.signin import door
from marketplace.signin.answers import Faults, go, page, page_with_faults, site_settings
from marketplace.signin.entering import WHO, begin_visit_of, enter, leave, note_entrance, to_endpoint
from marketplace.signin.views.demo import demo_roles
from marketplace.signin.waiting import owner_by_person, seal_what_was_sent
from marketplace.web.addresses import page_url
from marketplace.web.cookies import session_token
from marketplace.web.doorkeeping import keep_way_ahead, lead_to
from marketplace.web.form_token import FormOutdated, require_form_token
from marketplace.web.guards import Guard, guarded, signed_in
from marketplace.web.kept_forms import FIELD, is_sent_by_page
from marketplace.web.visitors import SignInNeeded, current_actor, current_browser

STEP = "step"
CEREMONY = "ceremony"


@door.app_errorhandler(SignInNeeded)
def ask_before_entering(refusal: SignInNeeded) -> Response:
    """Lead to the sign-in page; what somebody typed while their sign-in ended goes along in it."""
    sealed = _seal_what_outlived_its_sign_in()
    if sealed is None:
        return make_response(lead_to("signin.ask_to_sign_in"))
    keep_way_ahead()
    return _page_with_what_was_typed([], refusal.status, sealed)


@door.get("/dang-nhap")
@guarded(Guard.VISITOR)
def ask_to_sign_in() -> Response:
    """Show the sign-in page."""
    return _sign_in_page()


@door.post("/dang-nhap")
@guarded(Guard.VISITOR)
def sign_in_by_password() -> Response:
    """Sign in with a password; nobody's address and a wrong password are refused in the same words."""
    try:
        identity = read_identity(request.form.get("ten", ""))
        proof = prove_password(identity, request.form.get("mat_khau", ""), current_browser(), clock.now())
        return _enter_with(proof)
    except InvalidIdentity:
        return _sign_in_page(SignInRefused())
    except (SignInRefused, TooManyAttempts) as refusal:
        return _sign_in_page(refusal)


@door.post("/dang-nhap/van-tay/bat-dau")
@guarded(Guard.VISITOR)
def begin_passkey_sign_in() -> Response:
    """Hand the browser the options of a passkey ceremony."""
    with unit_of_work() as work:
        ceremony = begin_authentication(work, site_of(site_settings()), clock.now())
    session[CEREMONY] = ceremony.token
    return Response(ceremony.options, content_type="application/json")


@door.post("/dang-nhap/van-tay")
@guarded(Guard.VISITOR)
def sign_in_by_passkey() -> Response:
    """Sign in with the browser's answer; a passkey is two factors at once."""
    try:
        return _enter_with(take_passkey_proof())
    except SignInRefused:
        return _sign_in_page(PasskeyRefused())


class PasskeyRefused(MarketplaceError):
    """A passkey that this site does not know, or whose answer came too late."""

    code = "passkey_refused"
    status = 422


def take_passkey_proof() -> Proof:
    """Return the proof of the browser's answer to a ceremony; raises SignInRefused."""
    token = session.pop(CEREMONY, "")
    answer = request.form.get("tra_loi", "")
    return prove_passkey(token, answer, site_of(site_settings()), clock.now())


@door.get("/dang-nhap/ma")
@guarded(Guard.VISITOR)
def ask_for_code() -> Response:
    """Ask for the code of the authenticator app, or for a recovery code."""
    if STEP not in session:
        return to_endpoint("signin.ask_to_sign_in")
    return page("second_step", sealed="")


@door.post("/dang-nhap/ma")
@guarded(Guard.VISITOR)
def sign_in_by_code() -> Response:
    """Finish signing in with a code."""
    token, code = session.get(STEP, ""), request.form.get("ma", "")
    browser, at = current_browser(), clock.now()
    try:
        claim_second_step(token, at)
        with unit_of_work() as work:
            entered = finish_sign_in(work, token, code, browser, at)
            actor = note_entrance(work, entered, browser, at)
    except (LinkRefused, SignInRefused):
        session.pop(STEP, None)
        return _begin_again()
    except (CodeRefused, TooManyAttempts) as refusal:
        return page("second_step", refusal, "ma", sealed=request.form.get(FIELD, ""))
    return enter(entered, actor)


@door.post("/dang-xuat")
@signed_in
def sign_out_here() -> Response:
    """End this sign-in."""
    with unit_of_work() as work:
        sign_out(work, session_token() or "", clock.now())
    return leave(make_response(redirect(page_url("/dang-nhap"), 303)))


def _enter_with(proof: Proof) -> Response:
    browser, at = current_browser(), clock.now()
    with unit_of_work() as work:
        outcome = take_sign_in(work, proof, browser, at)
        actor = None if isinstance(outcome, Halfway) else note_entrance(work, outcome, browser, at)
    if isinstance(outcome, Halfway) or actor is None:
        _go_halfway(outcome)
        sealed = request.form.get(FIELD, "")
        return page("second_step", sealed=sealed) if sealed else to_endpoint("signin.ask_for_code")
    return enter(outcome, actor)


def _go_halfway(outcome: Any) -> None:
    begin_visit_of(outcome.person_id)
    session[STEP] = outcome.token


def _seal_what_outlived_its_sign_in() -> str | None:
    """Return the form of this request, if it is of a page of this visit, and the visit knows whose."""
    if not is_sent_by_page() or WHO not in session:
        return None
    try:
        require_form_token()
    except FormOutdated:
        return None
    return seal_what_was_sent(owner_by_person(session[WHO]))


def _begin_again() -> Response:
    words, sealed = _("Đã quá 10 phút. Mời đăng nhập lại."), request.form.get(FIELD, "")
    return _page_with_what_was_typed([("ten", words)], 422, sealed) if sealed else go("/dang-nhap", words)


def _page_with_what_was_typed(faults: Faults, status: int, sealed: str) -> Response:
    facts = {"typed": "", "roles": demo_roles(), "known": False, "sealed": sealed}
    return page_with_faults("sign_in", faults, status, **facts)


def _sign_in_page(refusal: MarketplaceError | None = None) -> Response:
    known = current_actor() is not None
    typed = request.form.get("ten", "")
    sealed = request.form.get(FIELD, "")
    return page("sign_in", refusal, "ten", typed=typed, roles=demo_roles(), known=known, sealed=sealed)

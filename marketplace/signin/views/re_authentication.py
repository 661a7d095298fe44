"""Asking who it is once more, before dangerous acts."""

from flask import Response, make_response, request

from marketplace import clock
from marketplace.accounts.errors import NotPermitted, SignInRefused, TooManyAttempts
from marketplace.accounts.proofs import Proof, prove_own_password
from marketplace.accounts.sign_in import re_authenticate
from marketplace.signin import door
from marketplace.signin.answers import page
from marketplace.signin.views.sign_in import PasskeyRefused, take_passkey_proof
from marketplace.web.doorkeeping import go_ahead
from marketplace.web.guards import signed_in
from marketplace.web.headers import tell_no_address
from marketplace.web.visitors import acting, require_actor


@door.get("/xac-nhan-lai")
@signed_in
def ask_again() -> Response:
    """Ask for the password or a passkey."""
    return page("again")


@door.post("/xac-nhan-lai")
@signed_in
def prove_again() -> Response:
    """Note that the password was right and go on."""
    try:
        password = request.form.get("mat_khau", "")
        proof = prove_own_password(require_actor().person_id, password, clock.now())
        return _go_on(proof)
    except (SignInRefused, TooManyAttempts) as refusal:
        return page("again", refusal, "mat_khau")


@door.post("/xac-nhan-lai/van-tay")
@signed_in
def prove_again_by_passkey() -> Response:
    """Note that the passkey was one's own and go on."""
    try:
        return _go_on(take_passkey_proof())
    except (SignInRefused, NotPermitted):
        return page("again", PasskeyRefused(), "mat_khau")


def _go_on(proof: Proof) -> Response:
    with acting() as (work, actor):
        re_authenticate(work, actor, proof, clock.now())
    return tell_no_address(make_response(go_ahead("signin.show_account")))

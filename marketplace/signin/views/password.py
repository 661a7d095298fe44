"""Changing one's password: the other sign-ins end and this one gets a new token."""

from flask import Response, request
from flask_babel import gettext as _

from marketplace import clock
from marketplace.accounts.errors import PasswordRefused, SignInRefused, TooManyAttempts
from marketplace.accounts.people import get_person
from marketplace.accounts.proofs import prove_own_password
from marketplace.accounts.recovery import change_password
from marketplace.accounts.sessions import rotate
from marketplace.database import db
from marketplace.signin import door
from marketplace.signin.answers import go, page
from marketplace.signin.entering import renew
from marketplace.signin.passwords import hash_for
from marketplace.web.guards import signed_in
from marketplace.web.post import Change, Letter, send_letter_to
from marketplace.web.visitors import acting, require_actor


@door.get("/tai-khoan/mat-khau")
@signed_in
def ask_passwords() -> Response:
    """Ask for the old password and a new one."""
    return page("password")


@door.post("/tai-khoan/mat-khau")
@signed_in
def set_password() -> Response:
    """Change the password by proof of the old one."""
    at = clock.now()
    try:
        proof = prove_own_password(require_actor().person_id, request.form.get("mat_khau_cu", ""), at)
        password_hash = hash_for(request.form.get("mat_khau", ""), get_person(db.session(), proof.person_id))
        with acting() as (work, actor):
            change_password(work, actor, proof, password_hash, at)
            token = rotate(work, actor.sign_in_id or 0, at)
            send_letter_to(work, Letter.SECURITY_CHANGED, actor.person_id, at, Change.PASSWORD)
    except PasswordRefused as refusal:
        return page("password", refusal, "mat_khau")
    except (SignInRefused, TooManyAttempts) as refusal:
        return page("password", refusal, "mat_khau_cu")
    return renew(go("/tai-khoan", _("Đã đổi mật khẩu. Các máy khác đã bị đăng xuất.")), token)

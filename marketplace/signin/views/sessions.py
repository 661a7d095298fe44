"""Where one is signed in, and ending that."""

from flask import Response, flash
from flask_babel import gettext as _

from marketplace import clock
from marketplace.accounts.sessions import list_sign_ins, revoke_sign_in, sign_out_everywhere
from marketplace.database import db
from marketplace.signin import door
from marketplace.signin.answers import go, page
from marketplace.signin.entering import leave
from marketplace.signin.words import LEVELS
from marketplace.web.guards import signed_in
from marketplace.web.visitors import acting, require_actor


@door.get("/tai-khoan/thiet-bi")
@signed_in
def show_sessions() -> Response:
    """List the browsers one is signed in with."""
    actor = require_actor()
    sign_ins = list_sign_ins(db.session(), actor.person_id, clock.now())
    return page("sessions", sign_ins=sign_ins, here=actor.sign_in_id, levels=LEVELS)


@door.post("/tai-khoan/thiet-bi/<int:sign_in_id>/dang-xuat")
@signed_in
def revoke_session(sign_in_id: int) -> Response:
    """End one of one's own sign-ins."""
    with acting() as (work, actor):
        revoke_sign_in(work, actor, sign_in_id, clock.now())
    return go("/tai-khoan/thiet-bi", _("Đã đăng xuất máy đó."))


@door.post("/tai-khoan/thiet-bi/dang-xuat-het")
@signed_in
def revoke_all_sessions() -> Response:
    """End all of one's sign-ins, this one included."""
    with acting() as (work, actor):
        sign_out_everywhere(work, actor, clock.now())
    response = leave(go("/dang-nhap"))
    flash(_("Đã đăng xuất khỏi mọi máy."))
    return response

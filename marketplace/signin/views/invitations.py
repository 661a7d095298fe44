"""An invitation: shown to whoever holds its link, taken with a button by whoever is signed in."""

from flask import Response, make_response, redirect, url_for

from marketplace import clock
from marketplace.accounts.errors import LinkRefused
from marketplace.accounts.invitations import accept_invitation, find_invitation
from marketplace.database import db
from marketplace.signin import door
from marketplace.signin.answers import page
from marketplace.signin.entering import renew
from marketplace.signin.words import ROLES, name_scopes
from marketplace.web.guards import Guard, guarded, signed_in
from marketplace.web.headers import tell_no_address
from marketplace.web.visitors import acting, current_actor


@door.get("/loi-moi/<token>")
@guarded(Guard.VISITOR)
def show_invitation(token: str) -> Response:
    """Show what is offered; nothing happens before the button is pressed."""
    offer = find_invitation(db.session(), token, clock.now())
    if offer is None:
        raise LinkRefused
    return page(
        "invitation",
        token=token,
        role=ROLES[offer.role],
        place=name_scopes([offer.scope])[offer.scope],
        known=current_actor() is not None,
    )


@door.post("/loi-moi/<token>")
@signed_in
def take_invitation(token: str) -> Response:
    """Take the role; other sign-ins end and this one gets a new token."""
    with acting() as (work, actor):
        joined = accept_invitation(work, actor, token, clock.now())
    response = make_response(redirect(url_for("signin.show_account"), 303))
    return tell_no_address(renew(response, joined.token))

"""Entering and leaving: the session cookie is given and taken back, and the visit begins anew."""

from datetime import datetime

from flask import Response, make_response, redirect, session, url_for
from sqlalchemy.orm import Session

from marketplace.accounts.permissions import Actor, two_factor_required
from marketplace.accounts.placement import grants_of
from marketplace.accounts.roles import OFFICERS, Role
from marketplace.accounts.sessions import Browser, SignedIn, sign_out
from marketplace.signin.waiting import offer, owner_by_person, tell_of_loss, waiting_form
from marketplace.web.cookies import forget_session_token, keep_session_token, keep_signed_in, session_token
from marketplace.web.doorkeeping import AHEAD, go_ahead, page_at
from marketplace.web.form_token import FORM_FIELD, begin_visit_anew
from marketplace.web.headers import tell_no_address
from marketplace.web.post import Letter, send_letter_to

WHO = "who"
"""Where the visit keeps who signed in, so that what they typed waits for them alone when that has ended."""

HOMES = (
    (frozenset({Role.OWNER, Role.STAFF}), "/gian-hang"),
    (OFFICERS | {Role.ADMINISTRATOR}, "/van-phong"),
    (frozenset({Role.COUNCIL_MEMBER}), "/van-phong/hoi-dong"),
)
"""Where a role's work is; the first that fits and is open."""


def note_entrance(work: Session, signed_in: SignedIn, browser: Browser, at: datetime) -> Actor:
    """End what this browser was signed in with before, tell of a new device, and return who enters."""
    if (former := session_token()) is not None:
        sign_out(work, former, at)
    if signed_in.device_token != browser.device_token:
        send_letter_to(work, Letter.NEW_DEVICE, signed_in.person_id, at)
    return Actor(signed_in.person_id, frozenset(grants_of(work, signed_in.person_id)), signed_in.level)


def enter(signed_in: SignedIn, actor: Actor) -> Response:
    """Give the cookies, and send people to where they were on the way to, or to their work.

    Whoever was signed out while typing is offered to send what they typed.
    """
    form = waiting_form(owner_by_person(signed_in.person_id))
    begin_visit_of(signed_in.person_id)
    session[WHO] = signed_in.person_id
    if form is None:
        tell_of_loss()
    response = offer(form) if form else make_response(go_ahead(home_of(actor)))
    keep_signed_in(response, signed_in)
    return tell_no_address(response)


def begin_visit_of(person_id: int) -> None:
    """Begin the visit anew; the pages that somebody has open when they come back stay good."""
    returning = session.get(WHO) == person_id
    begin_visit_anew(AHEAD, *((WHO, FORM_FIELD) if returning else ()))


def renew(response: Response, token: str | None) -> Response:
    """Give the new token of a sign-in that was rotated."""
    if token is not None:
        keep_session_token(response, token)
    return response


def leave(response: Response) -> Response:
    """Take the session cookie back and have the browser forget what it kept."""
    begin_visit_anew()
    forget_session_token(response)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def home_of(actor: Actor) -> str:
    """Return the endpoint where the work of somebody is, their account when they have none."""
    if two_factor_required(actor):
        return "signin.show_second_factor"
    roles = {held.role for held in actor.live_memberships}
    for fitting, path in HOMES:
        found = page_at(path) if roles & fitting else None
        if found is not None and not found[1]:
            return found[0]
    return "signin.show_account"


def to_endpoint(endpoint: str) -> Response:
    """Send people to a page of this door."""
    return tell_no_address(make_response(redirect(url_for(endpoint), 303)))

"""Keeps the doors: before each request, what its view's guard asks for; and where people go instead."""

from functools import partial
from typing import Any

from flask import Flask, Response, current_app, redirect, request, session, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response as AnyResponse

from marketplace import clock
from marketplace.accounts.errors import NotPermitted, SecondFactorNeeded
from marketplace.accounts.permissions import Actor, require_strong
from marketplace.accounts.sightings import Sightings
from marketplace.errors import NotFound
from marketplace.settings import LOOPBACK
from marketplace.web.form_token import require_form_token
from marketplace.web.guards import SAFE_METHODS, Guard, View, guard_of, is_strong, roles_of
from marketplace.web.visitors import ACTOR, require_actor

AHEAD = "ahead"
"""Where the visit keeps the page that somebody was on the way to: an endpoint and its arguments."""


def keep_doors(app: Flask) -> None:
    """Have every request meet its guard, and lead people to what they need first."""
    app.extensions["sightings"] = Sightings()
    app.before_request(meet_guard)
    app.after_request(partial(write_sightings, app))
    app.register_error_handler(SecondFactorNeeded, lambda refusal: lead_to("signin.show_second_factor"))


def meet_guard() -> None:
    """Let a request through to its view, or raise what stands against it."""
    view = current_app.view_functions.get(request.endpoint or "")
    if view is None:
        return
    guard = guard_of(view)
    if guard is Guard.DEMO and not in_demo():
        raise NotFound
    if guard in {Guard.SIGNED_IN, Guard.MEMBER}:
        actor = require_actor()
        _require_roles(actor, view)
    if guard in {Guard.SIGNED_IN, Guard.MEMBER, Guard.DEMO} and request.method not in SAFE_METHODS:
        require_form_token()
    if is_strong(view):
        require_strong(require_actor(), clock.now())


def in_demo() -> bool:
    """Return whether this is a demo, asked by the machine that it runs on."""
    host = request.host.rsplit(":", 1)[0]
    return bool(current_app.extensions["settings"].demo) and host in LOOPBACK and _is_loopback()


def go_ahead(otherwise: str) -> AnyResponse:
    """Send people to the page they were on the way to, once, or else to another endpoint."""
    return redirect(take_way_ahead(otherwise), 303)


def take_way_ahead(otherwise: str) -> str:
    """Return the address of the page people were on the way to, once, or else of another endpoint."""
    endpoint, arguments = session.pop(AHEAD, None) or (otherwise, {})
    return url_for(endpoint, **arguments)


def write_sightings(app: Flask, response: Response) -> Response:
    """Have what was seen written once the answer is on its way; where nobody was seen, nothing is due."""
    if request.environ.get(ACTOR) is None:
        return response

    def write() -> None:
        with app.app_context():
            app.extensions["sightings"].write_when_due(clock.now())

    response.call_on_close(write)
    return response


def _require_roles(actor: Actor, view: View) -> None:
    wanted = roles_of(view)
    if not wanted or wanted & {held.role for held in actor.live_memberships}:
        return
    if wanted & {held.role for held in actor.memberships}:
        raise SecondFactorNeeded
    raise NotPermitted


def _is_loopback() -> bool:
    return request.remote_addr in {"127.0.0.1", "::1"}


def lead_to(endpoint: str) -> AnyResponse:
    """Send people to a page of the sign-in door, and keep the way back."""
    keep_way_ahead()
    return redirect(url_for(endpoint), 303)


def keep_way_ahead() -> None:
    """Keep the page that this request was about, by its name and never as an address."""
    if (page := _page_asked_for()) is not None:
        session[AHEAD] = page


def page_at(path: str) -> tuple[str, dict[str, Any]] | None:
    """Return endpoint and arguments of the page at one of our paths, or None when there is none."""
    try:
        endpoint, arguments = current_app.url_map.bind("").match(path, method="GET")
    except (HTTPException, RequestRedirect):
        return None
    return str(endpoint), dict(arguments)


def _page_asked_for() -> tuple[str, dict[str, Any]] | None:
    """Return the page to come back to: for a form that was sent, the one at its address or just above."""
    if request.method in SAFE_METHODS:
        return (request.endpoint, dict(request.view_args or {})) if request.endpoint else None
    return page_at(request.path) or page_at(request.path.rsplit("/", 1)[0])

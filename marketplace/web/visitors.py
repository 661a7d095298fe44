"""Who is asking: read from the session cookie once for each request, and never on public pages."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import current_app, request
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.accounts.permissions import Actor
from marketplace.accounts.sessions import Browser, actor_of, find_sign_in
from marketplace.database import db, unit_of_work
from marketplace.errors import MarketplaceError
from marketplace.web.cookies import device_token, session_token
from marketplace.web.devices import name_device
from marketplace.web.guards import Guard, guard_of

ACTOR = "marketplace.actor"


class SignInNeeded(MarketplaceError):
    """The page is for people who are signed in."""

    code = "sign_in_needed"
    status = 403


class PublicPageAsked(RuntimeError):
    """A public page asked who is there, though its copy goes to everyone: a defect."""


def current_actor() -> Actor | None:
    """Return who is signed in, or None; raises PublicPageAsked on public pages."""
    if ACTOR not in request.environ:
        view = current_app.view_functions.get(request.endpoint or "")
        if view is not None and guard_of(view) is Guard.PUBLIC:
            raise PublicPageAsked(request.endpoint)
        actor = request.environ[ACTOR] = _load(db.session())
        if actor is not None and actor.sign_in_id is not None:
            current_app.extensions["sightings"].note_sign_in(actor.sign_in_id, clock.now())
    found: Actor | None = request.environ[ACTOR]
    return found


def require_actor() -> Actor:
    """Return who is signed in; raises SignInNeeded."""
    actor = current_actor()
    if actor is None:
        raise SignInNeeded
    return actor


@contextmanager
def acting() -> Iterator[tuple[Session, Actor]]:
    """Open a unit of work with the actor loaded again inside it, so that it sees what changed meanwhile.

    Raises SignInNeeded when the sign-in has ended.
    """
    with unit_of_work() as session:
        actor = _load(session)
        if actor is None:
            raise SignInNeeded
        yield session, actor


def current_browser() -> Browser:
    """Return what is known of the browser that asks."""
    return Browser(request.remote_addr, name_device(request.user_agent.string), device_token())


def _load(session: Session) -> Actor | None:
    token = session_token()
    sign_in = find_sign_in(session, token, clock.now()) if token else None
    return actor_of(sign_in) if sign_in else None

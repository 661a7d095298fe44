"""Who may call a view: every view says so, and an application with one that does not fails to start."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, request

from marketplace.accounts.roles import Role
from marketplace.errors import MarketplaceError

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}

View = Callable[..., Any]


class Guard(StrEnum):
    """The kinds of views there are."""

    PUBLIC = "public"
    VISITOR = "visitor"
    MACHINE = "machine"
    SIGNED_IN = "signed_in"
    MEMBER = "member"
    DEMO = "demo"


class ForeignOrigin(MarketplaceError):
    """An unsafe request that does not come from one of our own pages."""

    code = "foreign_origin"
    status = 403


class UnguardedView(RuntimeError):
    """A view without a guard: a defect of the build."""


def guarded(guard: Guard) -> Callable[[View], View]:
    """Say who may call a view.

    PUBLIC answers are the same for everyone and may be kept by caches; VISITOR answers belong to
    one browser and are never stored; MACHINE answers are for monitors and crawlers. SIGNED_IN views
    are for whoever is signed in, MEMBER views for certain roles (`requires`), and DEMO views are there
    in a demo alone, for the machine it runs on. `web.doorkeeping` keeps the last three.
    """

    def mark(view: View) -> View:
        view.guard = guard  # type: ignore[attr-defined]
        return view

    return mark


def guard_of(view: View) -> Guard | None:
    """Return the guard that a view was given."""
    return getattr(view, "guard", None)


def signed_in(view: View) -> View:
    """Let in whoever is signed in; the others are led to the sign-in page and back."""
    return guarded(Guard.SIGNED_IN)(view)


def requires(*roles: Role) -> Callable[[View], View]:
    """Let in whoever holds one of the roles in some scope; to the others the page is not there (404).

    Which scope is not decided here: the view's queries take the actor's scopes into their WHERE. Who
    would hold a role after a second factor is led to setting one up.
    """

    def mark(view: View) -> View:
        view.roles = frozenset(roles)  # type: ignore[attr-defined]
        return guarded(Guard.MEMBER)(view)

    return mark


def strong(view: View) -> View:
    """Ask who it is once more, unless they proved it a few minutes ago; for dangerous acts."""
    view.strong = True  # type: ignore[attr-defined]
    return view


def signed(view: View) -> View:
    """Let in programs that sign what they send: the view checks the signature of the raw body itself.

    Nobody can sign in another's browser, so such a request needs to come from no page of ours.
    """
    view.signed = True  # type: ignore[attr-defined]
    return guarded(Guard.MACHINE)(view)


def keyed(view: View) -> View:
    """Let in programs that show a key with each request: the view asks for it itself.

    No browser shows a key unasked, so such a request needs to come from no page of ours.
    """
    view.keyed = True  # type: ignore[attr-defined]
    return signed(view)


def is_signed(view: View | None) -> bool:
    """Return whether a view takes requests of programs that sign them or show a key."""
    return getattr(view, "signed", False)


def is_keyed(view: View) -> bool:
    """Return whether a view is for programs that show a key."""
    return getattr(view, "keyed", False)


def roles_of(view: View) -> frozenset[Role]:
    """Return the roles that a view is for; none for views that ask for no role."""
    return getattr(view, "roles", frozenset())


def is_strong(view: View) -> bool:
    """Return whether a view asks for a fresh proof of identity."""
    return getattr(view, "strong", False)


def require_guards(app: Flask) -> None:
    """Refuse to go on when a view has no guard.

    Raises UnguardedView naming every such endpoint.
    """
    unguarded = sorted(name for name, view in app.view_functions.items() if guard_of(view) is None)
    if unguarded:
        raise UnguardedView(", ".join(unguarded))


def refuse_foreign_origins() -> None:
    """Accept unsafe methods only from our own pages, by Sec-Fetch-Site or else by Origin.

    Catalogue pages are kept by caches and hold no token, so this is what stands between a buyer's
    cart and other people's pages; a request with neither header is refused. Where nothing takes the
    method, nothing is at stake: routing says so.
    """
    if _takes_no_form():
        return
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        if site != "same-origin":
            raise ForeignOrigin(site=site)
        return
    origin = request.headers.get("Origin", "")
    own = {current_app.extensions["settings"].site_url, request.host_url.rstrip("/")}
    if origin not in own or not urlsplit(origin).hostname:
        raise ForeignOrigin(site=origin)


def refuse_nul() -> None:
    """Refuse the character NUL, which no page is called by and PostgreSQL takes in no text."""
    if "\0" in request.path:
        abort(404)
    if b"%00" in request.query_string or b"\0" in request.query_string:
        abort(400)
    if _takes_no_form():
        return
    if any("\0" in text for field in request.form.items(multi=True) for text in field):
        abort(400)


def _takes_no_form() -> bool:
    """Return whether a request is no form of a page: it is safe, leads nowhere, or a program signed it."""
    if request.method in SAFE_METHODS or request.routing_exception is not None:
        return True
    return is_signed(current_app.view_functions.get(request.endpoint or ""))

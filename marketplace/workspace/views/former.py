"""Addresses of producers that were merged into another: whoever works there is led on."""

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from marketplace.database import db
from marketplace.errors import NotFound
from marketplace.producers.queries import find_heir
from marketplace.web.guards import SAFE_METHODS
from marketplace.web.problems import show_refusal
from marketplace.workspace import door


@door.errorhandler(NotFound)
def lead_on(refusal: NotFound) -> Response:
    """Send on to the same page of the producer that the one of the address was merged into.

    A form is sent on whole: its page may have been open since before the merger.
    """
    arguments = request.view_args or {}
    slug = arguments.get("slug")
    heir = find_heir(db.session(), slug) if slug else None
    if heir is None or request.endpoint is None:
        return show_refusal(refusal)
    query = request.query_string.decode()
    path = url_for(request.endpoint, **{**arguments, "slug": heir})
    status = 301 if request.method in SAFE_METHODS else 308
    return redirect(f"{path}?{query}" if query else path, status)

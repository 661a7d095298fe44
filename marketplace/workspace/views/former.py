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
    """Send on to the same page of the producer that the one of the address was merged into."""
    arguments = request.view_args or {}
    slug = arguments.get("slug")
    heir = find_heir(db.session(), slug) if slug and request.method in SAFE_METHODS else None
    if heir is None or request.endpoint is None:
        return show_refusal(refusal)
    query = request.query_string.decode()
    path = url_for(request.endpoint, **{**arguments, "slug": heir})
    return redirect(f"{path}?{query}" if query else path, 301)

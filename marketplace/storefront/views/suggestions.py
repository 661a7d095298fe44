"""Suggestions while somebody types: a fragment for people, JSON for the search box."""

from flask import Response, jsonify, make_response, render_template, request

from marketplace.search.queries import suggest
from marketplace.storefront import door
from marketplace.storefront.suggested import as_data, list_groups
from marketplace.text import clean
from marketplace.web.guards import Guard, guarded

LONGEST_LINE = 200
KEPT = "public, max-age=60"
"""Suggestions tell names and addresses only, neither stars nor prices, so a minute's age harms nobody."""


@door.get("/goi-y")
@guarded(Guard.PUBLIC)
def suggestions() -> Response:
    """Give at most eight rows for a line that is being typed."""
    line = clean(request.args.get("q", ""))[:LONGEST_LINE]
    groups = list_groups(suggest(line), line)
    if request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json":
        response = jsonify(as_data(groups))
    else:
        response = make_response(render_template("storefront/suggestions.html", groups=groups, line=line))
    response.headers["Cache-Control"] = KEPT
    response.headers["Vary"] = "Accept"
    response.headers["X-Robots-Tag"] = "noindex"
    return response

"""Counts views of product pages, kept copies and confirmed ones included, without a cookie or an address.

A view is a page that a person's browser opened; programs are told by the plain rules below.
"""

from functools import partial
from urllib.parse import parse_qs

from flask import Flask, Response, current_app, request
from flask.blueprints import BlueprintSetupState

from marketplace import clock
from marketplace.catalogue.tallies import ViewTallies
from marketplace.storefront import door
from marketplace.web.openings import is_opening, write_once_answered

PAGE = "storefront.product"
LISTS = ("/san-pham?", "/en/san-pham?")
LONGEST_QUERY = 600


@door.record_once
def _begin(state: BlueprintSetupState) -> None:
    assert isinstance(state.app, Flask)
    state.app.extensions["tallies"] = ViewTallies()
    state.app.after_request(partial(count_view, state.app))


def count_view(app: Flask, response: Response) -> Response:
    """Note a view, and have what waits written once the answer is on its way."""
    tallies: ViewTallies = app.extensions["tallies"]
    at = clock.now()
    if request.endpoint == PAGE and request.view_args and is_opening(response.status_code):
        words, province = _lead()
        tallies.note(request.view_args["slug"], at, province, words)
    write_once_answered(app, response, tallies, at)
    return response


def _lead() -> tuple[str, str]:
    """Return the words and the one province of the list that led here, as far as there are any."""
    came_from = request.referrer or ""
    if "?" not in came_from or len(came_from) > LONGEST_QUERY:
        return "", ""
    site: str = current_app.extensions["settings"].site_url
    for origin in (site, request.host_url.rstrip("/")):
        if came_from.startswith(tuple(origin + path for path in LISTS)):
            return _read(came_from.partition("?")[2].partition("#")[0])
    return "", ""


def _read(query: str) -> tuple[str, str]:
    asked = parse_qs(query)
    words, provinces = asked.get("q", [""])[0], asked.get("tinh", [])
    province = provinces[0] if len(provinces) == 1 and provinces[0].isprintable() else ""
    return words if words.isprintable() else "", province

"""The map of a lot's zones and sites, a picture that the trace page loads when it is scrolled to."""

from dataclasses import dataclass

from flask import Response, render_template, request

from marketplace.database import db
from marketplace.errors import NotFound
from marketplace.scan import door
from marketplace.scan.addressed import get_scanned
from marketplace.scan.zone_map import map_of
from marketplace.traceability.events.history import load_history
from marketplace.web.kept_pages import public_page


@dataclass(frozen=True, slots=True)
class Colours:
    """The colours of a map, which as a picture knows nothing of the page's style sheet."""

    sea: str
    land: str
    focus: str
    line: str
    ink: str
    zone: str
    site: str


LIGHT = Colours("#dcebe9", "#f2f4ee", "#dff1e2", "#7d8a83", "#1b2320", "#1f6b3a", "#ad2f1a")
DARK = Colours("#0b2529", "#18211e", "#163522", "#74837b", "#edf2ed", "#86d39b", "#f4836a")


@door.get("/truy-xuat/ban-do/<path:printed>")
@public_page
def draw_map(printed: str) -> Response:
    """Draw where a lot comes from, on light or dark ground."""
    scanned = get_scanned(printed)
    drawn = map_of(load_history(db.session(), scanned.lot.id)) if scanned.lot else None
    if drawn is None:
        raise NotFound(path=printed)
    colours = DARK if request.args.get("nen") == "toi" else LIGHT
    text = render_template("scan/map.svg", drawn=drawn, map=drawn.drawn, colours=colours)
    return Response(text, content_type="image/svg+xml")

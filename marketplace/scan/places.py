"""The page of a place where goods are made, packed or kept: what its location number stands for."""

from flask import Response, redirect, render_template, request

from marketplace.scan import door
from marketplace.scan.place_words import UNREADABLE_PLACE
from marketplace.scan.style import trace_style
from marketplace.traceability.codes.link_types import Level, Link, LinkType
from marketplace.traceability.codes.place_code import PlaceCode, read_place_link
from marketplace.traceability.codes.queries import get_site
from marketplace.traceability.errors import UnknownPlace, UnreadablePlace
from marketplace.web.addresses import page_url, write_query
from marketplace.web.kept_pages import public_page
from marketplace.web.lot_words import SITE_KINDS

Answer = str | tuple[str, int] | Response


@door.get("/414/<path:printed>")
@public_page
def place(printed: str) -> Answer:
    """Answer the Digital Link of a place."""
    code = read_place_link(printed)
    if request.path != code.decoded_path:
        query = write_query({name: request.args.getlist(name) for name in request.args})
        return redirect(page_url(code.path) + query, 301)  # type: ignore[return-value]
    site = get_site(code)
    return render_template(
        "scan/place.html", code=code, site=site, kind=SITE_KINDS[site.kind], style=trace_style()
    )


@door.errorhandler(UnreadablePlace)
@door.errorhandler(UnknownPlace)
def unknown_place(refusal: UnreadablePlace | UnknownPlace) -> Answer:
    """Say what is wrong with a location number."""
    words = UNREADABLE_PLACE[refusal.parameters.get("reason", "unknown")]
    page = render_template("scan/unknown_place.html", words=words, printed=refusal.parameters["printed"])
    return page, refusal.status


def level_of_place(code: PlaceCode) -> Level:
    """Return the links of a place; raises UnknownPlace."""
    site = get_site(code)
    links = (Link(LinkType.DEFAULT, code.path), Link(LinkType.LOCATION, code.path))
    return Level(code.path, f"{site.name}, {site.producer.name}", links)

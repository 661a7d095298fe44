"""The answers of a GS1-Conformant Resolver: links of a type, the whole set of them, and odd spellings.

People get a page, whatever their browser accepts; only who names a link type, or accepts nothing better
than a set of links, gets something else. The language of a page is that of its address: a printed address
is Vietnamese, and `Accept-Language` chooses between the targets of a link type.
"""

import json
from dataclasses import replace
from urllib.parse import quote

from flask import Response, abort, redirect, request
from flask.blueprints import BlueprintSetupState
from werkzeug.routing import BaseConverter, ValidationError

from marketplace import clock
from marketplace.database import db
from marketplace.scan import door
from marketplace.scan.finding import find_scanned, list_recalls_of
from marketplace.scan.links import levels_of
from marketplace.scan.places import level_of_place
from marketplace.traceability.codes.digital_link import (
    DigitalLink,
    looks_partly_compressed,
    read_attributes,
    read_compressed,
    read_link,
)
from marketplace.traceability.codes.link_types import (
    LANGUAGES,
    WHOLE_SET,
    Level,
    Link,
    LinkType,
    find_links,
    read_link_type,
    write_address,
    write_linkset,
)
from marketplace.traceability.codes.place_code import PlaceCode
from marketplace.traceability.codes.queries import get_traced_product
from marketplace.traceability.codes.trace_code import TraceCode
from marketplace.traceability.errors import MovedCode, UnknownCode, UnreadableCode
from marketplace.web.addresses import Query, full_url, page_url, write_query
from marketplace.web.guards import Guard, guarded
from marketplace.web.language import current_language

KEYS = ("/01/", "/414/", "/t/")
LINKSET = "application/linkset+json"
JSON = "application/json"
CONTEXT = (
    '<https://ref.gs1.org/standards/resolver/linkset-context>; rel="http://www.w3.org/ns/json-ld#context"; '
    'type="application/ld+json"'
)
READING = {"GET", "HEAD"}
NAMES = {"linkType", "linktype"}
HOUR = 3600


class Compressed(BaseConverter):
    """A segment that is a compressed link; any other word is no address of this door.

    Our own addresses have small letters only, and what compresses to small letters alone is not worth
    taking every unknown address for.
    """

    regex = "(?=[^/]*[A-Z])[0-9A-Za-z_-]{10,400}"

    def to_python(self, value: str) -> DigitalLink:
        """Return the link that a segment stands for."""
        try:
            return read_compressed(value)
        except UnreadableCode as error:
            raise ValidationError from error


@door.record_once
def know_compressed(state: BlueprintSetupState) -> None:
    """Have addresses of the door name compressed links."""
    state.app.url_map.converters["compressed"] = Compressed


@door.before_request
def negotiate() -> Response | None:
    """Answer what is asked for instead of the page of a code, if anything; refuse what cannot be read."""
    if request.method not in READING or not request.path.startswith(KEYS):
        return None
    if looks_partly_compressed(request.path.split("/", 2)[2]):
        return _lead_to(read_compressed(request.path, request.args.items(multi=True)))
    if any(name.isdigit() for name in request.args):
        read_attributes(request.args.items(multi=True))
    asked = next((request.args[name] for name in NAMES if name in request.args), None)
    if asked is None and _accepts_pages():
        return None
    levels = _levels(read_link(quote(request.path)).code)
    return _all_links(levels) if asked is None or asked in WHOLE_SET else _one_link(levels, asked)


@door.after_request
def tell_links(response: Response) -> Response:
    """Say where the set of links is, and let programs of other sites read what anybody may."""
    asked = request.method in {*READING, "OPTIONS"} and request.path.startswith(KEYS)
    if asked and response.status_code < 400:
        response.headers.add("Link", f'<{_here()}?linkType=linkset>; rel="linkset"; type="{LINKSET}"')
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
        response.headers["Access-Control-Expose-Headers"] = "Link, Location"
        response.vary.add("Accept")
    return response


@door.get('/<any("gtin", "GTIN", "Gtin", "gln", "GLN", "Gln"):name>/<path:printed>')
@guarded(Guard.PUBLIC)
def named_link(name: str, printed: str) -> Response:
    """Lead addresses with the names that older versions of the standard allowed to the right ones."""
    query = request.query_string.decode("ascii", "ignore")
    return _lead_to(read_link(f"/{name}/{quote(printed)}?{query}"))


@door.get("/<compressed:link>")
@guarded(Guard.PUBLIC)
def compressed_link(link: DigitalLink) -> Response:
    """Lead a compressed address to the one that it stands for, with the query that it came with."""
    return _lead_to(replace(link, others=tuple(request.args.items(multi=True))))


@door.errorhandler(MovedCode)
def lead_on(moved: MovedCode) -> Response:
    """Lead a code that its product had before to the present one; browsers ask again after an hour."""
    query = write_query({name: request.args.getlist(name) for name in request.args})
    response: Response = redirect(page_url(moved.parameters["path"]) + query, 301)  # type: ignore[assignment]
    response.headers["Cache-Control"] = f"public, max-age={HOUR}"
    return response


def _accepts_pages() -> bool:
    return request.accept_mimetypes.best_match(["text/html", LINKSET]) != LINKSET


def _levels(code: TraceCode | PlaceCode) -> list[Level]:
    """Return the links of a code; raises UnknownCode, and MovedCode for one that was replaced."""
    if isinstance(code, PlaceCode):
        return [level_of_place(code)]
    day = clock.today()
    scanned = find_scanned(db.session(), code, day)
    if scanned is None:
        get_traced_product(code)
        raise UnknownCode(printed=code.gtin or code.token)
    return levels_of(scanned, list_recalls_of(db.session(), scanned), day)


def _all_links(levels: list[Level], status: int = 200) -> Response:
    kind = request.accept_mimetypes.best_match([LINKSET, JSON], LINKSET)
    body = json.dumps(write_linkset(levels, full_url("")), ensure_ascii=False)
    response = Response(body, status, content_type=kind)
    response.headers["Link"] = CONTEXT
    response.headers["Cache-Control"] = "public, max-age=0, must-revalidate"
    return response


def _one_link(levels: list[Level], asked: str) -> Response:
    """Lead to the link of a type, with the rest of the query; 404 where there is none of that type.

    Of several that nothing tells apart whoever asked has to choose: people on the page that shows them all.
    """
    kind = read_link_type(asked)
    level = find_links(levels, kind) if kind is not None else None
    if level is None:
        abort(404)
    if len(level.links) > 1 and "text/html" not in request.accept_mimetypes.values():
        return _all_links([level], 300)
    link = level.links[0] if len(level.links) == 1 else Link(LinkType.DEFAULT, level.path)
    chosen = request.accept_languages.best_match(LANGUAGES, "vi")
    language = "en" if current_language() == "en" else str(chosen)
    query: Query = {name: request.args.getlist(name) for name in request.args if name not in NAMES}
    address, mark, part = write_address(link, language, full_url("")).partition("#")
    goal = f"{address}{write_query(query)}{mark}{part}"
    response: Response = redirect(goal, 307)  # type: ignore[assignment]
    response.vary.add("Accept-Language")
    return response


def _lead_to(link: DigitalLink) -> Response:
    response: Response = redirect(page_url(link.address), 301)  # type: ignore[assignment]
    response.headers["Link"] = f'<{full_url(link.address)}>; rel="owl:sameAs"'
    return response


def _here() -> str:
    return full_url(quote(request.path))

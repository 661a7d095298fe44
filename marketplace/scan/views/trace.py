"""Trace pages: the address printed on a pack, answered without JavaScript or cookies."""

from datetime import date

import brotli
from flask import Response, make_response, redirect, render_template, request

from marketplace import clock
from marketplace.database import db
from marketplace.scan import door
from marketplace.scan.counting import note_answer
from marketplace.scan.data_items import list_data_items
from marketplace.scan.first_facts import list_first_facts
from marketplace.scan.material import sources_of
from marketplace.scan.page import TracePage, gather
from marketplace.scan.picture import picture_of
from marketplace.scan.structured import describe
from marketplace.scan.style import trace_style, trace_style_hash
from marketplace.scan.words import UNREADABLE
from marketplace.scan.zone_map import map_of
from marketplace.traceability.codes.digital_link import USE_BY, DigitalLink, read_attributes
from marketplace.traceability.codes.queries import get_traced_product
from marketplace.traceability.codes.trace_code import (
    TraceCode,
    path_of_typed,
    read_digital_link,
    read_token_link,
)
from marketplace.traceability.errors import UnknownCode, UnreadableCode
from marketplace.web.addresses import page_url, write_query
from marketplace.web.guards import Guard, guarded
from marketplace.web.headers import allow_inline_style
from marketplace.web.kept_pages import BROTLI_QUALITY, public_page
from marketplace.web.lot_words import PAPER_KINDS, PORTALS, RECALL_REASONS

Answer = str | tuple[str, int] | Response


@door.before_request
def allow_own_style() -> None:
    """Allow the inlined style sheet on kept copies too."""
    allow_inline_style(trace_style_hash())


@door.get("/01/<path:printed>")
@guarded(Guard.PUBLIC)
def digital_link(printed: str) -> Answer:
    """Answer a GS1 Digital Link."""
    return _answer(read_digital_link(printed))


@door.get("/t/<path:printed>")
@guarded(Guard.PUBLIC)
def token_link(printed: str) -> Answer:
    """Answer our own code of goods without a GTIN."""
    return _answer(read_token_link(printed))


@door.get("/T/<path:printed>")
@public_page
def loud_token_link(printed: str) -> Answer:
    """Lead codes whose address was printed in capitals to the right page."""
    return _lead_to(read_token_link(printed))


@door.get("/t")
@public_page
def start() -> Answer:
    """Explain how to scan, and lead a typed code to its page."""
    typed = request.args.get("ma", "").strip()
    if typed:
        return redirect(page_url(path_of_typed(typed)), 303)  # type: ignore[return-value]
    return render_template("scan/start.html")


def _answer(code: TraceCode) -> Answer:
    if request.path != code.decoded_path:
        return _lead_to(code)
    return _show_now(code) if code.serial is not None else _show_kept(code)


@public_page
def _show_kept(code: TraceCode) -> Answer:
    """Show what changes with the register and the day alone."""
    return render_trace(get_page(code))


def _show_now(code: TraceCode) -> Response:
    """Show the page of a single pack, which says how often it was opened: kept by nobody."""
    response = make_response(render_trace(get_page(code)))
    response.headers["Cache-Control"] = "no-store"
    response.headers["Vary"] = "Accept-Encoding"
    if request.accept_encodings.quality("br") > 0:
        response.set_data(brotli.compress(response.get_data(), quality=BROTLI_QUALITY))
        response.headers["Content-Encoding"] = "br"
    return response


def get_page(code: TraceCode) -> TracePage:
    """Gather the page of a code.

    Raises UnknownCode, or MovedCode for one that was printed before its product got another.
    """
    page = gather(db.session(), code, clock.now(), _use_by_asked(code))
    if page is None:
        get_traced_product(code)
        raise UnknownCode(printed=code.gtin or code.token)
    return page


def _use_by_asked(code: TraceCode) -> date | None:
    """Return the last day of use that the address itself states; raises UnreadableCode."""
    return DigitalLink(code, *read_attributes(request.args.items(multi=True))).day(USE_BY)


def render_trace(page: TracePage, **told: object) -> str:
    """Write the page; `told` is what a form on it was answered."""
    note_answer(page)
    return render_template(
        "scan/trace.html",
        page=page,
        code=page.code,
        product=page.product,
        standing=page.standing,
        lot=page.lot,
        history=page.history,
        day=page.day,
        sources=sources_of(page.history, page.day) if page.history else [],
        facts=list_first_facts(page),
        items=list_data_items(page),
        map=map_of(page.history) if page.history else None,
        picture=picture_of(page.product),
        structured=describe(page.product, page.code),
        reasons=RECALL_REASONS,
        paper_kinds=PAPER_KINDS,
        portals=PORTALS,
        style=trace_style(),
        told=told,
    )


def _lead_to(code: TraceCode) -> Response:
    query = write_query({name: request.args.getlist(name) for name in request.args})
    return redirect(page_url(code.path) + query, 301)  # type: ignore[return-value]


@door.errorhandler(UnreadableCode)
@door.errorhandler(UnknownCode)
def unknown(refusal: UnreadableCode | UnknownCode) -> Answer:
    """Say what is wrong with a code, and what that may mean."""
    words = UNREADABLE[refusal.parameters.get("reason", "unknown")]
    printed = refusal.parameters["printed"]
    page = render_template("scan/unknown.html", words=words, printed=printed, asked=request.path)
    return page, refusal.status

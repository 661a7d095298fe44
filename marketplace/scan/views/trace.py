"""Trace pages: the address printed on a pack, answered without JavaScript or cookies."""

from flask import Response, g, redirect, render_template, request

from marketplace.catalogue.models import Publication
from marketplace.certification.history import standing_on
from marketplace.certification.register_book import list_certificates_of
from marketplace.scan import door
from marketplace.scan.picture import picture_of
from marketplace.scan.structured import describe
from marketplace.scan.style import trace_style, trace_style_hash
from marketplace.scan.verdict import give_verdict
from marketplace.scan.words import ANSWERS, UNREADABLE
from marketplace.traceability.codes.queries import get_traced_product
from marketplace.traceability.codes.trace_code import (
    TraceCode,
    path_of_typed,
    read_digital_link,
    read_token_link,
)
from marketplace.traceability.errors import UnknownCode, UnreadableCode
from marketplace.web.addresses import page_url, write_query
from marketplace.web.headers import allow_inline_style
from marketplace.web.kept_pages import public_page

SAMPLE_PREFIX = "952"

Answer = str | tuple[str, int] | Response


@door.before_request
def allow_own_style() -> None:
    """Allow the inlined style sheet on kept copies too."""
    allow_inline_style(trace_style_hash())


@door.get("/01/<path:printed>")
@public_page
def digital_link(printed: str) -> Answer:
    """Answer a GS1 Digital Link."""
    return _answer(read_digital_link(printed))


@door.get("/t/<path:printed>")
@public_page
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
    product = get_traced_product(code)
    standing = standing_on(list_certificates_of(product.id), g.day)
    verdict = give_verdict(product, standing, code)
    return render_template(
        "scan/trace.html",
        code=code,
        product=product,
        standing=standing,
        verdict=verdict,
        words=ANSWERS[verdict],
        sample_code=(code.gtin or "").lstrip("0").startswith(SAMPLE_PREFIX),
        on_view=product.publication is Publication.PUBLISHED,
        picture=picture_of(product),
        structured=describe(product, code),
        style=trace_style(),
    )


def _lead_to(code: TraceCode) -> Response:
    query = write_query({name: request.args.getlist(name) for name in request.args})
    return redirect(page_url(code.path) + query, 301)  # type: ignore[return-value]


@door.errorhandler(UnreadableCode)
@door.errorhandler(UnknownCode)
def unknown(refusal: UnreadableCode | UnknownCode) -> Answer:
    """Say what is wrong with a code, and what that may mean."""
    words = UNREADABLE[refusal.parameters.get("reason", "unknown")]
    page = render_template("scan/unknown.html", words=words, printed=refusal.parameters["printed"])
    return page, refusal.status

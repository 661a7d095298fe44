"""Questions about a product: those answered, and the form to ask another; without an account."""

from collections.abc import Mapping
from typing import Any

from flask import Response, make_response, redirect, render_template, request

from marketplace import clock
from marketplace.accounts.errors import InvalidIdentity, TooManyAttempts
from marketplace.accounts.identity import read_identity
from marketplace.catalogue.models import Product
from marketplace.database import db, unit_of_work
from marketplace.errors import NotFound
from marketplace.reviews.asking import Asked, ask_question, claim_question, get_askable
from marketplace.reviews.errors import InvalidVoice
from marketplace.reviews.queries import list_questions
from marketplace.reviews.reading import LONGEST_QUESTION, SHORTEST_QUESTION, read_words
from marketplace.settings import LapsedProducts
from marketplace.storefront import door
from marketplace.storefront.cards import product_name
from marketplace.storefront.query import read_page
from marketplace.storefront.shopping import shop_settings
from marketplace.web.addresses import page_url
from marketplace.web.guards import Guard, guarded
from marketplace.web.kept_pages import public_page
from marketplace.web.language import current_language
from marketplace.web.refusals import explain

Faults = list[tuple[str, str]]
SENT = "roi"


@door.get("/san-pham/<slug>/hoi-dap")
@public_page
def questions(slug: str) -> Response:
    """Show a page of the answered questions about a product, and the form to ask another."""
    return _page(_askable(slug))


@door.post("/san-pham/<slug>/hoi-dap")
@guarded(Guard.VISITOR)
def ask(slug: str) -> Response:
    """Take a question, within the limits; what is typed wrong costs no attempt."""
    product = _askable(slug)
    asked, faults = _read()
    if asked is None:
        return _page(product, faults, request.form)
    at = clock.now()
    try:
        claim_question(request.remote_addr, product.id, at)
    except TooManyAttempts as refusal:
        response = _page(product, [("loi", explain(refusal))], request.form, refusal.status)
        response.headers["Retry-After"] = str(refusal.parameters["wait"])
        return response
    with unit_of_work() as session:
        ask_question(session, get_askable(session, slug), asked, at)
    return make_response(redirect(page_url(f"/san-pham/{slug}/hoi-dap", gui=SENT), 303))


def _askable(slug: str) -> Product:
    product = get_askable(db.session(), slug)
    hidden = shop_settings().lapsed_products is LapsedProducts.HIDE
    if hidden and product.live_stars(clock.today()) is None:
        raise NotFound(slug=slug)
    return product


def _read() -> tuple[Asked | None, Faults]:
    """Return what is asked, or what is wrong with it in the order of the form."""
    faults: Faults = []
    words, identity, contact = "", None, request.form.get("lien_he", "").strip()
    try:
        words = read_words("words", request.form.get("loi", ""), SHORTEST_QUESTION, LONGEST_QUESTION)
    except InvalidVoice as refusal:
        faults.append(("loi", explain(refusal)))
    try:
        identity = read_identity(contact) if contact else None
    except InvalidIdentity as refusal:
        faults.append(("lien_he", explain(refusal)))
    return (None if faults else Asked(words=words, contact=str(identity) if identity else None)), faults


def _page(
    product: Product, faults: Faults | None = None, typed: Mapping[str, Any] | None = None, status: int = 422
) -> Response:
    path = f"/san-pham/{product.slug}"
    page = render_template(
        "storefront/questions.html",
        name=product_name(product, current_language() == "en"),
        product_path=path,
        page=list_questions(db.session(), product.id, read_page()),
        address=lambda number: page_url(f"{path}/hoi-dap", trang=number if number > 1 else None),
        sent=request.args.get("gui") == SENT,
        longest=LONGEST_QUESTION,
        faults=faults or [],
        faulty=dict(faults or []),
        typed=typed or {},
    )
    return make_response(page, status if faults else 200)

"""Being told when a sold-out product can be bought again: without an account, once."""

from dataclasses import dataclass

from flask import Response, make_response, render_template, request

from marketplace import clock
from marketplace.accounts.attempts import Rule, claim
from marketplace.accounts.errors import InvalidIdentity, TooManyAttempts
from marketplace.accounts.identity import read_identity
from marketplace.database import db, unit_of_work
from marketplace.errors import MarketplaceError, NotFound
from marketplace.ordering.after_sale_errors import CanBeBought, TooManyWishes
from marketplace.ordering.queries import find_variant
from marketplace.ordering.restock_wishes import ask_to_be_told
from marketplace.storefront import door
from marketplace.storefront.shopping import read_id
from marketplace.web.guards import Guard, guarded
from marketplace.web.refusals import explain
from marketplace.web.words import gettext as _


@dataclass(frozen=True, slots=True)
class Waited:
    """The variant that somebody waits for, as its page calls it."""

    variant_id: int
    name: str
    pack: str
    path: str


@door.post("/bao-co-hang")
@guarded(Guard.VISITOR)
def take_wish() -> Response:
    """Keep a wish to be told; product pages hold no token, the origin tells."""
    waited = _find(read_id(request.form.get("variant_id")))
    typed = request.form.get("lien_he", "").strip()
    try:
        contact = str(read_identity(typed))
        at = clock.now()
        claim([(Rule.RESTOCK_ADDRESS, request.remote_addr or "unknown"), (Rule.RESTOCK_GLOBAL, "")], at)
        with unit_of_work() as session:
            ask_to_be_told(session, waited.variant_id, contact, at)
    except CanBeBought:
        return _page(waited, bought=True)
    except (InvalidIdentity, TooManyAttempts, TooManyWishes) as refusal:
        return _page(waited, refusal)
    return _page(waited, contact=contact)


def _find(variant_id: int | None) -> Waited:
    variant = find_variant(db.session(), variant_id or 0)
    if variant is None:
        raise NotFound
    product = variant.product
    return Waited(variant.id, product.name, variant.name, f"/san-pham/{product.slug}")


def _page(
    waited: Waited, refusal: MarketplaceError | None = None, contact: str = "", bought: bool = False
) -> Response:
    faults = [("lien_he", _words(refusal))] if refusal else []
    page = render_template(
        "storefront/restock.html",
        waited=waited,
        contact=contact,
        bought=bought,
        faults=faults,
        faulty=dict(faults),
        typed=request.form,
    )
    response = make_response(page, refusal.status if refusal else 200)
    if isinstance(refusal, TooManyAttempts):
        response.headers["Retry-After"] = str(refusal.parameters["wait"])
    return response


def _words(refusal: MarketplaceError) -> str:
    if isinstance(refusal, TooManyWishes):
        return _("Đã có quá nhiều lời nhắn cho sản phẩm này hoặc từ địa chỉ này. Mời thử lại sau.")
    return explain(refusal)

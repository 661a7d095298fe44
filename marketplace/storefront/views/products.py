"""The list of products, with search and facets, and the page of one product."""

from typing import Any

from flask import g, render_template, request
from flask_babel import gettext as _

from marketplace.catalogue.queries import get_product, list_related
from marketplace.certification.history import history_of, standing_on
from marketplace.certification.register_book import list_certificates_of
from marketplace.database import db
from marketplace.errors import NotFound
from marketplace.media.qr import qr_svg
from marketplace.ordering.stock import find_available
from marketplace.sales_points.map_points import list_points_stocking
from marketplace.settings import LapsedProducts
from marketplace.storefront import door
from marketplace.storefront.cards import make_cards, picture_url, product_name
from marketplace.storefront.list_facets import list_bands, list_boxes
from marketplace.storefront.list_page import Listing, canonical_path, heading, list_chips, look_up
from marketplace.storefront.list_query import read_list_query
from marketplace.storefront.loosening import list_samples, list_ways
from marketplace.storefront.offer import make_offer
from marketplace.storefront.seasons import Season
from marketplace.storefront.shopping import sale_terms, shop_settings
from marketplace.storefront.structured import breadcrumb, item_list, product_thing
from marketplace.traceability.trace_code import TraceCode
from marketplace.web.addresses import full_url
from marketplace.web.kept_pages import public_page
from marketplace.web.language import current_language


@door.get("/san-pham")
@public_page
def products() -> str:
    """Show a page of products; the address is the whole state of the list."""
    english = current_language() == "en"
    listing = look_up(
        read_list_query(request.args.to_dict(flat=False)), g.day, shop_settings().lapsed_products
    )
    facts: dict[str, Any] = {
        "listing": listing,
        "query": listing.query,
        "title": heading(listing, english),
        "chips": list_chips(listing, english),
        "canonical_path": canonical_path(listing),
    }
    if listing.page.total == 0:
        return _nothing_found(listing, facts, english)
    return render_template(
        "storefront/list.html",
        **facts,
        cards=make_cards(listing.page.products, g.day),
        boxes=list_boxes(listing.query, listing.places, listing.facets, english),
        bands=list_bands(listing.query, listing.facets),
        structured=item_list(
            ((f"/san-pham/{one.slug}", one.name) for one in listing.page.products),
            listing.page.first_position,
        ),
        trail=breadcrumb([(facts["title"], "/san-pham")]),
    )


def _nothing_found(listing: Listing, facts: dict[str, Any], english: bool) -> str:
    lapsed = shop_settings().lapsed_products
    ways = list_ways(listing, g.day, lapsed, english)
    best = ways[0] if ways and ways[0].count else None
    samples = list_samples(best, listing, g.day, lapsed) if best else ()
    cards = make_cards(samples, g.day)
    return render_template("storefront/nothing_found.html", **facts, ways=ways, best=best, cards=cards)


@door.get("/san-pham/<slug>")
@public_page
def product(slug: str) -> str:
    """Show a product: its rank and why, price, who sells it, where else to find it."""
    found = get_product(slug)
    settings = shop_settings()
    stars = found.live_stars(g.day)
    if settings.lapsed_products is LapsedProducts.HIDE and stars is None:
        raise NotFound(slug=slug)
    certificates = list_certificates_of(found.id)
    standing = standing_on(certificates, g.day)
    offer = make_offer(found, find_available(db.session(), [v.id for v in found.variants]), sale_terms())
    trace = TraceCode(gtin=found.gtin, token=None if found.gtin else found.trace_token).path
    picture = picture_url(found)
    return render_template(
        "storefront/product.html",
        product=found,
        title=product_name(found, current_language() == "en"),
        stars=stars,
        day=g.day,
        certificate=standing.certificate,
        certificate_state=standing.state,
        events=history_of(certificates, g.day),
        offer=offer,
        picture=picture,
        season=Season.of(found, g.day.month),
        trace_path=trace,
        trace_code=qr_svg(full_url(trace)),
        points=list_points_stocking([found.id], g.day),
        related=make_cards(list_related(found, day=g.day, lapsed=settings.lapsed_products), g.day),
        structured=product_thing(found, standing.certificate if stars else None, offer, picture),
        trail=breadcrumb([(str(_("Sản phẩm")), "/san-pham"), (found.name, f"/san-pham/{found.slug}")]),
    )

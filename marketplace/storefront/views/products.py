"""The list of products, with search and facets, and the page of one product."""

from datetime import date
from typing import Any

from flask import Flask, g, render_template, request
from flask.blueprints import BlueprintSetupState

from marketplace.catalogue.models import Product
from marketplace.media.qr import qr_svg
from marketplace.storefront import door
from marketplace.storefront.cards import make_cards, picture_url, product_name
from marketplace.storefront.list_facets import list_bands, list_boxes, list_sorts
from marketplace.storefront.list_page import Listing, canonical_path, heading, list_chips, look_up
from marketplace.storefront.list_query import read_list_query
from marketplace.storefront.loosening import list_samples, list_ways
from marketplace.storefront.product_page import ProductPage, gather, gather_of
from marketplace.storefront.seasons import Season
from marketplace.storefront.shopping import sale_terms, shop_settings
from marketplace.storefront.structured import breadcrumb, item_list, product_thing
from marketplace.web.addresses import full_url
from marketplace.web.kept_pages import public_page
from marketplace.web.language import current_language
from marketplace.web.words import gettext as _


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
        sorts=list_sorts(),
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
    page = gather(slug, g.day, sale_terms(), shop_settings().lapsed_products)
    return render_template("storefront/product.html", **_product_facts(page, g.day))


def preview(product: Product, day: date) -> dict[str, Any]:
    """Return what `storefront/product.html` needs to show a product that need not be on view yet.

    The workspace asks for it through `app.extensions["preview"]`: doors know nothing of one another.
    """
    return _product_facts(gather_of(product, day, sale_terms(), shop_settings().lapsed_products), day)


@door.record_once
def _lend_preview(state: BlueprintSetupState) -> None:
    assert isinstance(state.app, Flask)
    state.app.extensions["preview"] = preview


def _product_facts(page: ProductPage, day: date) -> dict[str, Any]:
    found, picture = page.product, picture_url(page.product)
    return {
        "page": page,
        "product": found,
        "offer": page.offer,
        "title": product_name(found, current_language() == "en"),
        "day": day,
        "picture": picture,
        "season": Season.of(found, day.month),
        "trace_code": qr_svg(full_url(page.trace_path)),
        "related": make_cards(page.related, day),
        "structured": product_thing(
            found,
            page.standing.certificate if page.stars else None,
            page.offer,
            picture,
            page.voices.ratings,
        ),
        "trail": breadcrumb([(_("Sản phẩm"), "/san-pham"), (found.name, f"/san-pham/{found.slug}")]),
    }

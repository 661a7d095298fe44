"""The home page, and what lets browsers install the market."""

from flask import Response, g, jsonify, render_template, request

from marketplace.catalogue.filters import State
from marketplace.storefront import door
from marketplace.storefront.cards import make_cards, picture_url
from marketplace.storefront.home_page import compose
from marketplace.storefront.hours import hours_of
from marketplace.storefront.list_places import provinces_by_slug
from marketplace.storefront.shopping import shop_settings
from marketplace.storefront.structured import organization
from marketplace.web.addresses import page_url
from marketplace.web.assets import asset_url
from marketplace.web.kept_pages import public_page
from marketplace.web.language import current_language


@door.get("/")
@public_page(by_the_clock=True)
def home() -> str:
    """Show what the market holds today."""
    composed = compose(request.args.get("vung", "").strip(), g.day, shop_settings())
    language = current_language()
    return render_template(
        "storefront/home.html",
        home=composed,
        alive=composed.facets.states[State.ALIVE],
        province=composed.region.province,
        provinces=list(provinces_by_slug().values()),
        region_cards=make_cards(composed.region.products, g.day),
        season_cards=make_cards(composed.season, g.day, month=g.day.month),
        month=g.day.month,
        picture_url=picture_url,
        hours=[hours_of(found.point.opening_hours, g.now, language) for found in composed.points],
        structured=organization(),
    )


@door.get("/manifest.webmanifest")
@public_page
def manifest() -> Response:
    """Describe the market to browsers that install it (W3C Web Application Manifest)."""
    settings = shop_settings()
    described = {
        "name": settings.site_name,
        "short_name": settings.site_name,
        "lang": current_language(),
        "start_url": page_url("/"),
        "scope": "/",
        "display": "minimal-ui",
        "background_color": "#f2f4ee",
        "theme_color": "#0b343b",
        "icons": [{"src": asset_url("icons/favicon.svg"), "sizes": "any", "type": "image/svg+xml"}],
    }
    response = jsonify(described)
    response.content_type = "application/manifest+json"
    return response

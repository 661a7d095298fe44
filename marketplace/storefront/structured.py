"""What pages tell machines: schema.org in JSON-LD."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from urllib.parse import urljoin

from flask import current_app

from marketplace.catalogue.models import Product
from marketplace.certification.models import Certificate
from marketplace.media import pictures
from marketplace.reviews.queries import Ratings
from marketplace.settings import UNDECLARED, Settings
from marketplace.storefront.offer import Buying, Offer, Pack
from marketplace.web.addresses import full_url
from marketplace.web.language import current_language
from marketplace.web.words import gettext as _

CONTEXT = "https://schema.org"
Thing = dict[str, Any]


def item_list(paths_and_names: Iterable[tuple[str, str]], first: int = 1) -> Thing:
    """Return the products of a page in the order they are shown, counted on from earlier pages."""
    language = current_language()
    elements = [
        {"@type": "ListItem", "position": position, "url": full_url(path, language), "name": name}
        for position, (path, name) in enumerate(paths_and_names, first)
    ]
    return {"@context": CONTEXT, "@type": "ItemList", "itemListElement": elements}


def breadcrumb(trail: Sequence[tuple[str, str]]) -> Thing:
    """Return the way from the home page: pairs of words and path, the page itself last."""
    language = current_language()
    steps = [(_("Trang chủ"), "/"), *trail]
    elements = [
        {"@type": "ListItem", "position": position, "name": words, "item": full_url(path, language)}
        for position, (words, path) in enumerate(steps, 1)
    ]
    return {"@context": CONTEXT, "@type": "BreadcrumbList", "itemListElement": elements}


def organization() -> Thing:
    """Return who runs the site, and how to search it."""
    settings: Settings = current_app.extensions["settings"]
    home = full_url("/", current_language())
    return {
        "@context": CONTEXT,
        "@graph": [
            {
                "@type": "Organization",
                "@id": f"{settings.site_url}/#to-chuc",
                "name": settings.site_name if settings.owner.name == UNDECLARED else settings.owner.name,
                "url": settings.site_url,
                "telephone": settings.owner.phone,
                "email": settings.owner.email,
            },
            {
                "@type": "WebSite",
                "name": settings.site_name,
                "url": home,
                "publisher": {"@id": f"{settings.site_url}/#to-chuc"},
                "potentialAction": {
                    "@type": "SearchAction",
                    "target": full_url("/san-pham", current_language()) + "?q={q}",
                    "query-input": "required name=q",
                },
            },
        ],
    }


def product_thing(
    product: Product, certificate: Certificate | None, offer: Offer, picture: str, ratings: Ratings
) -> Thing:
    """Return a product with its offers and its buyers' ratings; `certificate` is the living one, or None.

    The certificate is told only with the number of its decision: a rank nobody can check is no
    certification. Prices of the demo are told like real ones; the page marks them as samples.
    """
    url = full_url(f"/san-pham/{product.slug}", current_language())
    thing: Thing = {
        "@context": CONTEXT,
        "@type": "Product",
        "@id": url,
        "name": product.name,
        "url": url,
        "image": _images(product) or full_url(picture),
    }
    if product.listing is not None and product.listing.description:
        thing["description"] = product.listing.description
    if product.group is not None:
        kind = product.set or product.group
        thing["category"] = kind.name_en if current_language() == "en" else kind.name
    if product.gtin:
        thing["gtin"] = product.gtin
    if product.producer is not None:
        thing["manufacturer"] = {"@type": "Organization", "name": product.producer.name}
    if certificate is not None and certificate.decision is not None:
        thing["hasCertification"] = _certification(certificate, product.certified_until)
    if ratings.count:
        thing["aggregateRating"] = _rating(ratings)
    if offer.buying in {Buying.ORDER, Buying.SOLD_OUT, Buying.HOLIDAY}:
        sells = offer.buying is Buying.ORDER
        thing["offers"] = [_offer(product, pack, url, sells) for pack in offer.packs]
    return thing


def _images(product: Product) -> list[str]:
    """Return the addresses of a product's photographs, which may lie on another host."""
    site = full_url("/")
    return [urljoin(site, pictures.picture_url(shown.picture)) for shown in product.pictures]


def _certification(certificate: Certificate, until: date | None) -> Thing:
    decision = certificate.decision
    told: Thing = {
        "@type": "Certification",
        "name": _("OCOP %(stars)s sao", stars=certificate.stars),
        "certificationIdentification": certificate.code,
        "url": full_url(f"/chung-nhan/{certificate.code}", current_language()),
        "certificationRating": {"@type": "Rating", "ratingValue": certificate.stars, "bestRating": 5},
    }
    if decision is not None:
        told["about"] = {"@type": "Legislation", "legislationIdentifier": decision.number}
        if decision.authority_name:
            told["issuedBy"] = {"@type": "GovernmentOrganization", "name": decision.authority_name}
    if certificate.issued_on is not None:
        told["validFrom"] = certificate.issued_on.isoformat()
    if until is not None:
        told["expires"] = until.isoformat()
    return told


def _rating(ratings: Ratings) -> Thing:
    """Return what buyers of ours gave, which has nothing to do with the stars of the certificate."""
    return {
        "@type": "AggregateRating",
        "ratingValue": ratings.mean,
        "ratingCount": ratings.count,
        "worstRating": 1,
        "bestRating": 5,
    }


def _offer(product: Product, pack: Pack, url: str, sells: bool) -> Thing:
    seller = product.producer.name if product.producer else ""
    return {
        "@type": "Offer",
        "url": url,
        "sku": pack.variant.sku,
        "name": pack.variant.name,
        "price": pack.variant.price,
        "priceCurrency": "VND",
        "availability": f"{CONTEXT}/{'InStock' if sells and pack.available else 'OutOfStock'}",
        "itemCondition": f"{CONTEXT}/NewCondition",
        "seller": {"@type": "Organization", "name": seller},
    }

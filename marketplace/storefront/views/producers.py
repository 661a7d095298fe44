"""Producers: the directory and each one's profile."""

from typing import Any

from flask import Response, current_app, g, redirect, render_template, request

from marketplace.catalogue.directory import ProducerFilter, get_producer, list_producers
from marketplace.catalogue.filters import Filters
from marketplace.catalogue.product_list import Sort, list_product_ids, load_cards
from marketplace.database import db
from marketplace.errors import NotFound
from marketplace.places.queries import list_provinces
from marketplace.producers.models import LegalForm, Producer
from marketplace.producers.queries import find_heir
from marketplace.reviews.queries import rate_producer
from marketplace.sales_points.map_points import list_points_stocking
from marketplace.settings import Settings
from marketplace.storefront import door
from marketplace.storefront.cards import make_cards
from marketplace.storefront.query import read_choice, read_page, read_province, read_words
from marketplace.traceability.recalls.queries import recalls_of_producer
from marketplace.web.addresses import full_url, page_url
from marketplace.web.kept_pages import public_page


@door.get("/chu-the")
@public_page
def producers() -> str:
    """Show a page of the directory."""
    provinces = list_provinces()
    province = read_province(provinces)
    wanted = ProducerFilter(
        words=read_words(),
        legal_form=read_choice("loai", LegalForm),
        province_id=province.id if province else None,
    )
    query = {name: request.args.get(name) for name in ("q", "loai", "tinh")}
    return render_template(
        "storefront/producers.html",
        found=list_producers(wanted, g.day, read_page()),
        filter=wanted,
        province=province,
        forms=list(LegalForm),
        province_choices=[(unit.slug, unit.name) for unit in provinces],
        form_address=lambda form: page_url("/chu-the", **{**query, "loai": form.value if form else None}),
        address=lambda number: page_url("/chu-the", **query, trang=number if number > 1 else None),
    )


@door.get("/chu-the/<slug>")
@public_page
def producer(slug: str) -> str | Response:
    """Show a producer with all its products; one that was merged into another leads there."""
    try:
        return _profile(get_producer(slug))
    except NotFound:
        heir = find_heir(db.session(), slug)
        if heir is None:
            raise
        return redirect(page_url(f"/chu-the/{heir}"), 301)  # type: ignore[return-value]


def _profile(found: Producer) -> str:
    settings: Settings = current_app.extensions["settings"]
    mine = Filters(producer_id=found.id)
    products = load_cards(list_product_ids(mine, Sort.DEFAULT, day=g.day, lapsed=settings.lapsed_products))
    stars = [product.live_stars(g.day) for product in products]
    return render_template(
        "storefront/producer.html",
        producer=found,
        cards=make_cards(products, g.day),
        products=products,
        short_name=initials_of(found.name),
        has_point=found.lat is not None and found.lon is not None,
        by_stars=[(rank, stars.count(rank)) for rank in (5, 4, 3) if rank in stars],
        starred=sum(rank is not None for rank in stars),
        offered=sum(product.offered for product in products),
        points=list_points_stocking([product.id for product in products], g.day),
        ratings=rate_producer(db.session(), found.id),
        recalls=recalls_of_producer(db.session(), found.id),
        structured=describe(found),
    )


def initials_of(name: str) -> str:
    """Return the first letters of a name's last two words, which tell producers apart best."""
    words = [word for word in name.split() if word[:1].isalnum()]
    return "".join(word[0].upper() for word in words[-2:])


def describe(producer: Producer) -> dict[str, Any]:
    """Return a producer as schema.org JSON-LD; sample contacts are left out."""
    described: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Organization",
        "name": producer.name,
        "url": full_url(f"/chu-the/{producer.slug}"),
    }
    if producer.province is not None:
        described["address"] = {
            "@type": "PostalAddress",
            "addressCountry": "VN",
            "addressRegion": producer.province.name,
            **({"addressLocality": producer.commune.full_name} if producer.commune else {}),
        }
    if producer.phone and not producer.sample_contact:
        described["telephone"] = producer.phone
    return described

"""The page between a trace page and an address elsewhere that a producer named."""

from urllib.parse import urlsplit

from flask import render_template

from marketplace.catalogue.models import Product, Publication
from marketplace.database import db
from marketplace.errors import NotFound
from marketplace.scan import door
from marketplace.traceability.lots.models import ExternalReference
from marketplace.web.filters import outward
from marketplace.web.kept_pages import public_page
from marketplace.web.lot_words import PORTALS


@door.get("/truy-xuat/ra-ngoai/<int(max=2147483647):reference_id>")
@public_page
def leave(reference_id: int) -> str:
    """Say where a reference leads and whose word it is, with a link to it that nobody is sent along."""
    reference = db.session.get(ExternalReference, reference_id)
    product = db.session.get(Product, reference.product_id) if reference else None
    if reference is None or product is None or not outward(reference.url):
        raise NotFound(reference=reference_id)
    if product.publication is Publication.DRAFT:
        raise NotFound(reference=reference_id)
    return render_template(
        "scan/leaving.html",
        reference=reference,
        product=product,
        portal=PORTALS[reference.portal],
        host=urlsplit(reference.url or "").hostname,
    )

"""A product as buyers would see it, with all that its listing says so far."""

from flask import Response, current_app, make_response, render_template
from sqlalchemy.orm.attributes import set_committed_value

from marketplace import clock
from marketplace.accounts.roles import Role
from marketplace.catalogue.models import Product, Publication
from marketplace.web.guards import requires
from marketplace.workspace import door
from marketplace.workspace.listing_pages import own_listing


@door.get("/<slug>/san-pham/<product_slug>/xem-truoc")
@requires(Role.OWNER, Role.STAFF)
def preview_listing(slug: str, product_slug: str) -> Response:
    """Show the product page as it will be; its template is the public one."""
    product, _listing = own_listing(slug, product_slug)
    _show_as_live(product)
    facts = current_app.extensions["preview"](product, clock.today())
    at = f"/gian-hang/{slug}/san-pham/{product.slug}"
    body = render_template("workspace/preview.html", at=at, canonical_path=None, **facts)
    return make_response(body)


def _show_as_live(product: Product) -> None:
    """Have the product look, to this page alone, as it would once its listing is live.

    Nothing is written: the values are set as if they had been read.
    """
    waiting = [one for one in product.variants if one.waiting]
    packs = waiting or [one for one in product.variants if one.active]
    for pack in packs:
        set_committed_value(pack, "active", True)
    set_committed_value(product, "variants", packs)
    set_committed_value(product, "publication", Publication.PUBLISHED)
    set_committed_value(product, "cover", product.pictures[0].picture if product.pictures else None)

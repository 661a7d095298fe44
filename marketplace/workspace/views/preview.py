"""A product as buyers would see it, with all that its listing says so far."""

from flask import Response, make_response, render_template

from marketplace.accounts.roles import Role
from marketplace.web.guards import requires
from marketplace.web.listing_preview import preview_facts
from marketplace.workspace import door
from marketplace.workspace.listing_pages import own_listing


@door.get("/<slug>/san-pham/<product_slug>/xem-truoc")
@requires(Role.OWNER, Role.STAFF)
def preview_listing(slug: str, product_slug: str) -> Response:
    """Show the product page as it will be; its template is the public one."""
    product, _listing = own_listing(slug, product_slug)
    at = f"/gian-hang/{slug}/san-pham/{product.slug}"
    return make_response(render_template("workspace/preview.html", at=at, **preview_facts(product)))

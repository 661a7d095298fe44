"""The products one keeps for later; they are put there from their pages, by the storefront."""

from flask import Response, request
from flask_babel import gettext as _

from marketplace import clock
from marketplace.catalogue.saved import find_savable, let_go_of_product, list_saved
from marketplace.signin import door
from marketplace.signin.answers import go, page
from marketplace.web.guards import signed_in
from marketplace.web.visitors import acting, require_actor


@door.get("/tai-khoan/da-luu")
@signed_in
def show_saved() -> Response:
    """Show what one keeps; on the way from a product's page, with a button that saves it too."""
    kept = list_saved(require_actor().person_id)
    coming = find_savable(request.args.get("sp", ""))
    if coming is not None and coming.id in {one.product.id for one in kept}:
        coming = None
    return page("saved_products", kept=kept, coming=coming, day=clock.today())


@door.post("/tai-khoan/da-luu/<int:product_id>/bo")
@signed_in
def let_go(product_id: int) -> Response:
    """Keep a product no longer."""
    with acting() as (work, actor):
        let_go_of_product(work, actor, product_id)
    return go("/tai-khoan/da-luu", _("Đã bỏ khỏi danh sách."))

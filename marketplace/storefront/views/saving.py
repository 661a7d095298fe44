"""Saving a product for later, from its page: a plain form, which signs people in first where needed."""

from flask import Response, flash, make_response, redirect, request, session
from flask_babel import gettext as _

from marketplace import clock
from marketplace.catalogue.errors import TooManySaved
from marketplace.catalogue.saved import find_savable, save_product
from marketplace.errors import NotFound
from marketplace.storefront import door
from marketplace.web.addresses import page_url
from marketplace.web.doorkeeping import AHEAD
from marketplace.web.guards import Guard, guarded
from marketplace.web.refusals import explain
from marketplace.web.visitors import acting, current_actor

SAVED_PAGE = "signin.show_saved"


@door.post("/tai-khoan/da-luu")
@guarded(Guard.VISITOR)
def save() -> Response:
    """Keep the product of a page; such pages hold no token, the origin tells.

    Who is not signed in is led to that first, and then to the list, where one button saves it.
    """
    product = find_savable(request.form.get("sp", ""))
    if product is None:
        raise NotFound
    if current_actor() is None:
        session[AHEAD] = (SAVED_PAGE, {"sp": product.slug})
        return make_response(redirect(page_url("/dang-nhap"), 303))
    try:
        with acting() as (work, actor):
            save_product(work, actor, product.slug, clock.now())
        flash(_("Đã lưu %(name)s.", name=product.name))
    except TooManySaved as refusal:
        flash(explain(refusal))
    return make_response(redirect(page_url("/tai-khoan/da-luu"), 303))

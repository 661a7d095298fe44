"""Orders: the page behind the secret link, its copy on paper, taking a parcel back, ordering again."""

from flask import Response, flash, make_response, redirect, render_template, request
from flask_babel import gettext as _

from marketplace import clock
from marketplace.database import db, unit_of_work
from marketplace.errors import NotFound
from marketplace.ordering.models import CancelReason
from marketplace.ordering.order_queries import open_group
from marketplace.ordering.reorder import reorder
from marketplace.payments import settlement
from marketplace.storefront import door
from marketplace.storefront.order_page import OrderPage, gather
from marketplace.storefront.shopping import cart_token, keep_cart_token, read_id, sale_terms
from marketplace.web.addresses import page_url
from marketplace.web.form_token import require_form_token
from marketplace.web.guards import Guard, guarded
from marketplace.web.headers import tell_no_address


def order_page(number: str, secret: str) -> OrderPage:
    """Return what the secret link of an order opens; raises NotFound."""
    whole = open_group(db.session(), number, secret)
    return gather(db.session(), whole, f"/don-hang/{number}/{secret}", clock.now())


def back_to(page_path: str) -> Response:
    """Lead back to the page of an order, whose address is told to no other site."""
    return tell_no_address(make_response(redirect(page_url(page_path), 303)))


@door.get("/don-hang/<number>/<secret>")
@guarded(Guard.VISITOR)
def show_order(number: str, secret: str) -> Response:
    """Show an order to whoever holds its secret link."""
    page = render_template("storefront/order.html", page=order_page(number, secret))
    return tell_no_address(make_response(page))


@door.get("/don-hang/<number>/<secret>/in")
@guarded(Guard.VISITOR)
def print_order(number: str, secret: str) -> Response:
    """Show an order as a document for paper: sellers with address and tax code, lines with VAT, totals."""
    page = render_template("storefront/order_document.html", page=order_page(number, secret))
    return tell_no_address(make_response(page))


@door.post("/don-hang/<number>/<secret>/huy")
@guarded(Guard.VISITOR)
def cancel(number: str, secret: str) -> Response:
    """Take one parcel of an order back while nothing of it is sent; what was paid for it goes back."""
    require_form_token()
    position = read_id(request.form.get("goi"))
    parcels = {order.position: order.id for order in open_group(db.session(), number, secret).group.orders}
    if position not in parcels:
        raise NotFound
    with unit_of_work() as session:
        settlement.cancel(session, parcels[position], CancelReason.CUSTOMER, clock.now())
    return back_to(f"/don-hang/{number}/{secret}")


@door.post("/don-hang/<number>/<secret>/dat-lai")
@guarded(Guard.VISITOR)
def order_again(number: str, secret: str) -> Response:
    """Put what was in canceled parcels into the cart, as far as it is sold today."""
    require_form_token()
    group_id = open_group(db.session(), number, secret).group.id
    with unit_of_work() as session:
        done = reorder(session, cart_token(), group_id, sale_terms(), clock.now())
    if done.left_out:
        flash(_("%(count)s món không còn bán nên không bỏ vào giỏ được.", count=done.left_out))
    response = back_to("/gio-hang")
    keep_cart_token(response, done.token)
    return response

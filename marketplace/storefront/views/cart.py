"""The cart: what is in it, what it comes to, what cannot be ordered; changed by plain forms."""

from collections.abc import Mapping, Sequence

from flask import Response, make_response, redirect, render_template, request
from flask_babel import gettext as _

from marketplace import clock
from marketplace.database import unit_of_work
from marketplace.errors import InvalidInput, NotFound
from marketplace.ordering.cart import (
    CartChange,
    add_to_cart,
    change_cart,
    lock_cart,
    open_cart,
    read_quantity,
)
from marketplace.ordering.errors import InvalidQuantity
from marketplace.ordering.queries import find_cart, quote_cart
from marketplace.places.queries import list_provinces
from marketplace.storefront import door
from marketplace.storefront.cards import picture_url
from marketplace.storefront.shopping import (
    cart_token,
    destination,
    keep_cart_token,
    read_id,
    sale_terms,
)
from marketplace.web.addresses import page_url
from marketplace.web.form_token import require_form_token
from marketplace.web.guards import Guard, guarded

Faults = Sequence[tuple[str, str]]


@door.get("/gio-hang")
@guarded(Guard.VISITOR)
def show_cart() -> Response:
    """Show the cart of this browser."""
    return _cart_page()


@door.post("/gio-hang")
@guarded(Guard.VISITOR)
def add() -> Response:
    """Put what a product page offers into the cart; such pages hold no token, the origin tells."""
    variant_id = read_id(request.form.get("variant_id"))
    if variant_id is None:
        raise NotFound
    quantity = read_quantity(request.form.get("quantity", "1"))
    with unit_of_work() as session:
        cart, token = open_cart(session, cart_token(), clock.now())
        add_to_cart(session, cart, variant_id, quantity, sale_terms(), clock.now())
    ahead = "/dat-hang" if "mua_ngay" in request.form else "/gio-hang"
    response = make_response(redirect(page_url(ahead), 303))
    keep_cart_token(response, token)
    return response


@door.post("/gio-hang/sua")
@guarded(Guard.VISITOR)
def change() -> Response:
    """Change quantities, take a line out, choose where to send, confirm one's age, and go on."""
    require_form_token()
    quantities, faults = _read_quantities(request.form)
    if faults:
        return _cart_page(faults, 422)
    wanted = CartChange(quantities=quantities, of_age=_said_of_age(), province_id=_chosen_province())
    with unit_of_work() as session:
        cart = lock_cart(session, cart_token())
        if cart is not None:
            change_cart(session, cart, wanted, clock.now())
    if request.form.get("buoc") != "dat":
        return make_response(redirect(page_url("/gio-hang"), 303))
    return _go_to_checkout()


def _go_to_checkout() -> Response:
    cart = find_cart(cart_token())
    if quote_cart(cart, sale_terms(), None).needs_age and cart is not None and not cart.age_confirmed:
        words = _("Giỏ có rượu hoặc đồ uống có cồn. Đánh dấu ô xác nhận đủ 18 tuổi, hoặc bỏ món đó.")
        return _cart_page([("tuoi", words)], 422)
    return make_response(redirect(page_url("/dat-hang"), 303))


def _cart_page(faults: Faults = (), status: int = 200) -> Response:
    provinces = list_provinces()
    cart = find_cart(cart_token())
    province_id = destination(cart, provinces)
    page = render_template(
        "storefront/cart.html",
        picture_url=picture_url,
        cart=cart,
        quote=quote_cart(cart, sale_terms(), province_id),
        provinces=[(unit.id, unit.name) for unit in provinces],
        province_id=province_id,
        faults=faults,
        faulty=dict(faults),
        typed=request.form,
    )
    return make_response(page, status)


def _read_quantities(form: Mapping[str, str]) -> tuple[dict[int, int], Faults]:
    """Read the quantity of every line; the line to be taken out counts as 0."""
    quantities: dict[int, int] = {}
    faults = []
    gone = read_id(form.get("bo"))
    for name, text in form.items():
        variant_id = read_id(name.removeprefix("sl-")) if name.startswith("sl-") else None
        if variant_id is None:
            continue
        try:
            quantities[variant_id] = 0 if variant_id == gone else read_quantity(text)
        except InvalidQuantity:
            faults.append((name, _("Số lượng là số nguyên từ 1 đến 999.")))
    return quantities, faults


def _said_of_age() -> bool | None:
    """Return what the buyer said of their age, or None when the page did not ask."""
    return "tuoi" in request.form if "hoi_tuoi" in request.form else None


def _chosen_province() -> int | None:
    typed = request.form.get("tinh", "")
    if not typed:
        return None
    chosen = read_id(typed)
    if chosen not in {unit.id for unit in list_provinces()}:
        raise InvalidInput(field="tinh")
    return chosen

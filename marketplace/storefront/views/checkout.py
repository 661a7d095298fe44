"""The checkout: who receives, where, how it is paid, and one button that orders exactly what is shown."""

from flask import Response, make_response, redirect, request
from flask_babel import gettext as _

from marketplace import clock
from marketplace.database import db, unit_of_work
from marketplace.ordering.checkout import Checkout, find_change, place_order
from marketplace.ordering.errors import (
    AgeNotConfirmed,
    DoubledSubmission,
    NothingToOrder,
    OutOfStock,
    QuoteChanged,
    TooManyUnconfirmed,
)
from marketplace.ordering.models import OrderGroup, PaymentMethod
from marketplace.ordering.queries import (
    find_cart,
    find_commune,
    find_group_by_submission,
    find_sold_out,
    quote_by_token,
)
from marketplace.ordering.secret import order_secret
from marketplace.places.models import AdminUnit
from marketplace.places.queries import find_today, list_provinces
from marketplace.storefront import door
from marketplace.storefront.address_book import (
    fill_in,
    find_kept,
    keep_if_wanted,
    kept_addresses,
    remembered_email,
)
from marketplace.storefront.checkout_line import stand_in_line
from marketplace.storefront.checkout_page import (
    Places,
    changed_page,
    checkout_page,
    fetches_all,
    find_way,
    read_checkout,
)
from marketplace.storefront.forms import CheckoutForm
from marketplace.storefront.shopping import cart_token, read_id, sale_terms
from marketplace.web.addresses import page_url
from marketplace.web.guards import Guard, guarded
from marketplace.web.headers import tell_no_address

MOST_PLACES_FOUND = 40


@door.get("/dat-hang")
@guarded(Guard.VISITOR)
def show_checkout() -> Response:
    """Show the checkout page for the cart of this browser, with what is known of who is signed in."""
    form = CheckoutForm(formdata=None)
    if find_cart(cart_token()) is not None:
        form.email.data = remembered_email()
        if kept := kept_addresses():
            fill_in(form, kept[0])
    return checkout_page(form)


@door.post("/dat-hang")
@guarded(Guard.VISITOR)
def submit_checkout() -> Response:
    """Place the order, or show the page again: with communes, with places found, with faults."""
    if request.form.get("buoc") == "dat":
        return _comes_too_late() or _submit(CheckoutForm())
    form = CheckoutForm()
    if address := find_kept(read_id(request.form.get("dia_chi"))):
        return checkout_page(fill_in(form, address))
    if chosen := read_id(request.form.get("chon")):
        return checkout_page(_choose(form, chosen))
    if form.buoc.data == "tim":
        return checkout_page(form, found=_find_places(form.cu.data or ""))
    return checkout_page(form)


def _submit(form: CheckoutForm) -> Response:
    form.sends = bool(form.nha.data) or not fetches_all(form)
    faults = [] if form.validate() else form.faults()
    commune, way = _commune_of(form), find_way(form)
    if commune is None and form.xa.data:
        faults.append(("xa", _("Xã, phường này không thuộc tỉnh đã chọn. Mời chọn lại.")))
    if way is None:
        faults.append(("tra", _("Cách trả tiền này hiện không dùng được. Mời chọn cách khác.")))
    if faults or commune is None or way is None:
        return checkout_page(form, faults, 422)
    return _place(form, read_checkout(form, commune, way), commune.parent_id)


def _comes_too_late() -> Response | None:
    """Refuse whoever wants what is sold out by now, from one look: in a rush that is almost everyone."""
    key, memo = request.form.get("khoa", ""), request.form.get("da_xem", "")
    sold_out = find_sold_out(cart_token(), key, memo)
    return changed_page(None, memo, sold_out) if sold_out else None


def _place(form: CheckoutForm, checkout: Checkout, province_id: int | None) -> Response:
    if refusal := _refuse(form, checkout, province_id):
        return refusal
    with stand_in_line() as waited:
        if waited and (refusal := _comes_too_late() or _refuse(form, checkout, province_id)):
            return refusal
        return _write(form, checkout, province_id)


def _refuse(form: CheckoutForm, checkout: Checkout, province_id: int | None) -> Response | None:
    now = find_change(cart_token(), checkout, province_id, sale_terms())
    return changed_page(form, checkout.shown, now) if now else None


def _write(form: CheckoutForm, checkout: Checkout, province_id: int | None) -> Response:
    try:
        with unit_of_work() as session:
            group = place_order(session, cart_token(), checkout, sale_terms(), clock.now())
            keep_if_wanted(session, checkout, clock.now())
            ahead = _page_after(group)
    except (QuoteChanged, OutOfStock, NothingToOrder):
        now = quote_by_token(cart_token(), sale_terms(), province_id, checkout.pickups)
        return changed_page(form, checkout.shown, now)
    except AgeNotConfirmed:
        return make_response(redirect(page_url("/gio-hang"), 303))
    except TooManyUnconfirmed as refusal:
        words = _(
            "Số điện thoại này đã có %(most)s đơn chờ người bán xác nhận. "
            "Mời chờ người bán gọi, hoặc huỷ bớt đơn cũ.",
            **refusal.parameters,
        )
        return checkout_page(form, [("sdt", words)], 409)
    except DoubledSubmission:
        first = find_group_by_submission(db.session(), checkout.submit_key)
        ahead = _page_after(first) if first else "/gio-hang"
    return tell_no_address(make_response(redirect(page_url(ahead), 303)))


def _page_after(group: OrderGroup) -> str:
    """Return where an order leads: to its page, or to the one that says how it is paid."""
    path = f"/don-hang/{group.number}/{order_secret(group.number)}"
    return path if group.payment_method is PaymentMethod.CASH_ON_DELIVERY else f"{path}/tra-tien"


def _commune_of(form: CheckoutForm) -> AdminUnit | None:
    """Return the commune chosen, if it is one of today and lies in the province chosen."""
    chosen = read_id(form.xa.data)
    commune = find_commune(db.session(), chosen) if chosen else None
    return commune if commune and commune.parent_id == read_id(form.tinh.data) else None


def _choose(form: CheckoutForm, unit_id: int) -> CheckoutForm:
    """Put a place that was found by an old name into the form."""
    if commune := find_commune(db.session(), unit_id):
        form.tinh.data, form.xa.data = str(commune.parent_id), str(commune.id)
    else:
        form.tinh.data, form.xa.data = str(unit_id), ""
    form.cu.data = ""
    return form


def _find_places(name: str) -> Places:
    """Return the units of today that a name of any time stands for, each with its province."""
    provinces = {unit.id: unit.full_name for unit in list_provinces()}
    units = find_today(name).today[:MOST_PLACES_FOUND] if name else ()
    return [
        (unit.id, f"{unit.full_name}, {provinces[unit.parent_id]}" if unit.parent_id else unit.full_name)
        for unit in units
    ]

"""The checkout page: who receives, where, and one button that orders exactly what the page shows."""

from collections.abc import Sequence

from flask import Response, make_response, redirect, render_template, request
from flask_babel import gettext as _

from marketplace import clock
from marketplace.accounts.phone import read_phone
from marketplace.database import db, unit_of_work
from marketplace.ordering.checkout import Checkout, place_order, seems_changed
from marketplace.ordering.errors import (
    AgeNotConfirmed,
    DoubledSubmission,
    NothingToOrder,
    OutOfStock,
    QuoteChanged,
    TooManyUnconfirmed,
)
from marketplace.ordering.queries import (
    find_cart,
    find_commune,
    find_group_by_submission,
    name_variants,
    quote_cart,
)
from marketplace.ordering.quote import list_changes, read_memo
from marketplace.ordering.secret import draw_secret, is_secret, order_secret
from marketplace.places.models import AdminUnit
from marketplace.places.queries import find_today, list_communes, list_provinces
from marketplace.storefront import door
from marketplace.storefront.address_book import fill_in, find_kept, keep_if_wanted, kept_addresses
from marketplace.storefront.cards import picture_url
from marketplace.storefront.forms import CheckoutForm
from marketplace.storefront.shopping import cart_token, destination, read_id, sale_terms
from marketplace.web.addresses import page_url
from marketplace.web.guards import Guard, guarded
from marketplace.web.visitors import current_actor

MOST_PLACES_FOUND = 40

Faults = Sequence[tuple[str, str]]
Places = list[tuple[int, str]]


@door.get("/dat-hang")
@guarded(Guard.VISITOR)
def show_checkout() -> Response:
    """Show the checkout page for the cart of this browser, with the address used last where one is kept."""
    form = CheckoutForm(formdata=None)
    if (kept := kept_addresses()) and find_cart(cart_token()) is not None:
        fill_in(form, kept[0])
    return _checkout_page(form)


@door.post("/dat-hang")
@guarded(Guard.VISITOR)
def submit_checkout() -> Response:
    """Place the order, or show the page again: with communes, with places found, with faults."""
    form = CheckoutForm()
    if address := find_kept(read_id(request.form.get("dia_chi"))):
        return _checkout_page(fill_in(form, address))
    if chosen := read_id(request.form.get("chon")):
        return _checkout_page(_choose(form, chosen))
    if form.buoc.data == "tim":
        return _checkout_page(form, found=_find_places(form.cu.data or ""))
    if form.buoc.data != "dat":
        return _checkout_page(form)
    faults = [] if form.validate() else form.faults()
    commune = _commune_of(form)
    if commune is None and form.xa.data:
        faults.append(("xa", _("Xã, phường này không thuộc tỉnh đã chọn. Mời chọn lại.")))
    if faults or commune is None:
        return _checkout_page(form, faults, 422)
    return _place(form, commune)


def _place(form: CheckoutForm, commune: AdminUnit) -> Response:
    checkout = _read_checkout(form, commune)
    if seems_changed(cart_token(), checkout, sale_terms()):
        return _changed_page(form, checkout)
    try:
        with unit_of_work() as session:
            number = place_order(session, cart_token(), checkout, sale_terms(), clock.now()).number
            keep_if_wanted(session, checkout, clock.now())
    except (QuoteChanged, OutOfStock, NothingToOrder):
        return _changed_page(form, checkout)
    except AgeNotConfirmed:
        return make_response(redirect(page_url("/gio-hang"), 303))
    except TooManyUnconfirmed as refusal:
        words = _(
            "Số điện thoại này đã có %(most)s đơn chờ người bán xác nhận. "
            "Mời chờ người bán gọi, hoặc huỷ bớt đơn cũ.",
            **refusal.parameters,
        )
        return _checkout_page(form, [("sdt", words)], 409)
    except DoubledSubmission:
        first = find_group_by_submission(db.session(), checkout.submit_key)
        number = first.number if first else ""
    secret = order_secret(checkout.submit_key)
    return make_response(redirect(page_url(f"/don-hang/{number}/{secret}"), 303))


def _read_checkout(form: CheckoutForm, commune: AdminUnit) -> Checkout:
    key = form.khoa.data or ""
    return Checkout(
        submit_key=key if is_secret(key) else draw_secret(),
        shown=form.da_xem.data or "",
        phone=read_phone(form.sdt.data or ""),
        name=form.ten.data or "",
        commune_id=commune.id,
        address=form.nha.data or "",
        note=form.nhan.data or None,
    )


def _checkout_page(
    form: CheckoutForm, faults: Faults = (), status: int = 200, found: Places | None = None
) -> Response:
    provinces = list_provinces()
    cart = find_cart(cart_token())
    province_id = read_id(form.tinh.data) if form.tinh.data is not None else destination(cart, provinces)
    quote = quote_cart(cart, sale_terms(), province_id)
    if cart is None or not quote.parcels or (quote.needs_age and not cart.age_confirmed):
        return make_response(redirect(page_url("/gio-hang"), 303))
    page = render_template(
        "storefront/checkout.html",
        picture_url=picture_url,
        form=form,
        quote=quote,
        provinces=[(unit.id, unit.name) for unit in provinces],
        province_id=province_id,
        communes=[(unit.id, unit.full_name) for unit in list_communes(province_id)] if province_id else [],
        found=found,
        faults=faults,
        faulty=dict(faults),
        submit_key=_key_of(form),
        kept=kept_addresses(),
        signed_in=current_actor() is not None,
    )
    return make_response(page, status)


def _changed_page(form: CheckoutForm, checkout: Checkout) -> Response:
    """Tell what is not as it was shown, old and new, with one button that accepts it."""
    commune = find_commune(db.session(), checkout.commune_id)
    quote = quote_cart(find_cart(cart_token()), sale_terms(), commune.parent_id if commune else None)
    shown = read_memo(checkout.shown)
    changes = list_changes(shown, quote)
    page = render_template(
        "storefront/changed.html",
        picture_url=picture_url,
        form=form,
        quote=quote,
        shown=shown,
        changes=changes,
        names=name_variants([change.variant_id for change in changes]),
        submit_key=_key_of(form),
    )
    return make_response(page, 409)


def _key_of(form: CheckoutForm) -> str:
    key = form.khoa.data or ""
    return key if is_secret(key) else draw_secret()


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

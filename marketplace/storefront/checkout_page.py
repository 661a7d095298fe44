"""The checkout page and what its form holds: quote, ways of paying and receiving, what has changed."""

from collections.abc import Sequence

from flask import Response, make_response, redirect, render_template, request

from marketplace.accounts.identity import read_email
from marketplace.accounts.phone import read_phone
from marketplace.accounts.tax_code import read_tax_code
from marketplace.ordering.checkout import Checkout, InvoiceWish
from marketplace.ordering.models import PaymentMethod
from marketplace.ordering.queries import find_cart, name_changed, quote_cart
from marketplace.ordering.quote import Parcel, Quote, list_changes, read_memo
from marketplace.ordering.secret import draw_secret, is_secret
from marketplace.places.models import AdminUnit
from marketplace.places.queries import list_communes, list_provinces
from marketplace.storefront.address_book import kept_addresses
from marketplace.storefront.cards import picture_url
from marketplace.storefront.forms import INVOICE, CheckoutForm
from marketplace.storefront.order_words import WAYS, Way
from marketplace.storefront.shopping import cart_token, destination, read_id, sale_terms, shop_settings
from marketplace.web.addresses import page_url
from marketplace.web.visitors import current_actor

KEPT_FIELDS = ("tra", "sdt", "ten", "email", "tinh", "xa", "nha", "nhan", *INVOICE)
"""What the page of changes carries along."""
PICKED_UP = "lay"

Faults = Sequence[tuple[str, str]]
Places = list[tuple[int, str]]


def offered_ways() -> list[Way]:
    """Return the ways of paying there are: cash always, transfers and cards where the settings name them."""
    settings = shop_settings()
    offered = {
        PaymentMethod.CASH_ON_DELIVERY: True,
        PaymentMethod.VIETQR: settings.receiving_account is not None,
        PaymentMethod.CARD: bool(settings.card.secret_key),
    }
    return [way for way in WAYS if offered[way.value]]


def find_way(form: CheckoutForm) -> Way | None:
    """Return the way of paying that was chosen, cash where none was said; None for one not offered."""
    typed = form.tra.data or PaymentMethod.CASH_ON_DELIVERY
    return next((way for way in offered_ways() if way.value == typed), None)


def read_pickups() -> frozenset[int]:
    """Return the producers whose goods the buyer wants to fetch."""
    chosen = (name for name, value in request.form.items() if value == PICKED_UP)
    ids = (read_id(name.removeprefix("nhan-")) for name in chosen if name.startswith("nhan-"))
    return frozenset(one for one in ids if one is not None)


def fetches_all(form: CheckoutForm) -> bool:
    """Return whether the buyer fetches every parcel of the cart, so that nothing is sent."""
    pickups = read_pickups()
    quote = quote_cart(find_cart(cart_token()), sale_terms(), read_id(form.tinh.data), pickups=pickups)
    return _all_fetched(quote)


def read_checkout(form: CheckoutForm, commune: AdminUnit, way: Way) -> Checkout:
    """Return what a valid form says."""
    actor = current_actor()
    return Checkout(
        submit_key=key_of(form),
        shown=form.da_xem.data or "",
        phone=read_phone(form.sdt.data or ""),
        name=form.ten.data or "",
        commune_id=commune.id,
        address=form.nha.data or "",
        note=form.nhan.data or None,
        method=way.value,
        email=read_email(form.email.data) if form.email.data else None,
        person_id=actor.person_id if actor else None,
        pickups=read_pickups(),
        invoice=_read_invoice(form),
    )


def _read_invoice(form: CheckoutForm) -> InvoiceWish | None:
    if not form.wants_invoice:
        return None
    return InvoiceWish(
        company=form.hd_ten.data or "",
        tax_code=read_tax_code(form.hd_mst.data or "") or "",
        address=form.hd_dia_chi.data or "",
        email=read_email(form.hd_email.data or form.email.data or ""),
    )


def key_of(form: CheckoutForm) -> str:
    """Return the key of the page that sent a form, or a new one for what is none."""
    key = form.khoa.data or ""
    return key if is_secret(key) else draw_secret()


def checkout_page(
    form: CheckoutForm, faults: Faults = (), status: int = 200, found: Places | None = None
) -> Response:
    """Show the checkout page for the cart of this browser; a cart that cannot be ordered is shown itself."""
    provinces = list_provinces()
    cart = find_cart(cart_token())
    province_id = read_id(form.tinh.data) if form.tinh.data is not None else destination(cart, provinces)
    quote = quote_cart(cart, sale_terms(), province_id, pickups=read_pickups())
    if cart is None or not quote.parcels or (quote.needs_age and not cart.age_confirmed):
        return make_response(redirect(page_url("/gio-hang"), 303))
    sent = quote if not any(map(_chosen_to_fetch, quote.parcels)) else None
    page = render_template(
        "storefront/checkout.html",
        picture_url=picture_url,
        form=form,
        quote=quote,
        fetched=_all_fetched(quote),
        choosable=_choosable(quote, sent or quote_cart(cart, sale_terms(), province_id)),
        ways=offered_ways(),
        chosen_way=form.tra.data or PaymentMethod.CASH_ON_DELIVERY,
        invoice_fields=INVOICE,
        provinces=[(unit.id, unit.name) for unit in provinces],
        province_id=province_id,
        communes=[(unit.id, unit.full_name) for unit in list_communes(province_id)] if province_id else [],
        found=found,
        faults=faults,
        faulty=dict(faults),
        submit_key=key_of(form),
        kept=kept_addresses(),
        signed_in=current_actor() is not None,
    )
    return make_response(page, status)


def _all_fetched(quote: Quote) -> bool:
    return bool(quote.parcels) and all(parcel.picked_up for parcel in quote.parcels)


def _chosen_to_fetch(parcel: Parcel) -> bool:
    return parcel.picked_up and not parcel.pickup_only


def _choosable(quote: Quote, sent: Quote) -> list[tuple[Parcel, int]]:
    """Return the parcels that can be fetched, each with what bringing it to the buyer costs."""
    return [
        (parcel, other.shipping.fee)
        for parcel, other in zip(quote.parcels, sent.parcels, strict=True)
        if parcel.pickup
    ]


def changed_page(form: CheckoutForm | None, memo: str, quote: Quote) -> Response:
    """Tell what is not as it was shown, old and new, with one button that accepts it.

    The form is what that button sends along; where nothing is left to order there is no such button.
    """
    shown = read_memo(memo)
    changes = list_changes(shown, quote)
    page = render_template(
        "storefront/changed.html",
        picture_url=picture_url,
        form=form,
        kept_fields=KEPT_FIELDS,
        pickups=sorted(read_pickups()),
        quote=quote,
        shown=shown,
        changes=changes,
        names=name_changed(changes),
        submit_key=key_of(form) if form else "",
    )
    return make_response(page, 409)

"""Placing an order: everything in one transaction, nothing that was not shown."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from marketplace.database import db
from marketplace.ordering import stock
from marketplace.ordering.allowance import take_allowance
from marketplace.ordering.cart import empty_lines, lock_cart
from marketplace.ordering.errors import (
    AgeNotConfirmed,
    DoubledSubmission,
    InvalidCommune,
    NothingToOrder,
    QuoteChanged,
)
from marketplace.ordering.models import (
    Cart,
    Order,
    OrderGroup,
    OrderLine,
    OrderStatus,
    PaymentMethod,
)
from marketplace.ordering.order_number import draw_number
from marketplace.ordering.queries import (
    find_cart,
    find_certificate_codes,
    find_commune,
    find_group_by_submission,
    quote_cart,
)
from marketplace.ordering.quote import Parcel, Quote, QuotedLine
from marketplace.ordering.sale import SaleTerms
from marketplace.ordering.secret import hash_secret, order_secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkout:
    """What a checkout page sends: who and where, the page's own key, and the memo of what it showed."""

    submit_key: str
    shown: str
    phone: str
    name: str
    commune_id: int
    address: str
    note: str | None = None


def place_order(
    session: Session, cart_token: str | None, checkout: Checkout, terms: SaleTerms, at: datetime
) -> OrderGroup:
    """Place a cash-on-delivery order for what a cart holds, exactly as its buyer was shown it.

    A page submitted twice leads to the first order. One order per producer; names, prices, VAT,
    stars, certificate, seller and fee are copied. What was said of age holds for this order alone.
    Locks: cart, telephone, stock, register version.
    Raises QuoteChanged, NothingToOrder, AgeNotConfirmed, TooManyUnconfirmed, InvalidCommune,
    OutOfStock (somebody was faster) and DoubledSubmission.
    """
    cart = lock_cart(session, cart_token)
    if placed := find_group_by_submission(session, checkout.submit_key):
        return placed
    commune = find_commune(session, checkout.commune_id)
    if commune is None or commune.parent is None:
        raise InvalidCommune(field="commune")
    quote = quote_cart(cart, terms, commune.parent_id, session)
    if cart is None or not quote.parcels:
        raise NothingToOrder
    _check(quote, cart, checkout)
    take_allowance(session, checkout.phone)
    group = _make_group(checkout, quote, f"{commune.full_name}, {commune.parent.full_name}", at)
    group.orders = _make_orders(session, quote, terms.day, at)
    _save(session, group)
    stock.allocate(session, [demand for order in group.orders for demand in stock.demands_of(order)], at)
    empty_lines(session, cart, [line.variant.id for line in quote.lines])
    cart.age_confirmed = False
    return group


def seems_changed(cart_token: str | None, checkout: Checkout, terms: SaleTerms) -> bool:
    """Say from a look without locks whether `place_order` would refuse what was shown as changed.

    In a rush most buyers come too late; told here, they do not wait in line for the write lock.
    """
    commune = find_commune(db.session(), checkout.commune_id)
    quote = quote_cart(find_cart(cart_token), terms, commune.parent_id if commune else None)
    if quote.memo == checkout.shown:
        return False
    db.session.rollback()
    return find_group_by_submission(db.session(), checkout.submit_key) is None


def _check(quote: Quote, cart: Cart, checkout: Checkout) -> None:
    if quote.memo != checkout.shown:
        raise QuoteChanged
    if quote.needs_age and not cart.age_confirmed:
        raise AgeNotConfirmed


def _save(session: Session, group: OrderGroup) -> None:
    session.add(group)
    try:
        session.flush()
    except IntegrityError as error:
        raise DoubledSubmission from error


def _make_group(checkout: Checkout, quote: Quote, place: str, at: datetime) -> OrderGroup:
    return OrderGroup(
        number=draw_number(),
        token_hash=hash_secret(order_secret(checkout.submit_key)),
        submit_hash=hash_secret(checkout.submit_key),
        placed_at=at,
        payment_method=PaymentMethod.CASH_ON_DELIVERY,
        allowance_held=True,
        buyer_name=checkout.name,
        buyer_phone=checkout.phone,
        ship_address=checkout.address,
        ship_commune_id=checkout.commune_id,
        ship_place=place,
        note=checkout.note,
        goods_total=quote.goods_total,
        shipping_total=quote.shipping_total,
        total=quote.total,
    )


def _make_orders(session: Session, quote: Quote, day: date, at: datetime) -> list[Order]:
    codes = find_certificate_codes(session, [line.variant.product_id for line in quote.lines], day)
    return [
        _make_order(position, parcel, codes, day, at)
        for position, parcel in enumerate(quote.parcels, start=1)
    ]


def _make_order(position: int, parcel: Parcel, codes: dict[int, str], day: date, at: datetime) -> Order:
    seller, shipping = parcel.producer, parcel.shipping
    return Order(
        position=position,
        producer_id=seller.id,
        status=OrderStatus.PLACED,
        placed_at=at,
        seller_name=seller.name,
        seller_address=seller.full_address,
        seller_phone=seller.phone,
        goods_total=parcel.goods_total,
        shipping_fee=shipping.fee,
        days_from=shipping.days_from,
        days_to=shipping.days_to,
        total=parcel.total,
        lines=[_make_line(line, codes, day) for line in parcel.lines],
    )


def _make_line(line: QuotedLine, codes: dict[int, str], day: date) -> OrderLine:
    variant, product = line.variant, line.variant.product
    stars = product.live_stars(day)
    return OrderLine(
        variant_id=variant.id,
        product_name=product.name,
        variant_name=variant.name,
        sku=variant.sku,
        quantity=line.quantity,
        unit_price=variant.price,
        vat_percent=variant.vat_percent,
        total=line.total,
        stars=stars,
        certified_until=product.certified_until,
        certificate_code=codes.get(product.id),
    )

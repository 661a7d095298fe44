"""Checkout: everything in one transaction, nothing that was not shown.

Cash on delivery and bank transfers are placed in it. What is paid first by card becomes draft orders,
their goods held; completion.py places them once the money is there.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from marketplace.database import db
from marketplace.ordering import stock
from marketplace.ordering.after_sale_models import InvoiceRequest
from marketplace.ordering.allowance import take_allowance
from marketplace.ordering.cart import empty_lines, lock_cart
from marketplace.ordering.commission import freeze_commission
from marketplace.ordering.deadlines import confirm_by
from marketplace.ordering.errors import (
    AgeNotConfirmed,
    DoubledSubmission,
    InvalidCommune,
    NothingToOrder,
    QuoteChanged,
)
from marketplace.ordering.freezing import any_halted
from marketplace.ordering.models import (
    Cart,
    Order,
    OrderGroup,
    OrderLine,
    OrderStatus,
    PaymentMethod,
)
from marketplace.ordering.news import tell_of_placing
from marketplace.ordering.order_number import draw_number
from marketplace.ordering.queries import (
    find_certificate_codes,
    find_commune,
    find_group_by_submission,
    quote_by_token,
    quote_cart,
)
from marketplace.ordering.quote import Parcel, Quote, QuotedLine
from marketplace.ordering.reservations import HELD_AT_MOST, HELD_FOR, release_expired, reserve
from marketplace.ordering.sale import SaleTerms
from marketplace.ordering.secret import hash_secret, order_secret


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceWish:
    """To whom the sellers are to issue their invoices; the texts as typed, the tax code checked."""

    company: str
    tax_code: str
    address: str
    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkout:
    """What a checkout page sends: who and where, the page's own key, and the memo of what it showed.

    `pickups` names the producers whose goods the buyer fetches; `person_id` who is signed in.
    """

    submit_key: str
    shown: str
    phone: str
    name: str
    commune_id: int
    address: str
    note: str | None = None
    method: PaymentMethod = PaymentMethod.CASH_ON_DELIVERY
    email: str | None = None
    person_id: int | None = None
    pickups: frozenset[int] = frozenset()
    invoice: InvoiceWish | None = None


def place_order(
    session: Session, cart_token: str | None, checkout: Checkout, terms: SaleTerms, at: datetime
) -> OrderGroup:
    """Order what a cart holds, exactly as its buyer was shown it; the goods leave the cart.

    A page submitted twice leads to the first order. One order per producer; names, prices, VAT,
    stars, certificate, seller, fee and commission are copied. What was said of age holds for this
    order alone. Locks: cart, telephone, stock, register version.
    Raises QuoteChanged, NothingToOrder, AgeNotConfirmed, TooManyUnconfirmed, InvalidCommune,
    OutOfStock (somebody was faster) and DoubledSubmission.
    """
    cart = lock_cart(session, cart_token)
    if placed := find_group_by_submission(session, checkout.submit_key):
        return placed
    commune = find_commune(session, checkout.commune_id)
    if commune is None or commune.parent is None:
        raise InvalidCommune(field="commune")
    quote = quote_cart(cart, terms, commune.parent_id, session, checkout.pickups)
    if cart is None or not quote.parcels:
        raise NothingToOrder
    _check(quote, cart, checkout)
    group = _make_group(checkout, quote, f"{commune.full_name}, {commune.parent.full_name}", at)
    if group.allowance_held:
        take_allowance(session, checkout.phone)
    group.orders = _make_orders(session, quote, checkout, terms.day, at)
    _save(session, group)
    _take_goods(session, group, at)
    _write_what_follows(session, group, checkout, terms, at)
    empty_lines(session, cart, [line.variant.id for line in quote.lines])
    cart.age_confirmed = False
    return group


def _take_goods(session: Session, group: OrderGroup, at: datetime) -> None:
    demands = [demand for order in group.orders for demand in stock.demands_of(order)]
    if group.payment_method.paid_first:
        reserve(session, demands, at + HELD_FOR, at + HELD_AT_MOST, at)
    else:
        release_expired(session, {demand.variant_id for demand in demands}, at)
        stock.allocate(session, demands, at)
    if any_halted(session, {demand.variant_id for demand in demands}):
        raise QuoteChanged  # recalled since the quote: now that the stock is locked, the recall waits for us


def _write_what_follows(
    session: Session, group: OrderGroup, checkout: Checkout, terms: SaleTerms, at: datetime
) -> None:
    freeze_commission(session, group.orders, terms.commission_rate)
    if (wish := checkout.invoice) is not None:
        session.add(
            InvoiceRequest(
                group_id=group.id,
                company=wish.company,
                tax_code=wish.tax_code,
                address=wish.address,
                email=wish.email,
            )
        )
    if not group.payment_method.paid_first:
        tell_of_placing(session, group.id, [order.id for order in group.orders], at)


def find_change(
    cart_token: str | None, checkout: Checkout, province_id: int | None, terms: SaleTerms
) -> Quote | None:
    """Return today's quote when `place_order` would refuse what was shown as changed, else None.

    A look without locks: in a rush most buyers come too late; told here, they do not wait in line for
    the write lock. A page that has led to an order already is not refused: the cart was emptied by it,
    and who sees that sees the order.
    """
    quote = quote_by_token(cart_token, terms, province_id, checkout.pickups)
    if quote.memo == checkout.shown:
        return None
    placed = find_group_by_submission(db.session(), checkout.submit_key)
    return quote if placed is None else None


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
    number = draw_number()
    return OrderGroup(
        number=number,
        token_hash=hash_secret(order_secret(number)),
        submit_hash=hash_secret(checkout.submit_key),
        placed_at=at,
        payment_method=checkout.method,
        allowance_held=not checkout.method.paid_first,
        buyer_name=checkout.name,
        buyer_phone=checkout.phone,
        buyer_email=checkout.email,
        person_id=checkout.person_id,
        ship_address=checkout.address,
        ship_commune_id=checkout.commune_id,
        ship_place=place,
        note=checkout.note,
        goods_total=quote.goods_total,
        shipping_total=quote.shipping_total,
        total=quote.total,
    )


def _make_orders(session: Session, quote: Quote, checkout: Checkout, day: date, at: datetime) -> list[Order]:
    codes = find_certificate_codes(session, [line.variant.product_id for line in quote.lines], day)
    orders = [
        _make_order(position, parcel, codes, day) for position, parcel in enumerate(quote.parcels, start=1)
    ]
    if not checkout.method.paid_first:
        for order in orders:
            order.status, order.placed_at, order.confirm_by = OrderStatus.PLACED, at, confirm_by(at)
    return orders


def _make_order(position: int, parcel: Parcel, codes: dict[int, str], day: date) -> Order:
    seller, shipping = parcel.producer, parcel.shipping
    return Order(
        position=position,
        producer_id=seller.id,
        status=OrderStatus.DRAFT,
        pickup=parcel.picked_up,
        seller_name=seller.name,
        seller_address=seller.full_address,
        seller_phone=seller.phone,
        seller_tax_code=seller.tax_code,
        pickup_address=parcel.pickup_address if parcel.picked_up else None,
        pickup_words=parcel.pickup_words if parcel.picked_up else None,
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

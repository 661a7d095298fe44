"""The cart: what a guest wants, kept under a token that only the browser holds."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from marketplace.catalogue.models import Variant
from marketplace.ordering.errors import CartFull, GoodsRecalled, InvalidQuantity, NotForSale, SellerOnHoliday
from marketplace.ordering.models import Cart, CartLine
from marketplace.ordering.queries import find_variant
from marketplace.ordering.sale import MOST_LINES, Obstacle, SaleTerms, find_obstacle, is_live
from marketplace.ordering.secret import draw_secret, hash_secret, is_secret
from marketplace.ordering.shipping_rules import find_shipping_rule

MOST_UNITS = 999
KEPT = timedelta(days=30)
SWEPT_AT_ONCE = 20

_QUANTITY = re.compile(r"[0-9]{1,3}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class CartChange:
    """What a buyer changes in a cart: quantities by variant, 0 to take a line out.

    None leaves the province, or what was said of age, as it is.
    """

    quantities: Mapping[int, int]
    province_id: int | None = None
    of_age: bool | None = None


def read_quantity(text: str) -> int:
    """Return the whole number from 1 to 999 that a form holds.

    Raises InvalidQuantity for anything else, fractions, signs and foreign digits included.
    """
    typed = text.strip()
    if not _QUANTITY.fullmatch(typed) or int(typed) == 0:
        raise InvalidQuantity(field="quantity", most=MOST_UNITS)
    return int(typed)


def open_cart(session: Session, token: str | None, at: datetime) -> tuple[Cart, str]:
    """Return the cart of a token, or a new cart with a new token.

    Opening a new one sweeps away some that nobody has touched for thirty days.
    """
    cart = lock_cart(session, token)
    if cart is not None and token is not None:
        return cart, token
    _sweep(session, at - KEPT)
    token = draw_secret()
    cart = Cart(token_hash=hash_secret(token), age_confirmed=False, touched_at=at)
    session.add(cart)
    session.flush()
    return cart, token


def lock_cart(session: Session, token: str | None) -> Cart | None:
    """Return the cart of a token for changing: changes of one cart wait for each other."""
    if token is None or not is_secret(token):
        return None
    return session.execute(
        sa.select(Cart).where(Cart.token_hash == hash_secret(token)).with_for_update()
    ).scalar_one_or_none()


def add_to_cart(
    session: Session, cart: Cart, variant_id: int, quantity: int, terms: SaleTerms, at: datetime
) -> None:
    """Put units of a variant into a cart, on top of what it holds, at today's price.

    More than stock holds is accepted and told on the line. Raises NotForSale, SellerOnHoliday,
    CartFull, or InvalidQuantity when the line would exceed 999.
    """
    variant = _get_sold(session, variant_id, terms)
    line = session.get(CartLine, (cart.id, variant_id))
    held = line.quantity if line else 0
    if held + quantity > MOST_UNITS:
        raise InvalidQuantity(field="quantity", most=MOST_UNITS)
    if line is None:
        _refuse_when_full(session, cart)
        line = CartLine(cart_id=cart.id, variant_id=variant_id)
        session.add(line)
    line.quantity, line.seen_price = held + quantity, variant.price
    cart.touched_at = at


def _get_sold(session: Session, variant_id: int, terms: SaleTerms) -> Variant:
    variant = find_variant(session, variant_id)
    if variant is None:
        raise NotForSale(obstacle="not_offered")
    rule = find_shipping_rule(session, variant.product.producer_id or 0) if is_live(variant) else None
    obstacle = find_obstacle(variant, terms, rule)
    if obstacle is Obstacle.RECALLED:
        raise GoodsRecalled(obstacle=obstacle.value)
    if obstacle is Obstacle.HOLIDAY and variant.product.producer:
        raise SellerOnHoliday(obstacle=obstacle.value, reopens=variant.product.producer.reopens_on)
    if obstacle:
        raise NotForSale(obstacle=obstacle.value)
    return variant


def change_cart(session: Session, cart: Cart, change: CartChange, at: datetime) -> None:
    """Change a cart; variants that it does not hold are passed over.

    The prices of today count as seen from now on: the page that the change came from told them.
    """
    lines = session.scalars(
        sa.select(CartLine)
        .where(CartLine.cart_id == cart.id)
        .options(joinedload(CartLine.variant))
        .order_by(CartLine.variant_id)
    ).all()
    for line in lines:
        quantity = change.quantities.get(line.variant_id, line.quantity)
        if quantity == 0:
            session.delete(line)
        else:
            line.quantity, line.seen_price = quantity, line.variant.price
    if change.province_id is not None:
        cart.province_id = change.province_id
    if change.of_age is not None:
        cart.age_confirmed = change.of_age
    cart.touched_at = at


def empty_lines(session: Session, cart: Cart, variant_ids: list[int]) -> None:
    """Take the lines that were ordered out of a cart; what could not be ordered stays."""
    session.execute(
        sa.delete(CartLine)
        .where(CartLine.cart_id == cart.id, CartLine.variant_id.in_(variant_ids))
        .execution_options(synchronize_session=False)
    )


def _refuse_when_full(session: Session, cart: Cart) -> None:
    held = sa.select(sa.func.count()).select_from(CartLine).where(CartLine.cart_id == cart.id)
    if session.execute(held).scalar_one() >= MOST_LINES:
        raise CartFull(most=MOST_LINES)


def _sweep(session: Session, untouched_since: datetime) -> None:
    old = list(
        session.scalars(sa.select(Cart.id).where(Cart.touched_at < untouched_since).limit(SWEPT_AT_ONCE))
    )
    if old:
        without_sync = {"synchronize_session": False}
        session.execute(sa.delete(CartLine).where(CartLine.cart_id.in_(old)), execution_options=without_sync)
        session.execute(sa.delete(Cart).where(Cart.id.in_(old)), execution_options=without_sync)

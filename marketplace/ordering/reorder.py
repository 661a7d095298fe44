"""Ordering again what a canceled order held: its goods go back into the cart."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.ordering.cart import add_to_cart, open_cart
from marketplace.ordering.errors import CartFull, NotForSale
from marketplace.ordering.models import Cart, CartLine, Order, OrderLine, OrderStatus
from marketplace.ordering.sale import SaleTerms


@dataclass(frozen=True, slots=True)
class Reordered:
    """The token of the cart, and how many lines of the order are in it (again), and how many cannot be."""

    token: str
    taken: int
    left_out: int


def reorder(
    session: Session, cart_token: str | None, group_id: int, terms: SaleTerms, at: datetime
) -> Reordered:
    """Put what the canceled orders of a group held into a cart, a new one where there is none.

    What the cart holds already is not doubled, and what is not for sale any more is left out.
    """
    cart, token = open_cart(session, cart_token, at)
    lines = _list_canceled(session, group_id)
    taken = sum(_put_back(session, cart, line, terms, at) for line in lines)
    return Reordered(token, taken, len(lines) - taken)


def _list_canceled(session: Session, group_id: int) -> Sequence[OrderLine]:
    canceled = sa.select(OrderLine).join(OrderLine.order)
    own = canceled.where(Order.group_id == group_id, Order.status == OrderStatus.CANCELED)
    return session.scalars(own.order_by(OrderLine.id)).all()


def _put_back(session: Session, cart: Cart, line: OrderLine, terms: SaleTerms, at: datetime) -> bool:
    held = session.get(CartLine, (cart.id, line.variant_id))
    missing = line.quantity - (held.quantity if held else 0)
    if missing <= 0:
        return True
    with suppress(NotForSale, CartFull):
        add_to_cart(session, cart, line.variant_id, missing, terms, at)
        return True
    return False

"""Stock, carts and orders for tests."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.catalogue.models import Product, Variant
from marketplace.database import db, unit_of_work
from marketplace.ordering.cart import add_to_cart, lock_cart, open_cart
from marketplace.ordering.checkout import Checkout, place_order
from marketplace.ordering.models import OrderGroup, StockItem
from marketplace.ordering.queries import quote_cart
from marketplace.ordering.sale import SaleTerms
from marketplace.ordering.secret import draw_secret
from marketplace.ordering.stock import receive
from marketplace.places.models import AdminUnit, Level
from marketplace.producers.models import Producer
from marketplace.text import fold, slugify
from tests.factories.catalogue import a_product, a_variant
from tests.factories.certification import a_certificate
from tests.factories.producers import a_producer

PHONE = "0912345678"


def a_unit(
    session: Session, name: str, kind: str, level: Level, parent: AdminUnit | None = None
) -> AdminUnit:
    """Write an administrative unit of today."""
    unit = AdminUnit(
        key=f"{slugify(kind)}-{slugify(name)}",
        level=level,
        kind=kind,
        name=name,
        slug=slugify(name),
        name_key=fold(name),
        parent_id=parent.id if parent else None,
        ended=False,
    )
    session.add(unit)
    session.flush()
    return unit


def a_commune(session: Session, name: str = "Cầu Giấy", province: str = "Hà Nội") -> AdminUnit:
    """Write a ward and the city it lies in."""
    city = a_unit(session, province, "thành phố", Level.PROVINCE)
    return a_unit(session, name, "phường", Level.COMMUNE, city)


def stocked(
    session: Session,
    name: str = "Cam Khe Mây",
    *,
    on_hand: int = 100,
    producer: Producer | None = None,
    stars: int | None = 4,
    set_number: int | None = 1,
    **pack: Any,
) -> Variant:
    """Write a certified product with one variant in stock; `stars=None` leaves it uncertified."""
    producer = producer or a_producer(session, f"HTX {name}")
    product = a_product(session, name, producer=producer, set_number=set_number)
    variant = a_variant(session, product, **pack)
    if stars:
        a_certificate(session, product, stars)
    if on_hand:
        receive(session, variant.id, on_hand, "kiểm kê đầu kỳ", clock.now(), sample=True)
    session.flush()
    return variant


def product_of(session: Session, variant: Variant) -> Product:
    """Return the product of a variant, for changing."""
    return session.get_one(Product, variant.product_id)


def seller_of(session: Session, variant: Variant) -> Producer:
    """Return the producer of a variant, for changing."""
    return session.get_one(Producer, product_of(session, variant).producer_id)


def terms(*, sell_lapsed: bool = False) -> SaleTerms:
    """Return the terms of sale of today."""
    return SaleTerms(day=clock.today(), sell_lapsed=sell_lapsed)


def fill_cart(quantities: Mapping[int, int], *, of_age: bool = False, province_id: int | None = None) -> str:
    """Put variants into a new cart, to be sent to a province; return its token."""
    with unit_of_work() as session:
        cart, token = open_cart(session, None, clock.now())
        cart.age_confirmed, cart.province_id = of_age, province_id
        for variant_id, quantity in quantities.items():
            add_to_cart(session, cart, variant_id, quantity, terms(), clock.now())
    return token


def a_checkout(session: Session, token: str, commune: AdminUnit, **changes: Any) -> Checkout:
    """Return what the checkout page of a cart would send, having shown today's quote."""
    pickups = changes.get("pickups", frozenset())
    quote = quote_cart(lock_cart(session, token), terms(), commune.parent_id, session, pickups)
    facts = {
        "submit_key": draw_secret(),
        "shown": quote.memo,
        "phone": PHONE,
        "name": "Trần Văn An",
        "commune_id": commune.id,
        "address": "Số 12, ngõ 34 đường Xuân Thủy",
        **changes,
    }
    return Checkout(**facts)


def ordered(quantities: Mapping[int, int], commune: AdminUnit, **changes: Any) -> OrderGroup:
    """Fill a cart, place the order and return it."""
    token = fill_cart(quantities)
    with unit_of_work() as session:
        checkout = a_checkout(session, token, commune, **changes)
        return place_order(session, token, checkout, terms(), clock.now())


def after(minutes: int) -> AbstractContextManager[None]:
    """Let it be so many minutes later."""
    return clock.stopped(clock.now() + timedelta(minutes=minutes))


def figures() -> list[tuple[int, int, int]]:
    """Return what is on hand, allocated and reserved of each item, in the order of their numbers."""
    db.session.rollback()
    rows = db.session.scalars(sa.select(StockItem).order_by(StockItem.variant_id))
    return [(row.on_hand, row.allocated, row.reserved) for row in rows]

"""What is read of carts and orders; every relation that a page needs is loaded here."""

from collections.abc import Collection
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from marketplace import clock
from marketplace.catalogue.models import Product, Variant
from marketplace.certification.models import Certificate
from marketplace.database import db
from marketplace.errors import NotFound
from marketplace.ordering.models import (
    Cart,
    CartLine,
    Fulfillment,
    Order,
    OrderGroup,
    StockItem,
    StockReservation,
)
from marketplace.ordering.order_number import read_number
from marketplace.ordering.quote import Quote, Shelf, Wanted, make_quote
from marketplace.ordering.sale import SaleTerms
from marketplace.ordering.secret import hash_secret, is_secret, opens
from marketplace.ordering.shipping_rules import ShippingRule
from marketplace.ordering.stock import AVAILABLE
from marketplace.places.models import AdminUnit, Level
from marketplace.producers.models import Producer

_WHOLE_VARIANT = (
    joinedload(Variant.product).joinedload(Product.set),
    joinedload(Variant.product).joinedload(Product.group),
    joinedload(Variant.product).joinedload(Product.cover),
    joinedload(Variant.product).joinedload(Product.producer).joinedload(Producer.province),
)


def find_cart(token: str | None) -> Cart | None:
    """Return the cart that a browser's token opens, or None."""
    if token is None or not is_secret(token):
        return None
    return db.session.execute(
        sa.select(Cart).where(Cart.token_hash == hash_secret(token))
    ).scalar_one_or_none()


def quote_cart(
    cart: Cart | None,
    terms: SaleTerms,
    province_id: int | None,
    session: Session | None = None,
    pickups: Collection[int] = frozenset(),
) -> Quote:
    """Return what a cart comes to today when sent to a province, or fetched from some producers."""
    if cart is None:
        return Quote((), ())
    session = session or db.session()
    lines = session.scalars(
        sa.select(CartLine)
        .where(CartLine.cart_id == cart.id)
        .options(*(joinedload(CartLine.variant).options(option) for option in _WHOLE_VARIANT))
    ).all()
    wanted = [Wanted(line.variant, line.quantity, line.seen_price) for line in lines]
    shelf = find_shelf(session, [want.variant.id for want in wanted])
    return make_quote(wanted, shelf, terms, province_id, pickups)


def find_shelf(session: Session, variant_ids: Collection[int]) -> Shelf:
    """Return what can be sold of each variant, with what is held no longer, and how its seller sends it."""
    lapsed = (
        sa.select(sa.func.coalesce(sa.func.sum(StockReservation.quantity), 0))
        .where(StockReservation.variant_id == Variant.id, StockReservation.expires_at <= clock.now())
        .scalar_subquery()
    )
    rows = session.execute(
        sa.select(Variant.id, (AVAILABLE + lapsed).label("available"), ShippingRule)
        .join(Product, Product.id == Variant.product_id)
        .outerjoin(StockItem, StockItem.variant_id == Variant.id)
        .outerjoin(ShippingRule, ShippingRule.producer_id == Product.producer_id)
        .where(Variant.id.in_(variant_ids))
        .options(selectinload(ShippingRule.zones))
    ).all()
    rules = {row.ShippingRule.producer_id: row.ShippingRule for row in rows if row.ShippingRule}
    return Shelf({row.id: row.available or 0 for row in rows}, rules)


def find_variant(session: Session, variant_id: int) -> Variant | None:
    """Return a variant with all that decides whether it can be sold, or None."""
    return session.execute(
        sa.select(Variant).where(Variant.id == variant_id).options(*_WHOLE_VARIANT)
    ).scalar_one_or_none()


def name_variants(variant_ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Return the names of products and their variants, by variant."""
    rows = db.session.execute(
        sa.select(Variant.id, Product.name, Variant.name)
        .join(Product, Product.id == Variant.product_id)
        .where(Variant.id.in_(variant_ids))
    )
    return {variant_id: (product, variant) for variant_id, product, variant in rows}


def find_certificate_codes(session: Session, product_ids: Collection[int], day: date) -> dict[int, str]:
    """Return the code of the certificate under which each product has its stars on a day."""
    last_day = sa.func.coalesce(Certificate.extended_until, Certificate.valid_until)
    rows = session.execute(
        sa.select(Certificate.product_id, Certificate.code)
        .where(
            Certificate.product_id.in_(product_ids),
            Certificate.stars.is_not(None),
            last_day >= day,
            sa.or_(Certificate.revoked_on.is_(None), Certificate.revoked_on > day),
            sa.or_(Certificate.superseded_on.is_(None), Certificate.superseded_on > day),
        )
        .order_by(last_day)
    )
    return {row.product_id: row.code for row in rows}


def find_commune(session: Session, commune_id: int) -> AdminUnit | None:
    """Return a commune of today with its province, or None."""
    return session.execute(
        sa.select(AdminUnit)
        .where(AdminUnit.id == commune_id, AdminUnit.level == Level.COMMUNE, ~AdminUnit.ended)
        .options(joinedload(AdminUnit.parent))
    ).scalar_one_or_none()


def find_group_by_submission(session: Session, submit_key: str) -> OrderGroup | None:
    """Return the order group that a checkout page led to, or None."""
    return session.execute(
        sa.select(OrderGroup).where(OrderGroup.submit_hash == hash_secret(submit_key))
    ).scalar_one_or_none()


def get_group(number: str, secret: str) -> OrderGroup:
    """Return the order group that a secret link opens, with its orders and lines.

    Raises NotFound alike for a wrong number and a wrong secret.
    """
    group = _find_group(OrderGroup.number == (read_number(number) or ""))
    if group is None or not opens(secret, group.token_hash):
        raise NotFound
    return group


def find_group_by_phone(number: str, phone: str) -> OrderGroup | None:
    """Return the order group of a number and the telephone it was ordered with, or None.

    One statement decides, so that a wrong number and a wrong telephone take alike.
    """
    return _find_group(OrderGroup.number == number, OrderGroup.buyer_phone == phone)


def _find_group(*conditions: sa.ColumnElement[bool]) -> OrderGroup | None:
    return db.session.execute(
        sa.select(OrderGroup)
        .where(*conditions)
        .options(
            selectinload(OrderGroup.orders).options(
                selectinload(Order.lines), selectinload(Order.fulfillments).selectinload(Fulfillment.lines)
            )
        )
    ).scalar_one_or_none()

"""What is read of carts and orders; every relation that a page needs is loaded here."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

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
from marketplace.ordering.quote import LineChange, Quote, QuotedLine, Shelf, Wanted, make_quote, read_memo
from marketplace.ordering.sale import SaleTerms, find_shortage
from marketplace.ordering.secret import hash_secret, is_secret, opens
from marketplace.ordering.shipping_rules import ShippingRule
from marketplace.ordering.stock import AVAILABLE
from marketplace.places.models import AdminUnit, Level
from marketplace.producers.models import Producer

_WHOLE_PRODUCT = (
    joinedload(Product.set),
    joinedload(Product.group),
    joinedload(Product.cover),
    joinedload(Product.producer).joinedload(Producer.province),
)
_LAPSED = (
    sa.select(sa.func.coalesce(sa.func.sum(StockReservation.quantity), 0))
    .where(StockReservation.variant_id == Variant.id, StockReservation.expires_at <= sa.bindparam("now"))
    .scalar_subquery()
)
_SELLABLE = sa.func.coalesce(AVAILABLE + _LAPSED, 0).label("sellable")
"""What can be sold, with what is held no longer but not let go of yet."""

# Written once: a rush of buyers asks these, and to put one together costs as much as to send it.
_QUOTED = (
    sa.select(CartLine, _SELLABLE, ShippingRule)
    .join(CartLine.variant)
    .join(Variant.product)
    .outerjoin(StockItem, StockItem.variant_id == Variant.id)
    .outerjoin(ShippingRule, ShippingRule.producer_id == Product.producer_id)
    .options(
        contains_eager(CartLine.variant).contains_eager(Variant.product).options(*_WHOLE_PRODUCT),
        selectinload(ShippingRule.zones),
    )
)
_QUOTED_BY_CART = _QUOTED.where(CartLine.cart_id == sa.bindparam("cart_id"))
_QUOTED_BY_TOKEN = _QUOTED.join(CartLine.cart).where(Cart.token_hash == sa.bindparam("token_hash"))
_SHOWN = (
    sa.select(
        Variant,
        _SELLABLE,
        sa.exists().where(OrderGroup.submit_hash == sa.bindparam("submit_hash")).label("placed"),
        sa.select(sa.func.count())
        .select_from(CartLine)
        .join(CartLine.cart)
        .where(
            Cart.token_hash == sa.bindparam("token_hash"),
            CartLine.variant_id.not_in(sa.bindparam("ids", expanding=True)),
        )
        .scalar_subquery()
        .label("others"),
    )
    .join(Variant.product)
    .outerjoin(StockItem, StockItem.variant_id == Variant.id)
    .where(Variant.id.in_(sa.bindparam("ids", expanding=True)))
    .options(
        contains_eager(Variant.product).options(
            joinedload(Product.set), joinedload(Product.group), joinedload(Product.cover)
        )
    )
)
_COMMUNE = (
    sa.select(AdminUnit)
    .where(AdminUnit.id == sa.bindparam("id"), AdminUnit.level == Level.COMMUNE, ~AdminUnit.ended)
    .options(joinedload(AdminUnit.parent))
)
_SUBMITTED = sa.select(OrderGroup).where(OrderGroup.submit_hash == sa.bindparam("submit_hash"))


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
    told = {"cart_id": cart.id, "now": clock.now()}
    rows = (session or db.session()).execute(_QUOTED_BY_CART, told)
    return _quote(rows, terms, province_id, pickups)


def quote_by_token(
    token: str | None, terms: SaleTerms, province_id: int | None, pickups: Collection[int] = frozenset()
) -> Quote:
    """Return what the cart comes to that a browser's token opens, as `quote_cart` does."""
    if token is None or not is_secret(token):
        return Quote((), ())
    told = {"token_hash": hash_secret(token), "now": clock.now()}
    return _quote(db.session.execute(_QUOTED_BY_TOKEN, told), terms, province_id, pickups)


def _quote(rows: Iterable[Any], terms: SaleTerms, province_id: int | None, pickups: Collection[int]) -> Quote:
    wanted, available, rules = [], {}, {}
    for line, sellable, rule in rows:
        wanted.append(Wanted(line.variant, line.quantity, line.seen_price))
        available[line.variant_id] = sellable
        if rule is not None:
            rules[rule.producer_id] = rule
    return make_quote(wanted, Shelf(available, rules), terms, province_id, pickups)


def find_sold_out(token: str | None, submit_key: str, memo: str) -> Quote | None:
    """Return a quote of sold-out lines alone when not one of what a page showed can be sold any more.

    One statement for who comes too late in a rush. None while something is left to order, in the page
    or beside it in the cart, and where the page has led to an order already.
    """
    shown = read_memo(memo).lines
    hashes = {"submit_hash": hash_secret(submit_key), "token_hash": hash_secret(token or "")}
    told = {**hashes, "ids": list(shown), "now": clock.now()}
    lines = []
    for variant, sellable, placed, others in db.session.execute(_SHOWN, told) if shown else ():
        quantity, price = shown[variant.id]
        shortage = find_shortage(quantity, sellable)
        if shortage is None or placed or others:
            return None
        lines.append(QuotedLine(variant, quantity, price, sellable, shortage))
    lines.sort(key=lambda line: line.variant.id)
    return Quote((), tuple(lines)) if lines else None


def find_shelf(session: Session, variant_ids: Collection[int]) -> Shelf:
    """Return what can be sold of each variant, and how its seller sends it."""
    found = session.execute(
        sa.select(Variant.id, _SELLABLE, ShippingRule)
        .join(Product, Product.id == Variant.product_id)
        .outerjoin(StockItem, StockItem.variant_id == Variant.id)
        .outerjoin(ShippingRule, ShippingRule.producer_id == Product.producer_id)
        .where(Variant.id.in_(variant_ids))
        .options(joinedload(ShippingRule.zones)),
        {"now": clock.now()},
    )
    rows = found.unique().all()
    rules = {row.ShippingRule.producer_id: row.ShippingRule for row in rows if row.ShippingRule}
    return Shelf({row.id: row.sellable for row in rows}, rules)


def find_variant(session: Session, variant_id: int) -> Variant | None:
    """Return a variant with all that decides whether it can be sold, or None."""
    return session.execute(
        sa.select(Variant)
        .where(Variant.id == variant_id)
        .options(joinedload(Variant.product).options(*_WHOLE_PRODUCT))
    ).scalar_one_or_none()


def name_changed(changes: Iterable[LineChange]) -> dict[int, tuple[str, str]]:
    """Return the names of products and their variants, by variant; what left the cart is looked up."""
    names, gone = {}, []
    for change in changes:
        if change.now is None:
            gone.append(change.variant_id)
        else:
            variant = change.now.variant
            names[variant.id] = (variant.product.name, variant.name)
    return names | (_name_variants(gone) if gone else {})


def _name_variants(variant_ids: Collection[int]) -> dict[int, tuple[str, str]]:
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
    return session.execute(_COMMUNE, {"id": commune_id}).scalar_one_or_none()


def find_group_by_submission(session: Session, submit_key: str) -> OrderGroup | None:
    """Return the order group that a checkout page led to, or None."""
    return session.execute(_SUBMITTED, {"submit_hash": hash_secret(submit_key)}).scalar_one_or_none()


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

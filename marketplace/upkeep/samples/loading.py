"""Giving the shipped register what a shop needs to be tried: all of it made up, all of it marked."""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from marketplace import text
from marketplace.catalogue.actions import assign_gtin, refresh_offers_of
from marketplace.catalogue.models import Product, Variant
from marketplace.catalogue.packs import set_variants
from marketplace.ordering.models import StockItem
from marketplace.ordering.stock import receive
from marketplace.producers.models import Producer
from marketplace.sales_points.actions import stock_product
from marketplace.sales_points.models import SalesPoint
from marketplace.upkeep.samples.drawing import lot, pick
from marketplace.upkeep.samples.example_numbers import example_gtin
from marketplace.upkeep.samples.lots import make_sample_lots
from marketplace.upkeep.samples.packs import demo_rows, sample_packs

STREETS = ("Hoa Sen", "Lúa Vàng", "Bến Đò", "Cây Đa", "Làng Nghề", "Chợ Phiên", "Đồi Chè", "Giếng Nước")
STOCK_REASON = "số liệu mẫu"


def load_samples(session: Session, at: datetime) -> int:
    """Give addresses, packs, stock, codes, seasons and some lots; return how many products got packs.

    Loading again changes nothing: what is there, sample or real, stays.
    """
    _address_producers(session)
    products = list(
        session.scalars(
            sa.select(Product)
            .where(Product.fictitious.is_(False), ~sa.exists().where(Variant.product_id == Product.id))
            .options(joinedload(Product.set))
            .order_by(Product.id)
        )
    )
    _number_products(session)
    _set_seasons(session)
    offered = [product for product in products if _offer(session, product)]
    _stock(session, at)
    _stock_points(session, at)
    make_sample_lots(session, at)
    return len(offered)


def _address_producers(session: Session) -> None:
    without = sa.select(Producer).where(Producer.printed_address.is_(None))
    for producer in session.scalars(without.order_by(Producer.id)):
        number = 1 + lot(producer.slug, "house", 190)
        street = pick(producer.slug, "street", STREETS)
        producer.printed_address = f"Số {number} đường {street} (địa chỉ mẫu)"
        if producer.phone is None:
            producer.phone = f"0900 000 {lot(producer.slug, 'phone', 1000):03d}"
        producer.sample_contact = True
        refresh_offers_of(session, producer)


def _offer(session: Session, product: Product) -> bool:
    if product.set is None or not product.set.sale_policy.orderable:
        return False
    packs = sample_packs(product.slug, product.name, product.set.number)
    if packs:
        set_variants(session, product, packs)
    return bool(packs)


def _number_products(session: Session) -> None:
    """Give two products in three a GTIN with the prefix that GS1 keeps for examples."""
    without = sa.select(Product).where(Product.gtin.is_(None), Product.fictitious.is_(False))
    for product in session.scalars(without.order_by(Product.id)):
        if lot(product.slug, "gtin", 3):
            assign_gtin(session, product, example_gtin(product.id))


def _set_seasons(session: Session) -> None:
    seasons = [
        (text.canonical(row["word"]), int(row["from"]), int(row["to"])) for row in demo_rows("seasons.csv")
    ]
    fresh = sa.select(Product).where(Product.season_from.is_(None)).options(joinedload(Product.set))
    for product in session.scalars(fresh):
        if product.set is None or product.set.number != 1:
            continue
        words = f" {text.canonical(product.name).casefold()} "
        for word, first, last in seasons:
            if f" {word} " in words:
                product.season_from, product.season_to = first, last
                break


def _stock(session: Session, at: datetime) -> None:
    """Put samples on the shelf: now and then none, now and then a few."""
    bare = sa.select(Variant).where(Variant.sample, ~sa.exists().where(StockItem.variant_id == Variant.id))
    for variant in list(session.scalars(bare.order_by(Variant.id))):
        quantity = pick(variant.sku, "stock", (0, 3, 12, 20, 24, 30, 36, 40, 48, 60, 80, 120))
        receive(session, variant.id, quantity, STOCK_REASON, at, sample=True)


def _stock_points(session: Session, at: datetime) -> None:
    """Let each sales point stock some products of its own province."""
    for point in list(session.scalars(sa.select(SalesPoint).order_by(SalesPoint.id))):
        if point.province_id is None:
            continue
        nearby = sa.select(Product.id, Product.slug).where(
            Product.province_id == point.province_id, Product.fictitious.is_(False)
        )
        for product_id in _some(point.slug, session.execute(nearby.order_by(Product.id))):
            stock_product(session, point, product_id, None, sample=True)


def _some(name: str, products: Iterable[tuple[int, str]]) -> list[int]:
    return [id_ for id_, slug in products if lot(f"{name} {slug}", "shelf", 4) == 0][:12]

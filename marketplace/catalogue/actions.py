"""Registering products, offering them, and taking them off public view."""

import secrets
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.catalogue.errors import AliasTaken, GtinTaken
from marketplace.catalogue.gtin import gtin14
from marketplace.catalogue.listing_models import Listing
from marketplace.catalogue.models import (
    ClassifiedBy,
    Product,
    ProductAlias,
    ProductGroup,
    ProductSet,
    Publication,
    Variant,
    policy_of,
)
from marketplace.catalogue.words import searchable_words
from marketplace.places.queries import names_around
from marketplace.producers.models import Producer
from marketplace.text import clean, fold, slugify

TRACE_TOKEN_BYTES = 16
SLUG_LENGTH = 140


def register_product(
    session: Session,
    name: str,
    *,
    at: datetime,
    producer: Producer | None = None,
    product_set: ProductSet | None = None,
    group: ProductGroup | None = None,
    classified_by: ClassifiedBy | None = None,
    gtin: str | None = None,
    location: Mapping[str, Any] | None = None,
    around: Collection[str] | None = None,
    **facts: Any,
) -> Product:
    """Put a product into the register, with a slug, a permanent trace token and its folded words.

    `location` holds the columns of `Located`, `facts` further columns of Product, `around` what
    `refresh_words` takes. A set brings its group along. Raises InvalidGtin and GtinTaken.
    """
    name = clean(name)
    product = Product(
        name=name,
        slug=_free_slug(session, name),
        trace_token=secrets.token_urlsafe(TRACE_TOKEN_BYTES),
        producer_id=producer.id if producer else None,
        published_at=at,
        name_folded=fold(name),
        words_folded="",
        **(location or {}),
        **facts,
    )
    classify_product(session, product, classified_by, product_set=product_set, group=group)
    if gtin is not None:
        assign_gtin(session, product, gtin)
    session.add(product)
    refresh_words(session, product, around)
    refresh_offer(session, product)
    return product


def _free_slug(session: Session, name: str) -> str:
    """Return the name's slug, numbered when products of that slug exist; slugs are never reused."""
    stem = slugify(name)[:SLUG_LENGTH].strip("-") or "san-pham"
    taken = set(session.scalars(sa.select(Product.slug).where(Product.slug.startswith(stem))))
    slug, number = stem, 1
    while slug in taken:
        number += 1
        slug = f"{stem}-{number}"
    return slug


def classify_product(
    session: Session,
    product: Product,
    classified_by: ClassifiedBy | None,
    *,
    product_set: ProductSet | None = None,
    group: ProductGroup | None = None,
) -> None:
    """Say which set, or at least which group, a product belongs to, and who says so."""
    product.set_id = product_set.id if product_set else None
    product.group_id = product_set.group_id if product_set else (group.id if group else None)
    product.classified_by = classified_by if product.group_id is not None else None
    if product in session:
        refresh_offer(session, product)


def add_alias(session: Session, product: Product, external_id: str) -> None:
    """Remember an outside id of a product for ever; raises AliasTaken when it is another's."""
    alias = session.get(ProductAlias, external_id)
    if alias is None:
        session.add(ProductAlias(external_id=external_id, product_id=product.id))
        session.flush()
    elif alias.product_id != product.id:
        raise AliasTaken(external_id=external_id)


def assign_gtin(session: Session, product: Product, gtin: str) -> None:
    """Give a product its GTIN; raises InvalidGtin, and GtinTaken when another product has it."""
    number = gtin14(gtin)
    with session.no_autoflush:
        holder = session.scalar(sa.select(Product.id).where(Product.gtin == number))
    if holder is not None and holder != product.id:
        raise GtinTaken(gtin=number)
    product.gtin = number


def refresh_words(session: Session, product: Product, around: Collection[str] | None = None) -> None:
    """Write again what a product is found by when the search index is away: names and places, folded.

    `around` are the names of the places around it; one who writes many products asks
    `places.names_around` for all of them at once.
    """
    session.flush()
    if around is None:
        around = names_around([product.origin_id]).get(product.origin_id, ()) if product.origin_id else ()
    producer = session.get(Producer, product.producer_id) if product.producer_id else None
    others = (product.name_en, producer.name if producer else None, product.printed_place, *around)
    product.name_folded = fold(product.name)
    product.words_folded = searchable_words(product.name, others)


def publish_product(session: Session, product: Product) -> None:
    """Put a product on public view."""
    _set_publication(session, product, Publication.PUBLISHED)


def suspend_product(session: Session, product: Product) -> None:
    """Take a product off public view until it is published again."""
    _set_publication(session, product, Publication.SUSPENDED)


def withdraw_product(session: Session, product: Product) -> None:
    """Take a product off public view for good; its row and its trace address stay."""
    _set_publication(session, product, Publication.WITHDRAWN)


def _set_publication(session: Session, product: Product, publication: Publication) -> None:
    product.publication = publication
    refresh_offer(session, product)


def refresh_offer(session: Session, product: Product) -> None:
    """Derive from the facts kept elsewhere whether a product can be ordered, and from which price.

    It can when it is published, has an active variant, is of a set sold at a distance, and has a
    producer who may sell; packs that wait for their listing are not active. Stock and stars do not
    count here. Its listing goes with it to another producer.
    """
    session.flush()
    producer = session.get(Producer, product.producer_id) if product.producer_id else None
    product_set = session.get(ProductSet, product.set_id) if product.set_id else None
    group = session.get(ProductGroup, product.group_id) if product.group_id else None
    active = sa.select(sa.func.min(Variant.price)).where(Variant.product_id == product.id, Variant.active)
    product.legal_form = producer.legal_form if producer else None
    product.from_price = session.scalar(active)
    product.offered = (
        product.publication is Publication.PUBLISHED
        and product.from_price is not None
        and policy_of(product_set, group).orderable
        and producer is not None
        and producer.can_sell
    )
    listing = session.get(Listing, product.id)
    if listing is not None and producer is not None:
        listing.producer_id = producer.id
    session.flush()


def refresh_offers_of(session: Session, producer: Producer) -> None:
    """Refresh every product of a producer, after its address or legal form changed."""
    session.flush()
    for product in session.scalars(sa.select(Product).where(Product.producer_id == producer.id)):
        refresh_words(session, product)
        refresh_offer(session, product)

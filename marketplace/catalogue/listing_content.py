"""What a listing says: words, pictures, packs and prices.

While a listing is live a change shows at once; before that and while it is paused it waits with the
rest. All actions raise IllegalTransition while the office reads the listing, and ListingChanged when
`version`, the one the person saw, is no longer the present one.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import count
from typing import Any, TypedDict, Unpack

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.accounts import journal
from marketplace.accounts.permissions import Actor
from marketplace.accounts.roles import Scope, ScopeKind
from marketplace.catalogue.actions import classify_product, refresh_words
from marketplace.catalogue.errors import FixedByCertificate, InvalidPictures
from marketplace.catalogue.listing_models import Listing, ListingState
from marketplace.catalogue.listing_states import By, Deed, advance
from marketplace.catalogue.listing_words import LONGEST_NAME, LONGEST_NOTE, LONGEST_TEXT, days, tidied
from marketplace.catalogue.models import ClassifiedBy, Product, ProductSet, Variant
from marketplace.catalogue.packs import Pack, Pricing, check_price, checked, reprice, set_variants
from marketplace.catalogue.pictures import LONGEST_ALT, MOST_PICTURES, ProductPicture
from marketplace.catalogue.prices import refuse_jumps
from marketplace.media.models import Picture
from marketplace.media.pictures import owner_of
from marketplace.media.unused import erase_when_unused
from marketplace.register import raise_version


class Words(TypedDict, total=False):
    """What a producer may say of a product; what is left out stays as it was."""

    description: str | None
    usage_note: str | None
    storage_note: str | None
    shelf_life_days: int | None


_WORDS = {"description": LONGEST_TEXT, "usage_note": LONGEST_NOTE, "storage_note": LONGEST_NOTE}
FACTS = {"name": LONGEST_NAME, "name_en": LONGEST_NAME, "ingredients": LONGEST_TEXT, "labels": LONGEST_TEXT}
"""Texts that a certificate fixes, and the most characters each may have."""


class CertifiedFacts(TypedDict, total=False):
    """What a certificate fixes, of a product that has none yet; what is left out stays as it was."""

    name: str
    name_en: str | None
    product_set: ProductSet
    ingredients: str | None
    labels: str | None


def describe_listing(
    session: Session, listing: Listing, *, version: int, actor: Actor, at: datetime, **words: Unpack[Words]
) -> None:
    """Change what a listing says of its product.

    Raises InvalidWords for words too long or a shelf life of no days.
    """
    advance(session, listing, Deed.EDIT, By(actor, at), version)
    _assign(listing, {**words}, _WORDS)
    if "shelf_life_days" in words:
        listing.shelf_life_days = days("shelf_life_days", words["shelf_life_days"])
    session.flush()


def describe_draft_product(
    session: Session,
    listing: Listing,
    *,
    version: int,
    actor: Actor,
    at: datetime,
    **facts: Unpack[CertifiedFacts],
) -> None:
    """Change, of a product never certified, what a certificate will fix.

    Raises FixedByCertificate for every other product: those change by a change request.
    """
    product = session.get_one(Product, listing.product_id)
    if product.ever_certified:
        raise FixedByCertificate(product_id=product.id)
    advance(session, listing, Deed.EDIT, By(actor, at), version)
    if "name" in facts:
        tidied("name", facts["name"], required=True)
    _assign(product, {**facts}, FACTS)
    if "product_set" in facts:
        classify_product(session, product, ClassifiedBy.SOURCE, product_set=facts["product_set"])
    refresh_words(session, product)
    session.flush()


def _assign(row: Any, given: Mapping[str, Any], longest: Mapping[str, int]) -> None:
    for column, most in longest.items():
        if column in given:
            setattr(row, column, tidied(column, given[column], most))


def set_listing_pictures(
    session: Session,
    listing: Listing,
    pictures: Sequence[tuple[int, str]],
    *,
    version: int,
    actor: Actor,
    at: datetime,
) -> None:
    """Show exactly these pictures in this order, the first as the cover: ids, and what each shows.

    A picture that is left out, and that nothing else shows, is erased with its files.
    Raises InvalidPictures for more than eight, one named twice, or one that is not the producer's.
    """
    _check_pictures(session, listing, [picture_id for picture_id, _ in pictures])
    advance(session, listing, Deed.EDIT, By(actor, at), version)
    of_product = ProductPicture.product_id == listing.product_id
    before = session.scalars(sa.select(Picture).join(ProductPicture).where(of_product)).all()
    session.execute(sa.delete(ProductPicture).where(of_product))
    raise_version(session)
    session.add_all(
        ProductPicture(
            product_id=listing.product_id,
            picture_id=picture_id,
            position=position,
            alt=tidied("alt", alt, LONGEST_ALT) or "",
        )
        for position, (picture_id, alt) in enumerate(pictures)
    )
    if listing.state is ListingState.LIVE:
        product = session.get_one(Product, listing.product_id)
        product.cover_id = pictures[0][0] if pictures else None
    session.flush()
    kept = {picture_id for picture_id, _ in pictures}
    for picture in before:
        if picture.id not in kept:
            erase_when_unused(session, picture)


def _check_pictures(session: Session, listing: Listing, ids: list[int]) -> None:
    owned = sa.select(Picture.id).where(
        Picture.id.in_(ids), Picture.owner == owner_of("producer", listing.producer_id)
    )
    if len(ids) > MOST_PICTURES or len(set(session.scalars(owned))) != len(ids):
        raise InvalidPictures(field="pictures", most=MOST_PICTURES)


def set_listing_packs(
    session: Session,
    listing: Listing,
    packs: Sequence[Pack],
    *,
    version: int,
    actor: Actor,
    at: datetime,
) -> list[Variant]:
    """Sell a product in exactly these packs, in this order; a pack without a SKU is given one.

    On a live listing they are on sale at once, else when it goes live. Raises InvalidVariant, SkuTaken,
    and PriceJump for a price more than 30 % away that is not the owner's with a fresh proof.
    """
    product = session.get_one(Product, listing.product_id)
    advance(session, listing, Deed.EDIT, By(actor, at), version)
    there = {v.sku: v for v in session.scalars(sa.select(Variant).where(Variant.product_id == product.id))}
    named = [checked(pack) for pack in _with_skus(product, packs, there)]
    wanted = {there[pack.sku]: pack.price for pack in named if pack.sku in there}
    far = refuse_jumps(session, wanted, product, actor, at)
    waiting = listing.state is not ListingState.LIVE
    pricing = Pricing(at, actor.person_id, confirmed=far)
    return set_variants(session, product, named, waiting=waiting, pricing=pricing)


def _with_skus(product: Product, packs: Sequence[Pack], there: Collection[str]) -> list[Pack]:
    taken = {*there, *(pack.sku for pack in packs)}
    fresh = (sku for number in count(1) if (sku := f"GH{product.id}-{number}") not in taken)
    return [pack if pack.sku else replace(pack, sku=next(fresh)) for pack in packs]


def change_price(session: Session, variant: Variant, price: int, *, actor: Actor, at: datetime) -> None:
    """Give a pack of a producer's own product a new price in đồng, VAT included.

    It is a change of the listing, where the product has one. Raises InvalidVariant, IllegalTransition
    while the office reads the listing, and PriceJump as `set_listing_packs` does.
    """
    check_price(variant, price)
    product = session.get_one(Product, variant.product_id)
    listing = session.get(Listing, product.id)
    if listing is not None:
        advance(session, listing, Deed.EDIT, By(actor, at))
    far = refuse_jumps(session, {variant: price}, product, actor, at)
    reprice(session, variant, price, Pricing(at, actor.person_id, confirmed=far))
    org = Scope(ScopeKind.PRODUCER, product.producer_id) if product.producer_id else None
    journal.record(session, actor, "price:change", "variant", variant.id, org, at=at, data={"price": price})

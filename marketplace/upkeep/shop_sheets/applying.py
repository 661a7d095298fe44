"""Doing what a sheet wishes for, through the same actions as the pages of the workspace."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.accounts.permissions import Actor
from marketplace.catalogue.listing_content import (
    change_price,
    describe_listing,
    set_listing_packs,
    set_listing_pictures,
)
from marketplace.catalogue.listing_models import Listing, ListingState
from marketplace.catalogue.listings import start_listing
from marketplace.catalogue.models import Product, Variant
from marketplace.catalogue.packs import Pack
from marketplace.media.models import Picture
from marketplace.media.pictures import owner_of
from marketplace.ordering.stock_counting import Count, count_all
from marketplace.ordering.stock_keeping import StockReason
from marketplace.producers.models import Producer
from marketplace.upkeep.shop_sheets.columns import Column
from marketplace.upkeep.shop_sheets.plans import PackWork, ProductWork
from marketplace.upkeep.shop_sheets.present import Kept

_WORDS = {
    Column.DESCRIPTION: "description",
    Column.USAGE: "usage_note",
    Column.STORAGE: "storage_note",
    Column.SHELF_LIFE: "shelf_life_days",
}
_FACTS = {
    Column.PACK: "name",
    Column.PRICE: "price",
    Column.VAT: "vat_percent",
    Column.CONTENT: "content",
    Column.UNIT: "uom",
    Column.WEIGHT: "weight_g",
}


@dataclass(frozen=True, slots=True)
class Hand:
    """Who writes what where: the open unit of work, the producer, the person and the moment."""

    session: Session
    producer: Producer
    kept: Kept
    actor: Actor
    at: datetime

    def do(self, work: ProductWork) -> None:
        """Do what is to be done of one product, its stock apart; raises what the catalogue's actions do."""
        if needs_listing(work):
            self._write_listing(work, self._listing(work.product))
        else:
            self._change_prices(work.packs)

    def _listing(self, product: Product) -> Listing:
        found = product.listing
        if found is not None:
            return found
        return start_listing(self.session, self.producer, product=product, actor=self.actor, at=self.at)

    def _write_listing(self, work: ProductWork, listing: Listing) -> None:
        if work.values:
            words: Any = {_WORDS[column]: value for column, value in work.values.items()}
            describe_listing(
                self.session, listing, version=listing.version, actor=self.actor, at=self.at, **words
            )
        if work.pictures is not None:
            self._set_pictures(work.product, listing, work.pictures)
        covered: set[int] = set()
        if any(is_structural(pack) for pack in work.packs):
            covered = self._set_packs(work, listing)
        self._change_prices(pack for pack in work.packs if pack.variant and pack.variant.id not in covered)

    def _set_pictures(self, product: Product, listing: Listing, keys: Iterable[str]) -> None:
        said = {shown.picture.key: shown.alt for shown in product.pictures}
        owned = sa.select(Picture.key, Picture.id).where(
            Picture.owner == owner_of("producer", self.producer.id), Picture.key.in_(list(keys))
        )
        ids = {row.key: row.id for row in self.session.execute(owned)}
        pictures = [(ids[key], said.get(key) or product.name) for key in keys if key in ids]
        set_listing_pictures(
            self.session, listing, pictures, version=listing.version, actor=self.actor, at=self.at
        )

    def _set_packs(self, work: ProductWork, listing: Listing) -> set[int]:
        """Set the packs of a listing and return which they are."""
        changed = {pack.variant.id: pack for pack in work.packs if pack.variant}
        own = [
            variant
            for variant in self.kept.packs_of(work.product)
            if belongs(variant, listing) or is_called_back(changed.get(variant.id))
        ]
        kept = [
            (changed.get(variant.id), _pack_of(variant, changed.get(variant.id)))
            for variant in own
            if not is_switched_off(changed.get(variant.id))
        ]
        new = [(pack, _new_pack(pack)) for pack in work.packs if pack.variant is None]
        variants = set_listing_packs(
            self.session,
            listing,
            [pack for _, pack in (*kept, *new)],
            version=listing.version,
            actor=self.actor,
            at=self.at,
        )
        for (pack, _), variant in zip((*kept, *new), variants, strict=True):
            if pack is not None:
                pack.variant = variant
        return {variant.id for variant in (*own, *variants)}

    def _change_prices(self, packs: Iterable[PackWork]) -> None:
        for pack in packs:
            if pack.variant is not None and Column.PRICE in pack.values:
                price = pack.values[Column.PRICE]
                change_price(self.session, pack.variant, price, actor=self.actor, at=self.at)

    def count(self, works: Iterable[ProductWork]) -> None:
        """Set the shelves of all packs, new ones among them; raises what `count_all` does."""
        counts = [
            Count(
                pack.variant.id,
                pack.stock,
                pack.reason or StockReason.MISCOUNTED,
                seen=self.kept.shelf(pack.variant).on_hand,
            )
            for work in works
            for pack in work.packs
            if pack.stock is not None and pack.variant is not None
        ]
        count_all(self.session, self.actor, self.producer.id, counts, self.at)


def needs_listing(work: ProductWork) -> bool:
    """Return whether more is to change than prices and stock, which a product has without a listing too."""
    return bool(work.values) or work.pictures is not None or any(map(is_structural, work.packs))


def is_structural(pack: PackWork) -> bool:
    """Return whether the pack itself changes, and not its price or stock alone."""
    return pack.variant is None or bool(pack.values.keys() - {Column.PRICE})


def is_switched_off(pack: PackWork | None) -> bool:
    """Return whether a pack is to be sold no longer."""
    return pack is not None and pack.values.get(Column.ON_SALE) is False


def is_called_back(pack: PackWork | None) -> bool:
    """Return whether a pack is to be sold again."""
    return pack is not None and pack.values.get(Column.ON_SALE) is True


def belongs(variant: Variant, listing: Listing | None) -> bool:
    """Return whether a pack is one of a listing's: on sale while that is live, waiting before.

    A product of the register may have packs on sale before its listing is let through: the listing's
    packs take their place then, and until then they are not the listing's to change.
    """
    if listing is not None and listing.state is ListingState.LIVE:
        return variant.active
    return variant.waiting


def _pack_of(variant: Variant, changed: PackWork | None) -> Pack:
    pack = Pack(
        sku=variant.sku,
        name=variant.name,
        price=variant.price,
        vat_percent=variant.vat_percent,
        content=variant.content,
        uom=variant.uom,
        weight_g=variant.weight_g,
        sample=variant.sample,
    )
    facts = _facts(changed) if changed else {}
    return replace(pack, **facts, sample=False) if facts else pack


def _new_pack(pack: PackWork) -> Pack:
    return Pack(sku="", **_facts(pack))


def _facts(pack: PackWork) -> dict[str, Any]:
    return {_FACTS[column]: value for column, value in pack.values.items() if column in _FACTS}

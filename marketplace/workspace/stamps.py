"""A stamp of what one step shows: who edits one step collides with nobody who edits another."""

import hashlib
import json
from typing import Any

from marketplace.catalogue.completeness import Step
from marketplace.catalogue.models import Product

LENGTH = 16


def stamp_of(step: Step, product: Product) -> str:
    """Return a short text that changes when what a step shows of a product does."""
    text = json.dumps(_shown(step, product), ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:LENGTH]


def _shown(step: Step, product: Product) -> list[Any]:
    listing = product.listing
    if step is Step.NAME:
        return [product.name, product.set_id, product.ingredients, product.labels]
    if step is Step.PICTURES:
        return [[one.picture_id, one.alt] for one in product.pictures]
    if step is Step.PACKS:
        return [
            [one.sku, one.name, one.price, one.vat_percent, f"{one.content:f}", one.uom, one.weight_g]
            for one in product.variants
            if one.active or one.waiting
        ]
    assert listing is not None
    return [listing.description, listing.usage_note, listing.storage_note, listing.shelf_life_days]

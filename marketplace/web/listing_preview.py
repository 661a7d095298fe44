"""A product as buyers would see it, for who sees it before them: its producer, the judges of its dossier."""

from typing import Any

from flask import current_app
from sqlalchemy.orm.attributes import set_committed_value

from marketplace import clock
from marketplace.catalogue.models import Product, Publication


def preview_facts(product: Product) -> dict[str, Any]:
    """Return what `storefront/product.html` shows of a product that is loaded with all of its own."""
    _show_as_live(product)
    facts: dict[str, Any] = current_app.extensions["preview"](product, clock.today())
    return {"canonical_path": None, **facts}


def _show_as_live(product: Product) -> None:
    """Have the product look, to this page alone, as it would once its listing is live.

    Nothing is written: the values are set as if they had been read.
    """
    waiting = [one for one in product.variants if one.waiting]
    packs = waiting or [one for one in product.variants if one.active]
    for pack in packs:
        set_committed_value(pack, "active", True)
    set_committed_value(product, "variants", packs)
    set_committed_value(product, "publication", Publication.PUBLISHED)
    set_committed_value(product, "cover", product.pictures[0].picture if product.pictures else None)

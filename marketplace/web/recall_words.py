"""What is recalled, in words, on pages of every door and in letters."""

from marketplace.catalogue.models import Product
from marketplace.traceability.lots.models import Lot
from marketplace.traceability.recalls.models import Recall
from marketplace.web.words import gettext as _


def name_recalled(recall: Recall) -> str:
    """Return what a recall is of, with its lot, product or producer loaded."""
    if recall.lot is not None:
        named = recall.lot.product.name if recall.lot.product else recall.lot.name or ""
        return _("%(product)s, lô %(lot)s", product=named, lot=recall.lot.code)
    if recall.product is not None:
        return name_pack(recall.product)
    assert recall.producer is not None
    return _("mọi hàng của %(producer)s", producer=recall.producer.name)


def name_pack(product: Product, lot: Lot | None = None) -> str:
    """Return what goods are called that are touched: a lot of a product, or all of them."""
    if lot is not None:
        return _("%(product)s, lô %(lot)s", product=product.name, lot=lot.code)
    return _("%(product)s, mọi lô", product=product.name)


def seller_of(recall: Recall) -> str:
    """Return whose goods a recall is of; nothing for a product of nobody on record."""
    lot, product = recall.lot, recall.product
    producer = recall.producer or (lot.producer if lot else None) or (product.producer if product else None)
    return producer.name if producer else ""

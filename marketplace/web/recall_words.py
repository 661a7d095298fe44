"""What is recalled, in words, on pages of every door and in letters."""

from marketplace.traceability.recalls.models import Recall
from marketplace.web.words import gettext as _


def name_recalled(recall: Recall) -> str:
    """Return what a recall is of, with its lot, product or producer loaded."""
    if recall.lot is not None:
        named = recall.lot.product.name if recall.lot.product else recall.lot.name or ""
        return _("%(product)s, lô %(lot)s", product=named, lot=recall.lot.code)
    if recall.product is not None:
        return _("%(product)s, mọi lô", product=recall.product.name)
    assert recall.producer is not None
    return _("mọi hàng của %(producer)s", producer=recall.producer.name)


def seller_of(recall: Recall) -> str:
    """Return whose goods a recall is of; nothing for a product of nobody on record."""
    lot, product = recall.lot, recall.product
    producer = recall.producer or (lot.producer if lot else None) or (product.producer if product else None)
    return producer.name if producer else ""

"""Recalls as a feed for programs: JSON Feed 1.1 (jsonfeed.org), with what is recalled beside the words."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from marketplace.catalogue.models import Product
from marketplace.traceability.lots.models import Lot
from marketplace.traceability.recalls.goods import Goods, trace_path
from marketplace.traceability.recalls.models import Recall

VERSION = "https://jsonfeed.org/version/1.1"
CONTENT_TYPE = "application/feed+json; charset=utf-8"
NEWEST = 100
"""As many recalls as a feed tells of; older ones stay on the page."""

Item = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed says of itself: whose it is, where it and its page are, in which language."""

    title: str
    page_url: str
    feed_url: str
    site_url: str
    language: str


def make_feed(feed: Feed, items: Iterable[Item]) -> dict[str, Any]:
    """Return a feed of recalls."""
    return {
        "version": VERSION,
        "title": feed.title,
        "home_page_url": feed.page_url,
        "feed_url": feed.feed_url,
        "language": feed.language,
        "items": list(items),
    }


def make_item(feed: Feed, recall: Recall, named: str, goods: Goods) -> Item:
    """Return a recall as an item of a feed; `_recall` names what it is of and touches, for programs.

    `recall.lot`, `product` and `producer` must be loaded.
    """
    changed = recall.lifted_at or recall.resumed_at or recall.ordered_at
    words = [recall.words, recall.advice, *([recall.lift_words] if recall.lift_words else [])]
    return {
        "id": recall.code,
        "url": f"{feed.page_url}/{recall.code}",
        "title": named,
        "content_text": "\n\n".join(words),
        "date_published": recall.ordered_at.isoformat(),
        "date_modified": changed.isoformat(),
        "tags": [recall.reason.value, "in-force" if recall.in_force else "lifted"],
        "_recall": _subject(feed, recall) | _touched(feed, goods),
    }


def _subject(feed: Feed, recall: Recall) -> Item:
    lot, product = recall.lot, recall.product or (recall.lot.product if recall.lot else None)
    producer = recall.producer or (lot.producer if lot else None) or (product.producer if product else None)
    told: Item = {
        "code": recall.code,
        "scope": recall.scope.value,
        "reason": recall.reason.value,
        "in_force": recall.in_force,
        "ordered_at": recall.ordered_at.isoformat(),
        "lifted_at": recall.lifted_at.isoformat() if recall.lifted_at else None,
        "ordered_by": "office" if recall.by_office else "producer",
        "document_number": recall.document_number,
        "producer": producer.name if producer else None,
    }
    if product is not None:
        return told | _pack(feed, product, lot)
    return told | (_lot(lot) if lot is not None else {})


def _touched(feed: Feed, goods: Goods) -> Item:
    """Return what a recall touches beyond what it names: whole products, and lots made of the goods."""
    return {
        "products": [_pack(feed, product, None) for product in goods.products],
        "lots": [_pack(feed, lot.product, lot) for lot in goods.lots if lot.product],
    }


def _pack(feed: Feed, product: Product, lot: Lot | None) -> Item:
    told: Item = {
        "product": product.name,
        "gtin": product.gtin,
        "trace_url": feed.site_url + trace_path(product, lot),
    }
    return told | (_lot(lot) if lot is not None else {})


def _lot(lot: Lot) -> Item:
    use_by = lot.use_by.isoformat() if lot.use_by else None
    return {"lot": lot.code, "made_on": lot.made_on.isoformat(), "use_by": use_by}

"""Recalls as a feed for programs: JSON Feed 1.1 (jsonfeed.org), with what is recalled beside the words."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from marketplace.catalogue.models import Product
from marketplace.traceability.codes.trace_code import TraceCode
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


def make_item(feed: Feed, recall: Recall, named: str) -> Item:
    """Return a recall as an item of a feed; `_recall` names what it is of, for programs.

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
        "_recall": _subject(feed, recall),
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
        told |= {
            "product": product.name,
            "gtin": product.gtin,
            "trace_url": _trace_url(feed, product, recall),
        }
    if lot is not None:
        told |= {"lot": lot.code, "made_on": lot.made_on.isoformat()}
        told["use_by"] = lot.use_by.isoformat() if lot.use_by else None
    return told


def _trace_url(feed: Feed, product: Product, recall: Recall) -> str:
    lot = recall.lot.code if recall.lot else None
    token = None if product.gtin else product.trace_token
    return feed.site_url + TraceCode(gtin=product.gtin, token=token, lot=lot).path

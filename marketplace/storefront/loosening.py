"""A list that is empty: which conditions failed together, and what each brings back when dropped."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from marketplace.catalogue.filters import State
from marketplace.catalogue.loosening import count_loosened
from marketplace.catalogue.models import Product
from marketplace.catalogue.product_list import list_first
from marketplace.settings import LapsedProducts
from marketplace.storefront.list_facets import legal_form_name, price_words, state_name
from marketplace.storefront.list_page import Listing, filters_of, names_of
from marketplace.storefront.list_query import ListQuery
from marketplace.web.words import gettext as _

SAMPLES = 4
DROPPED: dict[str, dict[str, Any]] = {
    "stars": {"stars": ()},
    "group": {"groups": ()},
    "set": {"sets": ()},
    "province": {"provinces": ()},
    "commune": {"communes": ()},
    "origin": {"provinces": (), "communes": ()},
    "price": {"price_from": None, "price_to": None},
    "legal_form": {"legal_forms": ()},
    "offered": {"offered": False},
    "state": {"state": State.ALL},
    "words": {"words": ""},
}
DRAWINGS = {
    "stars": "cert", "state": "cert", "province": "pin", "commune": "pin", "origin": "pin", "words": "search",
    "offered": "cart",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Way:
    """One condition dropped: in words, with the address and how many products it brings."""

    words: str
    drawing: str
    url: str
    count: int
    query: ListQuery


def list_ways(listing: Listing, day: date, lapsed: LapsedProducts, english: bool) -> list[Way]:
    """Return the conditions of an empty list, the most fruitful to drop first."""
    counts = count_loosened(listing.filters, day=day, lapsed=lapsed)
    ways = [
        _way(listing.query, name, words, counts[name])
        for name, words in _conditions(listing, english)
        if name in counts
    ]
    return sorted(ways, key=lambda way: -way.count)


def _way(query: ListQuery, name: str, words: str, count: int) -> Way:
    looser = replace(query, page=1, **DROPPED[name])
    return Way(words, DRAWINGS.get(name, "filter"), looser.url(), count, looser)


def _conditions(listing: Listing, english: bool) -> Iterator[tuple[str, str]]:
    """Yield the conditions of a list with what dropping each is called."""
    query, names = listing.query, names_of(listing.facets, english)
    places = ", ".join(name for name in listing.places.names.values() if name)
    kept = {
        "words": f"“{query.words}”",
        "stars": _("%(stars)s sao", stars=", ".join(map(str, query.stars))),
        "group": ", ".join(names.get(slug, slug) for slug in query.groups),
        "set": ", ".join(names.get(slug, slug) for slug in query.sets),
        "price": price_words(query.price_from, query.price_to) if _price_asked(query) else "",
        "legal_form": ", ".join(legal_form_name(form) for form in query.legal_forms),
        "offered": _("Đặt mua trực tuyến"),
        "state": state_name(query.state),
    }
    for name in ("province", "commune", "origin"):
        yield name, _("Mở ra cả nước, thay vì chỉ %(places)s", places=places)
    for name, words in kept.items():
        yield name, _("Bỏ điều kiện: %(condition)s", condition=words)


def list_samples(way: Way, listing: Listing, day: date, lapsed: LapsedProducts) -> tuple[Product, ...]:
    """Return the first products that a way brings back."""
    found = listing.found if way.query.words else None
    places = listing.places
    if not way.query.provinces and not way.query.communes:
        places = replace(places, provinces=(), communes=(), origin_ids=())
    filters = filters_of(way.query, places, found)
    return list_first(filters, SAMPLES, day=day, lapsed=lapsed)


def _price_asked(query: ListQuery) -> bool:
    return query.price_from is not None or query.price_to is not None

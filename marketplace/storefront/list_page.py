"""A list as its page shows it: what was asked, what answers, and the ways to change the question."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from marketplace.catalogue.errors import PageBeyondEnd
from marketplace.catalogue.facets import Facets, count_facets
from marketplace.catalogue.filters import Filters, State
from marketplace.catalogue.memory import Memory
from marketplace.catalogue.product_list import Page, Sort, list_products
from marketplace.catalogue.queries import list_sets
from marketplace.search.queries import Found, find
from marketplace.settings import LapsedProducts
from marketplace.storefront.list_facets import legal_form_name, price_words, state_name
from marketplace.storefront.list_places import Places, understand_places
from marketplace.storefront.list_query import ListQuery
from marketplace.web.filters import write_number
from marketplace.web.words import gettext as _
from marketplace.web.words import ngettext

_kinds: Memory[tuple[frozenset[str], frozenset[str]]] = Memory(1)


@dataclass(frozen=True, slots=True)
class Listing:
    """A question and its answer; `found` is None when nobody searched."""

    query: ListQuery
    places: Places
    filters: Filters
    found: Found | None
    facets: Facets
    page: Page

    @property
    def sort(self) -> Sort:
        """Return the order of the list: that of the hits for a search, unless another was asked for."""
        return sort_of(self.query)


@dataclass(frozen=True, slots=True)
class Chip:
    """A condition that is set, and the address of the list without it."""

    words: str
    url: str


def sort_of(query: ListQuery) -> Sort:
    """Return the order that an address asks for."""
    if query.sort is None or (query.sort is Sort.RELEVANCE and not query.words):
        return Sort.RELEVANCE if query.words else Sort.DEFAULT
    return query.sort


def look_up(query: ListQuery, day: date, lapsed: LapsedProducts) -> Listing:
    """Answer a list's question; a page beyond the end is the last one."""
    query = drop_unknown_kinds(query)
    places = understand_places(query.provinces, query.communes)
    found = find(query.words) if query.words else None
    filters = filters_of(query, places, found)
    facets = count_facets(filters, day=day, lapsed=lapsed)
    if facets.total == 0:
        page = Page((), 1, 0)
    else:
        page = _page_or_last(filters, sort_of(query), query.page, day, lapsed)
    query = replace(query, page=page.number)
    ignored = (*query.ignored, *places.unknown)
    return Listing(replace(query, ignored=ignored), places, filters, found, facets, page)


def _page_or_last(filters: Filters, sort: Sort, number: int, day: date, lapsed: LapsedProducts) -> Page:
    try:
        return list_products(filters, sort, number, day=day, lapsed=lapsed)
    except PageBeyondEnd as beyond:
        return list_products(filters, sort, beyond.parameters["last"], day=day, lapsed=lapsed)


def drop_unknown_kinds(query: ListQuery) -> ListQuery:
    """Return the query without groups and sets that do not exist; they are told as ignored."""
    if not query.groups and not query.sets:
        return query
    groups, sets = _kinds.recall("kinds", _list_kinds)
    unknown = [slug for slug in query.groups if slug not in groups]
    unknown += [slug for slug in query.sets if slug not in sets]
    return replace(
        query,
        groups=tuple(slug for slug in query.groups if slug in groups),
        sets=tuple(slug for slug in query.sets if slug in sets),
        ignored=(*query.ignored, *unknown),
    )


def _list_kinds() -> tuple[frozenset[str], frozenset[str]]:
    sets = list_sets()
    return frozenset(one.group.slug for one in sets), frozenset(one.slug for one in sets)


def filters_of(query: ListQuery, places: Places, found: Found | None) -> Filters:
    """Return the conditions of a list, its places and words understood."""
    return Filters(
        stars=query.stars,
        groups=query.groups,
        sets=query.sets,
        province_ids=tuple(sorted(unit.id for unit in places.provinces)),
        commune_ids=tuple(sorted(unit.id for unit in places.communes)),
        origin_ids=places.origin_ids,
        price_from=query.price_from,
        price_to=query.price_to,
        legal_forms=query.legal_forms,
        offered=query.offered,
        state=query.state,
        product_ids=found.product_ids if found is not None else None,
    )


def list_chips(listing: Listing, english: bool) -> list[Chip]:
    """Return the conditions that are set, each with the way to drop it."""
    query, names = listing.query, names_of(listing.facets, english)
    chips = [Chip(f"“{query.words}”", query.without("words"))] if query.words else []
    chips += [Chip(_("%(stars)s sao", stars=n), query.without("stars", n)) for n in query.stars]
    for field in ("groups", "sets"):
        chips += [Chip(names.get(one, one), query.without(field, one)) for one in getattr(query, field)]
    for field in ("provinces", "communes"):
        known = [one for one in getattr(query, field) if one not in listing.places.unknown]
        chips += [Chip(listing.places.names[one], query.without(field, one)) for one in known]
    if query.price_from is not None or query.price_to is not None:
        words = price_words(query.price_from, query.price_to)
        chips.append(Chip(words, query.url(price_from=None, price_to=None)))
    chips += [Chip(legal_form_name(one), query.without("legal_forms", one)) for one in query.legal_forms]
    if query.offered:
        chips.append(Chip(_("Đặt mua trực tuyến"), query.without("offered")))
    if query.state is not State.ALL:
        chips.append(Chip(state_name(query.state), query.without("state")))
    return chips


def names_of(facets: Facets, english: bool) -> dict[str, str]:
    """Return the names of groups and sets by their slugs."""
    return {one.slug: one.name_en if english else one.name for one in (*facets.groups, *facets.sets)}


def heading(listing: Listing, english: bool) -> str:
    """Return what the list is called: by its one condition, or by how many products it holds."""
    query, total = listing.query, listing.page.total
    number = write_number(total)
    if query.words:
        return ngettext(
            "Tìm “%(words)s”: %(number)s sản phẩm",
            "Tìm “%(words)s”: %(number)s sản phẩm",
            total,
            words=query.words,
            number=number,
        )
    alone = _only_condition(query)
    if alone == "provinces" and len(query.provinces) == 1 and not listing.places.unknown:
        return _("Sản phẩm OCOP %(place)s", place=listing.places.names[query.provinces[0]])
    if alone == "groups" and len(query.groups) == 1:
        return names_of(listing.facets, english).get(query.groups[0], query.groups[0])
    if alone == "stars" and len(query.stars) == 1:
        return _("Sản phẩm OCOP %(stars)s sao", stars=query.stars[0])
    return ngettext("%(number)s sản phẩm OCOP", "%(number)s sản phẩm OCOP", total, number=number)


def _only_condition(query: ListQuery) -> str | None:
    plain = replace(query, sort=None, page=1)
    for field in ("provinces", "groups", "stars"):
        without: dict[str, Any] = {field: ()}
        if getattr(query, field) and replace(plain, **without) == ListQuery():
            return field
    return None


def canonical_path(listing: Listing) -> str | None:
    """Return the path that search engines keep: lists by one place, group or rank; searches stay out."""
    query = listing.query
    if listing.page.total == 0 or query.words:
        return None
    narrowed = replace(query, sort=None)
    if query.narrowed and _only_condition(query) is None:
        return None
    return narrowed.url(page=listing.page.number).removeprefix("/en")

"""Suggestions as the search box shows them: what matches marked, each with its address."""

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from marketplace.places.models import Level
from marketplace.places.names import readings
from marketplace.search.queries import Suggestion, Suggestions
from marketplace.search.suggesting import Kind
from marketplace.text import fold, slugify
from marketplace.web.addresses import page_url
from marketplace.web.language import current_language
from marketplace.web.words import gettext as _


@dataclass(frozen=True, slots=True)
class Row:
    """A suggestion: its label in parts, each with whether it matches, and what tells it apart."""

    url: str
    parts: tuple[tuple[str, bool], ...]
    note: str
    picture: str = ""
    aside: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Suggestions of one kind under their name."""

    name: str
    suggestions: tuple[Row, ...]


def list_groups(found: Suggestions, line: str) -> list[Group]:
    """Return the groups that hold something, in the order they are shown."""
    named = (
        (_("Sản phẩm"), found.products),
        (_("Chủ thể"), found.producers),
        (_("Nơi"), found.places),
        (_("Nhóm"), found.groups),
    )
    words = tuple(fold(line).split())
    return [Group(name, tuple(_rows(some, words))) for name, some in named if some]


def as_data(groups: Iterable[Group]) -> dict[str, Any]:
    """Return groups for programs."""
    return {"groups": [asdict(group) for group in groups]}


def _rows(suggestions: Iterable[Suggestion], words: tuple[str, ...]) -> Iterable[Row]:
    english = current_language() == "en"
    for one in suggestions:
        picture = f"/anh/{one.slug}.svg" if one.kind is Kind.PRODUCT else ""
        aside = _("tên trước đây") if one.former else ""
        label = one.label_en if english and one.label_en else one.label
        yield Row(address_of(one), mark(label, words), one.detail, picture, aside)


def address_of(suggestion: Suggestion) -> str:
    """Return where a suggestion leads."""
    slug = suggestion.slug
    match suggestion.kind:
        case Kind.PRODUCT:
            return page_url(f"/san-pham/{slug}")
        case Kind.PRODUCER:
            return page_url(f"/chu-the/{slug}")
        case Kind.GROUP:
            return page_url("/san-pham", nhom=slug)
        case Kind.SET:
            return page_url("/san-pham", bo=slug)
        case _:
            return _place_address(suggestion)


def _place_address(place: Suggestion) -> str:
    """Return the list of a place; former ones go by their full name, which says what they were."""
    if place.level is Level.PROVINCE:
        return page_url("/san-pham", tinh=place.label if place.former else place.slug)
    if place.former:
        return page_url("/san-pham", xa=place.label)
    province = next((slugify(name) for kind, name in readings(place.detail) if kind), None)
    return page_url("/san-pham", tinh=province, xa=place.slug)


def mark(label: str, words: tuple[str, ...]) -> tuple[tuple[str, bool], ...]:
    """Return a label in parts, runs of words that begin as a typed one does apart from the others."""
    parts: list[tuple[str, bool]] = []
    for word in re.findall(r"\S+\s*", label):
        hit = any(fold(word).lstrip("(“").startswith(typed) for typed in words)
        if parts and parts[-1][1] is hit:
            parts[-1] = (parts[-1][0] + word, hit)
        else:
            parts.append((word, hit))
    return tuple(parts)

"""Seasons of products: which months of the year, and where in them a month lies."""

from dataclasses import dataclass

from marketplace.catalogue.models import Product
from marketplace.web.words import gettext as _


@dataclass(frozen=True, slots=True)
class Season:
    """The months a product is in season, 1 to 12, the month looked at, and both in words."""

    months: frozenset[int]
    now: int
    words: str

    @classmethod
    def of(cls, product: Product, month: int) -> "Season | None":
        """Return a product's season seen from a month, None for goods of all seasons."""
        first, last = product.season_from, product.season_to
        if first is None or last is None:
            return None
        return cls(months_between(first, last), month, _words(first, last, month))


def months_between(first: int, last: int) -> frozenset[int]:
    """Return the months from one to another, over the turn of the year where need be."""
    return frozenset((first - 1 + step) % 12 + 1 for step in range((last - first) % 12 + 1))


def _words(first: int, last: int, month: int) -> str:
    if month == last and first != last:
        return _("Cuối mùa: tháng %(first)s đến %(last)s", first=first, last=last)
    if month == first and first != last:
        return _("Đầu mùa: tháng %(first)s đến %(last)s", first=first, last=last)
    return _("Mùa: tháng %(first)s đến %(last)s", first=first, last=last)

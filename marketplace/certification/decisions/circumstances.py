"""Who a decision read off its paper is of: before the reform, the province and district printed then."""

from collections.abc import Iterable, Sequence
from datetime import date

from marketplace.catalogue.models import Product
from marketplace.certification.authorities import DISTRICTS_ENDED, Circumstances
from marketplace.places.models import AdminUnit


def circumstances_of(
    stars: int, decided_on: date, unit: AdminUnit, products: Sequence[Product]
) -> Circumstances:
    """Return what tells the authority of a decision that today's province records.

    Until 30 June 2025 districts recognised too, and provinces bore the names that papers print; where the
    products are printed with one district, or one province, that is it.
    """
    if decided_on > DISTRICTS_ENDED:
        return Circumstances(stars=stars, decided_on=decided_on, province=unit.name)
    return Circumstances(
        stars=stars,
        decided_on=decided_on,
        province=_one(product.printed_province for product in products) or unit.name,
        district=_one(product.printed_district for product in products),
    )


def _one(printed: Iterable[str | None]) -> str | None:
    """Return the name that all are printed with, None where they differ."""
    names = set(printed)
    return names.pop() if len(names) == 1 else None

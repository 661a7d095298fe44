"""The products we know, held in memory while a file is imported."""

from collections import defaultdict
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Product, ProductAlias
from marketplace.producers.matching import (
    Whereabouts,
    may_be_same_place,
    place_columns,
    surely_same_place,
    whereabouts_of,
)
from marketplace.upkeep.importing.product_rows import name_key


@dataclass(slots=True)
class Known:
    """A product with what tells it from its namesakes; `id` is None until it is written."""

    id: int | None
    producer_id: int | None
    where: Whereabouts


class KnownProducts:
    """Finds the product that a row means: by any id it ever had, else by name and producer.

    Without a producer on both sides only the very same commune will do: a name is not a key.
    """

    def __init__(self, session: Session) -> None:
        self._by_id: dict[str, Known] = {}
        self._by_name: dict[str, list[Known]] = defaultdict(list)
        by_key = self._load_products(session)
        aliases = sa.select(ProductAlias.external_id, ProductAlias.product_id)
        for external_id, product_id in session.execute(aliases):
            self._by_id[external_id] = by_key[product_id]

    def _load_products(self, session: Session) -> dict[int, Known]:
        found = {}
        products = sa.select(Product.id, Product.name, Product.producer_id, *place_columns(Product))
        for row in session.execute(products):
            found[row.id] = Known(row.id, row.producer_id, whereabouts_of(row))
            self._by_name[name_key(row.name)].append(found[row.id])
        return found

    def find(self, external_id: str, name: str, producer_id: int | None, where: Whereabouts) -> Known | None:
        """Return the product meant, None when it is a new one."""
        if external_id in self._by_id:
            return self._by_id[external_id]
        for known in self._by_name[name_key(name)]:
            if known.producer_id is not None and known.producer_id == producer_id:
                return known
            if known.producer_id is None is producer_id and surely_same_place(known.where, where):
                return known
        return None

    def perhaps(self, name: str, producer_id: int | None, where: Whereabouts) -> bool:
        """Say whether a namesake from the same place, one of them without a producer, deserves a look."""
        return any(
            (known.producer_id is None or producer_id is None) and may_be_same_place(known.where, where)
            for known in self._by_name[name_key(name)]
        )

    def add(self, name: str, producer_id: int | None, where: Whereabouts) -> Known:
        """Remember a product that is about to be written."""
        known = Known(None, producer_id, where)
        self._by_name[name_key(name)].append(known)
        return known

    def add_id(self, known: Known, external_id: str) -> bool:
        """Remember an outside id of a product; say whether it was new."""
        return self._by_id.setdefault(external_id, known) is known

    def has_id(self, external_id: str) -> bool:
        """Say whether an outside id is known."""
        return external_id in self._by_id

"""The products we know, held in memory while a file is imported."""

from collections import defaultdict
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Product, ProductAlias
from marketplace.producers.matching import Whereabouts, may_be_same_place, surely_same_place
from marketplace.upkeep.importing.product_rows import name_key


@dataclass(frozen=True, slots=True)
class Known:
    """A product with what tells it from its namesakes."""

    id: int
    producer_id: int | None
    where: Whereabouts


class KnownProducts:
    """Finds the product that a row means: by any id it ever had, else by name and producer.

    Without a producer on both sides only the very same commune will do: a name is not a key.
    """

    def __init__(self, session: Session) -> None:
        aliases = session.execute(sa.select(ProductAlias.external_id, ProductAlias.product_id)).tuples()
        self._by_id: dict[str, int] = dict(aliases.all())
        self._by_name: dict[str, list[Known]] = defaultdict(list)
        columns = (
            Product.printed_province,
            Product.printed_district,
            Product.printed_commune,
            Product.province_id,
            Product.commune_id,
        )
        products = sa.select(Product.id, Product.name, Product.producer_id, *columns)
        for id_, name, producer_id, province, district, commune, *ids in session.execute(products):
            where = Whereabouts(
                province=province,
                district=district,
                commune=commune,
                province_id=ids[0],
                commune_id=ids[1],
            )
            self._by_name[name_key(name)].append(Known(id_, producer_id, where))

    def find(self, external_id: str, name: str, producer_id: int | None, where: Whereabouts) -> int | None:
        """Return the product meant, None when it is a new one."""
        if external_id in self._by_id:
            return self._by_id[external_id]
        for known in self._by_name[name_key(name)]:
            if known.producer_id is not None and known.producer_id == producer_id:
                return known.id
            if known.producer_id is None is producer_id and surely_same_place(known.where, where):
                return known.id
        return None

    def perhaps(self, product_id: int, name: str, producer_id: int | None, where: Whereabouts) -> bool:
        """Say whether a namesake from the same place, one of them without a producer, deserves a look."""
        return any(
            known.id != product_id
            and (known.producer_id is None or producer_id is None)
            and may_be_same_place(known.where, where)
            for known in self._by_name[name_key(name)]
        )

    def add(self, product_id: int, external_id: str) -> None:
        """Remember an outside id of a product."""
        self._by_id[external_id] = product_id

    def add_name(self, product_id: int, name: str, producer_id: int | None, where: Whereabouts) -> None:
        """Remember a product by name, producer and place, if it is not known so already."""
        known = Known(product_id, producer_id, where)
        if known not in self._by_name[name_key(name)]:
            self._by_name[name_key(name)].append(known)

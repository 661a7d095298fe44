"""Documents gathered from the register."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from marketplace.catalogue.models import Product, ProductGroup, ProductSet, Publication
from marketplace.database import db
from marketplace.places.names import readings
from marketplace.places.queries import names_around
from marketplace.producers.models import Producer, ProducerAlias
from marketplace.search.documents import Document, document

BATCH = 1_000

_COLUMNS = (
    Product.id,
    Product.name,
    Product.name_en,
    Product.producer_id,
    Product.group_id,
    Product.set_id,
    Product.origin_id,
    Product.commune_id,
    Product.province_id,
    Product.printed_commune,
    Product.printed_district,
    Product.printed_province,
)

_SHOWN = Product.publication != Publication.DRAFT


def gather_all() -> Iterator[Document]:
    """Yield the documents of all products, in the order of their ids."""
    last = 0
    while ids := _next_ids(last):
        yield from gather(ids)
        last = ids[-1]


def _next_ids(last: int) -> Sequence[int]:
    following = sa.select(Product.id).where(Product.id > last, _SHOWN).order_by(Product.id).limit(BATCH)
    return db.session.scalars(following).all()


def gather(ids: Collection[int]) -> list[Document]:
    """Return the documents of products, in the order of their ids.

    Those that are gone are left out, and so are drafts: no guess at a misspelt word may betray them.
    """
    rows = db.session.execute(
        sa.select(*_COLUMNS).where(Product.id.in_(ids), _SHOWN).order_by(Product.id)
    ).all()
    makers = _maker_names({row.producer_id for row in rows} - {None})
    places = _place_names({unit for row in rows for unit in _units_of(row)})
    groups, sets = _names_of(ProductGroup), _names_of(ProductSet)
    return [
        document(
            row.id,
            row.name,
            makers=makers.get(row.producer_id, ()),
            places=tuple(
                name
                for known in (_printed(row), *(places.get(unit, ()) for unit in _units_of(row)))
                for name in known
            ),
            kinds=(row.name_en or "", *groups.get(row.group_id, ()), *sets.get(row.set_id, ())),
        )
        for row in rows
    ]


def ids_of_producers(producer_ids: Collection[int]) -> list[int]:
    """Return the products of producers."""
    return list(db.session.scalars(sa.select(Product.id).where(Product.producer_id.in_(producer_ids))))


def count_products() -> int:
    """Return how many documents a complete index holds."""
    return db.session.execute(sa.select(sa.func.count()).select_from(Product).where(_SHOWN)).scalar_one()


def _units_of(row: Any) -> list[int]:
    return list(dict.fromkeys(filter(None, (row.origin_id, row.commune_id, row.province_id))))


def _printed(row: Any) -> tuple[str, ...]:
    printed = (row.printed_commune, row.printed_district, row.printed_province)
    return tuple(without_kind(name) for name in printed if name)


def without_kind(name: str) -> str:
    """Return the name of a unit without what kind of unit it is: `huyện Hương Sơn` is Hương Sơn."""
    return next(bare for _, bare in readings(name))


def _place_names(unit_ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    around = names_around(unit_ids)
    return {unit: tuple(dict.fromkeys(map(without_kind, names))) for unit, names in around.items()}


def _maker_names(producer_ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    names: defaultdict[int, list[str]] = defaultdict(list)
    own = sa.select(Producer.id, Producer.name).where(Producer.id.in_(producer_ids))
    other = sa.select(ProducerAlias.producer_id, ProducerAlias.name).where(
        ProducerAlias.producer_id.in_(producer_ids)
    )
    for statement in (own, other.order_by(ProducerAlias.id)):
        for producer_id, name in db.session.execute(statement):
            names[producer_id].append(name)
    return {producer_id: tuple(found) for producer_id, found in names.items()}


def _names_of(classified: type[ProductGroup] | type[ProductSet]) -> dict[int, tuple[str, str]]:
    rows = db.session.execute(sa.select(classified.id, classified.name, classified.name_en))
    return {identity: (name, name_en) for identity, name, name_en in rows}

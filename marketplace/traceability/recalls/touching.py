"""What a recall touches, as queries: the lots, what was made of them, and the packs that are not sold.

A recall goes with the goods: whatever lot they went into is recalled with them.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from marketplace.catalogue.models import Product, Variant
from marketplace.traceability.lots.models import Lot, LotInput
from marketplace.traceability.recalls.models import Recall, RecallScope

_OF_LOT: dict[RecallScope, Any] = {
    RecallScope.LOT: Lot.id,
    RecallScope.PRODUCT: Lot.product_id,
    RecallScope.PRODUCER: Lot.producer_id,
}


def lots_of(scope: RecallScope, subject_id: int) -> sa.Select[Any]:
    """Return the ids of the lots that a recall touches: of what is recalled, and all made of them."""
    return _with_descendants(sa.select(Lot.id).where(_OF_LOT[scope] == subject_id))


def variants_of(scope: RecallScope, subject_id: int) -> sa.Select[Any]:
    """Return the ids of the packs that are not sold under a recall."""
    packed = Variant.id.in_(packs_of_lots(lots_of(scope, subject_id)))
    if scope is RecallScope.LOT:
        return sa.select(Variant.id).where(packed)
    own = sa.select(Product.id).where(_own_products(scope, subject_id))
    return sa.select(Variant.id).where(sa.or_(Variant.product_id.in_(own), packed))


def products_of(scope: RecallScope, subject_id: int) -> sa.Select[Any]:
    """Return the ids of the products that a recall touches."""
    made = sa.select(Lot.product_id).where(
        Lot.id.in_(lots_of(scope, subject_id)), Lot.product_id.is_not(None)
    )
    if scope is RecallScope.LOT:
        return made.distinct()
    return sa.select(Product.id).where(sa.or_(_own_products(scope, subject_id), Product.id.in_(made)))


def packs_of_lots(lots: sa.Select[Any]) -> sa.Select[Any]:
    """Return the ids of the packs that lots were packed as; all of the product where that is not told."""
    known = sa.select(Lot.variant_id).where(Lot.id.in_(lots), Lot.variant_id.is_not(None))
    vague = sa.select(Lot.product_id).where(
        Lot.id.in_(lots), Lot.variant_id.is_(None), Lot.product_id.is_not(None)
    )
    return sa.select(Variant.id).where(sa.or_(Variant.id.in_(known), Variant.product_id.in_(vague)))


def recalled_lots() -> sa.Select[Any]:
    """Return the ids of all lots that a recall in force touches."""
    return _with_descendants(_lots_in_force(_in_force(Recall.lot_id)))


def halted_variants() -> sa.Select[Any]:
    """Return the ids of all packs that a recall in force keeps from being sold."""
    of_producers = sa.select(Product.id).where(Product.producer_id.in_(_in_force(Recall.producer_id)))
    lots = _with_descendants(_lots_in_force(_in_force(Recall.lot_id).where(Recall.resumed_at.is_(None))))
    return sa.select(Variant.id).where(
        sa.or_(
            Variant.product_id.in_(_in_force(Recall.product_id)),
            Variant.product_id.in_(of_producers),
            Variant.id.in_(packs_of_lots(lots)),
        )
    )


def ancestors_of(lots: sa.Select[Any]) -> sa.Select[Any]:
    """Return the ids of lots, chosen as `id`, and of all lots that went into them."""
    line = lots.cte(recursive=True)
    sources = sa.select(LotInput.source_lot_id).where(
        LotInput.lot_id == line.c.id, LotInput.source_lot_id.is_not(None)
    )
    return sa.select(line.union(sources).c.id)


def _in_force(column: Any) -> sa.Select[Any]:
    return sa.select(column.label("id")).where(Recall.lifted_at.is_(None), column.is_not(None))


def _lots_in_force(lots: sa.Select[Any]) -> sa.Select[Any]:
    """Return the ids of some lots, and of those of products and producers that are recalled."""
    of_products = sa.select(Lot.id).where(Lot.product_id.in_(_in_force(Recall.product_id)))
    of_producers = sa.select(Lot.id).where(Lot.producer_id.in_(_in_force(Recall.producer_id)))
    return sa.select(sa.union(lots, of_products, of_producers).subquery("recalled").c.id)


def _own_products(scope: RecallScope, subject_id: int) -> sa.ColumnElement[bool]:
    return (Product.id if scope is RecallScope.PRODUCT else Product.producer_id) == subject_id


def _with_descendants(lots: sa.Select[Any]) -> sa.Select[Any]:
    """Return the ids of lots and of all lots that they went into."""
    line = lots.cte(recursive=True)
    taken = aliased(LotInput)
    made = sa.select(taken.lot_id).where(taken.source_lot_id == line.c.id)
    return sa.select(line.union(made).c.id)

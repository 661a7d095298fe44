"""What a recall touches, as it can be found on a pack: products, and lots made of what is recalled."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from marketplace.catalogue.models import Product, Publication
from marketplace.traceability.codes.trace_code import TraceCode
from marketplace.traceability.lots.models import Lot, LotInput
from marketplace.traceability.recalls.models import Recall


@dataclass(frozen=True, slots=True)
class Goods:
    """Products of a producer that is recalled, and lots of goods made of what is recalled.

    What the recall names itself is not named again: neither its lot, nor lots of its product or producer.
    """

    products: list[Product] = field(default_factory=list)
    lots: list[Lot] = field(default_factory=list)


def list_goods(session: Session, recalls: Sequence[Recall]) -> dict[int, Goods]:
    """Return what recalls touch beyond what they name, by the recall's id; lots come with their product."""
    found = {recall.id: Goods() for recall in recalls}
    for recall_id, lot in session.execute(_lots(found)):
        found[recall_id].lots.append(lot)
    for recall_id, product in session.execute(_products(found)):
        found[recall_id].products.append(product)
    return found


def trace_path(product: Product, lot: Lot | None = None) -> str:
    """Return the exact trace address of a product, or of one of its lots."""
    token = None if product.gtin else product.trace_token
    return TraceCode(gtin=product.gtin, token=token, lot=lot.code if lot else None).path


def _lots(recall_ids: Collection[int]) -> sa.Select[int, Lot]:
    named = sa.or_(
        Lot.id == Recall.lot_id, Lot.product_id == Recall.product_id, Lot.producer_id == Recall.producer_id
    )
    first = sa.select(Recall.id.label("recall_id"), Lot.id.label("lot_id")).join(Lot, named)
    line = first.where(Recall.id.in_(recall_ids)).cte(recursive=True)
    made = sa.select(line.c.recall_id, LotInput.lot_id).where(LotInput.source_lot_id == line.c.lot_id)
    line = line.union(made)
    return (
        sa.select(Recall.id, Lot)
        .join(line, line.c.recall_id == Recall.id)
        .join(Lot, Lot.id == line.c.lot_id)
        .join(Lot.product)
        .where(sa.func.coalesce(named, sa.false()).is_(sa.false()))
        .options(joinedload(Lot.product))
        .order_by(Product.name_folded, Lot.code, Lot.id)
    )


def _products(recall_ids: Collection[int]) -> sa.Select[int, Product]:
    return (
        sa.select(Recall.id, Product)
        .join(Product, Product.producer_id == Recall.producer_id)
        .where(Recall.id.in_(recall_ids), Product.publication != Publication.DRAFT)
        .order_by(Product.name_folded, Product.id)
    )

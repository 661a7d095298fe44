"""What letters about inspections and orders of authorities tell of, as it stands when they are sent."""

from collections.abc import Callable
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from marketplace.catalogue.models import Product, Publication
from marketplace.certification.oversight.models import AuthorityOrder, Inspection, OrderedItem
from marketplace.web.oversight_words import FINDING_TOPICS, INSPECTION_KINDS
from marketplace.web.post import Letter

Facts: TypeAlias = dict[str, Any]


def tell_of_inspection(session: Session, inspection_id: int) -> Facts | None:
    """Return what a letter says of an inspection: what is still to be mended, and until when."""
    wanted = (
        sa.select(Inspection)
        .where(Inspection.id == inspection_id)
        .options(
            joinedload(Inspection.producer),
            joinedload(Inspection.product),
            joinedload(Inspection.unit),
            selectinload(Inspection.findings),
        )
    )
    inspection = session.execute(wanted.execution_options(populate_existing=True)).scalar_one_or_none()
    if inspection is None:
        return None
    left = [one for one in inspection.findings if one.mended_on is None]
    return {
        "kind": str(INSPECTION_KINDS[inspection.kind]),
        "day": inspection.inspected_on,
        "inspectors": inspection.inspectors,
        "about": (inspection.product or inspection.producer).name,
        "words": inspection.words,
        "lines": [f"{FINDING_TOPICS[one.topic]}: {one.words}" for one in left],
        "until": inspection.answer_by,
        "office": inspection.unit.full_name,
        "phone": inspection.phone,
        "shop": f"/gian-hang/{inspection.producer.slug}/kiem-tra/{inspection.id}",
    }


def tell_of_takedown(session: Session, product_id: int) -> Facts | None:
    """Return what a letter says of a product taken down last by an order; None once it is shown again."""
    wanted = (
        sa.select(AuthorityOrder, Product)
        .join(OrderedItem, OrderedItem.order_id == AuthorityOrder.id)
        .join(Product, Product.id == OrderedItem.product_id)
        .where(
            Product.id == product_id,
            Product.publication == Publication.SUSPENDED,
            OrderedItem.taken_down_at.is_not(None),
        )
        .order_by(OrderedItem.taken_down_at.desc(), AuthorityOrder.id.desc())
        .limit(1)
    )
    found = session.execute(wanted).first()
    if found is None:
        return None
    order, product = found
    return {
        "product": product.name,
        "number": order.number,
        "authority": order.authority,
        "words": order.words,
    }


MATTERS: dict[Letter, Callable[[Session, int], Facts | None]] = {
    Letter.INSPECTION_RECORDED: tell_of_inspection,
    Letter.INSPECTION_CLOSED: tell_of_inspection,
    Letter.PRODUCT_TAKEN_DOWN: tell_of_takedown,
}

"""Orders that a recall holds back: nothing of them is packed, sent or handed over."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Variant
from marketplace.ordering.after_sale_errors import OrderFrozen
from marketplace.ordering.lot_models import OrderFreeze
from marketplace.ordering.models import Order
from marketplace.ordering.status import units_to_send


def refuse_frozen(session: Session, order: Order) -> None:
    """Go on only when no recall holds an order back, marked so already or not yet.

    The packs are locked, so that a recall ordered meanwhile waits until what is done now is done. Raises
    OrderFrozen.
    """
    halted = find_halted(session, order, lock=True)
    frozen = sa.select(OrderFreeze.recall_id).where(OrderFreeze.order_id == order.id).limit(1)
    if halted or session.scalar(frozen) is not None:
        raise OrderFrozen(position=order.position)


def find_halted(session: Session, order: Order, *, lock: bool = False) -> dict[int, int]:
    """Return how many units of which lines, by id, are to be sent and must not be: their pack is recalled."""
    left = units_to_send(order)
    packs = {line.variant_id for line in order.lines if line.id in left}
    wanted = sa.select(Variant.id, Variant.halted).where(Variant.id.in_(packs)).order_by(Variant.id)
    rows = session.execute(wanted.with_for_update(read=True) if lock else wanted)
    halted = {variant_id for variant_id, recalled in rows if recalled}
    return {line.id: left[line.id] for line in order.lines if line.id in left and line.variant_id in halted}


def any_halted(session: Session, variant_ids: Collection[int]) -> bool:
    """Return whether a recall in force keeps one of some packs from being sold."""
    wanted = sa.select(Variant.id).where(Variant.id.in_(variant_ids), Variant.halted)
    return session.scalar(wanted.limit(1)) is not None

"""Recalled lots come off what is packed and not sent, of many orders at a time; the groups must be locked."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.ordering.lot_models import OrderLineLot
from marketplace.ordering.lots import lock_shelves_of
from marketplace.ordering.models import Order
from marketplace.ordering.status import units_to_send


def strip_lots(
    session: Session, orders: Collection[Order], lot_ids: Collection[int], packs: Collection[int]
) -> set[int]:
    """Take lots off what is not sent yet of many orders; return the ids of those to be packed anew.

    What is taken off lies on the shelf again, where nothing sends it while the lots are recalled. What
    was sent stays on record. Where units of the recalled `packs` have no lot noted, nobody knows what was
    packed: such orders are packed anew as well.
    """
    if not lot_ids:
        return set()
    left = {line_id: units for order in orders for line_id, units in units_to_send(order).items()}
    waiting = _list_waiting(session, left)
    noted = Counter[int]()
    for one in waiting:
        noted[one.order_line_id] += one.waiting
    bad = [one for one in waiting if one.lot_id in lot_ids]
    stripped = {one.order_line_id for one in bad}
    _put_on_shelf(session, bad)
    _take_off(session, bad)
    return {
        line.order_id
        for order in orders
        for line in order.lines
        if line.id in stripped or (line.variant_id in packs and left.get(line.id, 0) > noted[line.id])
    }


def _list_waiting(session: Session, left: Mapping[int, int]) -> Sequence[OrderLineLot]:
    wanted = sa.select(OrderLineLot).where(
        OrderLineLot.order_line_id.in_(left), OrderLineLot.quantity > OrderLineLot.sent
    )
    return session.scalars(wanted.execution_options(populate_existing=True)).all()


def _put_on_shelf(session: Session, bad: Sequence[OrderLineLot]) -> None:
    shelves = lock_shelves_of(session, {one.lot_id for one in bad}) if bad else {}
    for one in bad:
        if one.lot_id in shelves:
            shelves[one.lot_id].remaining += one.waiting


def _take_off(session: Session, bad: Sequence[OrderLineLot]) -> None:
    """Leave what was sent, in one statement for all that goes whole."""
    whole = [one for one in bad if not one.sent]
    for one in bad:
        if one.sent:
            one.quantity = one.sent
        else:
            session.expunge(one)
    session.flush()
    if whole:
        named = sa.tuple_(OrderLineLot.order_line_id, OrderLineLot.lot_id).in_(
            [(one.order_line_id, one.lot_id) for one in whole]
        )
        session.execute(
            sa.delete(OrderLineLot).where(named), execution_options={"synchronize_session": False}
        )

"""Which lots went into an order: first expired, first out, or as the seller says.

A lot that is recalled or past its day is never taken. The group of the order must be locked, and so the
stock items where stock changes as well.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager

from marketplace import clock
from marketplace.catalogue.models import Product
from marketplace.ordering.after_sale_errors import LotNotSendable, NoGoodLot
from marketplace.ordering.errors import InvalidQuantity
from marketplace.ordering.lot_models import LotStock, OrderLineLot
from marketplace.ordering.lots import (
    change_remaining,
    count_loose,
    first_out,
    is_sendable,
    lock_shelves,
    lock_shelves_of,
    sendable_of,
)
from marketplace.ordering.models import Order, OrderLine, OrderStatus
from marketplace.ordering.status import units_out, units_to_send
from marketplace.traceability.codes.trace_code import TraceCode
from marketplace.traceability.lots.models import Lot

Taken = defaultdict[int, list[OrderLineLot]]


@dataclass(frozen=True, slots=True)
class LineLot:
    """So many units of an order line from a lot, and the exact trace address of that lot."""

    lot: Lot
    quantity: int
    path: str


def list_line_lots(session: Session, orders: Collection[Order]) -> dict[int, list[LineLot]]:
    """Return the lots of orders by the id of the line; first expired, first out."""
    lines = [line.id for order in orders for line in order.lines]
    wanted = (
        sa.select(OrderLineLot, Lot, Product.gtin, Product.trace_token)
        .join(Lot, Lot.id == OrderLineLot.lot_id)
        .join(Product, Product.id == Lot.product_id)
        .where(OrderLineLot.order_line_id.in_(lines))
    )
    found: defaultdict[int, list[LineLot]] = defaultdict(list)
    for one, lot, gtin, token in session.execute(wanted.execution_options(populate_existing=True)):
        code = TraceCode(gtin=gtin, token=None if gtin else token, lot=lot.code)
        found[one.order_line_id].append(LineLot(lot, one.quantity, code.path))
    return {line: sorted(own, key=lambda one: first_out(one.lot)) for line, own in found.items()}


def assign_lots(session: Session, order: Order, units: Mapping[int, int], at: datetime) -> None:
    """Have lines, by id, taken from lots on the shelf for so many units that are to be sent now or later.

    While goods lie on the shelf that are of no lot, what no lot has is left open. Raises NoGoodLot where
    all that is left must not be sent, and LotNotSendable for a lot taken before that must not any more.
    """
    taken = list_taken(session, order)
    _refuse_bad(order, taken, at)
    lacking = {line: count - _waiting(taken[line]) for line, count in units.items()}
    lines = [line for line in order.lines if lacking.get(line.id, 0) > 0]
    shelves = lock_shelves(session, {line.variant_id for line in lines}) if lines else {}
    for line in lines:
        own, missing = shelves.get(line.variant_id, []), lacking[line.id]
        for shelved in sendable_of(own, clock.local_date(at)):
            count = min(missing, shelved.remaining)
            if count:
                _take(session, line, taken[line.id], shelved, count, at)
                missing -= count
        if (
            missing
            and any(one.remaining for one in own)
            and missing > count_loose(session, line.variant_id, own)
        ):
            raise NoGoodLot(missing=missing, product=line.product_name)
    session.flush()


def choose_lots(
    session: Session, order: Order, chosen: Mapping[int, Mapping[int, int]], at: datetime
) -> None:
    """Have what is not sent yet of some lines taken from the lots that the seller names.

    `chosen` gives units by lot by line; what no lot is named for is left open. Raises InvalidQuantity and
    LotNotSendable.
    """
    left, taken = units_to_send(order), list_taken(session, order)
    lines = [line for line in order.lines if line.id in chosen]
    by_pack = lock_shelves(session, {line.variant_id for line in lines})
    shelves = {one.lot_id: one for own in by_pack.values() for one in own}
    for line in lines:
        wanted, most = chosen[line.id], left.get(line.id, 0)
        if sum(wanted.values()) > most or any(count < 0 for count in wanted.values()):
            raise InvalidQuantity(field=f"line-{line.id}", most=most)
        _keep_waiting(session, taken[line.id], 0, shelves, at)
        for lot_id, count in wanted.items():
            if count:
                _take_named(session, line, taken[line.id], shelves.get(lot_id), count, at)
    session.flush()


def give_back(session: Session, order: Order, at: datetime, *, to_shelf: bool = True) -> None:
    """Take lots off what of an order is canceled; those units are on the shelf again, or lost.

    What was sent stays on record.
    """
    taken = list_taken(session, order)
    left = {} if order.status is OrderStatus.CANCELED else units_to_send(order)
    if any(_waiting(own) > left.get(line_id, 0) for line_id, own in taken.items()):
        shelves = _lock_taken(session, taken) if to_shelf else {}
        for line_id, own in taken.items():
            _keep_waiting(session, own, left.get(line_id, 0), shelves, at)
        session.flush()


def mark_sent(session: Session, order: Order, units: Mapping[int, int]) -> None:
    """Note that units of lines, by id, leave with a parcel: of what was taken, what expires first."""
    taken = list_taken(session, order)
    for line_id, count in units.items():
        missing = count
        for one in taken[line_id]:
            going = min(missing, one.waiting)
            one.sent, missing = one.sent + going, missing - going
    session.flush()


def unmark_sent(session: Session, order: Order, units: Mapping[int, int]) -> None:
    """Note that units of lines, by id, came back with a parcel that nobody took.

    While other parcels of several lots stand, nobody knows whose came back: all of them stay on record
    as sent, and what is sent again is taken anew.
    """
    taken, standing = list_taken(session, order), units_out(order)
    for line_id, count in units.items():
        out = [one for one in taken[line_id] if one.sent]
        if not standing[line_id]:
            for one in out:
                one.sent = 0
        elif len(out) == 1 and out[0].sent == standing[line_id] + count:
            out[0].sent = standing[line_id]
    session.flush()


def list_taken(session: Session, order: Order) -> Taken:
    """Return which lots the lines of an order were taken from; first expired, first out."""
    found: Taken = defaultdict(list)
    wanted = (
        sa.select(OrderLineLot)
        .join(OrderLineLot.lot)
        .where(OrderLineLot.order_line_id.in_([line.id for line in order.lines]))
        .options(contains_eager(OrderLineLot.lot))
    )
    for one in session.scalars(wanted.execution_options(populate_existing=True)):
        found[one.order_line_id].append(one)
    for own in found.values():
        own.sort(key=lambda one: first_out(one.lot))
    return found


def _lock_taken(session: Session, taken: Taken) -> dict[int, LotStock]:
    return lock_shelves_of(session, {one.lot_id for own in taken.values() for one in own})


def _waiting(own: list[OrderLineLot]) -> int:
    return sum(one.waiting for one in own)


def _refuse_bad(order: Order, taken: Taken, at: datetime) -> None:
    """Refuse what was packed from a lot that has become recalled or old since; what was sent is past."""
    for line_id in units_to_send(order):
        for one in taken[line_id]:
            if one.waiting and not is_sendable(one.lot, clock.local_date(at)):
                raise LotNotSendable(lot=one.lot.code)


def _take_named(
    session: Session,
    line: OrderLine,
    own: list[OrderLineLot],
    shelved: LotStock | None,
    count: int,
    at: datetime,
) -> None:
    if shelved is None or shelved.variant_id != line.variant_id:
        raise LotNotSendable(lot="")
    if not is_sendable(shelved.lot, clock.local_date(at)):
        raise LotNotSendable(lot=shelved.lot.code)
    if count > shelved.remaining:
        raise InvalidQuantity(field=f"line-{line.id}", most=shelved.remaining)
    _take(session, line, own, shelved, count, at)


def _take(
    session: Session, line: OrderLine, own: list[OrderLineLot], shelved: LotStock, count: int, at: datetime
) -> None:
    change_remaining(session, shelved, -count, at)
    for one in own:
        if one.lot_id == shelved.lot_id:
            one.quantity += count
            return
    one = OrderLineLot(order_line_id=line.id, lot_id=shelved.lot_id, quantity=count, sent=0, lot=shelved.lot)
    session.add(one)
    own.append(one)


def _keep_waiting(
    session: Session, own: list[OrderLineLot], count: int, shelves: Mapping[int, LotStock], at: datetime
) -> None:
    """Put down what is beyond a count of what is not sent yet, what expires last first."""
    excess = _waiting(own) - count
    for one in reversed(own[:]):
        units = min(excess, one.waiting)
        if units > 0:
            _put_down(session, own, one, units, shelves, at)
            excess -= units


def _put_down(
    session: Session,
    own: list[OrderLineLot],
    one: OrderLineLot,
    units: int,
    shelves: Mapping[int, LotStock],
    at: datetime,
) -> None:
    if one.lot_id in shelves:
        change_remaining(session, shelves[one.lot_id], units, at)
    if units < one.quantity:
        one.quantity -= units
        return
    session.delete(one)
    session.flush()
    own.remove(one)

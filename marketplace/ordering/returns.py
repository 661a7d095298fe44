"""Returns (trả hàng): asked for by a buyer, agreed, received and refunded, each with the order locked.

A step taken twice changes nothing more. What is paid back is agreed at approval; the fee for sending goes
with the last return that really arrives. payments/settlement.py does it and then calls
`mark_return_refunded`.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from marketplace.catalogue.models import Product, ProductSet, Variant
from marketplace.errors import NotFound
from marketplace.media.pictures import Encoded, keep, owner_of
from marketplace.ordering import stock_sending
from marketplace.ordering.after_sale_errors import (
    InvalidReturn,
    NotReturnable,
    ReturnMovedOn,
    TooManyPictures,
)
from marketplace.ordering.after_sale_models import (
    Return,
    ReturnLine,
    ReturnPicture,
    ReturnReason,
    ReturnState,
)
from marketplace.ordering.models import Order
from marketplace.ordering.news import OrderNews, tell
from marketplace.ordering.order_lock import lock_order
from marketplace.ordering.recall_reach import find_recalled_lines, list_halts
from marketplace.ordering.reservations import lock_items
from marketplace.ordering.returnable import FRESH_SETS, refund_for, returnable
from marketplace.ordering.returned_lots import UnitsByLot, put_on_shelf_again
from marketplace.ordering.stock import Demand
from marketplace.text import clean_lines

MOST_PICTURES = 5
MOST_WORDS = 1000
ARRIVED = frozenset({ReturnState.RECEIVED, ReturnState.REFUNDED})


def ask_return(
    session: Session,
    order_id: int,
    quantities: Mapping[int, int],
    reason: ReturnReason,
    words: str,
    pictures: Sequence[Encoded],
    at: datetime,
) -> Return:
    """Ask to give back delivered units, by line, within the days published; photographs show the fault.

    A form sent twice leads to the first return. Raises NotFound, InvalidReturn, TooManyPictures and
    NotReturnable.
    """
    wanted = {line_id: units for line_id, units in quantities.items() if units}
    words = _read_words(words)
    if not wanted or min(wanted.values()) < 0:
        raise InvalidReturn(field="quantity")
    if len(pictures) > MOST_PICTURES:
        raise TooManyPictures(field="pictures", most=MOST_PICTURES)
    order = lock_order(session, order_id)
    returns = _list_returns(session, order.id)
    if asked := next((one for one in returns if _is_same(one, wanted, reason, words)), None):
        return asked
    _check(session, order, returns, wanted, reason, at)
    return _save(session, order, wanted, reason, words, pictures, at)


def approve_return(session: Session, return_id: int, at: datetime, answer: str | None = None) -> Return:
    """Agree to a return, and to what is paid back for it.

    Raises NotFound, and ReturnMovedOn when it was settled otherwise.
    """
    order, asked = _lock(session, return_id)
    if asked.state in {ReturnState.APPROVED, ReturnState.RECEIVED, ReturnState.REFUNDED}:
        return asked
    _expect(asked, ReturnState.REQUESTED)
    asked.state, asked.decided_at = ReturnState.APPROVED, at
    asked.answer = _read_words(answer, field="answer") if answer else None
    asked.refund_amount = _refund_once(order, _list_returns(session, order.id), asked)
    tell(session, OrderNews.RETURN_APPROVED, order.id, at)
    return asked


def decline_return(session: Session, return_id: int, answer: str, at: datetime) -> Return:
    """Refuse a return, and tell its buyer why.

    Raises NotFound, InvalidReturn without words, and ReturnMovedOn when it was agreed to or taken back.
    """
    order, asked = _lock(session, return_id)
    if is_declined(asked):
        return asked
    _expect(asked, ReturnState.REQUESTED)
    asked.answer = _read_words(answer, field="answer")
    asked.state, asked.decided_at = ReturnState.CANCELED, at
    tell(session, OrderNews.RETURN_DECLINED, order.id, at)
    return asked


def receive_return(
    session: Session,
    return_id: int,
    restock: bool,
    at: datetime,
    *,
    told: Mapping[int, UnitsByLot] | None = None,
) -> Return:
    """Note that the goods came back, or need not; with `restock` they are sold again.

    The fee agreed to is counted anew among the returns that arrived: others may have been taken back.
    `told` is what the seller says of their lots, by line. Raises NotFound, ReturnMovedOn unless it was
    approved, and InvalidQuantity for lots that cannot be theirs.
    """
    order, asked = _lock(session, return_id)
    if asked.state in {ReturnState.RECEIVED, ReturnState.REFUNDED}:
        return asked
    _expect(asked, ReturnState.APPROVED)
    arrived = [one for one in _list_returns(session, order.id) if one.state in ARRIVED]
    asked.refund_amount = _refund_once(order, arrived, asked)
    asked.state, asked.received_at, asked.restocked = ReturnState.RECEIVED, at, restock
    session.flush()
    if restock:
        variants = {line.id: line.variant_id for line in order.lines}
        demands = [Demand(order.id, variants[line.order_line_id], line.quantity) for line in asked.lines]
        lock_items(session, {demand.variant_id for demand in demands})
        put_on_shelf_again(session, order, units_by_line(asked), told or {}, at)
        stock_sending.put_back(session, demands, f"return:{asked.id}", at)
    tell(session, OrderNews.RETURN_RECEIVED, order.id, at)
    return asked


def mark_return_refunded(session: Session, return_id: int, at: datetime) -> Return:
    """Note that the money of a received return is on its way back.

    Raises NotFound, and ReturnMovedOn unless it was received.
    """
    _, asked = _lock(session, return_id)
    if asked.state is not ReturnState.REFUNDED:
        _expect(asked, ReturnState.RECEIVED)
        asked.state, asked.refunded_at = ReturnState.REFUNDED, at
    return asked


def cancel_return(session: Session, return_id: int, at: datetime) -> Return:
    """Take a return back for its buyer, while the goods have not arrived.

    Raises NotFound, and ReturnMovedOn once they have.
    """
    _, asked = _lock(session, return_id)
    if asked.state is ReturnState.CANCELED:
        return asked
    if asked.state not in {ReturnState.REQUESTED, ReturnState.APPROVED}:
        raise ReturnMovedOn(state=asked.state.value)
    asked.state, asked.decided_at, asked.refund_amount = ReturnState.CANCELED, at, None
    asked.answer = None
    return asked


def units_by_line(asked: Return) -> dict[int, int]:
    """Return how many units of which lines are to come back; the lines must be loaded."""
    return {line.order_line_id: line.quantity for line in asked.lines}


def is_declined(asked: Return) -> bool:
    """Return whether the seller refused a return; one that its buyer took back has no answer."""
    return asked.state is ReturnState.CANCELED and asked.answer is not None


def find_fresh(session: Session, order: Order) -> set[int]:
    """Return which variants of an order are fresh food."""
    variants = [line.variant_id for line in order.lines]
    fresh = (
        sa.select(Variant.id)
        .join(Variant.product)
        .join(ProductSet, ProductSet.id == Product.set_id)
        .where(Variant.id.in_(variants), ProductSet.number.in_(FRESH_SETS))
    )
    return set(session.scalars(fresh))


def find_recalled(session: Session, order: Order) -> set[int]:
    """Return the lines of an order, by their ids, that are taken back because they are recalled."""
    halts = list_halts(session, [order.id]).get(order.id, [])
    return find_recalled_lines(session, order, [halt.recall for halt in halts])


def _check(
    session: Session,
    order: Order,
    returns: Sequence[Return],
    wanted: Mapping[int, int],
    reason: ReturnReason,
    at: datetime,
) -> None:
    fresh, recalled = find_fresh(session, order), find_recalled(session, order)
    left = returnable(order, returns, fresh, at, recalled)
    for line_id, units in wanted.items():
        if units > left.get(line_id, 0):
            raise NotReturnable(line=line_id, most=left.get(line_id, 0))
    named = {line.variant_id for line in order.lines if line.id in wanted}
    if reason is ReturnReason.CHANGED_MIND and named & fresh:
        raise InvalidReturn(field="reason")
    if reason is ReturnReason.RECALLED and not wanted.keys() <= recalled:
        raise InvalidReturn(field="reason")


def _save(
    session: Session,
    order: Order,
    wanted: Mapping[int, int],
    reason: ReturnReason,
    words: str,
    pictures: Sequence[Encoded],
    at: datetime,
) -> Return:
    owner = owner_of("order", order.id)
    kept = [keep(session, encoded, owner, at) for encoded in pictures]
    asked = Return(
        order_id=order.id,
        state=ReturnState.REQUESTED,
        reason=reason,
        words=words,
        asked_at=at,
        lines=[ReturnLine(order_line_id=line, quantity=units) for line, units in sorted(wanted.items())],
        pictures=[ReturnPicture(picture_id=one.id, position=place) for place, one in enumerate(kept)],
    )
    session.add(asked)
    session.flush()
    tell(session, OrderNews.RETURN_ASKED, order.id, at)
    return asked


def _lock(session: Session, return_id: int) -> tuple[Order, Return]:
    order_id = session.scalar(sa.select(Return.order_id).where(Return.id == return_id))
    if order_id is None:
        raise NotFound
    order = lock_order(session, order_id)
    return order, next(one for one in _list_returns(session, order_id) if one.id == return_id)


def _list_returns(session: Session, order_id: int) -> Sequence[Return]:
    of_order = sa.select(Return).where(Return.order_id == order_id).order_by(Return.id)
    loaded = of_order.options(selectinload(Return.lines)).execution_options(populate_existing=True)
    return session.scalars(loaded).all()


def _refund_once(order: Order, returns: Sequence[Return], asked: Return) -> int:
    """Return what is given back for a return in đồng, with the fee unless it went with one that arrived."""
    prices = {line.id: line.unit_price for line in order.lines}

    def goods(of: Return) -> int:
        return sum(prices[line.order_line_id] * line.quantity for line in of.lines)

    with_fee = [one for one in returns if one.state in ARRIVED and (one.refund_amount or 0) > goods(one)]
    return goods(asked) if with_fee else refund_for(order, returns, asked)


def _is_same(one: Return, wanted: Mapping[int, int], reason: ReturnReason, words: str) -> bool:
    if one.state is not ReturnState.REQUESTED or one.reason is not reason or one.words != words:
        return False
    return units_by_line(one) == wanted


def _expect(asked: Return, state: ReturnState) -> None:
    if asked.state is not state:
        raise ReturnMovedOn(state=asked.state.value)


def _read_words(text: str, field: str = "words") -> str:
    words = clean_lines(text)
    if not any(letter.isalnum() for letter in words) or len(words) > MOST_WORDS:
        raise InvalidReturn(field=field, most=MOST_WORDS)
    return words

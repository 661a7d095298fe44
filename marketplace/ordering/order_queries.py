"""What is read of orders after they were placed, for their sellers and buyers, in few statements."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from marketplace import clock
from marketplace.errors import NotFound
from marketplace.ordering.after_sale_models import InvoiceRequest, Return, ReturnLine, ReturnPicture
from marketplace.ordering.lot_models import OrderLineLot, RecallTold
from marketplace.ordering.models import (
    Fulfillment,
    FulfillmentLine,
    Order,
    OrderGroup,
    OrderLine,
)
from marketplace.ordering.order_number import read_number
from marketplace.ordering.order_segments import Segment, segments_of
from marketplace.ordering.secret import opens
from marketplace.text import clean

PAGE_SIZE = 20
FEWEST_DIGITS = 4
"""So many digits of a telephone number find an order."""
_WRITTEN = str.maketrans("", "", " -–.")
_NEWEST_FIRST = frozenset({Segment.ON_THE_WAY, Segment.DONE, Segment.CANCELED})

_SENDINGS = selectinload(Order.fulfillments).selectinload(Fulfillment.lines)
_SENDINGS_WITH_LINES = _SENDINGS.joinedload(FulfillmentLine.line)
_TRACED = sa.or_(
    sa.exists()
    .where(OrderLineLot.order_line_id == OrderLine.id, OrderLine.order_id == Order.id)
    .where(Order.group_id == OrderGroup.id)
    .correlate(OrderGroup),
    sa.exists().where(RecallTold.order_id == Order.id, Order.group_id == OrderGroup.id).correlate(OrderGroup),
).label("traced")
_RETURNS = (
    joinedload(Return.lines).joinedload(ReturnLine.line),
    selectinload(Return.pictures).joinedload(ReturnPicture.picture),
)


@dataclass(frozen=True, slots=True)
class OrderPage:
    """One page of a list of orders, numbered from 1, and how many orders there are in all."""

    orders: Sequence[Order]
    number: int
    total: int

    @property
    def last(self) -> int:
        """Return the number of the last page; an empty list has one page."""
        return max(1, -(-self.total // PAGE_SIZE))


@dataclass(frozen=True, slots=True)
class WholeOrder:
    """An order with its group, lines and sendings, its returns, and to whom the invoice goes."""

    order: Order
    returns: Sequence[Return]
    invoice: InvoiceRequest | None


@dataclass(frozen=True, slots=True)
class WholeGroup:
    """An order group with its orders as `WholeOrder` has them; returns by the order's id.

    `traced` says that lots are on record for goods of it, or that a recall touched it.
    """

    group: OrderGroup
    returns: Mapping[int, Sequence[Return]]
    invoice: InvoiceRequest | None
    traced: bool = False


def count_segments(session: Session, producer_id: int) -> dict[Segment, int]:
    """Return how many orders of a producer are in each part of its inbox, in one statement."""
    standing = segments_of(Order.producer_id == producer_id)
    returns = sa.func.sum(sa.case((standing.c.returns, 1), else_=0))
    counted = sa.select(standing.c.segment, sa.func.count(), returns).group_by(standing.c.segment)
    counts = dict.fromkeys(Segment, 0)
    for segment, orders, with_returns in session.execute(counted):
        counts[Segment(segment)] = orders
        counts[Segment.RETURNS] += with_returns
    return counts


def list_orders(
    session: Session, producer_id: int, segment: Segment | None = None, page: int = 1, search: str = ""
) -> OrderPage:
    """Return a page of a producer's orders with groups, lines and sendings; without a segment of all.

    What waits for the producer comes longest-waiting first, the rest newest first. `search` is the
    beginning of an order number, or digits of the buyer's telephone number.
    """
    found = (Order.producer_id == producer_id, *_matching(search))
    standing = segments_of(*found)
    wanted = sa.select(Order).join(standing, standing.c.order_id == Order.id)
    if segment is Segment.RETURNS:
        wanted = wanted.where(standing.c.returns)
    elif segment is not None:
        wanted = wanted.where(standing.c.segment == segment.value)
    total = session.scalar(wanted.with_only_columns(sa.func.count())) or 0
    number = min(max(page, 1), max(1, -(-total // PAGE_SIZE)))
    newest = segment is None or segment in _NEWEST_FIRST
    order = (Order.placed_at.desc(), Order.id.desc()) if newest else (Order.placed_at, Order.id)
    rows = session.scalars(
        wanted.options(joinedload(Order.group), selectinload(Order.lines), _SENDINGS)
        .order_by(*order)
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    )
    return OrderPage(rows.all(), number, total)


def get_order(session: Session, producer_id: int, order_id: int) -> WholeOrder:
    """Return an order of a producer with all that hangs on it, read anew.

    Raises NotFound for those of others and for those never placed, of which no seller is told.
    """
    wanted = (
        sa.select(Order, InvoiceRequest)
        .outerjoin(InvoiceRequest, InvoiceRequest.group_id == Order.group_id)
        .where(Order.id == order_id, Order.producer_id == producer_id, Order.placed_at.is_not(None))
        .options(joinedload(Order.group), selectinload(Order.lines), _SENDINGS_WITH_LINES)
    )
    found = session.execute(wanted.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound(order=order_id)
    order, invoice = found
    return WholeOrder(order, list_returns(session, [order_id])[order_id], invoice)


def list_returns(session: Session, order_ids: Collection[int]) -> Mapping[int, list[Return]]:
    """Return the returns of some orders, oldest first, by the order's id; none is an empty list."""
    found: defaultdict[int, list[Return]] = defaultdict(list)
    wanted = sa.select(Return).where(Return.order_id.in_(order_ids)).order_by(Return.id)
    whole = wanted.options(*_RETURNS).execution_options(populate_existing=True)
    for one in session.scalars(whole).unique():
        found[one.order_id].append(one)
    return found


def open_group(session: Session, number: str, secret: str) -> WholeGroup:
    """Return the whole order group that a secret link opens.

    Raises NotFound alike for a wrong number and a wrong secret.
    """
    whole = _find_group(session, OrderGroup.number == (read_number(number) or ""))
    if whole is None or not opens(secret, whole.group.token_hash):
        raise NotFound
    return whole


def list_groups_of_person(session: Session, person_id: int) -> Sequence[OrderGroup]:
    """Return what somebody ordered while signed in, newest first, with orders, lines and sendings."""
    wanted = sa.select(OrderGroup).where(OrderGroup.person_id == person_id)
    whole = selectinload(OrderGroup.orders).options(selectinload(Order.lines), _SENDINGS)
    newest = wanted.order_by(OrderGroup.placed_at.desc(), OrderGroup.id.desc())
    return session.scalars(newest.options(whole)).all()


def list_orders_between(session: Session, producer_id: int, first: date, last: date) -> Sequence[Order]:
    """Return a producer's orders placed on days from `first` to `last` in Vietnam, for a table of them.

    Groups, lines and sendings are loaded.
    """
    after = clock.start_of(last + timedelta(days=1))
    wanted = sa.select(Order).where(
        Order.producer_id == producer_id,
        Order.placed_at >= clock.start_of(first),
        Order.placed_at < after,
    )
    loaded = wanted.options(joinedload(Order.group), selectinload(Order.lines), _SENDINGS)
    return session.scalars(loaded.order_by(Order.placed_at, Order.id)).all()


def _find_group(session: Session, which: sa.ColumnElement[bool]) -> WholeGroup | None:
    whole = selectinload(OrderGroup.orders).options(selectinload(Order.lines), _SENDINGS_WITH_LINES)
    wanted = (
        sa.select(OrderGroup, InvoiceRequest, _TRACED)
        .outerjoin(InvoiceRequest, InvoiceRequest.group_id == OrderGroup.id)
        .where(which)
        .options(whole)
    )
    found = session.execute(wanted.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        return None
    group, invoice, traced = found
    returns = list_returns(session, [order.id for order in group.orders])
    return WholeGroup(group, returns, invoice, bool(traced))


def _matching(search: str) -> list[sa.ColumnElement[bool]]:
    typed = clean(search).upper()
    if not typed:
        return []
    digits = "".join(letter for letter in typed if letter.isdigit())
    letters = typed.translate(_WRITTEN)
    named = [OrderGroup.number.startswith(letters, autoescape=True)]
    if whole := read_number(typed):
        named.append(OrderGroup.number == whole)
    if len(digits) >= FEWEST_DIGITS:
        named.append(OrderGroup.buyer_phone.contains(digits))
    return [Order.group_id.in_(sa.select(OrderGroup.id).where(sa.or_(*named)))]

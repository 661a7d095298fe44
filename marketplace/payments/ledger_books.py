"""Whether sellers' entries and payouts add up, and none is missing; every row that does not is named."""

from collections.abc import Iterator, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from marketplace.ordering.models import Fulfillment, Order
from marketplace.payments.books import Check, Off
from marketplace.payments.ledger import commission_of, is_earned
from marketplace.payments.ledger_models import PayoutState, SellerPayout, SellerTransfer, TransferKind
from marketplace.payments.standings import find_standings
from marketplace.payments.status import Standing

AT_ONCE = 500


def list_ledger_faults(session: Session) -> Iterator[Off]:
    """Name what of sellers' entries and payouts does not add up, or is missing."""
    for what, rows in _payouts():
        for row in session.execute(rows):
            yield Off(what, row[0], int(row[1]), int(row[2]))
    for orders in _moved_orders(session):
        standings = find_standings(session, orders)
        entries = _entries_of(session, [order.id for order in orders])
        for order in orders:
            yield from _check_order(session, order, standings[order.id], entries.get(order.id, []))


def _payouts() -> Iterator[Check]:
    net = sa.func.coalesce(sa.func.sum(SellerTransfer.net), 0)
    named = (
        sa.select(SellerPayout.id, SellerPayout.amount, net)
        .outerjoin(SellerTransfer, SellerTransfer.payout_id == SellerPayout.id)
        .group_by(SellerPayout.id, SellerPayout.amount)
        .order_by(SellerPayout.id)
    )
    failed = SellerPayout.state == PayoutState.FAILED
    yield "payout, entries of it", named.where(~failed).having(net != SellerPayout.amount)
    yield (
        "payout failed, entries of it",
        sa.select(SellerPayout.id, sa.literal(0), sa.func.count(SellerTransfer.id))
        .join(SellerTransfer, SellerTransfer.payout_id == SellerPayout.id)
        .where(failed)
        .group_by(SellerPayout.id)
        .order_by(SellerPayout.id),
    )
    entry = sa.select(SellerTransfer.id).order_by(SellerTransfer.id)
    yield (
        "entry, seller of its order",
        entry.add_columns(Order.producer_id, SellerTransfer.producer_id)
        .join(Order, Order.id == SellerTransfer.order_id)
        .where(Order.producer_id != SellerTransfer.producer_id),
    )
    yield (
        "entry, seller of its payout",
        entry.add_columns(SellerPayout.producer_id, SellerTransfer.producer_id)
        .join(SellerPayout, SellerPayout.id == SellerTransfer.payout_id)
        .where(SellerPayout.producer_id != SellerTransfer.producer_id),
    )


def _moved_orders(session: Session) -> Iterator[Sequence[Order]]:
    """Yield the orders of which something arrived or was credited, some at a time, all of them loaded."""
    arrived = sa.exists().where(Fulfillment.order_id == Order.id, Fulfillment.delivered_at.is_not(None))
    credited = sa.exists().where(SellerTransfer.order_id == Order.id)
    whole = (
        joinedload(Order.group),
        selectinload(Order.lines),
        selectinload(Order.fulfillments).selectinload(Fulfillment.lines),
    )
    last = 0
    while orders := session.scalars(
        sa.select(Order)
        .where(Order.id > last, arrived | credited)
        .options(*whole)
        .order_by(Order.id)
        .limit(AT_ONCE)
        .execution_options(populate_existing=True)
    ).all():
        yield orders
        last = orders[-1].id


def _entries_of(session: Session, order_ids: list[int]) -> dict[int, list[SellerTransfer]]:
    listed: dict[int, list[SellerTransfer]] = {}
    found = sa.select(SellerTransfer).where(SellerTransfer.order_id.in_(order_ids))
    for entry in session.scalars(found.order_by(SellerTransfer.id)):
        listed.setdefault(entry.order_id, []).append(entry)
    return listed


def _check_order(
    session: Session, order: Order, standing: Standing, entries: list[SellerTransfer]
) -> Iterator[Off]:
    """Name what of an order's entries is not what its goods and its money make of them."""
    earned = any(entry.kind is TransferKind.EARNING for entry in entries)
    if earned is not is_earned(order, standing):
        yield Off("order, credited to its seller", order.id, int(not earned), int(earned))
    if not earned:
        return
    gross, commission, withheld = (
        sum(getattr(entry, name) for entry in entries) for name in ("gross", "commission", "withheld")
    )
    if gross != standing.gross:
        yield Off("order, gross credited", order.id, standing.gross, gross)
    most = commission_of(session, order, standing)
    if len(entries) == 1 and commission != most:
        yield Off("order, commission", order.id, most, commission)
    if not 0 <= withheld <= gross:
        yield Off("order, tax withheld", order.id, f"0 to {gross}", withheld)

"""What sellers earn of their orders: written once an order arrived, and following its money from then on.

Amounts are đồng. Of every entry `net = gross - commission - withheld`, and the entries of an order add
up to what it stands at: after a full refund to nothing.
"""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.ordering.after_sale_models import CommissionLine, Return, ReturnLine, ReturnState
from marketplace.ordering.models import Order, OrderStatus, PaymentMethod
from marketplace.ordering.order_lock import lock_order
from marketplace.ordering.status import FulfillmentStatus, fulfillment_status, units_to_send
from marketplace.payments.ledger_models import SellerTransfer, TransferKind
from marketplace.payments.shares import share
from marketplace.payments.standings import standing_of
from marketplace.payments.status import Standing
from marketplace.payments.terms import pay_terms
from marketplace.producers.models import LegalForm, Producer

TAXED_AT_SOURCE = frozenset({LegalForm.HOUSEHOLD, LegalForm.FARM, LegalForm.WORKSHOP, None})
"""Households and individuals; a seller whose form is not known counts as one until it is stated."""


def earn(session: Session, order_id: int, at: datetime) -> SellerTransfer | None:
    """Credit a seller with an order once every unit that was not canceled is delivered, and it is paid.

    Of cash that the seller holds itself the gross is nothing, and the commission is owed. Tax (thuế khấu
    trừ tại nguồn; Nghị định 117/2025/NĐ-CP) is withheld of money that passes through here from households
    and individuals. Returns None while the order is not that far; crediting twice changes nothing.
    """
    order = lock_order(session, order_id)
    if known := _find_earning(session, order_id):
        return known
    standing = standing_of(session, order)
    if not is_earned(order, standing):
        return None
    transfer = _entry(
        order,
        TransferKind.EARNING,
        f"order:{order_id}",
        at,
        gross=standing.gross,
        commission=commission_of(session, order, standing),
        withheld=_withheld(session, order, standing.gross),
    )
    session.add(transfer)
    session.flush()
    return transfer


def follow(
    session: Session, order: Order, before: Standing, after: Standing, cause: str, at: datetime
) -> SellerTransfer | None:
    """Add to what was earned what money that moved since makes of it.

    A refund takes back its part of gross, commission and tax; money that comes after the goods arrived
    adds to the gross. Returns None when nothing was earned yet, or when only money beyond what was due
    moved.
    """
    if (before.value, before.gross) == (after.value, after.gross):
        return None
    if not _find_earning(session, order.id):
        return None
    more = after.gross > before.gross
    commission, withheld = _so_far(session, order.id)
    transfer = _entry(
        order,
        TransferKind.EARNING if more else TransferKind.REFUND_REVERSAL,
        cause,
        at,
        gross=after.gross - before.gross,
        commission=_left(commission, before.value, after.value) - commission,
        withheld=_withheld(session, order, after.gross - before.gross)
        if more
        else _left(withheld, before.gross, after.gross) - withheld,
    )
    session.add(transfer)
    session.flush()
    return transfer


def forgo(session: Session, order: Order, cause: str, at: datetime) -> SellerTransfer | None:
    """Take back the commission of goods that came back although their cash was never noted.

    `follow` goes by money; here goods move and no money, so that commission is left on the units that the
    buyer keeps, at most. Returns None when nothing was earned yet, or no more is owed than that.
    """
    if not _find_earning(session, order.id):
        return None
    commission, _ = _so_far(session, order.id)
    left = _commission_kept(session, order)
    if left >= commission:
        return None
    kind = TransferKind.REFUND_REVERSAL
    transfer = _entry(order, kind, cause, at, gross=0, commission=left - commission, withheld=0)
    session.add(transfer)
    session.flush()
    return transfer


def is_earned(order: Order, standing: Standing) -> bool:
    """Return whether every unit that was not canceled arrived, and nothing is owed but cash.

    The order comes with its group, lines and sendings.
    """
    in_cash = order.group.payment_method is PaymentMethod.CASH_ON_DELIVERY
    arrived = fulfillment_status(order) is FulfillmentStatus.DELIVERED and not units_to_send(order)
    return order.status is OrderStatus.PLACED and arrived and (in_cash or not standing.owed)


def commission_of(session: Session, order: Order, standing: Standing) -> int:
    """Return the commission frozen at sale, for the units that were sent and not given back since."""
    whole = _commission_on(session, order, {line.id: line.quantity - line.canceled for line in order.lines})
    return share(whole, max(0, standing.due - standing.lessened), standing.due)


def _commission_on(session: Session, order: Order, units: Mapping[int, int]) -> int:
    """Return the commission frozen at sale for so many units of each line."""
    frozen = session.execute(
        sa.select(CommissionLine.order_line_id, CommissionLine.amount).where(
            CommissionLine.order_line_id.in_([line.id for line in order.lines])
        )
    )
    amounts = {row.order_line_id: row.amount for row in frozen}
    return sum(share(amounts.get(line.id, 0), units[line.id], line.quantity) for line in order.lines)


def _commission_kept(session: Session, order: Order) -> int:
    """Return the commission frozen at sale for the units that the buyer keeps."""
    came_back = session.execute(
        sa.select(ReturnLine.order_line_id, sa.func.sum(ReturnLine.quantity).label("units"))
        .join(Return, Return.id == ReturnLine.return_id)
        .where(Return.order_id == order.id, Return.state == ReturnState.REFUNDED)
        .group_by(ReturnLine.order_line_id)
    )
    back = {row.order_line_id: int(row.units) for row in came_back}
    kept = {line.id: line.quantity - line.canceled - back.get(line.id, 0) for line in order.lines}
    return _commission_on(session, order, kept)


def _entry(
    order: Order, kind: TransferKind, cause: str, at: datetime, *, gross: int, commission: int, withheld: int
) -> SellerTransfer:
    return SellerTransfer(
        producer_id=order.producer_id,
        order_id=order.id,
        kind=kind,
        cause=cause,
        gross=gross,
        commission=commission,
        withheld=withheld,
        net=gross - commission - withheld,
        at=at,
    )


def _find_earning(session: Session, order_id: int) -> SellerTransfer | None:
    return session.execute(
        sa.select(SellerTransfer).where(
            SellerTransfer.cause == f"order:{order_id}", SellerTransfer.kind == TransferKind.EARNING
        )
    ).scalar_one_or_none()


def _left(amount: int, before: int, after: int) -> int:
    """Return what is left of an amount in proportion to what is left of what it was taken of."""
    return share(amount, after, before) if after < before else amount


def _withheld(session: Session, order: Order, gross: int) -> int:
    form = session.execute(
        sa.select(Producer.legal_form).where(Producer.id == order.producer_id)
    ).scalar_one()
    return share(gross, pay_terms(session).withheld_rate, 10_000) if form in TAXED_AT_SOURCE else 0


def _so_far(session: Session, order_id: int) -> tuple[int, int]:
    row = session.execute(
        sa.select(sa.func.sum(SellerTransfer.commission), sa.func.sum(SellerTransfer.withheld)).where(
            SellerTransfer.order_id == order_id
        )
    ).one()
    return int(row[0]), int(row[1])

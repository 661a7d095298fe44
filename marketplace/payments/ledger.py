"""What sellers earn of their orders: written once an order is delivered, taken back in part by refunds.

Amounts are đồng. Of every entry `net = gross - commission - withheld`, and the entries of an order add
up to what it stands at: after a full refund to nothing.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.ordering.after_sale_models import CommissionLine
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
    in_cash = order.group.payment_method is PaymentMethod.CASH_ON_DELIVERY
    if not _is_delivered(order) or (standing.owed and not in_cash):
        return None
    transfer = _entry(
        order,
        TransferKind.EARNING,
        f"order:{order_id}",
        at,
        gross=standing.gross,
        commission=_commission(session, order, standing),
        withheld=_withheld(session, order, standing.gross),
    )
    session.add(transfer)
    session.flush()
    return transfer


def reverse(
    session: Session, order: Order, before: Standing, after: Standing, cause: str, at: datetime
) -> SellerTransfer | None:
    """Take back of what was earned what a refund takes of the order's value, in proportion.

    Returns None when nothing was earned yet, or when only money beyond what was due goes back.
    """
    if before.value == after.value or not _find_earning(session, order.id):
        return None
    commission, withheld = _so_far(session, order.id)
    transfer = _entry(
        order,
        TransferKind.REFUND_REVERSAL,
        cause,
        at,
        gross=after.gross - before.gross,
        commission=share(commission, after.value, before.value) - commission,
        withheld=share(withheld, after.gross, before.gross) - withheld,
    )
    session.add(transfer)
    session.flush()
    return transfer


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


def _is_delivered(order: Order) -> bool:
    return (
        order.status is OrderStatus.PLACED
        and fulfillment_status(order) is FulfillmentStatus.DELIVERED
        and not units_to_send(order)
    )


def _commission(session: Session, order: Order, standing: Standing) -> int:
    """Return the commission frozen at sale, for the units that were sent and not given back since."""
    frozen = session.execute(
        sa.select(CommissionLine.order_line_id, CommissionLine.amount).where(
            CommissionLine.order_line_id.in_([line.id for line in order.lines])
        )
    )
    amounts = {row.order_line_id: row.amount for row in frozen}
    whole = sum(
        share(amounts.get(line.id, 0), line.quantity - line.canceled, line.quantity) for line in order.lines
    )
    return share(whole, standing.due - standing.lessened, standing.due)


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

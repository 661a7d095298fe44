"""What people decide about transfers that no machine should: whose they are, and what goes back."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.accounts import journal
from marketplace.accounts.permissions import Actor
from marketplace.accounts.roles import SITE
from marketplace.errors import InvalidInput, NotFound
from marketplace.ordering.order_lock import lock_order
from marketplace.ordering.order_number import read_number
from marketplace.payments.bank import find_payable, settle_transfer
from marketplace.payments.errors import NothingToRefund, OrderUnknown, TransferMatched
from marketplace.payments.models import BankTransfer, Refund, RefundReason, TransferState
from marketplace.payments.refunds import owe_refund
from marketplace.payments.standings import standing_of

LONGEST_WORDS = 300


def assign_transfer(
    session: Session, actor: Actor, transfer_id: int, number: str, at: datetime
) -> BankTransfer:
    """Give a transfer that named no order to the order a person found. Locks: transfer, order group.

    Raises TransferMatched when it has one, OrderUnknown for a number that takes no transfer, NotFound.
    """
    transfer = _lock_unmatched(session, transfer_id)
    group = find_payable(session, read_number(number) or "")
    if group is None:
        raise OrderUnknown(field="ma")
    transfer.decided_by = actor.person_id
    settle_transfer(session, transfer, group.id, at)
    data = {"group": group.id, "amount": transfer.amount}
    journal.record(session, actor, "transfer:assign", "bank_transfer", transfer.id, SITE, at=at, data=data)
    return transfer


def set_aside(session: Session, actor: Actor, transfer_id: int, words: str, at: datetime) -> BankTransfer:
    """Put a transfer aside that is for no order, saying why; it can still be given to one.

    Raises InvalidInput without words, TransferMatched when it has an order, NotFound.
    """
    if not 0 < len(words) <= LONGEST_WORDS:
        raise InvalidInput(field="loi", most=LONGEST_WORDS)
    transfer = _lock_unmatched(session, transfer_id)
    transfer.state, transfer.words = TransferState.SET_ASIDE, words
    transfer.decided_by = actor.person_id
    session.flush()
    journal.record(session, actor, "transfer:set_aside", "bank_transfer", transfer.id, SITE, at=at)
    return transfer


def give_excess_back(session: Session, actor: Actor, order_id: int, at: datetime) -> list[Refund]:
    """Promise back what was paid for an order beyond what is due; the second who asks is refused.

    Locks: order group, payment splits. Raises NothingToRefund when nothing is too much.
    """
    order = lock_order(session, order_id)
    standing = standing_of(session, order)
    if not standing.excess:
        raise NothingToRefund
    cause = f"excess:{order.id}:{standing.refunded}"
    refunds = owe_refund(session, order.id, standing.excess, RefundReason.OVERPAID, cause, at)
    data = {"amount": standing.excess}
    journal.record(session, actor, "excess:refund", "order", order.id, SITE, at=at, data=data)
    return refunds


def _lock_unmatched(session: Session, transfer_id: int) -> BankTransfer:
    transfer = session.execute(
        sa.select(BankTransfer)
        .where(BankTransfer.id == transfer_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if transfer is None:
        raise NotFound
    if transfer.state is TransferState.MATCHED:
        raise TransferMatched
    return transfer

"""Bank transfers to our account: each counted once, and led to the order that its message names.

What a person at the bank's counter would do, done by a machine only where nothing is in doubt: money that
names no order, too little of it or too much waits for people.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.ordering.allowance import give_allowance_back
from marketplace.ordering.models import Order, OrderGroup, OrderStatus, PaymentMethod
from marketplace.ordering.news import OrderNews, tell
from marketplace.ordering.order_lock import lock_group
from marketplace.ordering.order_number import read_number
from marketplace.ordering.status import amount_due
from marketplace.payments.errors import MoneyDiffers
from marketplace.payments.models import (
    BankTransfer,
    Payment,
    PaymentSplit,
    Refund,
    RefundReason,
    TransferState,
)
from marketplace.payments.receipts import take_money
from marketplace.payments.refunds import owe_refund
from marketplace.payments.standings import find_standings, is_live, whole_of
from marketplace.upsert import insert_into

NUMBER_LENGTH = 14
LONGEST_REFERENCE = 80
LONGEST_MESSAGE = 300
_FOR_WHAT_WAS_NOT_SENT = (RefundReason.CANCELED, RefundReason.OUT_OF_STOCK)


@dataclass(frozen=True, slots=True)
class Line:
    """Money that came to our account, as the bank tells it: its own number of it, whole đồng, the words."""

    reference: str
    amount: int
    message: str
    at: datetime


def take_transfer(session: Session, line: Line, at: datetime) -> BankTransfer:
    """Write a transfer down, once for each reference of the bank, and give it to the order it names.

    Money for an order that was canceled meanwhile is promised back at once. A transfer that names no
    order, or several, waits for people. Locks: order group, transfer, payment, telephone.
    Raises MoneyDiffers for a reference that is known with another amount.
    """
    return _take_all(session, {line: match_group(session, line.message)}, at)[0]


def _take(session: Session, line: Line, group: OrderGroup | None, at: datetime) -> BankTransfer:
    made = session.execute(
        insert_into(session, BankTransfer)
        .values(
            reference=line.reference,
            amount=line.amount,
            message=line.message[:LONGEST_MESSAGE],
            at=line.at,
            state=TransferState.UNMATCHED,
        )
        .on_conflict_do_nothing(index_elements=["reference"])
        .returning(BankTransfer.id)
    ).scalar_one_or_none()
    transfer = session.execute(
        sa.select(BankTransfer)
        .where(BankTransfer.reference == line.reference)
        .execution_options(populate_existing=True)
    ).scalar_one()
    if transfer.amount != line.amount:
        raise MoneyDiffers(reference=line.reference)
    if made is not None and group is not None:
        _settle(session, transfer, group, at)
    return transfer


def take_transfers(session: Session, lines: Iterable[Line], at: datetime) -> list[BankTransfer]:
    """Take the transfers of a statement, all or none; raises MoneyDiffers.

    Two statements brought in at once, or a statement and a seller, wait for each other in one order.
    """
    return _take_all(session, {line: match_group(session, line.message) for line in lines}, at)


def _take_all(session: Session, groups: Mapping[Line, OrderGroup | None], at: datetime) -> list[BankTransfer]:
    """Take transfers, each with the group it names: all groups are locked first, telephones last."""
    named = {line: group.id for line, group in groups.items() if group is not None}
    locked = {group_id: lock_group(session, group_id) for group_id in sorted(set(named.values()))}
    in_order = sorted(groups, key=lambda line: (named.get(line, 0), line.reference))
    taken = [_take(session, line, locked.get(named.get(line, 0)), at) for line in in_order]
    settled = {transfer.group_id for transfer in taken}
    for group in sorted(locked.values(), key=lambda group: group.buyer_phone):
        if group.id in settled:
            give_allowance_back(session, group)
    return taken


def settle_transfer(session: Session, transfer: BankTransfer, group_id: int, at: datetime) -> None:
    """Give a transfer to an order group, and promise back what is for goods that are not sent."""
    group = lock_group(session, group_id)
    give_allowance_back(session, group)
    _settle(session, transfer, group, at)


def _settle(session: Session, transfer: BankTransfer, group: OrderGroup, at: datetime) -> None:
    """Settle a group that is locked, its orders loaded."""
    transfer.state, transfer.group_id = TransferState.MATCHED, group.id
    take_money(session, group.id, PaymentMethod.VIETQR, transfer.reference, transfer.amount, at)
    standings = find_standings(session, group.orders)
    if whole_of(standings.values()).owed:
        tell(session, OrderNews.ORDER_SHORT, group.id, at)
    left = sum(one.excess for one in standings.values())
    if any(is_live(order) for order in group.orders):
        left = min(left, _paid_for_nothing(session, group))
    for order in group.orders:
        if back := min(left, standings[order.id].excess):
            owe_refund(session, order.id, back, RefundReason.CANCELED, f"transfer:{transfer.id}", at)
            left -= back


def _paid_for_nothing(session: Session, group: OrderGroup) -> int:
    """Return what canceled goods of a group came to, less what was promised back for them before."""
    canceled = sum(order.total - amount_due(order) for order in group.orders)
    promised = session.execute(
        sa.select(sa.func.coalesce(sa.func.sum(Refund.amount), 0))
        .join(PaymentSplit, PaymentSplit.id == Refund.split_id)
        .join(Payment, Payment.id == PaymentSplit.payment_id)
        .where(Payment.group_id == group.id, Refund.reason.in_(_FOR_WHAT_WAS_NOT_SENT))
    ).scalar_one()
    return max(0, canceled - int(promised))


def match_group(session: Session, message: str) -> OrderGroup | None:
    """Return the one order group whose number stands in a message, however a bank has mangled it.

    None where there is none, or more than one; an order that is paid by card before it is placed takes
    no transfer.
    """
    numbers = find_numbers(message)
    if not numbers:
        return None
    found = session.scalars(_payable().where(OrderGroup.number.in_(numbers)).limit(2)).all()
    return found[0] if len(found) == 1 else None


def find_payable(session: Session, number: str) -> OrderGroup | None:
    """Return the order group of a number that can take a transfer, or None."""
    return session.scalars(_payable().where(OrderGroup.number == number)).one_or_none()


def _payable() -> sa.Select[OrderGroup]:
    draft = sa.exists().where(Order.group_id == OrderGroup.id, Order.status == OrderStatus.DRAFT)
    return sa.select(OrderGroup).where(~draft)


def find_numbers(message: str) -> set[str]:
    """Return every order number that a message can be read to hold.

    Banks change case, drop or add dashes and spaces, and put words before and after without a space; so
    every 14 letters and digits in a row are tried, and the check character keeps out what is no number.
    """
    plain = unicodedata.normalize("NFKD", message).upper()
    letters = re.sub(r"[^0-9A-Z]", "", plain)
    windows = (letters[at : at + NUMBER_LENGTH] for at in range(len(letters) - NUMBER_LENGTH + 1))
    return {number for window in windows if (number := read_number(window))}

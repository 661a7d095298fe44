"""What sellers and the office read of the ledger: entries, payouts and balances, in đồng."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.ordering.models import Order, OrderGroup
from marketplace.payments.ledger_models import (
    PayoutAccount,
    PayoutState,
    SellerPayout,
    SellerTransfer,
    TransferKind,
)
from marketplace.payments.payouts import OPEN
from marketplace.producers.models import Producer


@dataclass(frozen=True, slots=True)
class StatementRow:
    """One entry of a seller's statement; `position` tells the parcels of an order group apart."""

    at: datetime
    number: str
    position: int
    order_id: int
    kind: TransferKind
    gross: int
    commission: int
    withheld: int
    net: int
    payout_id: int | None
    payout_state: PayoutState | None


@dataclass(frozen=True, slots=True)
class PayoutRow:
    """A payout and where it goes; the account is as it is now."""

    payout: SellerPayout
    seller: str
    account: PayoutAccount | None


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """What a seller is owed and is in no payout yet; negative when it owes."""

    producer_id: int
    seller: str
    amount: int
    has_account: bool


@dataclass(frozen=True, slots=True)
class SellerMoney:
    """A seller's money: owed and in no payout yet, on its way in an open payout, and paid out so far."""

    owed: int
    on_the_way: int
    paid_out: int


def list_statement(
    session: Session,
    producer_id: int,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int | None = None,
) -> list[StatementRow]:
    """Return the entries of a seller from an instant up to before another, newest first."""
    entries = (
        sa.select(SellerTransfer, OrderGroup.number, Order.position, SellerPayout.state)
        .join(Order, Order.id == SellerTransfer.order_id)
        .join(OrderGroup, OrderGroup.id == Order.group_id)
        .outerjoin(SellerPayout, SellerPayout.id == SellerTransfer.payout_id)
        .where(SellerTransfer.producer_id == producer_id)
        .order_by(SellerTransfer.at.desc(), SellerTransfer.id.desc())
        .limit(limit)
    )
    if since:
        entries = entries.where(SellerTransfer.at >= since)
    if until:
        entries = entries.where(SellerTransfer.at < until)
    return [_row(*entry) for entry in session.execute(entries)]


def find_seller_money(session: Session, producer_id: int) -> SellerMoney:
    """Return what is owed to a seller, on its way, and paid out."""
    of = SellerTransfer.producer_id == producer_id
    owed = sa.select(sa.func.sum(SellerTransfer.net)).where(of, SellerTransfer.payout_id.is_(None))
    paid = sa.select(SellerPayout.state, sa.func.sum(SellerPayout.amount).label("amount"))
    paid = paid.where(SellerPayout.producer_id == producer_id).group_by(SellerPayout.state)
    amounts = {row.state: int(row.amount) for row in session.execute(paid)}
    return SellerMoney(
        owed=int(session.scalar(owed) or 0),
        on_the_way=amounts.get(PayoutState.PENDING, 0) + amounts.get(PayoutState.PROCESSING, 0),
        paid_out=amounts.get(PayoutState.COMPLETED, 0),
    )


def list_payouts(
    session: Session,
    *,
    producer_id: int | None = None,
    closed_only: bool = False,
    limit: int | None = 200,
) -> list[PayoutRow]:
    """Return payouts with their sellers and accounts, newest first."""
    rows = _payouts().order_by(SellerPayout.made_at.desc(), SellerPayout.id.desc())
    if producer_id is not None:
        rows = rows.where(SellerPayout.producer_id == producer_id)
    if closed_only:
        rows = rows.where(SellerPayout.state.not_in(OPEN))
    return [PayoutRow(*row) for row in session.execute(rows.limit(limit))]


def list_open_payouts(session: Session) -> list[PayoutRow]:
    """Return every payout that waits to be transferred, oldest first: at most one for each seller."""
    rows = _payouts().where(SellerPayout.state.in_(OPEN))
    rows = rows.order_by(SellerPayout.made_at, SellerPayout.id)
    return [PayoutRow(*row) for row in session.execute(rows)]


def find_payout(session: Session, payout_id: int) -> PayoutRow | None:
    """Return a payout with its seller and account, or None."""
    row = session.execute(_payouts().where(SellerPayout.id == payout_id)).one_or_none()
    return PayoutRow(*row) if row else None


def list_balances(session: Session, limit: int = 200) -> Sequence[BalanceRow]:
    """Return the sellers with something owed either way, the largest first."""
    amount = sa.func.sum(SellerTransfer.net)
    rows = (
        sa.select(Producer.id, Producer.name, amount, sa.func.count(PayoutAccount.producer_id))
        .join(SellerTransfer, SellerTransfer.producer_id == Producer.id)
        .outerjoin(PayoutAccount, PayoutAccount.producer_id == Producer.id)
        .where(SellerTransfer.payout_id.is_(None))
        .group_by(Producer.id, Producer.name)
        .having(amount != 0)
        .order_by(amount.desc(), Producer.id)
        .limit(limit)
    )
    return [
        BalanceRow(producer_id, seller, int(owed), bool(accounts))
        for producer_id, seller, owed, accounts in session.execute(rows)
    ]


def _payouts() -> sa.Select[SellerPayout, str, PayoutAccount]:
    return (
        sa.select(SellerPayout, Producer.name, PayoutAccount)
        .join(Producer, Producer.id == SellerPayout.producer_id)
        .outerjoin(PayoutAccount, PayoutAccount.producer_id == SellerPayout.producer_id)
    )


def _row(entry: SellerTransfer, number: str, position: int, state: PayoutState | None) -> StatementRow:
    return StatementRow(
        entry.at,
        number,
        position,
        entry.order_id,
        entry.kind,
        entry.gross,
        entry.commission,
        entry.withheld,
        entry.net,
        entry.payout_id,
        state,
    )

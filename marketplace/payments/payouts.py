"""Paying sellers out: what is owed to a seller, made into a payout, completed or failed by people.

A seller's balance is the sum of its entries that no payout names; what it owes is carried to the next
payout. Payouts of one seller wait for each other at its account.
"""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from marketplace.accounts import journal
from marketplace.accounts.permissions import Actor
from marketplace.accounts.roles import Scope, ScopeKind
from marketplace.errors import NotFound
from marketplace.payments.errors import InvalidReference, PayoutClosed
from marketplace.payments.ledger_models import PayoutAccount, PayoutState, SellerPayout, SellerTransfer
from marketplace.payments.payout_accounts import lock_payout_account
from marketplace.payments.terms import pay_terms

AT_ONCE = 100
LONGEST_REFERENCE, LONGEST_FAILURE = 120, 300
OPEN = frozenset({PayoutState.PENDING, PayoutState.PROCESSING})


def balance(session: Session, producer_id: int) -> int:
    """Return what is owed to a seller and in no payout yet, in đồng; negative when the seller owes."""
    owed = sa.select(sa.func.sum(SellerTransfer.net)).where(_unpaid(producer_id))
    return int(session.execute(owed).scalar_one() or 0)


def list_payable(session: Session, at: datetime) -> list[int]:
    """Return sellers who seem to be due a payout, by a look without locks."""
    minimum = max(1, pay_terms(session).payout_minimum)
    too_early = _too_early(session, at, SellerTransfer.producer_id, PayoutAccount.set_at)
    owed = (
        sa.select(SellerTransfer.producer_id)
        .join(PayoutAccount, PayoutAccount.producer_id == SellerTransfer.producer_id)
        .where(SellerTransfer.payout_id.is_(None), ~too_early)
        .group_by(SellerTransfer.producer_id)
        .having(sa.func.sum(SellerTransfer.net) >= minimum)
        .order_by(SellerTransfer.producer_id)
        .limit(AT_ONCE)
    )
    return list(session.scalars(owed))


def make_payout(session: Session, producer_id: int, at: datetime) -> SellerPayout | None:
    """Make one payout of all that is owed to a seller, or return None when none is due.

    None is due without an account, below the minimum, before the interval is over, while an earlier one
    is open, or after one that failed until the account is set anew. Locks: account, ledger entries.
    """
    account = lock_payout_account(session, producer_id)
    if account is None:
        return None
    if session.scalar(sa.select(_too_early(session, at, account.producer_id, account.set_at))):
        return None
    unpaid = sa.select(SellerTransfer.id, SellerTransfer.net).where(_unpaid(producer_id))
    entries = session.execute(unpaid.order_by(SellerTransfer.id).with_for_update()).all()
    amount = sum(entry.net for entry in entries)
    if amount < max(1, pay_terms(session).payout_minimum):
        return None
    payout = SellerPayout(producer_id=producer_id, amount=amount, state=PayoutState.PENDING, made_at=at)
    session.add(payout)
    session.flush()
    session.execute(
        sa.update(SellerTransfer)
        .where(SellerTransfer.id.in_([entry.id for entry in entries]))
        .values(payout_id=payout.id)
    )
    return payout


def complete_payout(
    session: Session, actor: Actor, payout_id: int, reference: str, at: datetime
) -> SellerPayout:
    """Note that a payout was transferred, under the bank's reference; noting it twice changes nothing.

    Raises NotFound, InvalidReference, and PayoutClosed when it met another end.
    """
    reference = _read(reference, LONGEST_REFERENCE, "reference")
    payout = _lock(session, payout_id)
    if payout.state is PayoutState.COMPLETED and payout.reference == reference:
        return payout
    if payout.state not in OPEN:
        raise PayoutClosed(state=payout.state.value)
    payout.state, payout.reference, payout.done_at = PayoutState.COMPLETED, reference, at
    payout.done_by = actor.person_id
    _record(session, actor, "payout:complete", payout, at)
    return payout


def fail_payout(session: Session, actor: Actor, payout_id: int, failure: str, at: datetime) -> SellerPayout:
    """Note that a payout did not arrive, or was returned by the bank: its entries are owed again.

    Noting it twice changes nothing. Raises NotFound and InvalidReference without words.
    """
    failure = _read(failure, LONGEST_FAILURE, "failure")
    payout = _lock(session, payout_id)
    if payout.state is PayoutState.FAILED:
        return payout
    payout.state, payout.failure, payout.done_at = PayoutState.FAILED, failure, at
    payout.done_by = actor.person_id
    session.flush()
    owed_again = sa.update(SellerTransfer).where(SellerTransfer.payout_id == payout.id)
    session.execute(owed_again.values(payout_id=None))
    _record(session, actor, "payout:fail", payout, at)
    return payout


def _unpaid(producer_id: int) -> sa.ColumnElement[bool]:
    return sa.and_(SellerTransfer.producer_id == producer_id, SellerTransfer.payout_id.is_(None))


def _too_early(
    session: Session,
    at: datetime,
    producer_id: int | InstrumentedAttribute[int],
    account_set_at: datetime | InstrumentedAttribute[datetime],
) -> sa.ColumnElement[bool]:
    since = at - timedelta(days=pay_terms(session).payout_every_days)
    failed_since = sa.and_(SellerPayout.state == PayoutState.FAILED, SellerPayout.done_at < account_set_at)
    recent = sa.and_(SellerPayout.made_at > since, ~failed_since)
    return sa.exists().where(
        SellerPayout.producer_id == producer_id, sa.or_(SellerPayout.state.in_(OPEN), recent)
    )


def _lock(session: Session, payout_id: int) -> SellerPayout:
    of = sa.select(SellerPayout.producer_id).where(SellerPayout.id == payout_id)
    producer_id = session.execute(of).scalar_one_or_none()
    if producer_id is None:
        raise NotFound
    lock_payout_account(session, producer_id)
    return session.get_one(SellerPayout, payout_id, with_for_update=True, populate_existing=True)


def _read(words: str, longest: int, field: str) -> str:
    words = " ".join(words.split())
    if not 0 < len(words) <= longest:
        raise InvalidReference(field=field)
    return words


def _record(session: Session, actor: Actor, action: str, payout: SellerPayout, at: datetime) -> None:
    org = Scope(ScopeKind.PRODUCER, payout.producer_id)
    journal.record(session, actor, action, "payout", payout.id, org, at=at, data={"amount": payout.amount})

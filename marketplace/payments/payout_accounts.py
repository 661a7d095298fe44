"""Where a producer wants its money."""

import re
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.payments.errors import InvalidAccount
from marketplace.payments.ledger_models import PayoutAccount
from marketplace.upsert import insert_into

_BIN = re.compile(r"[0-9]{6}")
_ACCOUNT = re.compile(r"[0-9A-Z]{4,19}")
LONGEST_HOLDER = 100


def set_payout_account(
    session: Session, producer_id: int, bank_bin: str, account: str, holder: str, at: datetime
) -> PayoutAccount:
    """Set where a producer wants its money: the bank's BIN, the account and its holder.

    Raises InvalidAccount naming the field.
    """
    holder = " ".join(holder.split()).upper()
    account = account.replace(" ", "").upper()
    if not _BIN.fullmatch(bank_bin):
        raise InvalidAccount(field="bank_bin")
    if not _ACCOUNT.fullmatch(account):
        raise InvalidAccount(field="account")
    if not 0 < len(holder) <= LONGEST_HOLDER:
        raise InvalidAccount(field="holder")
    facts = {"bank_bin": bank_bin, "account": account, "holder": holder, "set_at": at}
    session.execute(
        insert_into(session, PayoutAccount)
        .values(producer_id=producer_id, **facts)
        .on_conflict_do_update(index_elements=["producer_id"], set_=facts)
    )
    return session.get_one(PayoutAccount, producer_id, populate_existing=True)


def find_payout_account(session: Session, producer_id: int) -> PayoutAccount | None:
    """Return where a producer wants its money, or None when it has not said."""
    return session.get(PayoutAccount, producer_id)


def lock_payout_account(session: Session, producer_id: int) -> PayoutAccount | None:
    """Load the account for changing the producer's payouts: they wait for each other here."""
    return session.execute(
        sa.select(PayoutAccount)
        .where(PayoutAccount.producer_id == producer_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()

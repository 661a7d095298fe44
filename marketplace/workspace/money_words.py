"""What entries and payouts are called, and when the next payout comes."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from flask_babel import lazy_gettext as _l

from marketplace import clock
from marketplace.payments.ledger_models import PayoutAccount, PayoutState, SellerPayout, TransferKind
from marketplace.payments.payouts import OPEN
from marketplace.payments.terms import PayTerms
from marketplace.workspace.words import Mark

ENTRIES: dict[TransferKind, Mark] = {
    TransferKind.EARNING: Mark(_l("Đơn đã giao"), "ok", "ok"),
    TransferKind.REFUND_REVERSAL: Mark(_l("Trừ vì hoàn tiền khách"), "warn", "undo"),
}
PAYOUTS: dict[PayoutState, Mark] = {
    PayoutState.PENDING: Mark(_l("Đang chuẩn bị chuyển"), "new", "wait"),
    PayoutState.PROCESSING: Mark(_l("Đang chuyển"), "new", "wait"),
    PayoutState.COMPLETED: Mark(_l("Đã chuyển"), "ok", "ok"),
    PayoutState.FAILED: Mark(_l("Ngân hàng trả lại"), "bad", "alert"),
}


def next_payout(
    payouts: Sequence[SellerPayout], account: PayoutAccount | None, terms: PayTerms, now: datetime
) -> date | None:
    """Return the first day on which the next payout may be made; None while one is on its way.

    `payouts` are a seller's, the newest first. One that failed counts until the account is set anew.
    """
    if any(one.state in OPEN for one in payouts):
        return None
    made = next((one.made_at for one in payouts if not _mended(one, account)), None)
    free = made + timedelta(days=terms.payout_every_days) if made else now
    return clock.local_date(max(free, now))


def _mended(payout: SellerPayout, account: PayoutAccount | None) -> bool:
    if payout.state is not PayoutState.FAILED or payout.done_at is None or account is None:
        return False
    return payout.done_at < account.set_at

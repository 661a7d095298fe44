"""What payments know of a buyer, and how long: amounts stay as books do, what was typed with them goes.

Whoever transfers money types what they like into the message, their name as well; after two years nobody
needs it any more. Amounts and references are vouchers and stay (Luật Kế toán 88/2015/QH13, điều 41).
"""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.accounts.privacy import Subject, erasers, exporters
from marketplace.database import unit_of_work
from marketplace.ordering.models import OrderGroup
from marketplace.payments.models import BankTransfer, Payment, PaymentSplit, Refund

MESSAGES_KEPT_FOR = timedelta(days=730)
KEPT_BECAUSE = "số tiền đã trả và đã hoàn, không kèm tên, theo Luật Kế toán"


def export_payments(session: Session, subject: Subject) -> dict[str, Any]:
    """Return what a subject paid, what was given back, and what they typed into transfers."""
    groups = sa.select(OrderGroup.id).where(_of(subject))
    paid = session.execute(
        sa.select(Payment.method, Payment.amount, Payment.received_at)
        .where(Payment.group_id.in_(groups))
        .order_by(Payment.id)
    )
    back = session.execute(
        sa.select(Refund.reason, Refund.amount, Refund.state, Refund.asked_at, Refund.words)
        .join(PaymentSplit, PaymentSplit.id == Refund.split_id)
        .join(Payment, Payment.id == PaymentSplit.payment_id)
        .where(Payment.group_id.in_(groups))
        .order_by(Refund.id)
    )
    typed = session.execute(
        sa.select(BankTransfer.amount, BankTransfer.message, BankTransfer.at)
        .where(BankTransfer.group_id.in_(groups))
        .order_by(BankTransfer.id)
    )
    return {
        "paid": [{"by": by.value, "amount": amount, "at": at.isoformat()} for by, amount, at in paid],
        "given_back": [
            {"because": because.value, "amount": amount, "state": state.value, "at": at.isoformat()}
            | {"words": words}
            for because, amount, state, at, words in back
        ],
        "transfers": [
            {"amount": amount, "message": message, "at": at.isoformat()} for amount, message, at in typed
        ],
    }


def forget_messages(session: Session, subject: Subject, at: datetime) -> str | None:
    """Blank what a subject typed into transfers; the amounts stay, and that is said."""
    groups = sa.select(OrderGroup.id).where(_of(subject))
    session.execute(sa.update(BankTransfer).where(BankTransfer.group_id.in_(groups)).values(message=""))
    held = session.execute(sa.select(Payment.id).where(Payment.group_id.in_(groups)).limit(1)).first()
    return KEPT_BECAUSE if held else None


def let_messages_go() -> None:
    """Blank what was typed into transfers and with refunds of more than two years ago; a periodic duty."""
    end = clock.now() - MESSAGES_KEPT_FOR
    old = BankTransfer.at < end
    with unit_of_work() as session:
        session.execute(sa.update(BankTransfer).where(old, BankTransfer.message != "").values(message=""))
        given = (Refund.asked_at < end, Refund.words.is_not(None))
        session.execute(sa.update(Refund).where(*given).values(words=None))


def _of(subject: Subject) -> sa.ColumnElement[bool]:
    known = (
        (OrderGroup.buyer_phone, subject.phone),
        (OrderGroup.buyer_email, subject.email),
        (OrderGroup.person_id, subject.person_id),
    )
    return sa.or_(sa.false(), *(column == value for column, value in known if value))


exporters["payments"] = export_payments
erasers["payments"] = forget_messages

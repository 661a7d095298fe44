"""What oversight knows of the officers who did it: inspections and orders recorded, revocations signed.

These are records of a public duty: they stay, and an erased person's name goes with the account.
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.accounts.privacy import Subject, erasers, exporters, rows_of
from marketplace.certification.oversight.models import AuthorityOrder, Inspection, Revocation

KEPT_BECAUSE = "việc kiểm tra, thu hồi giấy và gỡ hàng đã ghi, vì là hồ sơ công vụ"


def export_oversight(session: Session, subject: Subject) -> dict[str, Any]:
    """Return what a subject recorded as an officer, with nothing of what colleagues did beside it."""
    number = subject.person_id
    if number is None or not _known(session, number):
        return {}
    decided, drafted = Revocation.decided_by == number, Revocation.drafted_by == number
    return {
        "inspections": rows_of(session, Inspection, Inspection.recorded_by == number),
        "authority_orders": rows_of(session, AuthorityOrder, AuthorityOrder.recorded_by == number),
        "revocations_drafted": rows_of(session, Revocation, drafted, "decided_by"),
        "revocations_decided": rows_of(session, Revocation, decided, "drafted_by"),
    }


def keep_oversight(session: Session, subject: Subject, at: datetime) -> str | None:
    """Say that an officer's records stay; nothing of them is erased."""
    number = subject.person_id
    return KEPT_BECAUSE if number is not None and _known(session, number) else None


def _known(session: Session, number: int) -> bool:
    found = (
        sa.exists().where(Inspection.recorded_by == number),
        sa.exists().where(AuthorityOrder.recorded_by == number),
        sa.exists().where(sa.or_(Revocation.drafted_by == number, Revocation.decided_by == number)),
    )
    return bool(session.scalar(sa.select(sa.or_(*found))))


exporters["oversight"] = export_oversight
erasers["oversight"] = keep_oversight

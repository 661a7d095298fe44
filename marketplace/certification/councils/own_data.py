"""What councils know of their members: seats, conflicts, their own sheets, and minutes they signed.

These are records of a public duty: they stay, and an erased person's name goes with the account.
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.accounts.privacy import Subject, erasers, exporters, rows_of
from marketplace.certification.councils.models import Conflict, CouncilMember, MinutesSignature, Seat
from marketplace.certification.dossiers.sheet_models import SheetChoice, SheetRow, SheetStop

KEPT_BECAUSE = "ghế trong hội đồng, phiếu chấm và chữ ký biên bản, vì là hồ sơ công vụ của kỳ đánh giá"


def export_seats(session: Session, subject: Subject) -> dict[str, Any]:
    """Return what councils know of a subject, with nothing of what other members scored."""
    members = sa.select(CouncilMember.id).where(CouncilMember.person_id == subject.person_id)
    ids = list(session.execute(members).scalars()) if subject.person_id is not None else []
    if not ids:
        return {}
    own = sa.select(SheetRow.id).where(SheetRow.member_id.in_(ids))
    return {
        "seats": rows_of(session, CouncilMember, CouncilMember.id.in_(ids)),
        "sessions": rows_of(session, Seat, Seat.member_id.in_(ids)),
        "conflicts": rows_of(session, Conflict, Conflict.member_id.in_(ids), "declared_by"),
        "sheets": rows_of(session, SheetRow, SheetRow.member_id.in_(ids), "level"),
        "choices": rows_of(session, SheetChoice, SheetChoice.sheet_id.in_(own)),
        "stops": rows_of(session, SheetStop, SheetStop.sheet_id.in_(own)),
        "minutes_signed": rows_of(session, MinutesSignature, MinutesSignature.member_id.in_(ids)),
    }


def keep_seats(session: Session, subject: Subject, at: datetime) -> str | None:
    """Say that a member's records stay; nothing of them is erased."""
    found = sa.select(CouncilMember.id).where(CouncilMember.person_id == subject.person_id).limit(1)
    known = subject.person_id is not None and session.execute(found).first() is not None
    return KEPT_BECAUSE if known else None


exporters["councils"] = export_seats
erasers["councils"] = keep_seats

"""What trace data knows of the people who wrote it: events, zones, labels, recalls, and alerts looked at.

A shopper must be able to check a chain as long as goods are about, and a recall as long as anybody holds
them, so these records stay; an erased person's name goes with the account.
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.accounts.privacy import Subject, erasers, exporters, rows_of
from marketplace.traceability.codes.models import LabelBatch
from marketplace.traceability.events.models import TraceEvent
from marketplace.traceability.recalls.models import Recall
from marketplace.traceability.scans.models import ScanAlert
from marketplace.traceability.zones.models import ZoneLine

KEPT_BECAUSE = (
    "việc đã ghi ở lô, vùng nguyên liệu, tem và thu hồi, không kèm tên, vì người mua còn cầm hàng phải tự"
    " kiểm được"
)
_HASHES = ("previous_hash", "hash")


def export_traces(session: Session, subject: Subject) -> dict[str, Any]:
    """Return what a subject wrote, with nothing of what colleagues did beside it."""
    number = subject.person_id
    if number is None:
        return {}
    lifted = ("ordered_by", "words", "advice", "reason", "document_number")
    told = {
        "events": rows_of(session, TraceEvent, TraceEvent.recorded_by == number, *_HASHES),
        "zones": rows_of(session, ZoneLine, ZoneLine.recorded_by == number, *_HASHES),
        "labels": rows_of(session, LabelBatch, LabelBatch.made_by == number, "order_key"),
        "recalls_ordered": rows_of(session, Recall, Recall.ordered_by == number, "lifted_by", "lift_words"),
        "recalls_lifted": rows_of(session, Recall, Recall.lifted_by == number, *lifted),
        "scan_alerts_seen": rows_of(session, ScanAlert, ScanAlert.seen_by == number),
    }
    return {name: rows for name, rows in told.items() if rows}


def keep_traces(session: Session, subject: Subject, at: datetime) -> str | None:
    """Say that what a subject wrote stays; nothing of it is erased."""
    number = subject.person_id
    written = (
        sa.exists().where(TraceEvent.recorded_by == number),
        sa.exists().where(ZoneLine.recorded_by == number),
        sa.exists().where(LabelBatch.made_by == number),
        sa.exists().where(sa.or_(Recall.ordered_by == number, Recall.lifted_by == number)),
        sa.exists().where(ScanAlert.seen_by == number),
    )
    known = number is not None and session.scalar(sa.select(sa.or_(*written)))
    return KEPT_BECAUSE if known else None


exporters["traceability"] = export_traces
erasers["traceability"] = keep_traces

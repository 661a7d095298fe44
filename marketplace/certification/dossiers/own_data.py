"""What dossiers know of the person who stands for a producer in forms 01 and 02, and how long.

A dossier is a file of an authority while it is examined; once it has ended, and as long as it was never
handed in, who stood for the producer is erased with the person.
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.accounts.privacy import Subject, erasers, exporters
from marketplace.certification.dossiers.evidence_models import EvidenceFile
from marketplace.certification.dossiers.models import Dossier, DossierState, DossierStep, SelfReport

PERSONAL = ("representative", "title", "female", "ethnicity", "home", "phone", "email")
KEPT_BECAUSE = (
    "người đại diện ghi trong hồ sơ đang được cơ quan xét, đến khi có kết quả; bước xử lý và minh chứng"
    " đã nộp, vì là hồ sơ đánh giá của cơ sở"
)
_BLANK: dict[str, Any] = {name: "" for name in PERSONAL if name != "female"} | {"female": None}
_NOT_EXAMINED = (DossierState.DRAFT, *(state for state in DossierState if state.ended))


def export_reports(session: Session, subject: Subject) -> dict[str, Any]:
    """Return how dossiers name a subject, what they did to dossiers, and the evidence they added."""
    named = sa.select(SelfReport, Dossier.code).join(Dossier, Dossier.id == SelfReport.dossier_id)
    reports = session.execute(named.where(_names(subject)).order_by(SelfReport.dossier_id)).all()
    steps = sa.select(DossierStep, Dossier.code).join(Dossier, Dossier.id == DossierStep.dossier_id)
    done = session.execute(
        steps.where(DossierStep.actor_id == subject.person_id).order_by(DossierStep.id)
    ).all()
    added = sa.select(EvidenceFile).where(EvidenceFile.added_by == subject.person_id)
    told = {
        "reports": [_told_report(report, code) for report, code in reports],
        "steps": [_told_step(step, code) for step, code in done],
        "evidence": [
            {"title": one.title, "number": one.number, "added_at": one.added_at.isoformat()}
            for one in session.scalars(added.order_by(EvidenceFile.id))
        ],
    }
    return {name: rows for name, rows in told.items() if rows}


def forget_reports(session: Session, subject: Subject, at: datetime) -> str | None:
    """Take a subject out of the dossiers that nobody examines, and say whether any others name it."""
    open_to_it = sa.select(Dossier.id).where(Dossier.state.in_(_NOT_EXAMINED))
    blank = sa.update(SelfReport).where(_names(subject), SelfReport.dossier_id.in_(open_to_it))
    session.execute(blank.values(**_BLANK).execution_options(synchronize_session="fetch"))
    return KEPT_BECAUSE if export_reports(session, subject) else None


def _names(subject: Subject) -> sa.ColumnElement[bool]:
    """Return whether a report names a subject, by telephone or e-mail address."""
    known = ((SelfReport.phone, subject.phone), (SelfReport.email, subject.email))
    return sa.or_(sa.false(), *(column == value for column, value in known if value))


def _told_report(report: SelfReport, code: str) -> dict[str, Any]:
    return {"dossier": code, **{name: getattr(report, name) for name in PERSONAL}}


def _told_step(step: DossierStep, code: str) -> dict[str, Any]:
    return {"dossier": code, "state": step.state.value, "at": step.at.isoformat(), "words": step.words}


exporters["dossiers"] = export_reports
erasers["dossiers"] = forget_reports

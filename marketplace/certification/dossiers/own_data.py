"""What dossiers know of the person who stands for a producer in forms 01 and 02, and how long.

A dossier is a file of an authority while it is examined; once it has ended, and as long as it was never
handed in, who stood for the producer is erased with the person. Whose telephone or address stands in a
report in which somebody else stands for the producer is told, and rid of, that telephone or address alone.
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.accounts.models import Person
from marketplace.accounts.privacy import Subject, erasers, exporters
from marketplace.certification.dossiers.evidence_models import EvidenceFile
from marketplace.certification.dossiers.models import Dossier, DossierState, DossierStep, SelfReport
from marketplace.text import clean

PERSONAL = ("representative", "title", "female", "ethnicity", "home", "phone", "email")
REACHED_BY = ("phone", "email")
KEPT_BECAUSE = (
    "người đại diện ghi trong hồ sơ đang được cơ quan xét, đến khi có kết quả; bước xử lý và minh chứng"
    " đã nộp, vì là hồ sơ đánh giá của cơ sở"
)
_NOT_EXAMINED = (DossierState.DRAFT, *(state for state in DossierState if state.ended))


def export_reports(session: Session, subject: Subject) -> dict[str, Any]:
    """Return how dossiers name a subject, what they did to dossiers, and the evidence they added."""
    steps = sa.select(DossierStep, Dossier.code).join(Dossier, Dossier.id == DossierStep.dossier_id)
    done = session.execute(
        steps.where(DossierStep.actor_id == subject.person_id).order_by(DossierStep.id)
    ).all()
    added = sa.select(EvidenceFile).where(EvidenceFile.added_by == subject.person_id)
    told = {
        "reports": [
            {"dossier": dossier.code, **{name: getattr(report, name) for name in names}}
            for report, dossier, names in _reports_of(session, subject)
        ],
        "steps": [_told_step(step, code) for step, code in done],
        "evidence": [
            {"title": one.title, "number": one.number, "added_at": one.added_at.isoformat()}
            for one in session.scalars(added.order_by(EvidenceFile.id))
        ],
    }
    return {name: rows for name, rows in told.items() if rows}


def forget_reports(session: Session, subject: Subject, at: datetime) -> str | None:
    """Take a subject out of the dossiers that nobody examines, and say whether any others name it."""
    for report, dossier, names in _reports_of(session, subject):
        if dossier.state in _NOT_EXAMINED:
            for name in names:
                setattr(report, name, None if name == "female" else "")
    session.flush()
    return KEPT_BECAUSE if export_reports(session, subject) else None


def _reports_of(session: Session, subject: Subject) -> list[tuple[SelfReport, Dossier, tuple[str, ...]]]:
    """Return the reports with a subject's telephone or address, and what of each is the subject's.

    All that is personal where the person of that name stands for the producer, else what was found alone.
    """
    known = {"phone": subject.phone, "email": subject.email}
    found = [getattr(SelfReport, name) == value for name, value in known.items() if value]
    wanted = sa.select(SelfReport, Dossier).join(Dossier, Dossier.id == SelfReport.dossier_id)
    wanted = wanted.where(sa.or_(sa.false(), *found)).order_by(SelfReport.dossier_id)
    person = session.get(Person, subject.person_id) if subject.person_id is not None else None
    own = _plainly(person.name) if person else ""
    return [
        (
            report,
            dossier,
            PERSONAL
            if own and _plainly(report.representative) == own
            else tuple(name for name in REACHED_BY if known[name] and getattr(report, name) == known[name]),
        )
        for report, dossier in session.execute(wanted).all()
    ]


def _plainly(name: str) -> str:
    return clean(name).casefold()


def _told_step(step: DossierStep, code: str) -> dict[str, Any]:
    return {"dossier": code, "state": step.state.value, "at": step.at.isoformat(), "words": step.words}


exporters["dossiers"] = export_reports
erasers["dossiers"] = forget_reports

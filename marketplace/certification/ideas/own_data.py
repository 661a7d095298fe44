"""What ideas know of a person: slips they handed in, answers they gave, steps they wrote down.

These are the producer's records and the commune's book: they stay, and an erased person's name goes with
the account.
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.accounts.privacy import Subject, erasers, exporters
from marketplace.certification.ideas.models import ProductIdea, RoadmapStep

KEPT_BECAUSE = "phiếu ý tưởng và lộ trình, vì là sổ của cơ sở và của xã"


def export_ideas(session: Session, subject: Subject) -> dict[str, Any]:
    """Return the slips of a subject's hand, those they answered, and the steps they wrote."""
    if subject.person_id is None:
        return {}
    handed_in = sa.select(ProductIdea).where(ProductIdea.submitted_by == subject.person_id)
    answered = sa.select(ProductIdea).where(ProductIdea.answered_by == subject.person_id)
    steps = sa.select(RoadmapStep).where(RoadmapStep.recorded_by == subject.person_id)
    told = {
        "handed_in": [_slip(idea) for idea in session.scalars(handed_in.order_by(ProductIdea.id))],
        "answered": [_answer(idea) for idea in session.scalars(answered.order_by(ProductIdea.id))],
        "steps": [_step(step) for step in session.scalars(steps.order_by(RoadmapStep.id))],
    }
    return {name: rows for name, rows in told.items() if rows}


def keep_ideas(session: Session, subject: Subject, at: datetime) -> str | None:
    """Say that what a subject handed in, answered or wrote stays; nothing of it is erased."""
    return KEPT_BECAUSE if export_ideas(session, subject) else None


def _slip(idea: ProductIdea) -> dict[str, Any]:
    said = {name: getattr(idea, name) for name in ("year", "name", "origin", "material", "market")}
    return {**said, "state": idea.state.value, "submitted_at": idea.submitted_at.isoformat()}


def _answer(idea: ProductIdea) -> dict[str, Any]:
    at = idea.answered_at.isoformat() if idea.answered_at else None
    return {"year": idea.year, "slip_number": idea.slip_number, "words": idea.words, "answered_at": at}


def _step(step: RoadmapStep) -> dict[str, Any]:
    return {"words": step.words, "due_on": step.due_on.isoformat()}


exporters["ideas"] = export_ideas
erasers["ideas"] = keep_ideas

"""The yearly cycle in six steps, counted for an officer's units: a row for each commune and their sum.

The steps are the programme's own (ocop.gov.vn, "6 bước chuẩn hoá quy trình OCOP"): publicity, ideas, business
plans, carrying them out, evaluation, promotion.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.certification.dossiers.models import Dossier, DossierState
from marketplace.certification.ideas.models import (
    BusinessPlan,
    IdeaState,
    PlanState,
    ProductIdea,
    RoadmapStep,
)
from marketplace.office.ideas import ideas_in
from marketplace.office.tenancy import Reach
from marketplace.places.models import AdminUnit
from marketplace.places.names import alphabetical
from marketplace.producers.models import Producer
from marketplace.programme.fact_models import (
    TradeEvent,
    TradeEventParticipant,
    TrainingAttendance,
    TrainingSession,
)

_ACCEPTED = ProductIdea.state == IdeaState.ACCEPTED
IDEAS: Mapping[str, sa.ColumnElement[bool]] = {
    "ideas": ProductIdea.state != IdeaState.WITHDRAWN,
    "ideas_waiting": ProductIdea.state == IdeaState.SUBMITTED,
    "ideas_accepted": _ACCEPTED,
    "potential": sa.and_(_ACCEPTED, ProductIdea.potential.is_(True)),
    "plans": sa.and_(_ACCEPTED, BusinessPlan.submitted_at.is_not(None)),
    "plans_waiting": sa.and_(_ACCEPTED, BusinessPlan.state == PlanState.SUBMITTED),
    "plans_approved": sa.and_(_ACCEPTED, BusinessPlan.state == PlanState.APPROVED),
}
"""What is counted of ideas of a year."""
DOSSIERS: Mapping[str, sa.ColumnElement[bool]] = {
    "dossiers": Dossier.state != DossierState.WITHDRAWN,
    "dossiers_open": Dossier.state.not_in([state for state in DossierState if state.ended]),
    "recognised": Dossier.state == DossierState.RECOGNISED,
    "not_recognised": Dossier.state == DossierState.NOT_RECOGNISED,
}
"""What is counted of dossiers that were first handed in in a year."""


@dataclass(frozen=True, slots=True)
class Cycle:
    """A year's figures by name, in all and by commune in the order of the alphabet."""

    year: int
    total: Counter[str]
    communes: list[tuple[str, Counter[str]]]


def count_cycle(session: Session, reach: Reach, year: int) -> Cycle:
    """Return a year's figures; five statements."""
    by_commune: dict[int, Counter[str]] = {}
    names: dict[int, str] = {}
    for figures, wanted in ((IDEAS, _ideas(reach, year)), (DOSSIERS, _dossiers(reach, year))):
        for number, kind, name, *counts in session.execute(wanted):
            names[number] = f"{kind} {name}"
            found = zip(figures, counts, strict=True)
            by_commune.setdefault(number, Counter()).update(dict(found))
    total: Counter[str] = sum(by_commune.values(), Counter())
    total.update(_steps(session, reach, year))
    total.update(_gatherings(session, reach, year))
    in_order = sorted(by_commune, key=lambda number: alphabetical(names[number]))
    return Cycle(year, total, [(names[number], by_commune[number]) for number in in_order])


def _counted(figures: Mapping[str, sa.ColumnElement[bool]]) -> list[sa.ColumnElement[Any]]:
    unit: list[Any] = [AdminUnit.id, AdminUnit.kind, AdminUnit.name]
    return [*unit, *(sa.func.count().filter(condition) for condition in figures.values())]


def _ideas(reach: Reach, year: int) -> sa.Select[Any]:
    return (
        sa.select(*_counted(IDEAS))
        .select_from(ProductIdea)
        .join(AdminUnit, AdminUnit.id == ProductIdea.commune_id)
        .outerjoin(BusinessPlan, BusinessPlan.idea_id == ProductIdea.id)
        .where(ProductIdea.year == year, ideas_in(reach))
        .group_by(AdminUnit.id, AdminUnit.kind, AdminUnit.name)
    )


def _dossiers(reach: Reach, year: int) -> sa.Select[Any]:
    begins, ends = _bounds(year)
    return (
        sa.select(*_counted(DOSSIERS))
        .select_from(Dossier)
        .join(AdminUnit, AdminUnit.id == Dossier.commune_id)
        .where(reach.dossiers(), Dossier.submitted_at >= begins, Dossier.submitted_at < ends)
        .group_by(AdminUnit.id, AdminUnit.kind, AdminUnit.name)
    )


def _steps(session: Session, reach: Reach, year: int) -> dict[str, int]:
    late = sa.and_(RoadmapStep.done_on.is_(None), RoadmapStep.due_on < clock.today())
    done = RoadmapStep.done_on.is_not(None)
    wanted = (
        sa.select(sa.func.count(), sa.func.count().filter(done), sa.func.count().filter(late))
        .select_from(RoadmapStep)
        .join(ProductIdea, ProductIdea.id == RoadmapStep.idea_id)
        .where(ProductIdea.year == year, _ACCEPTED, ideas_in(reach))
    )
    return dict(zip(("steps", "steps_done", "steps_late"), session.execute(wanted).one(), strict=True))


def _gatherings(session: Session, reach: Reach, year: int) -> dict[str, int]:
    """Return how many trainings and trade events there were, and how many producers of the units came."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    held = TrainingSession.held_on.between(first, last)
    began = TradeEvent.started_on.between(first, last)
    of_training = sa.and_(TrainingAttendance.session_id == TrainingSession.id, held)
    of_event = sa.and_(TradeEventParticipant.event_id == TradeEvent.id, began)
    counts = {
        "trainings": (TrainingSession.id, TrainingAttendance, of_training),
        "trained": (TrainingAttendance.producer_id, TrainingAttendance, of_training),
        "events": (TradeEvent.id, TradeEventParticipant, of_event),
        "promoted": (TradeEventParticipant.producer_id, TradeEventParticipant, of_event),
    }
    wanted = (_distinct(reach, *of_kind) for of_kind in counts.values())
    return dict(zip(counts, session.execute(sa.select(*wanted)).one(), strict=True))


def _distinct(reach: Reach, what: Any, attendance: Any, on: sa.ColumnElement[bool]) -> Any:
    """Return how many there are at which a producer of the units was; the rest is other places' work."""
    parent = TrainingSession if attendance is TrainingAttendance else TradeEvent
    return (
        sa.select(sa.func.count(sa.distinct(what)))
        .select_from(attendance)
        .join(parent, on)
        .join(Producer, Producer.id == attendance.producer_id)
        .where(reach.over(Producer))
        .scalar_subquery()
    )


def _bounds(year: int) -> tuple[datetime, datetime]:
    return clock.start_of(date(year, 1, 1)), clock.start_of(date(year + 1, 1, 1))

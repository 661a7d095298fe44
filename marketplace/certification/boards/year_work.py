"""What a year's report tells of the office's work: ideas, dossiers, councils, inspections, orders."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.certification.boards.living import number_of
from marketplace.certification.boards.territory import Territory
from marketplace.certification.councils.models import Conflict, SessionDossier
from marketplace.certification.dossiers.models import Dossier, DossierKind, DossierState, DossierStep
from marketplace.certification.ideas.models import IdeaState, ProductIdea
from marketplace.certification.oversight.models import AuthorityOrder, Finding, Inspection, InspectionKind
from marketplace.places.models import AdminUnit
from marketplace.producers.models import Producer

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class CouncilFigures:
    """What councils of a territory did in a year; `spread` is the mean of what sheets differed by."""

    sessions: int
    dossiers: int
    mean_points: Decimal | None
    spread: Decimal | None
    conflicts: int


@dataclass(frozen=True, slots=True)
class InspectionFigures:
    """Inspections by kind, what they found, and how much of it was put right by now."""

    by_kind: Mapping[InspectionKind, int]
    findings: int
    mended: int


@dataclass(frozen=True, slots=True)
class OrderFigures:
    """Demands of authorities to take something down, and how many were answered in time."""

    received: int
    in_time: int


def span_of(year: int) -> tuple[datetime, datetime]:
    """Return the first instant of a year in Vietnam, and that of the next."""
    return clock.start_of(date(year, 1, 1)), clock.start_of(date(year + 1, 1, 1))


def count_ideas(session: Session, territory: Territory, year: int) -> Mapping[IdeaState, int]:
    """Return the ideas registered for a year's cycle, by what became of them."""
    rows = session.execute(
        sa.select(ProductIdea.state, sa.func.count())
        .where(ProductIdea.year == year, territory.holds(ProductIdea.province_id, ProductIdea.commune_id))
        .group_by(ProductIdea.state)
    )
    return dict(rows.all())


def count_submitted(session: Session, territory: Territory, year: int) -> Mapping[DossierKind, int]:
    """Return how many dossiers were handed in for the last time in a year, by kind."""
    first, end = span_of(year)
    rows = session.execute(
        sa.select(Dossier.kind, sa.func.count())
        .where(_over(territory), Dossier.submitted_at >= first, Dossier.submitted_at < end)
        .group_by(Dossier.kind)
    )
    return dict(rows.all())


def count_steps(session: Session, territory: Territory, year: int) -> Mapping[DossierState, int]:
    """Return how many dossiers came into each state in a year; each counts once a state."""
    first, end = span_of(year)
    rows = session.execute(
        sa.select(DossierStep.state, sa.func.count(DossierStep.dossier_id.distinct()))
        .join(Dossier, Dossier.id == DossierStep.dossier_id)
        .where(_over(territory), DossierStep.at >= first, DossierStep.at < end)
        .group_by(DossierStep.state)
    )
    return dict(rows.all())


def count_councils(session: Session, territory: Territory, year: int) -> CouncilFigures:
    """Return what the councils closed in a year; of a commune, what concerned its dossiers."""
    first, end = span_of(year)
    closed = (
        sa.select(
            sa.func.count(SessionDossier.session_id.distinct()),
            sa.func.count(),
            sa.func.avg(SessionDossier.points),
            sa.func.avg(SessionDossier.spread),
        )
        .select_from(SessionDossier)
        .join(Dossier, Dossier.id == SessionDossier.dossier_id)
        .where(_over(territory), SessionDossier.closed_at >= first, SessionDossier.closed_at < end)
    )
    conflicts = (
        sa.select(sa.func.count())
        .select_from(Conflict)
        .join(Dossier, Dossier.id == Conflict.dossier_id)
        .where(_over(territory), Conflict.declared_at >= first, Conflict.declared_at < end)
    )
    sessions, dossiers, points, spread = session.execute(closed).one()
    return CouncilFigures(
        sessions, dossiers, _rounded(points), _rounded(spread), session.scalars(conflicts).one()
    )


def count_inspections(session: Session, territory: Territory, year: int) -> InspectionFigures:
    """Return the inspections of a year and their findings."""
    of_year = sa.and_(
        Inspection.inspected_on.between(date(year, 1, 1), date(year, 12, 31)), territory.over(Producer)
    )
    kinds = session.execute(
        sa.select(Inspection.kind, sa.func.count())
        .join(Producer, Producer.id == Inspection.producer_id)
        .where(of_year)
        .group_by(Inspection.kind)
    )
    findings = (
        sa.select(sa.func.count(), number_of(Finding.mended_on.is_not(None)))
        .select_from(Finding)
        .join(Inspection, Inspection.id == Finding.inspection_id)
        .join(Producer, Producer.id == Inspection.producer_id)
        .where(of_year)
    )
    found, mended = session.execute(findings).one()
    return InspectionFigures(dict(kinds.all()), found, int(mended))


def count_orders(session: Session, territory: Territory, year: int) -> OrderFigures:
    """Return the demands that the offices of a territory received in a year."""
    first, end = span_of(year)
    received = (
        sa.select(sa.func.count(), number_of(AuthorityOrder.answered_at <= AuthorityOrder.due_at))
        .join(AdminUnit, AdminUnit.id == AuthorityOrder.unit_id)
        .where(_office_of(territory), AuthorityOrder.received_at >= first, AuthorityOrder.received_at < end)
    )
    number, in_time = session.execute(received).one()
    return OrderFigures(number, int(in_time))


def _office_of(territory: Territory) -> sa.ColumnElement[bool]:
    """Return whether an office lies in a territory: that of the province, and those of its communes."""
    if territory.commune_id is not None:
        return AdminUnit.id == territory.commune_id
    if territory.province_id is None:
        return sa.true()
    return sa.or_(AdminUnit.id == territory.province_id, AdminUnit.parent_id == territory.province_id)


def _over(territory: Territory) -> sa.ColumnElement[bool]:
    return territory.holds(Dossier.province_id, Dossier.commune_id)


def _rounded(number: object) -> Decimal | None:
    return None if number is None else Decimal(str(number)).quantize(CENT, ROUND_HALF_UP)

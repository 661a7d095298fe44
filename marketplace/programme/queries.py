"""Questions about plans: all of them, one with its figures, and the rows behind one of its targets."""

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from marketplace.database import db
from marketplace.errors import NotFound
from marketplace.places.models import AdminSuccession, AdminUnit, Level
from marketplace.programme.counting import count_targets
from marketplace.programme.districts import Districts, list_districts
from marketplace.programme.figures import Figure, Tally, figure_of
from marketplace.programme.metrics import Ground
from marketplace.programme.models import Programme, Target


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan with every figure, the districts it counts by, and the province that answers for it today."""

    programme: Programme
    today: AdminUnit | None
    districts: Districts
    figures: tuple[Figure, ...]


def list_programmes() -> list[Programme]:
    """Return all plans with their provinces, targets and marks, newest period first."""
    wanted = sa.select(Programme).options(
        joinedload(Programme.unit), selectinload(Programme.targets).joinedload(Target.mark)
    )
    found = db.session.scalars(wanted.order_by(Programme.period_end.desc(), Programme.slug))
    return list(found.unique())


def get_programme(slug: str, *shown: ORMOption) -> Programme:
    """Return a plan with its province; raises NotFound."""
    wanted = sa.select(Programme).where(Programme.slug == slug).options(joinedload(Programme.unit), *shown)
    found = db.session.scalars(wanted.execution_options(populate_existing=True)).unique().one_or_none()
    if found is None:
        raise NotFound(programme=slug)
    return found


def get_plan(slug: str) -> Plan:
    """Return a plan with all its figures, in few statements however many targets it has; raises NotFound."""
    of_targets = selectinload(Programme.targets)
    programme = get_programme(
        slug, of_targets.joinedload(Target.mark), of_targets.selectinload(Target.evidence)
    )
    districts = list_districts(programme)
    tallies = count_targets(programme.targets, Ground.of(programme, districts.ids))
    figures = tuple(
        figure_of(target, tallies.get(target.code, Tally()), districts.units) for target in programme.targets
    )
    return Plan(programme, provinces_today([programme])[programme.id], districts, figures)


def get_figure(programme: Programme, target: Target) -> Figure:
    """Return the figure of one target of a plan that was loaded with its marks."""
    districts = list_districts(programme)
    tallies = count_targets([target], Ground.of(programme, districts.ids))
    return figure_of(target, tallies.get(target.code, Tally()), districts.units)


def provinces_today(programmes: Iterable[Programme]) -> dict[int, AdminUnit | None]:
    """Return by plan the province of today that its own has become, or still is."""
    plans = list(programmes)
    former = {plan.unit_id for plan in plans if plan.unit.ended}
    later = (
        sa.select(AdminSuccession.predecessor_id, AdminUnit)
        .join(AdminUnit, AdminUnit.id == AdminSuccession.successor_id)
        .where(
            AdminSuccession.predecessor_id.in_(former),
            AdminUnit.level == Level.PROVINCE,
            AdminUnit.ended.is_(False),
        )
        .order_by(AdminSuccession.main)
    )
    today: dict[int, AdminUnit] = dict(db.session.execute(later).all()) if former else {}
    return {plan.id: today.get(plan.unit_id) if plan.unit.ended else plan.unit for plan in plans}

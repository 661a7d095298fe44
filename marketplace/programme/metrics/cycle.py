"""What the yearly cycle leaves behind: slips taken in, potential products with a roadmap, inspections.

They are counted where their producers lie: a unit of today tells nothing of a district that has ended.
"""

from typing import Any

import sqlalchemy as sa

from marketplace.certification.ideas.models import IdeaState, ProductIdea, RoadmapStep
from marketplace.certification.oversight.models import Inspection
from marketplace.producers.models import Producer
from marketplace.programme.metrics.ground import Ground, Rows, Statement
from marketplace.programme.models import Target


def ideas(ground: Ground, target: Target) -> Rows:
    """Count slips that were taken in for a year of the period and not withdrawn since."""
    return Rows(_taken_in(ground, target))


def potential(ground: Ground, target: Target) -> Rows:
    """Count those of them that the office counts as potential and gave a step of a roadmap."""
    planned = sa.exists().where(RoadmapStep.idea_id == ProductIdea.id)
    return Rows(_taken_in(ground, target).where(ProductIdea.potential, planned))


def inspections(ground: Ground, target: Target) -> Rows:
    """Count inspections made in the period."""
    origin = sa.func.coalesce(Producer.origin_id, Inspection.unit_id)
    year = sa.cast(sa.extract("year", Inspection.inspected_on), sa.Integer)
    made = _of_producers(ground, Inspection, origin, year)
    return Rows(made.where(Inspection.inspected_on.between(target.period_start, target.period_end)))


def _taken_in(ground: Ground, target: Target) -> Statement:
    origin = sa.func.coalesce(Producer.origin_id, ProductIdea.commune_id)
    taken = _of_producers(ground, ProductIdea, origin, ProductIdea.year)
    years = (target.period_start.year, target.period_end.year)
    return taken.where(ProductIdea.state == IdeaState.ACCEPTED, ProductIdea.year.between(*years))


def _of_producers(
    ground: Ground, of: type[ProductIdea] | type[Inspection], origin: Any, year: Any
) -> Statement:
    columns: Any = (of.id.label("id"), origin.label("origin_id"), year.label("year"))
    wanted = sa.select(*columns).join(Producer, Producer.id == of.producer_id)
    return wanted.where(origin.in_(ground.land))

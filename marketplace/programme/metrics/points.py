"""Sales points behind a figure: standing at the end of a period, or opened in it."""

from typing import Any

import sqlalchemy as sa

from marketplace.programme.metrics.ground import Ground, Rows, Statement
from marketplace.programme.metrics.products import NO_YEAR
from marketplace.programme.models import Target
from marketplace.sales_points.models import SalesPoint


def standing(ground: Ground, target: Target) -> Rows:
    """Count points of a level that had opened by the last day of the period and not closed.

    A point whose level, or whose opening day, no source tells is unsure.
    """
    end = target.period_end
    open_still = sa.or_(SalesPoint.closed_on.is_(None), SalesPoint.closed_on > end)
    here = _points(ground).where(
        open_still, sa.or_(SalesPoint.opened_on.is_(None), SalesPoint.opened_on <= end)
    )
    sure = here.where(SalesPoint.level == target.point_level, SalesPoint.opened_on.is_not(None))
    lacking = sa.or_(
        SalesPoint.level.is_(None),
        sa.and_(SalesPoint.level == target.point_level, SalesPoint.opened_on.is_(None)),
    )
    return Rows(sure, unsure=here.where(lacking))


def opened(ground: Ground, target: Target) -> Rows:
    """Count points opened in the period; those whose opening day no source tells are unsure."""
    here = _points(ground)
    in_period = SalesPoint.opened_on.between(target.period_start, target.period_end)
    return Rows(here.where(in_period), unsure=here.where(SalesPoint.opened_on.is_(None)))


def _points(ground: Ground) -> Statement:
    columns: Any = (SalesPoint.id.label("id"), SalesPoint.origin_id, NO_YEAR.label("year"))
    return sa.select(*columns).where(SalesPoint.origin_id.in_(ground.land))

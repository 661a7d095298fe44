"""What the office wrote down of a period: fairs, trainings, rights filed for."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from marketplace.programme.asset_models import IPRight
from marketplace.programme.fact_models import Recorded, TradeEvent, TrainingSession
from marketplace.programme.metrics.ground import Ground, Rows
from marketplace.programme.models import Target


def trade_events(ground: Ground, target: Target) -> Rows:
    """Count trade promotions that began in the period."""
    return _of_period(ground, target, TradeEvent, TradeEvent.started_on)


def training_sessions(ground: Ground, target: Target) -> Rows:
    """Count trainings held in the period."""
    return _of_period(ground, target, TrainingSession, TrainingSession.held_on)


def ip_rights(ground: Ground, target: Target) -> Rows:
    """Count rights of producers that were filed for in the period."""
    return _of_period(ground, target, IPRight, IPRight.filed_on)


def _of_period(ground: Ground, target: Target, fact: type[Recorded], day: InstrumentedAttribute[Any]) -> Rows:
    year = sa.cast(sa.extract("year", day), sa.Integer).label("year")
    columns: Any = (fact.id.label("id"), fact.unit_id.label("origin_id"), year)
    wanted = sa.select(*columns).where(
        fact.unit_id == ground.unit_id, day.between(target.period_start, target.period_end)
    )
    return Rows(wanted)

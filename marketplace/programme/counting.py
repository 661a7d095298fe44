"""All figures of a plan, counted in one statement from the rows that the drill-downs list."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from marketplace.database import db
from marketplace.programme.asset_models import CraftVillage
from marketplace.programme.figures import Tally
from marketplace.programme.metrics import Ground, rows_of
from marketplace.programme.metrics.ground import Statement
from marketplace.programme.models import Spread, Target

NOWHERE: sa.ColumnElement[int | None] = sa.cast(sa.null(), sa.Integer)
VILLAGES = "villages"


def count_targets(targets: Sequence[Target], ground: Ground) -> dict[str, Tally]:
    """Return the numbers behind each target that has a metric, by code."""
    asked = [question for target in targets if target.metric for question in _questions(target, ground)]
    numbers: dict[str, dict[str, dict[int | None, int]]] = defaultdict(lambda: defaultdict(dict))
    answers: Sequence[Any] = db.session.execute(sa.union_all(*asked)).all() if asked else ()
    for code, part, place, number in answers:
        numbers[code][part][place] = number
    return {code: _tally(parts) for code, parts in numbers.items()}


def _tally(parts: dict[str, dict[int | None, int]]) -> Tally:
    def one(part: str) -> int:
        return parts[part].get(None, 0) if part in parts else 0

    def many(part: str) -> dict[int, int]:
        return {place: number for place, number in parts.get(part, {}).items() if place is not None}

    return Tally(one("counted"), one("base"), one("unsure"), many("places"), many(VILLAGES))


def _questions(target: Target, ground: Ground) -> Iterator[Statement]:
    rows = rows_of(target, ground)
    counted = rows.counted.subquery()
    yield _how_many(target, "counted", counted.c.id, NOWHERE)
    if rows.base is not None:
        yield _how_many(target, "base", rows.base.subquery().c.id, NOWHERE)
    if rows.unsure is not None:
        lacking = rows.unsure.subquery()
        unknown = _how_many(target, "unsure", lacking.c.id, NOWHERE)
        yield unknown.where(lacking.c.id.not_in(sa.select(counted.c.id)))
    if target.spread is Spread.EACH_YEAR:
        yield _how_many(target, "places", counted.c.id, counted.c.year).group_by(counted.c.year)
    elif target.spread is Spread.EACH_DISTRICT:
        yield _by_district(target, ground, counted)
        if target.needs_village:
            yield _villages(target, ground)


def _how_many(target: Target, part: str, what: Any, place: Any) -> Statement:
    named = (sa.literal(target.code, sa.Text), sa.literal(part, sa.Text))
    return sa.select(*named, place, sa.func.count(what.distinct()))


def _by_district(target: Target, ground: Ground, counted: sa.Subquery) -> Statement:
    areas = ground.areas
    here = sa.and_(areas.c.unit_id == counted.c.origin_id, areas.c.start_id != ground.unit_id)
    asked = _how_many(target, "places", counted.c.id, areas.c.start_id)
    return asked.join_from(counted, areas, here).group_by(areas.c.start_id)


def _villages(target: Target, ground: Ground) -> Statement:
    asked = _how_many(target, VILLAGES, CraftVillage.id, CraftVillage.district_id)
    recognised = CraftVillage.recognised_on <= target.period_end
    return asked.where(CraftVillage.district_id.in_(ground.district_ids), recognised).group_by(
        CraftVillage.district_id
    )

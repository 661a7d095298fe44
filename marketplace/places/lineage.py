"""What units went into, came from and lay in, read from the database in a few statements."""

from collections import defaultdict
from collections.abc import Collection, Mapping

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from marketplace.database import db
from marketplace.places.models import AdminSuccession, AdminUnit, Level


def line_of(starts: sa.Select[tuple[int]]) -> sa.CTE:
    """Return each unit with all units of any later time that it went into: `start_id`, `unit_id`.

    A district leads to communes by its own successions alone: Lộc Hà was merged into Thạch Hà,
    and yet did not become the other communes of Thạch Hà.
    """
    former, later = aliased(AdminUnit), aliased(AdminUnit)
    line = _with_themselves(starts, "line")
    down = sa.and_(former.level == Level.DISTRICT, later.level == Level.COMMUNE)
    return line.union(
        sa.select(line.c.start_id, later.id)
        .join(former, former.id == line.c.unit_id)
        .join(AdminSuccession, AdminSuccession.predecessor_id == former.id)
        .join(later, later.id == AdminSuccession.successor_id)
        .where(sa.or_(former.id == line.c.start_id, sa.not_(down)))
    )


def territory_of(starts: sa.Select[tuple[int]]) -> sa.CTE:
    """Return each unit with all that lay in it, or in one of the same territory: `start_id`, `unit_id`."""
    same = _same_territory(starts)
    down = (
        sa.select(same.c.start_id, same.c.unit_id)
        .where(same.c.unit_id.is_not(None))
        .cte("territory", recursive=True)
    )
    return down.union(
        sa.select(down.c.start_id, AdminUnit.id).join(AdminUnit, AdminUnit.parent_id == down.c.unit_id)
    )


def _same_territory(starts: sa.Select[tuple[int]]) -> sa.CTE:
    """Return each unit with those it came from or went into one to one, at its level, and a null.

    The next one is looked up unit by unit: joined, all successions would be judged each time.
    """
    same = _with_themselves(starts, "same")
    former, later = aliased(AdminSuccession), aliased(AdminSuccession)
    onward = sa.select(former.successor_id).where(former.predecessor_id == same.c.unit_id, *_alone(former))
    back = sa.select(later.predecessor_id).where(later.successor_id == same.c.unit_id, *_alone(later))
    side = sa.union_all(sa.select(sa.true().label("on")), sa.select(sa.false().label("on"))).subquery()
    next_one = sa.case((side.c.on, onward.scalar_subquery()), else_=back.scalar_subquery())
    return same.union(sa.select(same.c.start_id, next_one).join_from(same, side, sa.true()))


def _alone(pair: type[AdminSuccession]) -> list[sa.ColumnElement[bool]]:
    """Say that a succession is within one level, and that none other there shares an end with it."""
    from_same, to_same = aliased(AdminSuccession), aliased(AdminSuccession)
    split = (from_same.predecessor_id == pair.predecessor_id, from_same.successor_id != pair.successor_id)
    joined = (to_same.successor_id == pair.successor_id, to_same.predecessor_id != pair.predecessor_id)
    return [
        _within_level(pair),
        ~sa.exists().where(*split, _within_level(from_same)),
        ~sa.exists().where(*joined, _within_level(to_same)),
    ]


def _within_level(pair: type[AdminSuccession]) -> sa.ColumnElement[bool]:
    former, later = aliased(AdminUnit), aliased(AdminUnit)
    return (
        sa.select(former.level).where(former.id == pair.predecessor_id).scalar_subquery()
        == sa.select(later.level).where(later.id == pair.successor_id).scalar_subquery()
    )


def _with_themselves(starts: sa.Select[tuple[int]], name: str) -> sa.CTE:
    start = starts.subquery().c[0]
    return sa.select(start.label("start_id"), start.label("unit_id")).cte(name, recursive=True)


def upward_successions(unit_ids: Collection[int]) -> dict[int, list[int]]:
    """Return the successions from these units on that do not lead down a level, main ones first."""
    former, later = aliased(AdminUnit), aliased(AdminUnit)
    line = sa.select(AdminUnit.id).where(AdminUnit.id.in_(unit_ids)).cte("line", recursive=True)
    line = line.union(
        sa.select(AdminSuccession.successor_id).where(AdminSuccession.predecessor_id == line.c.id)
    )
    pairs = (
        sa.select(AdminSuccession.predecessor_id, AdminSuccession.successor_id)
        .join(former, former.id == AdminSuccession.predecessor_id)
        .join(later, later.id == AdminSuccession.successor_id)
        .where(
            former.id.in_(sa.select(line.c.id)),
            sa.or_(later.level == former.level, later.level == Level.PROVINCE),
        )
        .order_by(AdminSuccession.main.desc(), AdminSuccession.successor_id)
    )
    found: dict[int, list[int]] = defaultdict(list)
    for predecessor, successor in db.session.execute(pairs):
        found[predecessor].append(successor)
    return found


def reach(unit_id: int, later: Mapping[int, list[int]]) -> list[int]:
    """Return what a unit leads to, nearest first."""
    found: list[int] = []
    queue = [unit_id]
    while queue:
        fresh = [unit for unit in later.get(queue.pop(0), ()) if unit not in found]
        found.extend(fresh)
        queue.extend(fresh)
    return found


def with_ancestors(unit_ids: Collection[int]) -> dict[int, AdminUnit]:
    """Return units by id, together with all units that they lay in at their time."""
    up = sa.select(AdminUnit.id, AdminUnit.parent_id).where(AdminUnit.id.in_(unit_ids))
    tree = up.cte("up", recursive=True)
    tree = tree.union(sa.select(AdminUnit.id, AdminUnit.parent_id).where(AdminUnit.id == tree.c.parent_id))
    found = db.session.scalars(sa.select(AdminUnit).where(AdminUnit.id.in_(sa.select(tree.c.id))))
    return {unit.id: unit for unit in found}


def upward(unit_id: int, units: Mapping[int, AdminUnit]) -> list[int]:
    """Return a unit and what it lay in, outward."""
    line = [unit_id]
    while (parent := units[line[-1]].parent_id) is not None:
        line.append(parent)
    return line

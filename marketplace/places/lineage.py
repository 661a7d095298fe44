"""What units went into, came from and lay in, read from the database in a few statements."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from marketplace.database import db
from marketplace.places.models import AdminSuccession, AdminUnit, Level

Pair = tuple[int, int]


def later_ids(unit_ids: Collection[int]) -> list[int]:
    """Return all units of any later time that these went into.

    A district leads to communes by its own successions alone: Lộc Hà was merged into Thạch Hà,
    and yet did not become the other communes of Thạch Hà.
    """
    former, later = aliased(AdminUnit), aliased(AdminUnit)
    line = sa.select(AdminUnit.id).where(AdminUnit.id.in_(unit_ids)).cte("line", recursive=True)
    down = sa.and_(former.level == Level.DISTRICT, later.level == Level.COMMUNE)
    line = line.union(
        sa.select(later.id)
        .join(AdminSuccession, AdminSuccession.successor_id == later.id)
        .join(former, former.id == AdminSuccession.predecessor_id)
        .where(former.id == line.c.id, sa.or_(former.id.in_(unit_ids), sa.not_(down)))
    )
    return [unit for unit in db.session.scalars(sa.select(line.c.id)) if unit not in set(unit_ids)]


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


def same_territory(unit_id: int) -> set[int]:
    """Return a unit with those it came from or went into one to one, at its level."""
    found, fresh = {unit_id}, {unit_id}
    while fresh:
        pairs = _pairs_around(fresh)
        sole = [pair for pair in pairs if _alone(pairs, pair) and fresh & set(pair)]
        fresh = {unit for pair in sole for unit in pair} - found
        found |= fresh
    return found


def _alone(pairs: Iterable[Pair], pair: Pair) -> bool:
    return [other for other in pairs if other[0] == pair[0] or other[1] == pair[1]] == [pair]


def _pairs_around(unit_ids: Collection[int]) -> set[Pair]:
    """Return the successions within one level that touch these units, and those that share an end."""
    touching = _pairs(unit_ids, unit_ids)
    return touching | _pairs({former for former, _ in touching}, {later for _, later in touching})


def _pairs(predecessors: Collection[int], successors: Collection[int]) -> set[Pair]:
    former, later = aliased(AdminUnit), aliased(AdminUnit)
    wanted = (
        sa.select(AdminSuccession.predecessor_id, AdminSuccession.successor_id)
        .join(former, former.id == AdminSuccession.predecessor_id)
        .join(later, later.id == AdminSuccession.successor_id)
        .where(
            former.level == later.level,
            sa.or_(former.id.in_(predecessors), later.id.in_(successors)),
        )
    )
    return {(row[0], row[1]) for row in db.session.execute(wanted)}

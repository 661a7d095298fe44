"""Questions about administrative units."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from marketplace.database import db
from marketplace.errors import NotFound
from marketplace.places.gazetteer import Gazetteer
from marketplace.places.models import AdminSuccession, AdminUnit, Level
from marketplace.places.names import alphabetical, name_key, province_by_other_name, readings
from marketplace.places.resolving import ResolvedPlace, resolve
from marketplace.text import slugify

BATCH = 500


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """What a name means: units of today, and the former units that it named.

    `today` holds provinces first, then communes; a former unit's successors are among them.
    """

    today: tuple[AdminUnit, ...]
    former: tuple[AdminUnit, ...]


def get_unit(unit_id: int) -> AdminUnit:
    """Return a unit of any time; raise NotFound if there is none."""
    unit = db.session.get(AdminUnit, unit_id)
    if unit is None:
        raise NotFound(unit=unit_id)
    return unit


def list_provinces() -> list[AdminUnit]:
    """Return the provinces of today in the order of the Vietnamese alphabet."""
    wanted = sa.select(AdminUnit).where(AdminUnit.level == Level.PROVINCE, AdminUnit.ended.is_(False))
    return sorted(db.session.scalars(wanted), key=lambda unit: alphabetical(unit.name))


def list_communes(province_id: int) -> list[AdminUnit]:
    """Return the communes of today in a province, in the order of the Vietnamese alphabet."""
    wanted = sa.select(AdminUnit).where(
        AdminUnit.parent_id == province_id, AdminUnit.level == Level.COMMUNE, AdminUnit.ended.is_(False)
    )
    return sorted(db.session.scalars(wanted), key=lambda unit: alphabetical(unit.name))


def resolve_place(
    commune: str | None, district: str | None, province: str | None, on: date | None = None
) -> ResolvedPlace:
    """Read one printed place; many places are read with one `Gazetteer.load()` and `resolve`."""
    return resolve(Gazetteer.load(), commune, district, province, on)


def find_today(text: str) -> FoundPlace:
    """Find what a name, slug or code means: `quang-binh`, `huyện Quảng Trạch`, `44`.

    Namesakes are all returned; a name printed with its kind keeps to units of that kind. Both
    tuples are empty where nothing is named so.
    """
    named = _named(text)
    former = tuple(unit for unit in named if unit.ended)
    later = _units(_successors([unit.id for unit in former])) if former else []
    today = {unit.id: unit for unit in (*named, *later) if not unit.ended}
    return FoundPlace(tuple(sorted(today.values(), key=_by_level_and_name)), former)


def _named(text: str) -> list[AdminUnit]:
    for kind, name in readings(text):
        official = province_by_other_name(name)
        condition = sa.or_(
            AdminUnit.name_key == name_key(official),
            AdminUnit.slug == slugify(official),
            sa.and_(AdminUnit.code == name, AdminUnit.ended.is_(False)),
        )
        units = list(db.session.scalars(sa.select(AdminUnit).where(condition).order_by(AdminUnit.id)))
        if found := [unit for unit in units if kind in {None, unit.kind}] or units:
            return found
    return []


def _by_level_and_name(unit: AdminUnit) -> tuple[bool, tuple[tuple[int, ...], tuple[int, ...]]]:
    return unit.level is not Level.PROVINCE, alphabetical(unit.name)


def list_successors(unit_id: int, on: date) -> list[AdminUnit]:
    """Return what a unit had become on a day: the units valid then along its line, itself included.

    A unit whose first day is unknown counts as there from the beginning, one whose last day is
    unknown only if it is of today.
    """
    line = _units([unit_id, *_successors([unit_id])])
    there = [unit for unit in line if _exists(unit, on)]
    return sorted(there, key=_by_level_and_name)


def _exists(unit: AdminUnit, on: date) -> bool:
    if unit.ended and unit.valid_to is None:
        return False
    return (unit.valid_from or date.min) <= on <= (unit.valid_to or date.max)


def descendant_ids(unit_id: int) -> set[int]:
    """Return a unit with all units that lay in it at its time, for filtering by `origin_id`.

    Units of the same territory count as one: Thừa Thiên Huế holds what Huế holds.
    """
    roots = _same_territory(unit_id)
    tree = sa.select(AdminUnit.id).where(AdminUnit.id.in_(roots)).cte("tree", recursive=True)
    tree = tree.union(sa.select(AdminUnit.id).where(AdminUnit.parent_id == tree.c.id))
    return set(db.session.scalars(sa.select(tree.c.id)))


def _same_territory(unit_id: int) -> set[int]:
    """Follow successions one to one at the same level, in both directions."""
    found, fresh = {unit_id}, {unit_id}
    while fresh:
        pairs = _level_pairs(fresh)
        sole = {pair for pair in pairs if _count(pairs, 0, pair[0]) == 1 and _count(pairs, 1, pair[1]) == 1}
        fresh = {unit for pair in sole if fresh & set(pair) for unit in pair} - found
        found |= fresh
    return found


def _count(pairs: Iterable[tuple[int, int]], side: int, unit_id: int) -> int:
    return sum(pair[side] == unit_id for pair in pairs)


def _level_pairs(unit_ids: Collection[int]) -> set[tuple[int, int]]:
    """Return the successions within one level that share a unit with those touching these units."""
    former, later = aliased(AdminUnit), aliased(AdminUnit)
    pair = (
        sa.select(AdminSuccession.predecessor_id, AdminSuccession.successor_id)
        .join(former, former.id == AdminSuccession.predecessor_id)
        .join(later, later.id == AdminSuccession.successor_id)
        .where(former.level == later.level)
    )
    touching = _pairs_of(pair, unit_ids, unit_ids)
    return touching | _pairs_of(pair, {one for one, _ in touching}, {other for _, other in touching})


def _pairs_of(
    pair: sa.Select[tuple[int, int]], predecessors: Collection[int], successors: Collection[int]
) -> set[tuple[int, int]]:
    wanted = pair.where(
        sa.or_(AdminSuccession.predecessor_id.in_(predecessors), AdminSuccession.successor_id.in_(successors))
    )
    return set(db.session.execute(wanted).tuples())


def names_around(origin_ids: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """Return for each unit all names that search should know it by.

    They are its own name, those of what it lay in, and those of what it has become with the
    provinces of today, each with its kind and without repeats.
    """
    wanted = list(dict.fromkeys(origin_ids))
    names: dict[int, tuple[str, ...]] = {}
    for start in range(0, len(wanted), BATCH):
        names |= _names_of_batch(wanted[start : start + BATCH])
    return names


def _names_of_batch(unit_ids: list[int]) -> dict[int, tuple[str, ...]]:
    later: Mapping[int, list[int]] = _successions_from(unit_ids)
    reach = {unit: [unit, *_reach(unit, later)] for unit in unit_ids}
    units = _with_ancestors({one for line in reach.values() for one in line})
    return {
        unit: tuple(dict.fromkeys(units[x].full_name for one in line for x in _upward(one, units)))
        for unit, line in reach.items()
        if unit in units
    }


def _reach(unit_id: int, later: Mapping[int, list[int]]) -> list[int]:
    found: list[int] = []
    queue = [unit_id]
    while queue:
        fresh = [x for x in later.get(queue.pop(0), ()) if x not in found]
        found.extend(fresh)
        queue.extend(fresh)
    return found


def _upward(unit_id: int, units: Mapping[int, AdminUnit]) -> list[int]:
    line = [unit_id]
    while (parent := units[line[-1]].parent_id) is not None:
        line.append(parent)
    return line


def _line(unit_ids: Collection[int]) -> sa.CTE:
    line = sa.select(AdminUnit.id).where(AdminUnit.id.in_(unit_ids)).cte("line", recursive=True)
    return line.union(
        sa.select(AdminSuccession.successor_id).where(AdminSuccession.predecessor_id == line.c.id)
    )


def _successors(unit_ids: Collection[int]) -> list[int]:
    """Return all units of any later time that these went into."""
    line = _line(unit_ids)
    return [x for x in db.session.scalars(sa.select(line.c.id)) if x not in set(unit_ids)]


def _successions_from(unit_ids: Collection[int]) -> dict[int, list[int]]:
    line = _line(unit_ids)
    pairs = (
        sa.select(AdminSuccession.predecessor_id, AdminSuccession.successor_id)
        .where(AdminSuccession.predecessor_id.in_(sa.select(line.c.id)))
        .order_by(AdminSuccession.main.desc(), AdminSuccession.successor_id)
    )
    later: dict[int, list[int]] = defaultdict(list)
    for former, successor in db.session.execute(pairs).tuples():
        later[former].append(successor)
    return later


def _with_ancestors(unit_ids: Collection[int]) -> dict[int, AdminUnit]:
    tree = sa.select(AdminUnit.id, AdminUnit.parent_id).where(AdminUnit.id.in_(unit_ids))
    up = tree.cte("up", recursive=True)
    up = up.union(sa.select(AdminUnit.id, AdminUnit.parent_id).where(AdminUnit.id == up.c.parent_id))
    found = db.session.scalars(sa.select(AdminUnit).where(AdminUnit.id.in_(sa.select(up.c.id))))
    return {unit.id: unit for unit in found}


def _units(unit_ids: Collection[int]) -> list[AdminUnit]:
    return list(db.session.scalars(sa.select(AdminUnit).where(AdminUnit.id.in_(unit_ids))))

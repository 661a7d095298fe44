"""Questions about administrative units."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from marketplace.database import db
from marketplace.errors import NotFound
from marketplace.places.gazetteer import Gazetteer
from marketplace.places.lineage import (
    later_ids,
    reach,
    same_territory,
    upward,
    upward_successions,
    with_ancestors,
)
from marketplace.places.models import AdminUnit, Level
from marketplace.places.names import alphabetical, exact_key, name_key, province_by_other_name, readings
from marketplace.places.resolving import ResolvedPlace, resolve
from marketplace.text import slugify

BATCH = 500


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """What a name means: units of today, and the former units that it named.

    `today` holds what provinces of that name have become first, then other provinces and communes.
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
    former = [unit for unit in named if unit.ended]
    leading = _today_of([unit for unit in named if unit.level is Level.PROVINCE])
    others = _today_of([unit for unit in named if unit.level is not Level.PROVINCE])
    today = {unit.id: unit for unit in (*leading, *others)}
    return FoundPlace(tuple(today.values()), tuple(former))


def _today_of(units: list[AdminUnit]) -> list[AdminUnit]:
    ended = [unit.id for unit in units if unit.ended]
    later = _units(later_ids(ended)) if ended else []
    return sorted((unit for unit in (*units, *later) if not unit.ended), key=_by_level_and_name)


def _named(text: str) -> list[AdminUnit]:
    for kind, name in readings(text):
        official = province_by_other_name(name)
        condition = sa.or_(
            AdminUnit.name_key == name_key(official),
            AdminUnit.slug == slugify(official),
            sa.and_(AdminUnit.code == name, AdminUnit.ended.is_(False)),
        )
        units = list(db.session.scalars(sa.select(AdminUnit).where(condition).order_by(AdminUnit.id)))
        if units:
            return _closest(units, kind, official)
    return []


def _closest(units: list[AdminUnit], kind: str | None, name: str) -> list[AdminUnit]:
    """Keep those of the printed kind and, unless typed without diacritics, of the exact name."""
    of_kind = [unit for unit in units if kind in {None, unit.kind}] or units
    exact = [unit for unit in of_kind if exact_key(unit.name) == exact_key(name)]
    return exact if exact and not name.isascii() else of_kind


def _by_level_and_name(unit: AdminUnit) -> tuple[bool, tuple[tuple[int, ...], tuple[int, ...]]]:
    return unit.level is not Level.PROVINCE, alphabetical(unit.name)


def list_successors(unit_id: int, on: date) -> list[AdminUnit]:
    """Return what a unit was or had become on a day: those of its line that were valid then.

    A unit whose first day is unknown counts as there from the beginning, one whose last day is
    unknown only if it is of today. Provinces come first, then the rest by name.
    """
    line = _units([unit_id, *later_ids([unit_id])])
    return sorted((unit for unit in line if _exists(unit, on)), key=_by_level_and_name)


def _exists(unit: AdminUnit, on: date) -> bool:
    if unit.ended and unit.valid_to is None:
        return False
    return (unit.valid_from or date.min) <= on <= (unit.valid_to or date.max)


def descendant_ids(unit_id: int) -> set[int]:
    """Return a unit with all units that lay in it at its time, for filtering by `origin_id`.

    Units of the same territory count as one: Thừa Thiên Huế holds what Huế holds.
    """
    tree = sa.select(AdminUnit.id).where(AdminUnit.id.in_(same_territory(unit_id)))
    down = tree.cte("down", recursive=True)
    down = down.union(sa.select(AdminUnit.id).where(AdminUnit.parent_id == down.c.id))
    return set(db.session.scalars(sa.select(down.c.id)))


def names_around(origin_ids: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """Return for each unit all names that search should know it by, each with its kind.

    They are its own name, those of what it lay in, and those of what it has become with the
    provinces of today. A district does not answer to the communes it was divided into.
    """
    wanted = list(dict.fromkeys(origin_ids))
    names: dict[int, tuple[str, ...]] = {}
    for start in range(0, len(wanted), BATCH):
        names |= _names_of_batch(wanted[start : start + BATCH])
    return names


def _names_of_batch(unit_ids: list[int]) -> dict[int, tuple[str, ...]]:
    later = upward_successions(unit_ids)
    lines = {unit: [unit, *reach(unit, later)] for unit in unit_ids}
    units = with_ancestors({one for line in lines.values() for one in line})
    return {
        unit: tuple(dict.fromkeys(units[x].full_name for one in line for x in upward(one, units)))
        for unit, line in lines.items()
        if unit in units
    }


def _units(unit_ids: Collection[int]) -> list[AdminUnit]:
    return list(db.session.scalars(sa.select(AdminUnit).where(AdminUnit.id.in_(unit_ids))))

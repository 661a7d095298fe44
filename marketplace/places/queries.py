"""Questions about administrative units."""

from collections.abc import Iterable
from datetime import date

import sqlalchemy as sa

from marketplace.database import db
from marketplace.errors import NotFound
from marketplace.places.finding import FoundPlace, find_places
from marketplace.places.gazetteer import Gazetteer
from marketplace.places.lineage import reach, upward, upward_successions, with_ancestors
from marketplace.places.models import AdminUnit, Level
from marketplace.places.names import alphabetical
from marketplace.places.resolving import ResolvedPlace, resolve

BATCH = 500


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
    """Find what one name, slug or code means; see `find_places`."""
    return find_places([text])[text]


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

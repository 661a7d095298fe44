"""Which place an officer looks at: one of the own units, or one that lies in them."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from marketplace.certification.boards.territory import Territory
from marketplace.database import db
from marketplace.errors import NotFound
from marketplace.office.tenancy import Reach
from marketplace.places.models import AdminUnit, Level
from marketplace.places.names import alphabetical
from marketplace.places.queries import list_communes, list_provinces
from marketplace.text import whole_number


@dataclass(frozen=True)
class Place:
    """A unit and the territory that it is; the unit is None for the whole country.

    `above` is the place one level up, as far as the officer may look: a pair of its id and name.
    """

    unit: AdminUnit | None
    territory: Territory
    above: tuple[int | None, str] | None = None
    own: tuple[AdminUnit, ...] = ()

    @property
    def id(self) -> int | None:
        """Return the id of the unit."""
        return self.unit.id if self.unit else None

    @property
    def province(self) -> AdminUnit | None:
        """Return the province that it is or lies in."""
        if self.unit is None or self.unit.level is Level.PROVINCE:
            return self.unit
        return self.unit.parent

    @cached_property
    def parts(self) -> list[AdminUnit]:
        """Return the units of today below it: provinces, communes, or none; asked for once."""
        if self.unit is None:
            return list_provinces()
        return list_communes(self.unit.id) if self.unit.level is Level.PROVINCE else []


def read_place(reach: Reach, typed: str) -> Place:
    """Return the place whose id an address or a form names; raises NotFound for what is not the officer's."""
    if not typed:
        return find_place(reach, None)
    unit_id = whole_number(typed)
    if unit_id is None:
        raise NotFound(unit=typed)
    return find_place(reach, unit_id)


def find_place(reach: Reach, asked: int | None) -> Place:
    """Return the place asked for, else the first of the own ones; an administrator's is the country.

    Raises NotFound for what does not lie in the officer's units.
    """
    own = reach.provinces | reach.communes
    units = {unit.id: unit for unit in _units({*own, *([asked] if asked else [])})}
    if asked is None and (reach.everywhere or not own):
        return Place(None, Territory())
    mine = tuple(sorted((units[one] for one in own if one in units), key=_by_level))
    unit = units.get(asked) if asked is not None else next(iter(mine), None)
    if unit is None or not (reach.everywhere or unit.id in own or unit.parent_id in reach.provinces):
        raise NotFound(unit=asked)
    return _place(reach, unit, mine)


def _units(ids: set[int]) -> list[AdminUnit]:
    wanted = sa.select(AdminUnit).where(AdminUnit.id.in_(ids), AdminUnit.level != Level.DISTRICT)
    return list(db.session.scalars(wanted.options(joinedload(AdminUnit.parent))))


def _by_level(unit: AdminUnit) -> tuple[bool, Any]:
    return unit.level is not Level.PROVINCE, alphabetical(unit.name)


def _place(reach: Reach, unit: AdminUnit, own: tuple[AdminUnit, ...]) -> Place:
    if unit.level is Level.PROVINCE:
        return Place(unit, Territory(unit.id), (None, "") if reach.everywhere else None, own)
    higher = unit.parent
    if higher is None or not (reach.everywhere or higher.id in reach.provinces):
        return Place(unit, Territory(unit.parent_id, unit.id), None, own)
    return Place(unit, Territory(higher.id, unit.id), (higher.id, higher.full_name), own)

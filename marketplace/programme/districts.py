"""The districts of a plan's province on the day that the plan counts by."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from marketplace.database import db
from marketplace.places.lineage import territory_of
from marketplace.places.models import AdminUnit, Level
from marketplace.places.names import alphabetical
from marketplace.programme.models import Programme

UNCHECKED = "chưa đối chiếu"


@dataclass(frozen=True, slots=True)
class Districts:
    """The districts of a day, in the order of the alphabet, and what is unsure about the list."""

    on: date
    units: tuple[AdminUnit, ...]
    doubts: tuple[str, ...]

    @property
    def ids(self) -> list[int]:
        """Return their ids."""
        return [unit.id for unit in self.units]


def list_districts(programme: Programme) -> Districts:
    """Return the districts of a plan's province, former ones included; a day unknown counts as open."""
    day = programme.units_on
    start: sa.Select[Any] = sa.select(AdminUnit.id).where(AdminUnit.id == programme.unit_id)
    land = territory_of(start)
    wanted = sa.select(AdminUnit).where(
        AdminUnit.id.in_(sa.select(land.c.unit_id)),
        AdminUnit.level == Level.DISTRICT,
        sa.or_(AdminUnit.valid_from.is_(None), AdminUnit.valid_from <= day),
        sa.or_(AdminUnit.valid_to.is_(None), AdminUnit.valid_to >= day),
    )
    found = sorted(db.session.scalars(wanted), key=lambda unit: (alphabetical(unit.name), unit.kind))
    doubts = tuple(
        f"{unit.full_name}: {unit.note}" for unit in found if unit.note and UNCHECKED in unit.note.lower()
    )
    return Districts(day, tuple(found), doubts)

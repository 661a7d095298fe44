"""Typed places, read in one statement, against a walk through all units in memory."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace.database import db
from marketplace.places.finding import find_places
from marketplace.places.models import AdminSuccession, AdminUnit, Level
from tests.catalogue.statements import counted_statements

EVERY = 4


class Walk:
    """All units with their successions, followed one by one."""

    def __init__(self) -> None:
        self.units = {unit.id: unit for unit in db.session.scalars(sa.select(AdminUnit))}
        rows = db.session.execute(sa.select(AdminSuccession.predecessor_id, AdminSuccession.successor_id))
        self.pairs = {(former, later) for former, later in rows}
        level = {number: unit.level for number, unit in self.units.items()}
        self.within_level = {(one, other) for one, other in self.pairs if level[one] is level[other]}
        self.later: dict[int, list[int]] = {}
        for former, later in self.pairs:
            self.later.setdefault(former, []).append(later)
        self.parts: dict[int, list[int]] = {}
        for unit in self.units.values():
            self.parts.setdefault(unit.parent_id or 0, []).append(unit.id)

    def today(self, start: int) -> set[int]:
        """What of today a unit went into; its merging into a district is not followed downward."""
        found, queue = {start}, [start]
        while queue:
            former = queue.pop()
            for later in set(self.later.get(former, ())) - found:
                down = (self.units[former].level, self.units[later].level) == (Level.DISTRICT, Level.COMMUNE)
                if former == start or not down:
                    found.add(later)
                    queue.append(later)
        return {number for number in found if not self.units[number].ended}

    def territory(self, start: int) -> set[int]:
        """All that lay in a unit, or in one that it came from or went into one to one."""
        found, queue = {start}, [start]
        while queue:
            fresh = set(self._alike(queue.pop())) - found
            found |= fresh
            queue.extend(fresh)
        queue = list(found)
        while queue:
            parts = self.parts.get(queue.pop(), [])
            found.update(parts)
            queue.extend(parts)
        return found

    def _alike(self, unit: int) -> Iterator[int]:
        for pair in (pair for pair in self.within_level if unit in pair):
            touching = [one for one in self.within_level if one[0] == pair[0] or one[1] == pair[1]]
            if touching == [pair]:
                yield from pair


@pytest.mark.parametrize("level", [Level.PROVINCE, Level.DISTRICT])
def test_former_units_lead_where_a_walk_leads(loaded: Flask, level: Level) -> None:
    walk = Walk()
    former = sorted(number for number, unit in walk.units.items() if unit.ended and unit.level is level)
    sample = former if level is Level.PROVINCE else former[::EVERY]
    assert len(sample) > 20
    found = find_places({walk.units[number].full_name for number in sample})
    for number in sample:
        unit = walk.units[number]
        [place] = [one for one in found[unit.full_name].former if one.unit.id == number]
        assert {one.id for one in place.today} == walk.today(number), unit.full_name
        assert set(place.territory) == walk.territory(number), unit.full_name
        assert {one.id for one in place.today} <= {one.id for one in found[unit.full_name].today}


def test_slugs_and_codes_of_todays_provinces_name_them(loaded: Flask) -> None:
    wanted = sa.select(AdminUnit).where(AdminUnit.level == Level.PROVINCE, AdminUnit.ended.is_(False))
    provinces = list(db.session.scalars(wanted))
    assert len(provinces) == 34
    found = find_places([name for unit in provinces for name in (unit.slug, unit.code or "")])
    for unit in provinces:
        assert unit in found[unit.slug].today
        assert unit in found[unit.code or ""].today


def test_many_places_are_read_in_one_statement(loaded: Flask) -> None:
    with counted_statements() as sent:
        found = find_places(["quang-binh", "huyện Quảng Trạch", "44", "Atlantis"])
    assert len(sent) == 1
    assert [bool(one.today) for one in found.values()] == [True, True, True, False]

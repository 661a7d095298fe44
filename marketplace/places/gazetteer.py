"""All units in memory, to read many printed places quickly."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Self

import sqlalchemy as sa

from marketplace.database import db
from marketplace.places.models import AdminSuccession, AdminUnit, Level
from marketplace.places.names import exact_key, loose_key, province_by_other_name, readings

URBAN = {"thành phố", "thị xã", "quận"}


@dataclass(frozen=True, slots=True)
class Unit:
    """An administrative unit as the gazetteer holds it."""

    id: int
    level: Level
    kind: str
    name: str
    parent_id: int | None
    valid_from: date | None
    valid_to: date | None
    ended: bool
    lat: float | None
    lon: float | None

    @property
    def full_name(self) -> str:
        """Return the name with its kind."""
        return f"{self.kind} {self.name}"


@dataclass(frozen=True, slots=True)
class Match:
    """Units that a printed name may mean; `sure` is false where it was spelled otherwise."""

    units: tuple[Unit, ...]
    sure: bool = True


NOTHING = Match(())


class Gazetteer:
    """Units, their parents and successors, and look-ups by printed name within a parent."""

    def __init__(self, units: Iterable[Unit], successions: Iterable[tuple[int, int]]) -> None:
        self.units = {unit.id: unit for unit in units}
        self.later: dict[int, list[int]] = defaultdict(list)
        self.earlier: dict[int, list[int]] = defaultdict(list)
        for former, later in successions:
            self.later[former].append(later)
            self.earlier[later].append(former)
        self._exact: dict[tuple[int, str], list[Unit]] = defaultdict(list)
        self._loose: dict[tuple[int, str], list[Unit]] = defaultdict(list)
        self._provinces: dict[str, list[Unit]] = defaultdict(list)
        self._loose_provinces: dict[str, list[Unit]] = defaultdict(list)
        self.holders = {unit.parent_id for unit in self.units.values()}
        for unit in self.units.values():
            self._index(unit)

    @classmethod
    def load(cls) -> Self:
        """Read all units and successions in two statements."""
        table = AdminUnit.__table__.c
        columns = [table[name] for name in Unit.__slots__]
        units = [Unit(*row) for row in db.session.execute(sa.select(*columns).order_by(table.id))]
        pairs = sa.select(AdminSuccession.predecessor_id, AdminSuccession.successor_id).order_by(
            AdminSuccession.main.desc(), AdminSuccession.successor_id
        )
        return cls(units, [(row[0], row[1]) for row in db.session.execute(pairs)])

    def _index(self, unit: Unit) -> None:
        exact, loose = exact_key(unit.name), loose_key(unit.name)
        if unit.parent_id is None:
            self._provinces[exact].append(unit)
            self._loose_provinces[loose].append(unit)
            return
        for holder in self.ancestors(unit):
            self._exact[holder.id, exact].append(unit)
            self._loose[holder.id, loose].append(unit)

    def ancestors(self, unit: Unit) -> list[Unit]:
        """Return the units that a unit lay in at its time, nearest first."""
        found = []
        while unit.parent_id is not None:
            unit = self.units[unit.parent_id]
            found.append(unit)
        return found

    def province_of(self, unit: Unit) -> Unit:
        """Return the province a unit lay in at its time, itself if it is one."""
        return (self.ancestors(unit) or [unit])[-1]

    def today(self, unit: Unit, level: Level) -> tuple[Unit, ...]:
        """Return the units of today at a level that a unit went into, itself if it is one.

        A district leads to communes by its own successions alone: what it was merged with held
        other communes.
        """
        found: dict[int, Unit] = {}
        seen, queue = {unit.id}, [unit]
        while queue:
            one = queue.pop(0)
            if not one.ended and one.level is level:
                found[one.id] = one
            for later in map(self.units.__getitem__, self.later[one.id]):
                down = one.level is Level.DISTRICT and later.level is Level.COMMUNE
                if later.id not in seen and (one is unit or not down):
                    seen.add(later.id)
                    queue.append(later)
        return tuple(found.values())

    def province_today(self, unit: Unit) -> Unit | None:
        """Return the province of today that a unit belongs to, None where it is not one alone."""
        found = self.today(self.province_of(unit), Level.PROVINCE)
        return found[0] if len(found) == 1 else None

    def same_territory(self, unit: Unit) -> list[Unit]:
        """Return a unit with those it came from or went into one to one, at the same level."""
        found, queue = {unit.id: unit}, [unit]
        while queue:
            one = queue.pop()
            for other in (
                *self._sole(one, self.later, self.earlier),
                *self._sole(one, self.earlier, self.later),
            ):
                if other.id not in found:
                    found[other.id] = other
                    queue.append(other)
        return list(found.values())

    def _sole(self, unit: Unit, to: dict[int, list[int]], back: dict[int, list[int]]) -> list[Unit]:
        others = [self.units[other] for other in to[unit.id]]
        mine = [other for other in others if other.level is unit.level]
        if len(mine) != 1 or [self.units[x].level for x in back[mine[0].id]].count(unit.level) != 1:
            return []
        return mine

    def successors_at_level(self, unit: Unit) -> list[Unit]:
        """Return the later units of the same level, step by step: Lộc Hà gives Thạch Hà."""
        found: dict[int, Unit] = {}
        queue = [unit]
        while queue:
            for later in self.later[queue.pop().id]:
                other = self.units[later]
                if other.level is unit.level and other.id not in found:
                    found[other.id] = other
                    queue.append(other)
        return list(found.values())

    def find_provinces(self, text: str) -> Match:
        """Return the provinces of any time that a printed text names."""
        for _, name in readings(text):
            official = province_by_other_name(name)
            if found := self._provinces.get(exact_key(official)):
                return Match(tuple(found))
            if found := self._loose_provinces.get(loose_key(official)):
                return Match(tuple(found), sure=name.isascii())
        return NOTHING

    def find_within(self, holders: Iterable[Unit], level: Level, text: str) -> Match:
        """Return the units of a level that a printed text names within any of the holders.

        The printed kind decides between namesakes; where it fits none, a unit that was raised
        since (xã to phường, thị xã to thành phố) is taken.
        """
        keep = list(holders)
        for index, key, sure in ((self._exact, exact_key, True), (self._loose, loose_key, False)):
            for kind, name in readings(text):
                units = [unit for holder in keep for unit in index.get((holder.id, key(name)), ())]
                units = [unit for unit in dict.fromkeys(units) if unit.level is level]
                if fitting := _of_kind(units, kind):
                    return Match(tuple(fitting), sure=sure or name.isascii())
        return NOTHING


def _of_kind(units: list[Unit], kind: str | None) -> list[Unit]:
    fitting = [unit for unit in units if kind in {None, unit.kind}]
    if fitting or kind is None:
        return fitting
    if kind in URBAN:
        return [unit for unit in units if unit.kind in URBAN] or (units if len(units) == 1 else [])
    return units if len(units) == 1 else []

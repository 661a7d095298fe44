"""What typed names, slugs and codes mean, all of them read from the database in one statement."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias

import sqlalchemy as sa

from marketplace.database import db
from marketplace.places.lineage import line_of, territory_of
from marketplace.places.models import AdminUnit, Level
from marketplace.places.names import alphabetical, exact_key, name_key, province_by_other_name, readings
from marketplace.text import slugify

Statement: TypeAlias = sa.Select[str, int, int, AdminUnit]


@dataclass(frozen=True, slots=True)
class FormerPlace:
    """A unit that is no more, the units of today that it went into, and the ids of its territory.

    The territory is the unit with all that lay in it at its time, for filtering by `origin_id`.
    Units of the same territory count as one: Thừa Thiên Huế holds what Huế holds.
    """

    unit: AdminUnit
    today: tuple[AdminUnit, ...]
    territory: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """What a name means: units of today, and the former units that it named.

    `today` holds what provinces of that name have become first, then other provinces and communes.
    """

    today: tuple[AdminUnit, ...]
    former: tuple[FormerPlace, ...]


@dataclass(frozen=True, slots=True)
class _Reading:
    """One way to read a typed place: the kind printed with it, and the name as typed and officially."""

    kind: str | None
    typed: str
    official: str

    @property
    def key(self) -> str:
        return name_key(self.official)

    @property
    def slug(self) -> str:
        return slugify(self.official)

    def choose(self, units: Iterable[AdminUnit]) -> list[AdminUnit]:
        """Keep those of the printed kind and, unless typed without diacritics, of the exact name."""
        key, slug = self.key, self.slug
        named = [unit for unit in units if unit.name_key == key or unit.slug == slug or self._codes(unit)]
        of_kind = [unit for unit in named if self.kind in {None, unit.kind}] or named
        exact = [unit for unit in of_kind if exact_key(unit.name) == exact_key(self.official)]
        return exact if exact and not self.official.isascii() else of_kind

    def _codes(self, unit: AdminUnit) -> bool:
        return unit.code == self.typed and not unit.ended


@dataclass(frozen=True, slots=True)
class _Rows:
    """What the statement brought: the named units, and what each former one leads to and held."""

    named: list[AdminUnit]
    later: dict[int, list[AdminUnit]]
    territories: dict[int, list[int]]


def find_places(texts: Collection[str]) -> dict[str, FoundPlace]:
    """Find what names, slugs or codes mean: `quang-binh`, `huyện Quảng Trạch`, `44`.

    Namesakes are all returned; a name printed with its kind keeps to units of that kind. Both
    tuples are empty where nothing is named so.
    """
    read = {text: list(_read(text)) for text in texts}
    rows = _fetch([reading for several in read.values() for reading in several])
    return {text: _found(several, rows) for text, several in read.items()}


def _read(text: str) -> Iterator[_Reading]:
    for kind, name in readings(text):
        yield _Reading(kind, name, province_by_other_name(name))


def _found(several: Iterable[_Reading], rows: _Rows) -> FoundPlace:
    units = next((units for one in several if (units := one.choose(rows.named))), [])
    former = tuple(
        FormerPlace(unit, tuple(_in_order(rows.later[unit.id])), tuple(sorted(rows.territories[unit.id])))
        for unit in units
        if unit.ended
    )
    reached = {unit.id: [unit] for unit in units if not unit.ended}
    reached |= {one.unit.id: list(one.today) for one in former}
    provinces = [unit for unit in units if unit.level is Level.PROVINCE]
    others = [unit for unit in units if unit.level is not Level.PROVINCE]
    parts = (_in_order(x for unit in part for x in reached[unit.id]) for part in (provinces, others))
    today = {unit.id: unit for part in parts for unit in part}
    return FoundPlace(tuple(today.values()), former)


def _in_order(units: Iterable[AdminUnit]) -> list[AdminUnit]:
    """Return provinces first, and within a level by name."""
    return sorted(
        units, key=lambda unit: (unit.level is not Level.PROVINCE, alphabetical(unit.name), unit.id)
    )


def _fetch(asked: Sequence[_Reading]) -> _Rows:
    later: dict[int, list[AdminUnit]] = defaultdict(list)
    territories: dict[int, list[int]] = defaultdict(list)
    named: dict[int, AdminUnit] = {}
    for role, start, unit_id, unit in db.session.execute(*_question(asked)):
        if role == "territory":
            territories[start].append(unit_id)
        elif role == "named":
            named[unit_id] = unit
        elif not unit.ended:
            later[start].append(unit)
    return _Rows([named[number] for number in sorted(named)], later, territories)


def _question(asked: Sequence[_Reading]) -> tuple[Statement, dict[str, list[str]]]:
    """Return the statement and its parameters; asking for codes, which are figures, reads every row."""
    wanted = {"keys": sorted({one.key for one in asked}), "slugs": sorted({one.slug for one in asked})}
    if codes := sorted({one.typed for one in asked if one.typed.isdigit()}):
        wanted["codes"] = codes
    return _statement("codes" in wanted), wanted


@cache
def _statement(with_codes: bool) -> Statement:
    """Return units by what they are to the unit asked for: itself, its line, or its territory.

    The units of a territory can be hundreds, so that their ids alone are sent. Putting the statement
    together takes many times as long as running it.
    """
    named = sa.select(AdminUnit.id, AdminUnit.ended).where(_is_any(with_codes)).cte("named")
    former = sa.select(named.c.id).where(named.c.ended)
    line, territory = line_of(former), territory_of(former)
    rows = sa.union_all(
        _rows("named", named.c.id, named.c.id),
        _rows("line", line.c.start_id, line.c.unit_id),
        _rows("territory", territory.c.start_id, territory.c.unit_id),
    ).subquery()
    whole = sa.and_(AdminUnit.id == rows.c.unit_id, rows.c.role != "territory")
    return sa.select(rows.c.role, rows.c.start_id, rows.c.unit_id, AdminUnit).outerjoin_from(
        rows, AdminUnit, whole
    )


def _rows(role: str, start: sa.ColumnElement[int], unit: sa.ColumnElement[int]) -> sa.Select[Any]:
    columns: list[sa.ColumnElement[Any]] = [start.label("start_id"), unit.label("unit_id")]
    return sa.select(sa.literal(role, sa.Text).label("role"), *columns)


def _is_any(with_codes: bool) -> sa.ColumnElement[bool]:
    conditions: list[sa.ColumnElement[bool]] = [
        AdminUnit.name_key.in_(sa.bindparam("keys", expanding=True)),
        AdminUnit.slug.in_(sa.bindparam("slugs", expanding=True)),
    ]
    if with_codes:
        of_code = AdminUnit.code.in_(sa.bindparam("codes", expanding=True))
        conditions.append(sa.and_(of_code, AdminUnit.ended.is_(False)))
    return sa.or_(*conditions)

"""What the places in a list's address mean: units of today, or the territory of former ones."""

from collections.abc import Iterable
from dataclasses import dataclass

from marketplace.catalogue.memory import Memory
from marketplace.places.finding import FormerPlace, find_places
from marketplace.places.models import AdminUnit, Level
from marketplace.places.names import readings
from marketplace.places.queries import list_provinces
from marketplace.text import slugify

KEPT_PLACES = 512


@dataclass(frozen=True, slots=True)
class NamedUnit:
    """A unit as pages speak of it."""

    id: int
    slug: str
    name: str
    full_name: str
    province: bool
    parent_id: int | None
    code: str | None
    lat: float | None = None
    lon: float | None = None


@dataclass(frozen=True, slots=True)
class FormerUnit:
    """A unit that is no more, what of today has its territory, and the ids of all that it held."""

    unit: NamedUnit
    today: tuple[NamedUnit, ...]
    territory: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one typed place means; both empty when nothing is named so."""

    today: tuple[NamedUnit, ...] = ()
    former: tuple[FormerUnit, ...] = ()


@dataclass(frozen=True, slots=True)
class Places:
    """What all places of an address mean together.

    `names` gives the words for each typed value; `unknown` holds those that mean nothing.
    """

    provinces: tuple[NamedUnit, ...]
    communes: tuple[NamedUnit, ...]
    former: tuple[FormerUnit, ...]
    origin_ids: tuple[int, ...]
    names: dict[str, str]
    unknown: tuple[str, ...]


_provinces: Memory[dict[str, NamedUnit]] = Memory(1)
_meanings: Memory[dict[str, Meaning]] = Memory(KEPT_PLACES)


def provinces_by_slug() -> dict[str, NamedUnit]:
    """Return today's provinces by their slugs, in alphabetical order; kept per register version."""
    return _provinces.recall("provinces", lambda: {unit.slug: _named(unit) for unit in list_provinces()})


def understand_places(provinces: tuple[str, ...], communes: tuple[str, ...]) -> Places:
    """Read the provinces and communes of an address.

    Former units narrow a list to what was certified in their territory; beside units of today
    they stand for the units they went into. All is read in one statement, kept per register version.
    """
    found = _find((*provinces, *communes))
    meant = {typed: _of_province(typed, found[typed]) for typed in provinces}
    own = _unique(unit for one in meant.values() for unit in one.today if unit.province)
    meant |= {typed: _of_commune(typed, found[typed], own) for typed in communes}
    today = _unique(unit for one in meant.values() for unit in one.today if not one.former)
    former = tuple(unit for one in meant.values() for unit in one.former)
    if today and former:
        today = _unique((*today, *(unit for one in former for unit in one.today)))
        former = ()
    return Places(
        provinces=tuple(unit for unit in today if unit.province),
        communes=tuple(unit for unit in today if not unit.province),
        former=former,
        origin_ids=tuple(sorted({number for one in former for number in one.territory})),
        names={typed: _words(one) for typed, one in meant.items()},
        unknown=tuple(typed for typed, one in meant.items() if not one.today and not one.former),
    )


def _of_province(typed: str, found: Meaning) -> Meaning:
    """Prefer provinces, of today or former: communes and districts are named after them."""
    if today := tuple(unit for unit in found.today if unit.province and _is_named(unit, typed)):
        return Meaning(today)
    former = tuple(one for one in found.former if one.unit.province)
    return Meaning(former=former) if former else found


def _of_commune(typed: str, found: Meaning, within: tuple[NamedUnit, ...]) -> Meaning:
    """Prefer units of today so named, in the provinces chosen: the same name stands in many.

    A former unit written with its kind (huyện Quảng Trạch) is meant as it is written.
    """
    if former := tuple(one for one in found.former if one.unit.full_name.lower() == typed.lower()):
        return Meaning(former=former)
    communes = tuple(unit for unit in found.today if not unit.province)
    named = tuple(unit for unit in communes if _is_named(unit, typed))
    if within:
        parents = {unit.id for unit in within}
        inside = [tuple(unit for unit in some if unit.parent_id in parents) for some in (named, communes)]
        return next((Meaning(some) for some in inside if some), found)
    return Meaning(named) if named else found


def _is_named(unit: NamedUnit, typed: str) -> bool:
    return unit.code == typed or unit.slug in {slugify(name) for _, name in readings(typed)}


def _find(typed: tuple[str, ...]) -> dict[str, Meaning]:
    return _meanings.recall(typed, lambda: _ask(typed)) if typed else {}


def _ask(typed: tuple[str, ...]) -> dict[str, Meaning]:
    found = find_places(typed)
    return {
        text: Meaning(tuple(map(_named, one.today)), tuple(map(_followed, one.former)))
        for text, one in found.items()
    }


def _followed(former: FormerPlace) -> FormerUnit:
    return FormerUnit(_named(former.unit), tuple(map(_named, former.today)), former.territory)


def _words(meaning: Meaning) -> str:
    units = [*(one.unit for one in meaning.former), *meaning.today]
    return units[0].name if units else ""


def _named(unit: AdminUnit) -> NamedUnit:
    return NamedUnit(
        id=unit.id,
        slug=unit.slug,
        name=unit.name,
        full_name=unit.full_name,
        province=unit.level is Level.PROVINCE,
        parent_id=unit.parent_id,
        code=unit.code,
        lat=unit.lat,
        lon=unit.lon,
    )


def _unique(units: Iterable[NamedUnit]) -> tuple[NamedUnit, ...]:
    return tuple(dict.fromkeys(units))

"""Tables of a board: rows by group and by place with stars, each with the bar that is drawn beside it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from marketplace.catalogue.models import ProductGroup
from marketplace.certification.boards.living import ByStars, Living, add_up
from marketplace.certification.boards.years import YearCount
from marketplace.office.territories import Place
from marketplace.places.models import AdminUnit
from marketplace.web.addresses import page_url
from marketplace.web.words import gettext as _

STARS: tuple[int | None, ...] = (5, 4, 3, None)
"""Columns of every table, None for certificates of which no source names the stars."""
LYING_WIDTH = 320
UPRIGHT_WIDTH, UPRIGHT_HEIGHT = 340, 120


def columns_of(*counted: ByStars) -> list[int | None]:
    """Return the columns that some counts need: unnamed stars only where there are any."""
    return [stars for stars in STARS if stars or any(counts.get(stars) for counts in counted)]


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a stacked bar: where it begins, how long it is, and whose stars it stands for."""

    at: float
    length: float
    stars: int | None


@dataclass(frozen=True, slots=True)
class StarRow:
    """A row of a table: what it counts, where that leads, its numbers by stars, and its bar."""

    name: str
    path: str
    counts: ByStars
    bar: tuple[Segment, ...]

    @property
    def total(self) -> int:
        """Return all of the row."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class YearBar:
    """A year with its place in the drawing and the pieces of its bar, which stand on its lower edge."""

    count: YearCount
    x: float
    width: float
    bar: tuple[Segment, ...]

    @property
    def total(self) -> int:
        """Return how many products lived at the end of the year."""
        return sum(self.count.living.values())


def rows_by_group(cells: Sequence[Living], groups: Iterable[ProductGroup], place: Place) -> list[StarRow]:
    """Return a row for each group, and one for products of none if there are any."""
    sums = add_up(cells, lambda cell: cell.group_id)
    province = place.province.slug if place.province else None

    def path(group: ProductGroup) -> str:
        commune = place.unit.slug if place.unit and place.unit is not place.province else None
        asked = {"tinh": province, "xa": commune, "nhom": group.slug, "chung_nhan": "hieu_luc"}
        return page_url("/san-pham", **asked)

    named = [(group.name, path(group), sums.get(group.id, {})) for group in groups]
    return _with_bars([*named, *_unplaced(sums, _("Chưa rõ nhóm"))])


def rows_by_place(
    cells: Sequence[Living], parts: Iterable[AdminUnit], path: Callable[[int], str]
) -> list[StarRow]:
    """Return a row for each unit that has products, and one for products whose place is not sure."""
    sums = add_up(cells, lambda cell: cell.place_id)
    named = [(unit.full_name, path(unit.id), sums[unit.id]) for unit in parts if unit.id in sums]
    return _with_bars([*named, *_unplaced(sums, _("Chưa rõ nơi"))])


def _unplaced(sums: Mapping[int | None, ByStars], words: str) -> list[tuple[str, str, ByStars]]:
    return [(words, "", sums[None])] if None in sums else []


def _with_bars(rows: Sequence[tuple[str, str, ByStars]]) -> list[StarRow]:
    most = max((sum(counts.values()) for *_named, counts in rows), default=0) or 1
    return [StarRow(name, path, counts, stack(counts, LYING_WIDTH / most)) for name, path, counts in rows]


def stack(counts: ByStars, unit: float) -> tuple[Segment, ...]:
    """Return the pieces of a bar, most stars first, `unit` being the length of one product."""
    pieces, at = [], 0.0
    for stars in STARS:
        if number := counts.get(stars, 0):
            pieces.append(Segment(round(at, 1), round(number * unit, 1), stars))
            at += number * unit
    return tuple(pieces)


def year_bars(years: Sequence[YearCount]) -> list[YearBar]:
    """Return the bars of years side by side, the highest as high as the drawing."""
    step = UPRIGHT_WIDTH / max(len(years), 1)
    width = min(step * 0.7, 64.0)
    most = max((sum(one.living.values()) for one in years), default=0) or 1
    return [
        YearBar(
            one,
            round(place * step + (step - width) / 2, 1),
            round(width, 1),
            stack(one.living, UPRIGHT_HEIGHT / most),
        )
        for place, one in enumerate(years)
    ]


def csv_rows(
    cells: Iterable[Living], groups: Iterable[ProductGroup], parts: Iterable[AdminUnit]
) -> list[tuple[Any, ...]]:
    """Return every number of a board: place, group, stars, products."""
    of_group = {group.id: group.name for group in groups}
    of_place = {unit.id: (unit.code, unit.full_name) for unit in parts}
    rows = [
        (
            *of_place.get(cell.place_id or 0, (None, None)),
            of_group.get(cell.group_id or 0),
            cell.stars,
            cell.number,
        )
        for cell in cells
    ]
    return sorted(rows, key=lambda row: tuple(str(cell or "") for cell in row))

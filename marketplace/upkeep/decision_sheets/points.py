"""Whether points in a row of a sheet fit the stars beside them, by the regulation of the decision's day."""

import re
from datetime import date
from decimal import Decimal

from marketplace.certification.errors import PointsBeyondPart, PointsNotEnough
from marketplace.certification.regulations import regulation_in_force
from marketplace.certification.rubrics.stars import BANDS, band_of, stars_by_points
from marketplace.upkeep.importing.cells import Speaker
from marketplace.upkeep.sheets import Row

PARTS = {"A": "points_a", "B": "points_b", "C": "points_c"}
MOST = Decimal(100)
_POINTS = re.compile(r"\d{1,3}(?:[.,]\d{1,2})?")


def check_points(row: Row, stars: int | None, day: date, say: Speaker) -> Decimal | None:
    """Return the points of a row, 0 to 100; None where it tells none.

    More stars than the points give are an error. Fewer are a doubt: what lacks a condition is put lower,
    and what had 90 points was given 4 stars while the ministry had not decided.
    """
    parts = {part: _read(row[column], column, say) for part, column in PARTS.items()}
    known = {part: points for part, points in parts.items() if points is not None}
    total = _read(row["points"], "points", say)
    if len(known) == len(PARTS):
        total = _total(total, known, say)
    if total is None or stars is None:
        return total
    if total > MOST:
        say.error("points", f"{_told(total)} điểm: nhiều nhất là 100")
        return None
    given = _stars_of(day, known, total, say)
    if given is None:
        return None
    if stars > given:
        say.error("points", f"{_told(total)} điểm chưa đủ {stars} sao (từ {BANDS[stars]} điểm)")
    elif stars < given:
        say.doubt("points", f"{_told(total)} điểm thuộc khung {given} sao, quyết định ghi {stars} sao")
    return total


def _total(stated: Decimal | None, parts: dict[str, Decimal], say: Speaker) -> Decimal:
    summed = sum(parts.values(), Decimal(0))
    if stated is not None and stated != summed:
        say.error("points", f"ghi {_told(stated)} điểm, ba phần cộng lại {_told(summed)}")
    return summed


def _stars_of(day: date, parts: dict[str, Decimal], total: Decimal, say: Speaker) -> int | None:
    """Return the stars that points give by the rules of a day; by the bands where parts are not told."""
    rules = regulation_in_force(day)
    if rules is None or len(parts) < len(PARTS):
        return band_of(total)
    try:
        return stars_by_points(rules, parts)
    except PointsNotEnough:
        return band_of(total)
    except PointsBeyondPart as refusal:
        part = str(refusal.parameters["part"])
        say.error(PARTS[part], f"phần {part} nhiều nhất là {refusal.parameters['most']} điểm")
        return None


def _read(cell: str, column: str, say: Speaker) -> Decimal | None:
    if not cell:
        return None
    if not _POINTS.fullmatch(cell):
        say.error(column, f"«{cell[:40]}» không phải số điểm")
        return None
    return Decimal(cell.replace(",", "."))


def _told(points: Decimal) -> str:
    return f"{points.normalize():f}".replace(".", ",")

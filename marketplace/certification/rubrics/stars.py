"""The star rule: the lower of what the points give and what the star marks let through."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from marketplace.certification.errors import NothingScored, PointsBeyondPart, PointsNotEnough
from marketplace.certification.models import Authority
from marketplace.certification.regulations import Rules
from marketplace.certification.rubrics import shipped
from marketplace.certification.rubrics.gates import ceiling_of
from marketplace.certification.rubrics.sheet import ScoreSheet

BANDS = {5: Decimal(90), 4: Decimal(70), 3: Decimal(50), 2: Decimal(30), 1: Decimal(0)}
"""From how many points each band begins; it ends before the next (Decision 26/2026/QĐ-TTg, article 3.3)."""

RECOGNISES = {Authority.PROVINCE: frozenset({3, 4}), Authority.MINISTRY: frozenset({5})}
"""Who recognises which stars; 1 and 2 are recognised by nobody (articles 4 and 7)."""

CENT = Decimal("0.01")


class Outcome(StrEnum):
    """What follows from a result at the level that reached it."""

    RECOGNISED = "recognised"
    PROPOSED = "proposed"
    SENT_BACK = "sent_back"
    NOT_RECOGNISED = "not_recognised"
    DISQUALIFIED = "disqualified"


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """A result: points, stars by points and by star marks, the lower of the two, and what follows."""

    points: Decimal
    by_points: int
    by_gates: int
    stars: int
    outcome: Outcome

    @property
    def granted(self) -> int | None:
        """Return the stars that a certificate may be given for, None for no certificate."""
        return self.stars if self.outcome is Outcome.RECOGNISED else None


def mean_points(totals: Sequence[int | Decimal]) -> Decimal:
    """Return the mean of the sheets' points, two places, half up.

    Raises NothingScored.
    """
    if not totals:
        raise NothingScored
    return (sum(map(Decimal, totals), Decimal(0)) / len(totals)).quantize(CENT, rounding=ROUND_HALF_UP)


def band_of(points: Decimal) -> int:
    """Return the stars that points (0 to 100) give: 5 from 90, 4 from 70, 3 from 50, 2 from 30."""
    return next(stars for stars, begin in BANDS.items() if points >= begin)


def judge(sheet: ScoreSheet, level: Authority, totals: Sequence[int | Decimal] | None = None) -> Verdict:
    """Return the result of a sheet at a level; `totals` are the points that several members gave.

    Which star marks are reached is read from the sheet, which is then the one the members agreed on. The
    province proposes five stars and never gives them; the ministry sends back what has fewer.
    """
    points = mean_points([sheet.points] if totals is None else totals)
    by_points, by_gates = band_of(points), ceiling_of(sheet)
    stars = min(by_points, by_gates)
    return Verdict(
        points=points,
        by_points=by_points,
        by_gates=by_gates,
        stars=stars,
        outcome=Outcome.DISQUALIFIED if sheet.stops else _outcome(stars, level),
    )


def _outcome(stars: int, level: Authority) -> Outcome:
    if stars in RECOGNISES.get(level, ()):
        return Outcome.RECOGNISED
    if stars == max(BANDS):
        return Outcome.PROPOSED
    return Outcome.SENT_BACK if stars >= min(RECOGNISES[Authority.PROVINCE]) else Outcome.NOT_RECOGNISED


def stars_by_points(rules: Rules, points: Mapping[str, Decimal]) -> int:
    """Return the stars of an older regulation, of which we hold points alone; points by part A, B and C.

    Raises PointsNotEnough where star marks count too or the points of the parts are not known, and
    PointsBeyondPart.
    """
    most = {"A": rules.points_a, "B": rules.points_b, "C": rules.points_c}
    if rules.code == shipped.REGULATION or None in most.values():
        raise PointsNotEnough(regulation=rules.code)
    for part, limit in most.items():
        if limit is None or not 0 <= points[part] <= limit:
            raise PointsBeyondPart(part=part, most=limit)
    return band_of(mean_points([sum(points.values(), Decimal(0))]))

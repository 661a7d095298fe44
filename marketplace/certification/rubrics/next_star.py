"""What a product still lacks for its next star: marks to reach, cheapest first, and points."""

from dataclasses import dataclass
from decimal import Decimal

from marketplace.certification.models import Authority
from marketplace.certification.rubrics.gates import MissingGate, missing_gates
from marketplace.certification.rubrics.sheet import ScoreSheet
from marketplace.certification.rubrics.stars import BANDS, Verdict, judge

FEWEST_RECOGNISED = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class NextStar:
    """The way to so many `stars`; `with_gates` is the result once every gate is reached."""

    stars: int
    gates: tuple[MissingGate, ...]
    with_gates: Verdict

    @property
    def points_missing(self) -> Decimal:
        """Return the points that are still missing once every gate is reached, 0 where none are."""
        return max(BANDS[self.stars] - self.with_gates.points, Decimal(0))


def next_star(sheet: ScoreSheet, level: Authority) -> NextStar | None:
    """Return the way to one star more, None at five; below three, which none is given for, to three."""
    stars = max(judge(sheet, level).stars + 1, FEWEST_RECOGNISED)
    if stars > max(BANDS):
        return None
    gates = missing_gates(sheet, stars)
    raised = sheet.raised({gate.criterion.code: gate.option for gate in gates})
    return NextStar(stars=stars, gates=gates, with_gates=judge(raised, level))

"""What sheets come to together: the mean of their points, and the sheet that the members agree on."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from marketplace.certification.errors import NothingScored
from marketplace.certification.models import Authority
from marketplace.certification.rubrics.rubric import Criterion, Option
from marketplace.certification.rubrics.sheet import NOTHING_REACHED, ScoreSheet, fill_sheet
from marketplace.certification.rubrics.stars import Verdict, judge


@dataclass(frozen=True, kw_only=True, slots=True)
class Tally:
    """What the sheets of a dossier come to; `spread` is between the highest and the lowest, in points."""

    agreed: ScoreSheet
    verdict: Verdict
    spread: Decimal
    totals: tuple[int, ...]

    @property
    def to_complete(self) -> bool:
        """Return whether a sheet ended at a finding that most did not make, so that points are missing."""
        return not self.agreed.stops and bool(self.agreed.unscored)


def tally(sheets: Sequence[ScoreSheet]) -> Tally:
    """Return what sheets of one rubric come to at the province; raises NothingScored where there is none."""
    totals = tuple(sheet.points for sheet in sheets)
    agreed = agreed_sheet(sheets)
    verdict = judge(agreed, Authority.PROVINCE, totals)
    return Tally(agreed=agreed, verdict=verdict, spread=Decimal(max(totals) - min(totals)), totals=totals)


def agreed_sheet(sheets: Sequence[ScoreSheet]) -> ScoreSheet:
    """Return at each criterion the best option that more than half of the sheets reach.

    Options are ordered by their points; where a criterion knows two cases, the case that most chose counts,
    of two chosen as often the first. A finding ends the scoring when more than half made it. What any sheet
    left out is left out here. Raises NothingScored where there is no sheet.
    """
    if not sheets:
        raise NothingScored
    found = Counter(stop for sheet in sheets for stop in sheet.stops)
    stops = [stop for stop, times in found.items() if 2 * times > len(sheets)]
    rubric = sheets[0].rubric
    whole = [leaf for leaf in rubric.leaves() if all(leaf.code in sheet.choices for sheet in sheets)]
    return fill_sheet(rubric, {leaf.code: _agreed(leaf, sheets) for leaf in whole}, stops)


def _agreed(leaf: Criterion, sheets: Sequence[ScoreSheet]) -> int:
    """Return the number of the best option that more than half reach, 0 where that is none."""
    chosen = [sheet.option_at(leaf) for sheet in sheets]
    case = _case(leaf, [option for option in chosen if option])
    reached = [
        option
        for option in leaf.options
        if option.case == case and 2 * sum(_reaches(one, option) for one in chosen) > len(chosen)
    ]
    return reached[-1].number if reached else NOTHING_REACHED


def _reaches(chosen: Option | None, option: Option) -> bool:
    """Return whether a choice is an option or better: by points, of the same case by their order."""
    if chosen is None:
        return False
    if chosen.case == option.case:
        return chosen.number >= option.number
    return chosen.points >= option.points


def _case(leaf: Criterion, chosen: Sequence[Option]) -> str | None:
    """Return the case that most chose, of two chosen as often the one that stands first."""
    times = Counter(option.case for option in chosen)
    cases = dict.fromkeys(option.case for option in leaf.options)
    return max(cases, key=lambda case: times[case])

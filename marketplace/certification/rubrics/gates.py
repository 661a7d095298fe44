"""Star marks: the option of a criterion that must at least be reached for 3, 4 or 5 stars.

Decision 26/2026/QĐ-TTg, annex II: "Dấu sao là yêu cầu tối thiểu phải đạt theo các cấp độ sao".
"""

from collections.abc import Iterator
from dataclasses import dataclass

from marketplace.certification.rubrics.rubric import Criterion, Option, Rubric
from marketplace.certification.rubrics.sheet import ScoreSheet

MARKED = (5, 4, 3)
BELOW_EVERY_MARK = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class MissingGate:
    """An option that is not reached yet; `adds` points are won and `steps` options climbed by reaching it."""

    criterion: Criterion
    option: Option
    adds: int
    steps: int


def gates_for(rubric: Rubric, stars: int) -> Iterator[tuple[Criterion, Option]]:
    """Yield each criterion with a mark up to so many stars, and the option to reach there for them."""
    for leaf in rubric.leaves():
        marked = [option for option in leaf.options if option.gate and option.gate <= stars]
        if marked:
            yield leaf, marked[-1]


def missing_gates(sheet: ScoreSheet, stars: int) -> tuple[MissingGate, ...]:
    """Return what is still to be reached for so many stars, the cheapest first.

    Cheapest is what is the fewest options up from where the product stands, then what stands first.
    """
    missing = []
    for leaf, wanted in gates_for(sheet.rubric, stars):
        steps = wanted.number - sheet.choices.get(leaf.code, 0)
        if steps > 0:
            adds = wanted.points - sheet.points_at(leaf)
            missing.append(MissingGate(criterion=leaf, option=wanted, adds=adds, steps=steps))
    return tuple(sorted(missing, key=lambda gate: gate.steps))


def ceiling_of(sheet: ScoreSheet) -> int:
    """Return the most stars that the marks let through: 5, 4, 3, or 2 where one for 3 is missing."""
    return next((stars for stars in MARKED if not missing_gates(sheet, stars)), BELOW_EVERY_MARK)

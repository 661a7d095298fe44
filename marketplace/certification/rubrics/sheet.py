"""A score sheet: which option of each criterion a product reaches, and what ends the scoring."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from marketplace.certification.errors import UnknownCriterion, UnknownOption, UnknownStop
from marketplace.certification.rubrics.rubric import Criterion, Option, Part, Rubric, Stop

NOTHING_REACHED = 0
"""Chosen where a product falls below every option of a criterion that has none of 0 points."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ScoreSheet:
    """What was chosen, whole or not: option numbers by criterion, and findings that end the scoring."""

    rubric: Rubric
    choices: Mapping[str, int]
    stops: frozenset[int]

    def option_at(self, criterion: Criterion) -> Option | None:
        """Return the option chosen; None where nothing is chosen or nothing reached."""
        number = self.choices.get(criterion.code, NOTHING_REACHED)
        return criterion.options[number - 1] if number else None

    def points_at(self, criterion: Criterion | Part) -> int:
        """Return the points of a criterion, a group of them or a part; what is not chosen gives 0."""
        chosen = (self.option_at(leaf) for leaf in criterion.leaves())
        return sum(option.points for option in chosen if option)

    @property
    def points(self) -> int:
        """Return the points of the whole sheet, at most 100."""
        return sum(map(self.points_at, self.rubric.parts))

    @property
    def cases(self) -> dict[str, str]:
        """Return the case chosen at each criterion that offers two, by the criterion's code."""
        chosen = ((leaf.code, self.option_at(leaf)) for leaf in self.rubric.leaves())
        return {code: option.case for code, option in chosen if option and option.case}

    @property
    def unscored(self) -> tuple[Criterion, ...]:
        """Return the criteria at which nothing is chosen yet."""
        return tuple(leaf for leaf in self.rubric.leaves() if leaf.code not in self.choices)

    @property
    def complete(self) -> bool:
        """Return whether it can be counted: every criterion is scored, or a finding ended the scoring."""
        return bool(self.stops) or not self.unscored

    @property
    def findings(self) -> tuple[Stop, ...]:
        """Return what ended the scoring."""
        return tuple(stop for stop in self.rubric.stops if stop.number in self.stops)

    def raised(self, options: Mapping[str, Option]) -> "ScoreSheet":
        """Return the sheet as it would be with other options at some criteria."""
        chosen = {code: option.number for code, option in options.items()}
        return replace(self, choices=MappingProxyType({**self.choices, **chosen}))


def fill_sheet(rubric: Rubric, choices: Mapping[str, int], stops: Iterable[int] = ()) -> ScoreSheet:
    """Return a score sheet of option numbers by criterion code, and of findings by their numbers.

    Raises UnknownCriterion, UnknownOption and UnknownStop.
    """
    leaves = {leaf.code: leaf for leaf in rubric.leaves()}
    for code, number in choices.items():
        if code not in leaves:
            raise UnknownCriterion(criterion=code)
        _require_option(leaves[code], number)
    found = frozenset(stops)
    for stop in found - {one.number for one in rubric.stops}:
        raise UnknownStop(stop=stop)
    return ScoreSheet(rubric=rubric, choices=MappingProxyType(dict(choices)), stops=found)


def _require_option(criterion: Criterion, number: int) -> None:
    least = NOTHING_REACHED if criterion.may_reach_nothing else 1
    if not least <= number <= len(criterion.options):
        raise UnknownOption(criterion=criterion.code, option=number)

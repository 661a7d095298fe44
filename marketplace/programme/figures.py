"""A target's figure, and what may be said of it: a lower bound until the office calls its period complete."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from marketplace.places.models import AdminUnit
from marketplace.programme.models import Compare, Spread, Target

TENTH = Decimal("0.1")


class Outcome(StrEnum):
    """How a figure of a complete period stands to its target."""

    BELOW = "below"
    REACHED = "reached"
    ABOVE = "above"


@dataclass(frozen=True, slots=True)
class Part:
    """What one district or one year counts; `least` is what the plan asks of it."""

    name: str
    count: int
    least: int

    @property
    def reached(self) -> bool:
        """Whether it has what the plan asks."""
        return self.count >= self.least


@dataclass(frozen=True, slots=True)
class Tally:
    """The numbers behind a target, as the database counted them; `places` is by district or year."""

    count: int = 0
    base: int = 0
    unsure: int = 0
    places: Mapping[int, int] = field(default_factory=dict)
    villages: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Figure:
    """A target with its numbers; what compares them says nothing before the period is complete."""

    target: Target
    tally: Tally
    parts: tuple[Part, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether the office holds the register to have everything of the period."""
        return self.target.mark is not None

    @property
    def base(self) -> int:
        """Return what a percentage is of: what the source numbers, else what the register counts."""
        return self.target.fixed_base or self.tally.base

    @property
    def missing(self) -> tuple[Part, ...]:
        """Return the districts or years that have less than the plan asks."""
        return tuple(part for part in self.parts if not part.reached)

    @property
    def percent(self) -> Decimal | None:
        """Return the figure in per cent to a tenth; None before completion, and without a base."""
        if not (self.target.percent and self.complete and self.base):
            return None
        return (Decimal(100 * self.tally.count) / self.base).quantize(TENTH, ROUND_HALF_UP)

    @property
    def outcome(self) -> Outcome | None:
        """Return how the figure stands to its target; None where nothing may be said yet."""
        target = self.target
        if not self.complete or target.least is None or (target.percent and not self.base):
            return None
        if target.spread is not Spread.WHOLE:
            return (Outcome.BELOW if self.missing else Outcome.REACHED) if self.parts else None
        if self.lacking:
            return Outcome.BELOW
        return Outcome.ABOVE if self.beyond else Outcome.REACHED

    @property
    def lacking(self) -> int:
        """Return how many are missing to the target, in what is counted, percentages included."""
        return max(0, self._wanted(self.target.least) - self.tally.count)

    @property
    def beyond(self) -> int:
        """Return how many there are above a range, or above the number itself; 0 for percentages."""
        if self.target.percent:
            return 0
        most = self.target.most if self.target.compare is Compare.RANGE else self.target.least
        return max(0, self.tally.count - (most or 0))

    def _wanted(self, number: int | None) -> int:
        """Return a target's number in what is counted: of a percentage, rounded up."""
        if number is None:
            return 0
        return -(-number * self.base // 100) if self.target.percent else number


def figure_of(target: Target, tally: Tally, districts: Sequence[AdminUnit]) -> Figure:
    """Put a target and its numbers together; each district or year asked is a part, in order."""
    least = target.least or 0
    if target.spread is Spread.EACH_YEAR:
        years = range(target.period_start.year, target.period_end.year + 1)
        parts = tuple(Part(str(year), tally.places.get(year, 0), least) for year in years)
    elif target.spread is Spread.EACH_DISTRICT:
        asked = [unit for unit in districts if not target.needs_village or tally.villages.get(unit.id)]
        parts = tuple(Part(unit.full_name, tally.places.get(unit.id, 0), least) for unit in asked)
    else:
        parts = ()
    return Figure(target, tally, parts)

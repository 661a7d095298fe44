"""What may be said of a figure: nothing before the period is complete, and afterwards what the plan asks."""

from decimal import Decimal
from typing import Any

import pytest

from marketplace.places.models import AdminUnit
from marketplace.programme.figures import Figure, Outcome, Part, Tally, figure_of
from marketplace.programme.models import Compare, PeriodMark, Spread, Target, TargetKind


def a_figure(tally: Tally, *, complete: bool = True, parts: tuple[Part, ...] = (), **facts: Any) -> Figure:
    columns = {"compare": Compare.AT_LEAST, "spread": Spread.WHOLE, "percent": False, **facts}
    target = Target(kind=TargetKind.TARGET, **columns)
    target.mark = PeriodMark() if complete else None
    return Figure(target, tally, parts)


def test_an_open_period_has_neither_percentage_nor_outcome() -> None:
    figure = a_figure(Tally(count=50, base=50), complete=False, least=40, percent=True)
    assert figure.percent is None
    assert figure.outcome is None


@pytest.mark.parametrize(
    ("count", "outcome", "lacking", "beyond"),
    [
        (64, Outcome.BELOW, 1, 0),
        (65, Outcome.REACHED, 0, 0),
        (70, Outcome.REACHED, 0, 0),
        (72, Outcome.ABOVE, 0, 2),
    ],
)
def test_a_range(count: int, outcome: Outcome, lacking: int, beyond: int) -> None:
    figure = a_figure(Tally(count=count), compare=Compare.RANGE, least=65, most=70)
    assert (figure.outcome, figure.lacking, figure.beyond) == (outcome, lacking, beyond)


@pytest.mark.parametrize(
    ("count", "base", "percent", "lacking"),
    [(18, 47, "38.3", 1), (19, 47, "40.4", 0), (1, 8, "12.5", 3), (2, 3, "66.7", 0)],
)
def test_a_percentage_is_of_its_base_and_what_is_missing_is_counted(
    count: int, base: int, percent: str, lacking: int
) -> None:
    figure = a_figure(Tally(count=count, base=base), least=40, percent=True)
    assert figure.percent == Decimal(percent)
    assert figure.lacking == lacking
    assert figure.outcome is (Outcome.BELOW if lacking else Outcome.REACHED)


def test_without_a_base_nothing_is_said() -> None:
    figure = a_figure(Tally(), least=40, percent=True)
    assert figure.percent is None
    assert figure.outcome is None


def test_the_base_that_the_source_numbers_wins() -> None:
    figure = a_figure(Tally(count=25, base=8), least=100, percent=True, fixed_base=36)
    assert figure.percent == Decimal("69.4")
    assert figure.lacking == 11


def test_no_number_no_outcome() -> None:
    figure = a_figure(Tally(count=3), compare=Compare.NONE, least=None)
    assert (figure.outcome, figure.lacking) == (None, 0)


def test_each_district_must_have_it() -> None:
    units = [
        AdminUnit(id=number, kind="huyện", name=name) for number, name in ((1, "Bố Trạch"), (2, "Lệ Thủy"))
    ]
    asked = a_figure(Tally(), spread=Spread.EACH_DISTRICT, least=1).target
    figure = figure_of(asked, Tally(count=3, places={1: 3}), units)
    assert [part.name for part in figure.missing] == ["huyện Lệ Thủy"]
    assert figure.outcome is Outcome.BELOW
    assert figure_of(asked, Tally(places={1: 1, 2: 1}), units).outcome is Outcome.REACHED
    assert figure_of(asked, Tally(), []).outcome is None

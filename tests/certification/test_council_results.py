"""What several sheets come to, held against a reckoning of its own."""

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.certification.councils.results import agreed_sheet, tally
from marketplace.certification.errors import NothingScored
from marketplace.certification.rubrics.rubric import Criterion, Rubric
from marketplace.certification.rubrics.sheet import ScoreSheet, fill_sheet
from marketplace.certification.rubrics.shipped import list_rubrics
from marketplace.certification.rubrics.stars import Outcome

RUBRICS = list_rubrics()
TOURISM = RUBRICS[25]
BANDS = ((90, 5), (70, 4), (50, 3), (30, 2), (0, 1))


def best(rubric: Rubric, **changes: int) -> ScoreSheet:
    choices = {leaf.code: len(leaf.options) for leaf in rubric.leaves()}
    named = {name[1:].replace("_", "."): number for name, number in changes.items()}
    return fill_sheet(rubric, {**choices, **named})


@st.composite
def councils(draw: st.DrawFn) -> list[ScoreSheet]:
    """Return whole sheets of one rubric by one to nine members."""
    rubric = draw(st.sampled_from(RUBRICS))
    members, dice = draw(st.integers(min_value=1, max_value=9)), Random(draw(st.integers()))
    return [
        fill_sheet(
            rubric,
            {
                leaf.code: dice.randint(0 if leaf.may_reach_nothing else 1, len(leaf.options))
                for leaf in rubric.leaves()
            },
        )
        for _ in range(members)
    ]


def points_of(leaf: Criterion, number: int) -> int:
    return leaf.options[number - 1].points if number else 0


def marks_reached(rubric: Rubric, sheets: list[ScoreSheet], stars: int) -> Iterator[bool]:
    """Yield for each criterion with a mark whether more than half reach it, by counting heads."""
    for leaf in rubric.leaves():
        wanted = [option.number for option in leaf.options if option.gate and option.gate <= stars]
        if wanted:
            heads = sum(1 for sheet in sheets if sheet.choices[leaf.code] >= max(wanted))
            yield Fraction(heads, len(sheets)) > Fraction(1, 2)


@given(councils())
def test_mean_marks_and_stars_are_those_of_an_independent_reckoning(sheets: list[ScoreSheet]) -> None:
    rubric = sheets[0].rubric
    totals = [sum(points_of(leaf, sheet.choices[leaf.code]) for leaf in rubric.leaves()) for sheet in sheets]
    mean = Decimal(sum(totals)) / len(totals)
    rounded = mean.quantize(Decimal("0.01"), ROUND_HALF_UP)
    by_points = next(stars for begin, stars in BANDS if rounded >= begin)
    by_gates = next((stars for stars in (5, 4, 3) if all(marks_reached(rubric, sheets, stars))), 2)
    found = tally(sheets)
    assert (found.verdict.points, found.spread) == (rounded, Decimal(max(totals) - min(totals)))
    assert (found.verdict.by_points, found.verdict.by_gates) == (by_points, by_gates)
    assert found.verdict.stars == min(by_points, by_gates)
    assert (found.verdict.outcome is Outcome.PROPOSED) == (found.verdict.stars == 5)
    assert found.totals == tuple(totals)


@given(councils(), st.integers())
def test_in_which_order_members_sit_changes_nothing(sheets: list[ScoreSheet], seed: int) -> None:
    shuffled = list(sheets)
    Random(seed).shuffle(shuffled)
    assert agreed_sheet(shuffled).choices == agreed_sheet(sheets).choices
    assert tally(shuffled).verdict == tally(sheets).verdict


@given(councils())
def test_what_all_agree_on_is_agreed(sheets: list[ScoreSheet]) -> None:
    alike = [sheets[0]] * len(sheets)
    assert agreed_sheet(alike).choices == sheets[0].choices
    assert tally(alike).spread == 0


def test_half_is_not_more_than_half() -> None:
    sheets = [best(RUBRICS[0], c1_1=number) for number in (1, 1, 2, 2)]
    assert agreed_sheet(sheets).choices["1.1"] == 1
    assert agreed_sheet([*sheets, best(RUBRICS[0], c1_1=2)]).choices["1.1"] == 2


def test_a_finding_counts_when_more_than_half_make_it() -> None:
    rubric = RUBRICS[0]
    plain = best(rubric)
    found = fill_sheet(rubric, dict(plain.choices), [1])
    assert tally([plain, found]).verdict.outcome is Outcome.PROPOSED
    assert tally([plain, found, found]).verdict.outcome is Outcome.DISQUALIFIED


def test_a_sheet_that_ended_at_a_finding_of_few_is_to_be_scored_whole() -> None:
    rubric = RUBRICS[0]
    ended = fill_sheet(rubric, {"1.1": 1}, [1])
    assert tally([best(rubric), best(rubric), ended]).to_complete
    assert not tally([best(rubric), ended, ended]).to_complete


@pytest.mark.parametrize(
    ("chosen", "agreed"),
    [
        ((2, 2, 4), 2),
        ((4, 4, 2), 4),
        ((2, 4), 2),
        ((1, 4, 4), 4),
        ((1, 3, 4), 3),
        ((0, 0, 2), 0),
        ((2, 2, 3), 2),
    ],
)
def test_of_two_cases_that_counts_which_most_chose(chosen: tuple[int, ...], agreed: int) -> None:
    leaf = next(leaf for leaf in TOURISM.leaves() if leaf.code == "8")
    assert [option.case for option in leaf.options] == ["a", "a", "b", "b"]
    assert [option.points for option in leaf.options] == [1, 3, 1, 3]
    sheets = [best(TOURISM, c8=number) for number in chosen]
    assert agreed_sheet(sheets).choices["8"] == agreed


def test_nothing_comes_of_no_sheet() -> None:
    with pytest.raises(NothingScored):
        agreed_sheet([])

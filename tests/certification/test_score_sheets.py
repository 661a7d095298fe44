"""Score sheets: what may be chosen, what is still open, and what they come to."""

import pytest

from marketplace.certification.errors import UnknownCriterion, UnknownOption, UnknownStop
from marketplace.certification.rubrics.sheet import fill_sheet
from marketplace.certification.rubrics.shipped import list_rubrics

FRESH, TOURISM = list_rubrics()[0], list_rubrics()[25]


def test_an_empty_sheet_gives_nothing_and_is_not_complete() -> None:
    sheet = fill_sheet(FRESH, {})
    assert (sheet.points, sheet.complete, len(sheet.unscored)) == (0, False, len(list(FRESH.leaves())))


def test_points_are_those_of_the_chosen_options() -> None:
    sheet = fill_sheet(FRESH, {"1.1": 2, "4.1": 4, "6.1": 1, "1.3": 0})
    group = FRESH.parts[0].criteria[0]
    assert (sheet.points_at(group), sheet.points) == (2, 7)
    assert [sheet.points_at(part) for part in FRESH.parts] == [2, 5, 0]
    assert "1.3" not in {one.code for one in sheet.unscored}


def test_a_sheet_is_complete_when_every_criterion_is_scored() -> None:
    best = {leaf.code: len(leaf.options) for leaf in FRESH.leaves()}
    sheet = fill_sheet(FRESH, best)
    assert (sheet.points, sheet.complete) == (100, True)
    last = list(best)[-1]
    assert not fill_sheet(FRESH, {code: best[code] for code in best if code != last}).complete


def test_a_finding_ends_the_scoring() -> None:
    sheet = fill_sheet(FRESH, {}, {4})
    assert sheet.complete
    assert [stop.code for stop in sheet.findings] == ["2.1"]


def test_one_of_two_cases_is_chosen_with_its_option() -> None:
    sheet = fill_sheet(TOURISM, {"8": 4, "9": 2, "1.1": 2})
    assert sheet.cases == {"8": "b", "9": "a"}
    assert sheet.points == 3 + 2 + 3


@pytest.mark.parametrize("code", ["1", "99", "A", ""])
def test_only_leaves_are_scored(code: str) -> None:
    with pytest.raises(UnknownCriterion) as refusal:
        fill_sheet(FRESH, {code: 1})
    assert refusal.value.parameters == {"criterion": code}


@pytest.mark.parametrize(("code", "number"), [("1.1", 4), ("1.1", -1), ("1.2", 0), ("1.2", 4)])
def test_only_what_a_criterion_offers_is_chosen(code: str, number: int) -> None:
    """1.1 begins at 1 point, so that one may fall below it; 1.2 has an option of 0 points."""
    assert fill_sheet(FRESH, {"1.1": 0, "1.2": 1}).points == 0
    with pytest.raises(UnknownOption) as refusal:
        fill_sheet(FRESH, {code: number})
    assert refusal.value.parameters == {"criterion": code, "option": number}


@pytest.mark.parametrize("stop", [0, 6])
def test_only_findings_of_the_rubric_end_it(stop: int) -> None:
    with pytest.raises(UnknownStop):
        fill_sheet(FRESH, {}, [stop])


def test_a_sheet_is_not_changed_from_outside() -> None:
    choices = {"1.1": 3}
    sheet = fill_sheet(FRESH, choices)
    choices["1.1"] = 1
    assert sheet.points == 3
    with pytest.raises(TypeError):
        sheet.choices["1.1"] = 1  # type: ignore[index]

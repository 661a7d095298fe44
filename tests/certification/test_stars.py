"""The star rule (R1, R2, R6 and R7), against examples and against a reckoning written otherwise."""

from bisect import bisect
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from math import floor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.certification.errors import NothingScored, PointsBeyondPart, PointsNotEnough
from marketplace.certification.models import Authority
from marketplace.certification.regulations import shipped_rules
from marketplace.certification.rubrics.gates import ceiling_of, gates_for, missing_gates
from marketplace.certification.rubrics.next_star import next_star
from marketplace.certification.rubrics.sheet import ScoreSheet, fill_sheet
from marketplace.certification.rubrics.shipped import list_rubrics
from marketplace.certification.rubrics.stars import Outcome, band_of, judge, mean_points, stars_by_points
from tests.certification.rubric_files import rows_of

ALL = list_rubrics()
FRESH = ALL[0]
PROVINCE, MINISTRY = Authority.PROVINCE, Authority.MINISTRY
ROWS = {rubric.number: rows_of(rubric.number) for rubric in ALL}
RULES = {rules.code: rules for rules in shipped_rules()}


def best(number: int = 1, **lowered: int) -> ScoreSheet:
    """Return a sheet of the best options, some lowered: `c4_1=3` takes the third option of 4.1."""
    rubric = ALL[number - 1]
    choices = {leaf.code: len(leaf.options) for leaf in rubric.leaves()}
    choices |= {name[1:].replace("_", "."): option for name, option in lowered.items()}
    return fill_sheet(rubric, choices)


def test_92_points_held_back_by_one_mark_are_four_stars() -> None:
    """R1: set 1 with criterion 4.1 at 3 points, which is the mark of four stars."""
    sheet = best(c4_1=3, c1_1=2, c1_2=2, c4_2=3, c4_3=4, c6_4=3)
    option = sheet.option_at(next(leaf for leaf in FRESH.leaves() if leaf.code == "4.1"))
    assert option is not None
    assert (option.points, option.gate) == (3, 4)
    verdict = judge(sheet, PROVINCE)
    assert (verdict.points, verdict.by_points, verdict.by_gates, verdict.stars) == (Decimal(92), 5, 4, 4)
    assert (verdict.outcome, verdict.granted) == (Outcome.RECOGNISED, 4)
    assert [gate.criterion.code for gate in missing_gates(sheet, 5)] == ["4.1"]


@pytest.mark.parametrize(
    ("points", "stars"),
    [
        ("100", 5), ("90", 5), ("89.99", 4), ("70", 4), ("69.99", 3), ("50", 3), ("49.99", 2), ("30", 2),
        ("29.99", 1), ("0", 1),
    ],
)  # fmt: skip
def test_bands_are_half_open(points: str, stars: int) -> None:
    """R2."""
    assert band_of(Decimal(points)) == stars


@pytest.mark.parametrize(
    ("totals", "mean"),
    [
        ([90], "90.00"),
        ([89, 90, 90], "89.67"),
        ([69, 70], "69.50"),
        ([Decimal("89.995")], "90.00"),
        ([0], "0"),
    ],
)
def test_the_mean_has_two_places_half_up(totals: list[int | Decimal], mean: str) -> None:
    assert mean_points(totals) == Decimal(mean)


def test_there_is_no_mean_of_nothing() -> None:
    with pytest.raises(NothingScored):
        mean_points([])


def test_members_points_make_the_mean_and_their_agreed_sheet_the_marks() -> None:
    verdict = judge(best(), PROVINCE, [89, 90, 90])
    assert (verdict.points, verdict.stars, verdict.granted) == (Decimal("89.67"), 4, 4)
    assert judge(best(c4_1=2), PROVINCE, [95, 97]).stars == 3


def test_the_province_never_gives_five_stars() -> None:
    """R6."""
    verdict = judge(best(), PROVINCE)
    assert (verdict.stars, verdict.outcome, verdict.granted) == (5, Outcome.PROPOSED, None)
    verdict = judge(best(), MINISTRY)
    assert (verdict.stars, verdict.outcome, verdict.granted) == (5, Outcome.RECOGNISED, 5)


def test_the_ministry_sends_back_what_has_fewer_than_five() -> None:
    verdict = judge(best(c4_1=3), MINISTRY)
    assert (verdict.stars, verdict.outcome, verdict.granted) == (4, Outcome.SENT_BACK, None)


@pytest.mark.parametrize("level", [PROVINCE, MINISTRY])
def test_one_and_two_stars_get_no_certificate(level: Authority) -> None:
    """R7."""
    for sheet in (fill_sheet(FRESH, {}), best(c2_3=0)):
        verdict = judge(sheet, level)
        assert verdict.stars <= 2
        assert (verdict.outcome, verdict.granted) == (Outcome.NOT_RECOGNISED, None)


def test_a_finding_disqualifies_whatever_the_points() -> None:
    full = best()
    stopped = fill_sheet(FRESH, full.choices, {1})
    verdict = judge(stopped, PROVINCE)
    assert (verdict.points, verdict.outcome, verdict.granted) == (Decimal(100), Outcome.DISQUALIFIED, None)


def test_the_way_to_the_next_star_names_the_cheapest_marks_first() -> None:
    sheet = best(7, c2_3=2, c9=0)
    way = next_star(sheet, PROVINCE)
    assert way is not None
    assert way.stars == 3
    assert [gate.criterion.code for gate in way.gates] == ["9"]
    sheet = best(7, c9=1, c2_3=2, c5_1=3)
    way = next_star(sheet, PROVINCE)
    assert way is not None
    assert way.stars == 4
    assert [(gate.criterion.code, gate.steps, gate.adds) for gate in way.gates] == [
        ("2.3", 1, 1), ("9", 1, 2), ("5.1", 2, 3),
    ]  # fmt: skip
    assert (sheet.points, way.with_gates.points, way.with_gates.stars) == (92, Decimal(98), 5)


def test_points_may_be_missing_when_every_mark_is_reached() -> None:
    marked = fill_sheet(FRESH, {leaf.code: option.number for leaf, option in gates_for(FRESH, 4)})
    assert (marked.points, ceiling_of(marked)) == (37, 4)
    way = next_star(marked, PROVINCE)
    assert way is not None
    assert (way.stars, way.gates, way.points_missing) == (3, (), Decimal(13))


def test_points_that_come_with_the_marks_are_not_missing() -> None:
    way = next_star(fill_sheet(FRESH, {}), PROVINCE)
    assert way is not None
    assert way.points_missing == 50 - way.with_gates.points > 0
    assert way.with_gates.points == sum(gate.adds for gate in way.gates)


def test_there_is_no_way_beyond_five() -> None:
    assert next_star(best(), PROVINCE) is None


def test_older_regulations_go_by_points_within_their_own_parts() -> None:
    points = {"A": Decimal(35), "B": Decimal(20), "C": Decimal("35.5")}
    assert stars_by_points(RULES["781/2020"], points) == 5
    with pytest.raises(PointsBeyondPart) as refusal:
        stars_by_points(RULES["148/2023"], points)
    assert refusal.value.parameters == {"part": "C", "most": 35}
    assert (
        stars_by_points(RULES["1489/2025"], {"A": Decimal(40), "B": Decimal(25), "C": Decimal("4.99")}) == 3
    )
    with pytest.raises(PointsBeyondPart):
        stars_by_points(RULES["1048/2019"], {**points, "A": Decimal("35.01")})
    with pytest.raises(PointsBeyondPart):
        stars_by_points(RULES["1048/2019"], {**points, "B": Decimal(-1)})


@pytest.mark.parametrize("code", ["490/2018", "26/2026"])
def test_points_alone_decide_neither_without_known_parts_nor_where_marks_count(code: str) -> None:
    with pytest.raises(PointsNotEnough):
        stars_by_points(RULES[code], {"A": Decimal(30), "B": Decimal(20), "C": Decimal(30)})


@st.composite
def sheets(draw: st.DrawFn) -> ScoreSheet:
    """Sheets of any set; half of them near the top, where marks and not points decide."""
    rubric = draw(st.sampled_from(ALL))
    good = draw(st.booleans())
    choices = {}
    for leaf in rubric.leaves():
        least = 0 if leaf.may_reach_nothing else 1
        most = len(leaf.options)
        if good:
            choices[leaf.code] = draw(st.sampled_from([most] * 6 + [max(most - 1, least), least]))
        elif draw(st.booleans()):
            choices[leaf.code] = draw(st.integers(least, most))
    return fill_sheet(rubric, choices)


def reckon(sheet: ScoreSheet) -> tuple[Decimal, int, int]:
    """Reckon points, stars by points and the ceiling from the flat rows of the file.

    Every mark that is not reached puts the ceiling one below itself.
    """
    rows = ROWS[sheet.rubric.number]
    points = sum(worth for code, place, worth, _ in rows if sheet.choices.get(code) == place)
    unreached = [mark - 1 for code, place, _, mark in rows if mark and sheet.choices.get(code, 0) < place]
    return Decimal(points), bisect([30, 50, 70, 90], points) + 1, min([5, *unreached])


@given(sheets())
@settings(max_examples=300, deadline=None)
def test_stars_agree_with_an_independent_reckoning(sheet: ScoreSheet) -> None:
    points, by_points, by_gates = reckon(sheet)
    verdict = judge(sheet, PROVINCE)
    assert (verdict.points, verdict.by_points, verdict.by_gates) == (points, by_points, by_gates)
    assert verdict.stars == min(by_points, by_gates)
    assert verdict.granted in {None, 3, 4}
    assert (verdict.granted is None) == (verdict.stars not in {3, 4})


@given(sheets(), st.data())
@settings(max_examples=200, deadline=None)
def test_a_better_option_never_costs_a_star(sheet: ScoreSheet, data: st.DataObject) -> None:
    leaf = data.draw(st.sampled_from([one for one in sheet.rubric.leaves() if not one.options[0].case]))
    chosen = sheet.choices.get(leaf.code, 0)
    better = data.draw(st.integers(max(chosen, 1), len(leaf.options)))
    raised = sheet.raised({leaf.code: leaf.options[better - 1]})
    assert judge(raised, PROVINCE).stars >= judge(sheet, PROVINCE).stars


@given(sheets())
@settings(max_examples=200, deadline=None)
def test_the_way_up_holds_what_is_needed_and_nothing_else(sheet: ScoreSheet) -> None:
    way = next_star(sheet, PROVINCE)
    if way is None:
        assert judge(sheet, PROVINCE).stars == 5
        return
    wanted = {gate.criterion.code: gate.option for gate in way.gates}
    assert way.with_gates.by_gates >= way.stars
    assert way.with_gates.points == sheet.points + sum(gate.adds for gate in way.gates)
    assert (way.points_missing == 0) == (way.with_gates.stars >= way.stars)
    assert [gate.steps for gate in way.gates] == sorted(gate.steps for gate in way.gates)
    for code in wanted:
        without = {other: option for other, option in wanted.items() if other != code}
        assert reckon(sheet.raised(without))[2] < way.stars


@given(st.lists(st.integers(0, 100), min_size=1, max_size=15))
def test_the_mean_agrees_with_fractions(totals: Sequence[int]) -> None:
    exact = Fraction(sum(totals), len(totals))
    assert mean_points(totals) == Decimal(floor(exact * 100 + Fraction(1, 2))) / 100

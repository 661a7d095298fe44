"""Maps and their geometry."""

import gzip
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.places.geometry import area, clip, label_point, path
from marketplace.places.outlines import WIDTH, country_map, project, province_map

CODES = [shape.code for shape in country_map().provinces]
SQUARE = ((0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0))


def test_the_country_has_34_provinces_within_its_budget() -> None:
    country = country_map()
    paths = "".join(shape.path for shape in country.provinces)
    assert len(set(CODES)) == 34
    assert len(gzip.compress(paths.encode(), 9)) <= 4096


def test_paths_are_whole_relative_steps() -> None:
    for shape in country_map().provinces:
        assert re.fullmatch(r"(M\d+ \d+l(-?\d+[ -]\d+[ -]?)+-?\d*z)+", shape.path), shape.code


@pytest.mark.parametrize("code", CODES)
def test_every_map_shows_and_names_both_archipelagos(code: str) -> None:
    drawn = province_map(code)
    assert drawn.inset is not None
    for shown in (country_map(), drawn.inset):
        assert [(a.name, a.province_code) for a in shown.archipelagos] == [
            ("Hoàng Sa", "48"),
            ("Trường Sa", "56"),
        ]
        for archipelago in shown.archipelagos:
            assert len(archipelago.islands) >= 9
            for x, y in (*archipelago.islands, archipelago.label):
                assert 0 <= x <= shown.width
                assert 0 <= y <= shown.height


@pytest.mark.parametrize("code", CODES)
def test_a_province_map_holds_its_province_and_cuts_the_neighbours(code: str) -> None:
    drawn = province_map(code)
    focus = [shape for shape in drawn.provinces if shape.focus]
    assert [shape.code for shape in focus] == [code]
    assert focus[0].label is not None
    assert drawn.width == WIDTH
    assert 0.65 * WIDTH < drawn.height < 1.3 * WIDTH
    assert drawn.inset is not None
    assert drawn.inset_at is not None
    assert 0 <= drawn.inset_at[0] <= drawn.width - drawn.inset.width
    assert 0 <= drawn.inset_at[1] <= drawn.height - drawn.inset.height
    starts = re.findall(r"M(-?\d+) (-?\d+)l", "".join(shape.path for shape in drawn.provinces))
    assert all(-10 <= int(x) <= drawn.width + 10 and -10 <= int(y) <= drawn.height + 10 for x, y in starts)


def test_no_name_lies_under_the_inset() -> None:
    for code in CODES:
        drawn = province_map(code)
        assert drawn.inset is not None
        assert drawn.inset_at is not None
        left, top = drawn.inset_at
        for shape in drawn.provinces:
            if shape.label:
                x, y = shape.label
                assert not (left <= x <= left + drawn.inset.width and top <= y <= top + drawn.inset.height)


def test_a_code_that_no_province_has_is_an_error() -> None:
    with pytest.raises(KeyError):
        province_map("99")


def test_points_are_projected_onto_their_province() -> None:
    assert project(18.34, 105.9) == country_map().project(18.34, 105.9)
    assert province_map("42").shows(18.34, 105.9)
    assert not province_map("42").shows(10.0, 106.0)
    north, south = project(21.03, 105.85), project(10.78, 106.7)
    assert north[1] < south[1]
    assert north[0] < south[0]


def test_a_square_is_cut_to_the_frame() -> None:
    assert area(clip(SQUARE, (5, 5, 20, 20))) == 25
    assert list(clip(SQUARE, (20, 20, 30, 30))) == []
    assert set(clip(SQUARE, (-1, -1, 11, 11))) == set(SQUARE)


@given(st.lists(st.tuples(st.floats(-50, 50), st.floats(-50, 50)), min_size=3, max_size=12))
def test_what_is_cut_stays_within_the_frame(ring: list[tuple[float, float]]) -> None:
    for x, y in clip(ring, (-10, -10, 10, 10)):
        assert -10.001 <= x <= 10.001
        assert -10.001 <= y <= 10.001


def test_a_name_stands_inside_even_a_crescent() -> None:
    outer = [(0.0, 0.0), (30.0, 0.0), (30.0, 30.0), (0.0, 30.0)]
    (x, y), room = label_point([*outer, (0.0, 20.0), (20.0, 20.0), (20.0, 10.0), (0.0, 10.0)])
    assert room >= 10
    assert not (x < 20 and 10 < y < 20)


def test_what_rounds_to_nothing_is_left_out_and_straight_lines_are_joined() -> None:
    assert path([((0.1, 0.1), (0.2, 0.2), (0.3, 0.1))]) == ""
    assert path([SQUARE]) == "M0 0l10 0 0 10-10 0z"
    assert path([((0.0, 0.0), (5.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 0.0))]) == "M0 0l10 0 0 10z"

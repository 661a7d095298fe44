"""The shipped rubrics: what the regulation prints, what was repaired, and that none ever changes."""

import copy
import csv
import json
from collections import Counter
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from marketplace.certification.rubrics import shipped
from marketplace.certification.rubrics.building import Edition, FaultyRubric, build_rubric
from marketplace.certification.rubrics.rubric import Criterion, NoteKind, Rubric
from marketplace.certification.rubrics.shipped import ChangedRubric, digest_of, find_rubric, list_rubrics
from marketplace.errors import NotFound
from tests.certification.rubric_files import FOLDER, raw_file, raw_set

ALL = list_rubrics()
ERRATA: list[dict[str, Any]] = raw_file("errata.json")
DOUBTS: list[dict[str, Any]] = raw_file("doubts.json")


def leaf(rubric: Rubric, code: str) -> Criterion:
    [found] = [one for one in rubric.leaves() if one.code == code]
    return found


def test_they_are_the_26_sets_of_the_catalogue() -> None:
    kept = files("marketplace") / "data" / "catalogue" / "sets.csv"
    rows = list(csv.DictReader(kept.read_text(encoding="utf-8").splitlines()))
    assert len(ALL) == 26
    assert [(one.number, one.slug, one.name.vi, one.name.en, one.family.vi) for one in ALL] == [
        (int(row["number"]), row["slug"], row["name"], row["name_en"], row["family"]) for row in rows
    ]
    assert {one.regulation for one in ALL} == {"26/2026"}


@pytest.mark.parametrize("rubric", ALL, ids=lambda one: one.slug)
def test_every_set_sums_to_40_25_and_35(rubric: Rubric) -> None:
    assert [(part.code, part.most) for part in rubric.parts] == [("A", 40), ("B", 25), ("C", 35)]
    for part in rubric.parts:
        assert sum(one.most for one in part.leaves()) == part.most
        assert sum(max(option.points for option in one.options) for one in part.leaves()) == part.most
    codes = [one.code for one in rubric.leaves()]
    assert len(codes) == len(set(codes))


def test_criteria_options_and_star_marks_are_as_many_as_the_regulation_prints() -> None:
    leaves = [one for rubric in ALL for one in rubric.leaves()]
    options = [option for one in leaves for option in one.options]
    assert len(leaves) == 787
    assert Counter(option.gate for option in options if option.gate) == {3: 179, 4: 290, 5: 106}
    assert sum(option.gate is not None for option in options) == 575
    bare_ticks = [row for row in ERRATA if row["field"] == "options"]
    assert len(bare_ticks) == 22
    put_there = sum(len(row["used"]) for row in bare_ticks)
    assert (len(options), put_there, len(options) - put_there) == (2_579, 44, 2_535)


def test_every_repair_is_told_and_only_bare_ticks_change_the_count() -> None:
    """29 repairs: 22 bare ticks, 4 blank zeroes, 13 for 3, 11 for 1 and a maximum of `4 1`."""
    assert Counter(row["field"] for row in ERRATA) == {"options": 22, "points": 6, "max": 1}
    points = [(row["printed"], row["used"]) for row in ERRATA if row["field"] == "points"]
    assert sorted(points, key=str) == [(11, 1), (13, 3), (None, 0), (None, 0), (None, 0), (None, 0)]
    for row in ERRATA:
        criterion = leaf(ALL[row["set"] - 1], row["code"])
        kept = [option.points for option in criterion.options]
        if row["field"] == "options":
            assert kept == row["used"] == [0, 1]
        elif row["field"] == "points":
            assert row["used"] in kept
            assert row["printed"] not in kept
        else:
            assert (row["printed"], row["used"]) == ("4 1", criterion.most)
    told = [one for rubric in ALL for criterion in rubric.leaves() for one in criterion.errata]
    assert len(told) == len(ERRATA) == 29


def test_every_doubt_stands_at_what_it_is_about() -> None:
    told = [*(one for rubric in ALL for one in rubric.doubts)]
    told += [one for rubric in ALL for part in rubric.parts for one in part.doubts]
    told += [one for rubric in ALL for criterion in rubric.leaves() for one in criterion.doubts]
    assert len(told) == sum(len(row["sets"]) for row in DOUBTS) == 119
    assert all(one.words.vi and one.words.en and one.handling.vi and one.handling.en for one in told)


def test_the_tourism_set_is_the_one_that_differs() -> None:
    tourism = ALL[25]
    assert tourism.stops_at(None) == ()
    assert all(rubric.stops_at(None) for rubric in ALL[:25])
    marks = [option.gate for one in tourism.leaves() for option in one.options if option.gate]
    assert sorted(marks) == [3, 4, 4]
    two_cases = {one.code for rubric in ALL for one in rubric.leaves() for o in one.options if o.case}
    assert two_cases == {"8", "9", "15"}
    assert leaf(tourism, "8").case_words("b").en == "Tourism service site"
    assert [option.case for option in leaf(tourism, "8").options] == ["a", "a", "b", "b"]


def test_notes_stand_at_the_criterion_at_one_option_or_stop_the_scoring() -> None:
    fresh = ALL[0]
    waste = leaf(fresh, "1.6")
    assert [waste.points_of(note) for note in waste.minded_above] == [(2, 3)]
    assert [len(waste.minded_at(number)) for number in (1, 2, 3)] == [0, 0, 1]
    assert leaf(fresh, "1.1").points_of(leaf(fresh, "1.1").minded_above[0]) == ()
    assert [stop.code for stop in fresh.stops] == [None, None, None, "2.1", "6.1"]
    assert [stop.number for stop in fresh.stops] == [1, 2, 3, 4, 5]
    shape = leaf(fresh, "6.1")
    assert [note.kind for note in shape.notes] == [NoteKind.STOP]
    assert shape.minded_above == ()


def test_short_forms_are_explained_where_they_occur() -> None:
    assert "TMĐT" in dict(ALL[0].abbreviations)
    assert "ĐTM" in dict(ALL[25].abbreviations)
    assert "ĐTM" not in dict(ALL[0].abbreviations)


def test_a_set_is_found_by_its_slug() -> None:
    assert find_rubric("rau-cu-qua-hat-tuoi") is ALL[0]
    assert find_rubric("khong-co") is None


def test_there_is_no_other_edition() -> None:
    with pytest.raises(NotFound):
        list_rubrics("26/2026", 2)


def test_the_digest_is_of_points_and_words_and_not_of_the_layout() -> None:
    labels = raw_file("labels.json")
    raw = raw_set(1)
    digest = digest_of(raw, labels)
    assert digest == ALL[0].digest
    assert len({rubric.digest for rubric in ALL}) == 26
    assert digest_of(json.loads(json.dumps(raw, indent=4, sort_keys=True)), labels) == digest
    reworded = {**labels, "c-production": {"vi": "Tổ chức", "en": "Organisation"}}
    assert digest_of(raw, reworded) != digest
    assert digest_of(raw, {**labels, "unused": {"vi": "", "en": ""}}) == digest
    raw["parts"][0]["criteria"][0]["children"][0]["options"][0]["gate"] = 3
    assert digest_of(raw, labels) != digest


def test_a_set_changed_in_place_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "sets").mkdir()
    for file in FOLDER.rglob("*.*"):
        (tmp_path / file.relative_to(FOLDER)).write_bytes(file.read_bytes())
    monkeypatch.setattr(shipped, "_folder", lambda regulation, edition: tmp_path)
    assert list_rubrics.__wrapped__()[3].digest == ALL[3].digest
    [fourth] = (tmp_path / "sets").glob("04-*.json")
    fourth.write_text(fourth.read_text().replace('"points": 2', '"points": 1', 1))
    with pytest.raises(ChangedRubric, match="set 4: "):
        list_rubrics.__wrapped__()


def edition() -> Edition:
    return Edition(
        regulation="26/2026",
        number=1,
        labels=raw_file("labels.json"),
        abbreviations={},
        doubts=[],
        errata=[],
    )


def spoiled(what: str) -> dict[str, Any]:
    """Return the first set with a fault."""
    raw = copy.deepcopy(raw_set(26 if what == "case" else 1))
    production = raw["parts"][0]["criteria"][0]
    linkage = production["children"][-3]["options"]
    match what:
        case "part":
            raw["parts"][1]["max"] = 26
        case "group":
            production["max"] = 19
            raw["parts"][0]["max"] = 41
        case "top":
            linkage[3]["points"] = 2
        case "order":
            linkage[0]["points"], linkage[1]["points"] = 1, 0
        case "marks":
            linkage[2]["gate"], linkage[3]["gate"] = 5, 4
        case "twice":
            linkage[2]["gate"] = 5
        case "case":
            raw["parts"][2]["criteria"][2]["options"][0]["gate"] = 3
    return raw


@pytest.mark.parametrize("what", ["part", "group", "top", "order", "marks", "twice", "case"])
def test_a_set_that_does_not_add_up_is_refused(what: str) -> None:
    assert build_rubric(raw_set(1), edition(), "x").number == 1
    with pytest.raises(FaultyRubric):
        build_rubric(spoiled(what), edition(), "x")

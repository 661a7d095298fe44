"""Every drill in its short form, and its negative control."""

import json
from pathlib import Path

import pytest

from tests.drills import Drill, Run, all_drills, carry_out

DRILLS = all_drills()
RUNS = [pytest.param(one, name, id=f"{one.id}-{name}") for one in DRILLS for name in one.databases]
CONTROLS = [pytest.param(one, name, id=f"{one.id}-{name}") for one in DRILLS for name in one.control_on]


def _url(database: str, folder: Path, request: pytest.FixtureRequest) -> str:
    if database == "sqlite":
        return f"sqlite:///{folder / 'drill.db'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.mark.parametrize(("one", "database"), RUNS)
def test_the_bar_is_reached(
    one: Drill, database: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    line = carry_out(one, database, Run(_url(database, tmp_path, request), tmp_path))
    assert line["ok"], json.dumps(line, ensure_ascii=False)


@pytest.mark.parametrize(("one", "database"), CONTROLS)
def test_the_control_misses_the_bar(
    one: Drill, database: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    line = carry_out(one, database, Run(_url(database, tmp_path, request), tmp_path, guarded=False))
    assert not line["ok"], f"the drill cannot see its own fault: {json.dumps(line, ensure_ascii=False)}"


def test_drills_are_registered() -> None:
    assert {one.id for one in DRILLS} >= {"R16", "R17", "R22", "S1", "S2", "S14", "S22"}

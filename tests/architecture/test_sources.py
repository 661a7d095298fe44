"""What no source file may hold, and what must stand beside them."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from marketplace.settings import PROJECT

FOLDERS = {".ci", "marketplace", "search_index", "static", "templates", "tests"}
# Written with a gap, so that this file does not find itself.
UNWANTED = {
    "tests that do not run": r"pytest\.(mark\.)?(s" r"kip|xf" r"ail)|importors" r"kip|unittest\.s" r"kip",
    "lines that need no test": r"pragma: n" r"o (cover|branch)",
    "work left undone": r"\b(TO" r"DO|FIX" r"ME|X" r"XX)\b",
}


def tracked_files() -> list[Path]:
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True).stdout
    return [Path(name) for name in names.split("\0") if name and (PROJECT / name).exists()]


@pytest.mark.parametrize("name", UNWANTED)
def test_sources_hold_nothing_unwanted(name: str) -> None:
    sources = [path for path in tracked_files() if path.suffix in {".py", ".html", ".js", ".css", ".toml"}]
    assert sources
    found = [str(p) for p in sources if re.search(UNWANTED[name], (PROJECT / p).read_text(encoding="utf-8"))]
    assert found == []


def test_the_top_folders_are_those_of_the_design() -> None:
    assert {path.parts[0] for path in tracked_files() if len(path.parts) > 1} == FOLDERS


def test_the_licence_is_mit() -> None:
    text = (PROJECT / "LICENSE").read_text()
    assert text.startswith("MIT License")
    assert "WITHOUT WARRANTY OF ANY KIND" in text


PIN = re.compile(
    r"^([\w.\-]+)(?:\[[\w,\-]+\])?==([^\s;\\]+)[^\n]*\n((?:    --hash=sha256:[0-9a-f]{64}.*\n)*)",
    re.MULTILINE,
)


def pins_of(name: str) -> list[tuple[str, str, int]]:
    """Return name, version and number of hashes of each pin in a lock."""
    pins = PIN.findall((PROJECT / name).read_text())
    return [(canonicalize_name(one), version, hashes.count("--hash")) for one, version, hashes in pins]


def versions_of(name: str) -> dict[str, str]:
    """Return the version of each distribution in a lock."""
    return {one: version for one, version, _ in pins_of(name)}


LOCKS = ["requirements.lock", "requirements-dev.lock", "tests/environment/postgres.lock"]


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_pins_by_hash_and_names_no_index(name: str) -> None:
    text = (PROJECT / name).read_text()
    pins = pins_of(name)
    assert len(pins) == len(re.findall(r"^[\w.\-]+\S*==", text, re.MULTILINE)) > 0
    assert [one for one, _, hashes in pins if not hashes] == []
    assert "http" not in re.sub(r"#.*", "", text)


def test_the_locks_are_of_what_the_project_asks_for() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())
    groups = project["dependency-groups"]
    asked = {
        "requirements.lock": [*project["project"]["dependencies"], *groups["build"]],
        "requirements-dev.lock": [*project["project"]["dependencies"], *groups["build"], *groups["dev"]],
    }
    for lock, texts in asked.items():
        versions = versions_of(lock)
        for wanted in map(Requirement, texts):
            version = versions.get(canonicalize_name(wanted.name), "0")
            assert wanted.specifier.contains(version), f"{wanted} is not met by {lock}"


def test_tests_run_with_the_versions_that_are_served() -> None:
    served, tested = versions_of("requirements.lock"), versions_of("requirements-dev.lock")
    assert {name: tested.get(name) for name in served} == served

"""What every test may ask for: an application on a fresh database, the clock, a browser."""

import os
import socket
import zlib
from collections import Counter
from collections.abc import Generator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from coverage import Coverage
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings
from playwright.sync_api import Browser, sync_playwright

from marketplace import clock
from tests.architecture import sizes
from tests.environment import chromium
from tests.environment.application import emptied_application, make_settings
from tests.environment.postgres import running_server
from tests.environment.quick_folder import write_into_memory
from tests.environment.tracing import is_followed, rest_in_libraries, resting

__all__ = ["NOON", "make_settings"]

NAMES = pytest.StashKey[set[str | None]]()
LAID = pytest.StashKey[Counter[str]]()
UNFOLLOWED = (
    "tests/accounts/test_attempts.py::test_processes_share_a_limit",
    "tests/architecture/",
    "tests/bench/",
    "tests/cli/test_commands.py::test_setup_prepares_an_empty_folder",
    "tests/cli/test_importing.py::test_a_bare_site_is_set_up_once",
    "tests/drills/",
    "tests/journeys/",
    "tests/programme/test_shipped_plans.py",
    "tests/relevance/",
)
"""Whole kinds of tests, and some that do what others do as well: tests/upkeep loads the register."""
ALIKE = 3
"""How often a fixture is followed; whatever it does then, it has done before."""
DOORS = tuple(
    f"tests/{door}/"
    for door in ("api", "cli", "letters", "office", "scan", "signin", "storefront", "web", "workspace")
)
NOON = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The address of a PostgreSQL server that lives as long as the run."""
    with running_server() as url:
        yield url


@pytest.fixture(scope="session")
def own_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of this process alone."""
    return tmp_path_factory.mktemp("own")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, own_folder: Path) -> str:
    """Each test of a database runs on both; SQLite begins with no file, PostgreSQL as it was left."""
    if request.param == "sqlite":
        for left in own_folder.glob("test.db*"):
            left.unlink()
        return f"sqlite:///{own_folder / 'test.db'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
def app(database_url: str, own_folder: Path) -> Iterator[Flask]:
    """An application with empty tables, inside its context."""
    with emptied_application(database_url, own_folder / "files") as app:
        yield app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without JavaScript."""
    return app.test_client()


@pytest.fixture(autouse=True)
def noon() -> Iterator[datetime]:
    """Hold the clock at noon of 21 November 2026 in Vietnam."""
    with clock.stopped(NOON):
        yield NOON


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A Chromium without a window; each test opens a context of its own."""
    with sync_playwright() as playwright, chromium.launch(playwright) as started:
        yield started


@pytest.fixture(scope="session")
def live_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a site with the demo, which serves at noon of the same day as every test."""
    from tests.environment.pages import site_with_demo  # noqa: PLC0415 - only journeys pay for it

    with (
        clock.stopped(NOON, everywhere=True),
        socket.create_server(("127.0.0.1", 0)) as listener,
        site_with_demo(listener, tmp_path_factory.mktemp("site")) as url,
    ):
        yield url


def pytest_configure(config: pytest.Config) -> None:
    """Write where it is quick, have coverage follow what is ours, and let no test fail for being slow."""
    settings.register_profile("house", deadline=None)
    settings.load_profile("house")
    config.stash[LAID] = Counter()
    write_into_memory()
    if is_followed():
        rest_in_libraries()


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish() -> None:
    """Write down what coverage followed: a worker that is slow to leave is killed, and tells nothing more."""
    if (followed := Coverage.current()) is not None:
        followed.stop()
        followed.save()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, Any, Any]:
    """Measure coverage on SQLite alone where a test runs on both databases, and not by drills and journeys.

    To trace costs as much again as most of a test does; next to nothing differs between the two, and what
    a drill or a journey goes through other tests look at closely.
    """
    if not (item.nodeid.startswith(UNFOLLOWED) or _runs_on_sqlite_too(item)):
        return (yield)
    with resting():
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
) -> Generator[None, Any, Any]:
    """Measure the first few times that a fixture is laid; a third of the tests' time goes into that."""
    laid = request.config.stash[LAID]
    name = f"{fixturedef.baseid}::{fixturedef.argname}[{getattr(request, 'param', None)!r}]"
    laid[name] += 1
    if laid[name] <= ALIKE:
        return (yield)
    with resting():
        return (yield)


def _runs_on_sqlite_too(item: pytest.Item) -> bool:
    return _on_sqlite(item.nodeid) in item.session.stash[NAMES]


def _on_sqlite(nodeid: str) -> str | None:
    """Return the name that a test of PostgreSQL bears on SQLite, or None."""
    called, _, name = nodeid.partition("[")
    return f"{called}[{name.replace('postgresql', 'sqlite')}" if "postgresql" in name else None


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(
    session: pytest.Session, config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Let every test of a door run on SQLite, and one in six of them, the same ones always, on both.

    Domains are tested on both throughout, and drill S1 asks every route on both. DATABASES=all leaves
    none out.
    """
    names: set[str | None] = {item.nodeid for item in items}
    session.stash[NAMES] = names
    if os.environ.get("DATABASES") == "all":
        return
    left_out = {item for item in items if _is_left_out(item.nodeid, names)}
    config.hook.pytest_deselected(items=list(left_out))
    items[:] = [item for item in items if item not in left_out]


def _is_left_out(nodeid: str, names: set[str | None]) -> bool:
    of_a_door = nodeid.startswith(DOORS) and _on_sqlite(nodeid) in names
    return of_a_door and zlib.crc32(nodeid.encode()) % 6 > 0


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Report how large things are."""
    terminalreporter.section("sizes")
    with resting():
        lines = sizes.report()
    for line in lines:
        terminalreporter.write_line(line)

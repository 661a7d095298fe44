"""What every test may ask for: an application on a fresh database, the clock, a browser."""

import socket
import sys
import threading
from collections.abc import Generator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, sync_playwright

from marketplace import clock
from tests.architecture import sizes
from tests.environment import chromium
from tests.environment.application import emptied_application, make_settings
from tests.environment.postgres import running_server

__all__ = ["NOON", "make_settings"]

NAMES = pytest.StashKey[set[str]]()
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


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, Any, Any]:
    """Measure coverage on SQLite alone where a test runs on both databases.

    To trace costs as much again as most of a test does; next to nothing differs between the two.
    """
    if not _runs_on_sqlite_too(item):
        return (yield)
    here, threads = sys.gettrace(), threading.gettrace()
    sys.settrace(None)
    threading.settrace(None)
    try:
        return (yield)
    finally:
        threading.settrace(threads)
        sys.settrace(here)


def _runs_on_sqlite_too(item: pytest.Item) -> bool:
    called, _, name = item.nodeid.partition("[")
    if "postgresql" not in name:
        return False
    if NAMES not in item.session.stash:
        item.session.stash[NAMES] = {one.nodeid for one in item.session.items}
    return f"{called}[{name.replace('postgresql', 'sqlite')}" in item.session.stash[NAMES]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Report how large things are."""
    terminalreporter.section("sizes")
    for line in sizes.report():
        terminalreporter.write_line(line)

"""What every test may ask for: an application on a fresh database, the clock, a browser."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from marketplace import clock
from tests.environment.application import empty_application, make_settings
from tests.environment.postgres import running_server

__all__ = ["NOON", "make_settings"]

NOON = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The address of a PostgreSQL server that lives as long as the run."""
    with running_server() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Each test that touches a database runs on both."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'test.db'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """An application with empty tables, inside its context."""
    with empty_application(database_url, tmp_path) as app:
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

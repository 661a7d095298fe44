"""What every test may ask for: an application on a fresh database, and the clock."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from marketplace import clock
from marketplace.app import create_app
from marketplace.database import db
from marketplace.settings import Settings, read_settings
from tests.environment.postgres import running_server

NOON = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The address of a PostgreSQL server that lives as long as the run."""
    with running_server() as url:
        yield url


def make_settings(database_url: str, folder: Path, **changes: str) -> Settings:
    """Return demo settings on a database, with the index in a folder of the test's own."""
    environment = {
        "DEMO": "1",
        "DATABASE_URL": database_url,
        "SECRET_KEY": "a secret of the tests, which is long enough",
        "SEARCH_INDEX": str(folder / "index"),
        **changes,
    }
    return read_settings(environment)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Each test that touches a database runs on both; `on_sqlite` marks the few pages that need one."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'test.db'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """An application with empty tables, inside its context."""
    app = create_app(make_settings(database_url, tmp_path))
    with app.app_context():
        if db.engine.dialect.name == "postgresql":
            _empty_postgres()
        else:
            db.create_all()
        yield app
        db.session.remove()
        db.engine.dispose()


def _empty_postgres() -> None:
    with db.engine.begin() as connection:
        if not sa.inspect(connection).has_table("job"):
            db.metadata.create_all(connection)
        names = ", ".join(f'"{table.name}"' for table in db.metadata.sorted_tables)
        connection.execute(sa.text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without JavaScript."""
    return app.test_client()


@pytest.fixture(autouse=True)
def noon() -> Iterator[datetime]:
    """Hold the clock at noon of 21 November 2026 in Vietnam."""
    with clock.stopped(NOON):
        yield NOON

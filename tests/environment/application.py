"""Applications for tests and drills: settings of a test's own, and tables that are there and empty."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from flask import Flask

from marketplace.app import create_app
from marketplace.database import db
from marketplace.settings import Settings, read_settings

SECRET = "a secret of the tests, which is long enough"


def make_environment(database_url: str, folder: Path, **changes: str) -> dict[str, str]:
    """Return the environment of a demo on a database, with the index in a folder of its own."""
    return {
        "DEMO": "1",
        "DATABASE_URL": database_url,
        "SECRET_KEY": SECRET,
        "SEARCH_INDEX": str(folder / "index"),
        "JOURNAL_ANCHORS": str(folder / "journal_anchors.jsonl"),
        "OUTBOX": str(folder / "outbox"),
        "MEDIA": str(folder / "media"),
        **changes,
    }


def make_settings(database_url: str, folder: Path, **changes: str) -> Settings:
    """Return the settings read from `make_environment`."""
    return read_settings(make_environment(database_url, folder, **changes))


@contextmanager
def empty_application(database_url: str, folder: Path, **changes: str) -> Iterator[Flask]:
    """Yield an application with empty tables, inside its context."""
    app = create_app(make_settings(database_url, folder, **changes))
    with app.app_context():
        if db.engine.dialect.name == "postgresql":
            _empty_postgres()
        else:
            db.create_all()
        try:
            yield app
        finally:
            db.session.remove()
            db.engine.dispose()


def _empty_postgres() -> None:
    with db.engine.begin() as connection:
        if not sa.inspect(connection).has_table("job"):
            db.metadata.create_all(connection)
        names = ", ".join(f'"{table.name}"' for table in db.metadata.sorted_tables)
        connection.execute(sa.text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))

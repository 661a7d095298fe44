"""Applications for tests and drills: settings of a test's own, and tables that are there and empty."""

import gc
import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from functools import cache
from itertools import count
from pathlib import Path
from types import CodeType
from typing import Any

import psycopg
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.datastructures import Headers

from marketplace.accounts.sightings import Sightings
from marketplace.app import create_app
from marketplace.catalogue.tallies import ViewTallies
from marketplace.database import db, unit_of_work
from marketplace.register import RegisterVersion
from marketplace.scan.counting import Answers
from marketplace.search import engine as search_engine
from marketplace.settings import Settings, read_settings
from marketplace.traceability.scans.tallies import ScanTallies
from marketplace.web.kept_pages import KeptPages

_blank: list[bytes] = []
_applications: dict[str, Flask] = {}
_versions = count(1_000_000, 10_000)


class CompiledTemplates(BytecodeCache):
    """What templates compiled to, kept for all applications of a test run."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill in the code of a template that was compiled before from the same source."""
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code of a template."""
        if bucket.code is not None:
            self._codes[bucket.key, bucket.checksum] = bucket.code


class TidyClient(FlaskClient):
    """Closes what it sent: uploads beyond 500 kB lie in temporary files, which Werkzeug leaves open."""

    def run_wsgi_app(
        self, environ: dict[str, Any], buffered: bool = False
    ) -> tuple[Iterable[bytes], str, Headers]:
        """Have the application answer, and close what was sent, whether it does or not."""
        try:
            return super().run_wsgi_app(environ, buffered)
        finally:
            environ["wsgi.input"].close()


COMPILED = CompiledTemplates()
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
    """Yield an application of its own with empty tables, inside its context."""
    app = create_app(make_settings(database_url, folder, **changes))
    _made_for_tests(app)
    with _inside(app):
        yield app


@contextmanager
def emptied_application(database_url: str, folder: Path) -> Iterator[Flask]:
    """Yield the one application that this process has for a database, emptied, inside its context.

    To make an application and to compile its statements costs more than most tests do. What a process
    keeps in memory it keeps under the register version, so each test starts at a version of its own.
    """
    if database_url not in _applications:
        _applications[database_url] = create_app(make_settings(database_url, folder))
        _made_for_tests(_applications[database_url])
        _read_backwards(_applications[database_url])
        _look_for_garbage_seldom()
    app = _applications[database_url]
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    with _inside(app, stays=True):
        search_engine.configure(db.engine, app.extensions["settings"].search_index)
        app.extensions["sightings"] = Sightings()
        app.extensions["kept_pages"] = KeptPages()
        app.extensions["tallies"] = ViewTallies()
        app.extensions["scan_tallies"] = ScanTallies()
        app.extensions["scan_answers"] = Answers()
        with unit_of_work() as session:
            session.add(RegisterVersion(id=1, version=next(_versions)))
        yield app


def _made_for_tests(app: Flask) -> None:
    app.jinja_env.bytecode_cache = COMPILED
    app.test_client_class = TidyClient


def _read_backwards(app: Flask) -> None:
    """Have SQLite give rows in the other order wherever none is asked: PostgreSQL gives them in any."""
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            sa.event.listen(db.engine, "connect", _give_backwards)


def _give_backwards(connection: sqlite3.Connection, record: object) -> None:
    connection.execute("PRAGMA reverse_unordered_selects = ON")


def _look_for_garbage_seldom() -> None:
    """Spare what applications are made of, which stays until the end: a tenth of a run went into that."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@contextmanager
def _inside(app: Flask, *, stays: bool = False) -> Iterator[None]:
    """Empty the tables and enter the context of an application.

    One that stays keeps its connections to PostgreSQL, which has to learn all tables anew in each.
    """
    with app.app_context():
        if db.engine.dialect.name == "postgresql":
            _empty_postgres()
        else:
            _lay_sqlite()
        try:
            yield
        finally:
            db.session.remove()
            if not stays or db.engine.dialect.name != "postgresql":
                db.engine.dispose()


def _lay_sqlite() -> None:
    """Lay empty tables into a new file; a copy of the first is far quicker than making them."""
    target = Path(db.engine.url.database or "")
    if not _blank:
        db.create_all()
        with closing(sqlite3.connect(target)) as made:
            _blank.append(made.serialize())
    elif not target.exists():
        target.write_bytes(_blank[0])


def _empty_postgres() -> None:
    """Make the tables once, and afterwards empty those that hold something.

    Deleting the few rows of a test is far quicker than truncating; the role of a replica skips the
    triggers that guard foreign keys and the journal.
    """
    connection = _kept_connection(db.engine.url)
    if connection.execute("SELECT to_regclass('job')").fetchone() == (None,):
        db.metadata.create_all(db.engine)
    tables = _tables_by_name()
    asked = " UNION ALL ".join(f"(SELECT '{name}' FROM {name} LIMIT 1)" for name in tables)
    used = [name for (name,) in connection.execute(asked.encode(), prepare=True)]
    emptied = ["BEGIN", "SET LOCAL session_replication_role = replica"]
    for name in used:
        emptied.append(f"DELETE FROM {name}")
        number = tables[name].autoincrement_column
        if number is not None:
            emptied.append(f"SELECT setval(pg_get_serial_sequence('{name}', '{number.name}'), 1, false)")
    if used:
        connection.execute("; ".join([*emptied, "COMMIT"]).encode(), prepare=False)


@cache
def _tables_by_name() -> dict[str, sa.Table]:
    """Return all tables by their quoted names; to sort them takes as long as to empty them."""
    return {f'"{table.name}"': table for table in db.metadata.sorted_tables}


@cache
def _kept_connection(url: sa.URL) -> psycopg.Connection[tuple[Any, ...]]:
    """Return the connection that a process empties a database by, in which it is planned once what to ask."""
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(plain, autocommit=True)

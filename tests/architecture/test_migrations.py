"""Migrations lead to exactly the tables of the models, on both databases."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from flask import Flask

from marketplace.app import create_app
from marketplace.certification.dossiers.models import Dossier, DossierState, MinistryFile
from marketplace.certification.dossiers.rounds import ministry_round
from marketplace.database import DanglingRows, db, schema_change, unit_of_work
from marketplace.settings import PROJECT
from tests.environment.application import make_settings
from tests.factories.dossiers import a_dossier

SCRIPTS = ScriptDirectory(str(PROJECT / "marketplace" / "migrations"))


@pytest.fixture
def untouched(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """An application on a database without any table."""
    if database_url.startswith("postgresql"):
        admin = sa.create_engine(database_url, isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.execute(sa.text("DROP DATABASE IF EXISTS untouched WITH (FORCE)"))
            connection.execute(sa.text("CREATE DATABASE untouched"))
        admin.dispose()
        database_url = database_url.replace("/postgres?", "/untouched?")
    app = create_app(make_settings(database_url, tmp_path))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def schema() -> dict[str, Any]:
    """Return all that the database says of its tables, comparably."""
    inspector = sa.inspect(db.engine)
    names = set(inspector.get_table_names()) - {"alembic_version"}
    ask = ("columns", "pk_constraint", "foreign_keys", "unique_constraints", "check_constraints", "indexes")
    return {
        name: {part: sorted_texts(getattr(inspector, f"get_{part}")(name)) for part in ask} for name in names
    }


def sorted_texts(facts: Any) -> list[str]:
    rows = facts if isinstance(facts, list) else [facts]
    return sorted(re.sub(r"\s+", " ", str(sorted(plain(row).items()))) for row in rows)


def plain(row: dict[str, Any]) -> dict[str, Any]:
    """Return a fact comparably: conditions as their text, and a foreign key without its name.

    SQLite tells that name only where the key stands apart from its column, as in a new table.
    """
    nameless = {key: value for key, value in row.items() if not (key == "name" and "referred_table" in row)}
    options = {key: str(value) for key, value in row.get("dialect_options", {}).items()}
    return {**nameless, "dialect_options": options} if options else nameless


def test_there_is_one_head_and_files_are_numbered() -> None:
    assert len(SCRIPTS.get_heads()) == 1
    numbers = [script.revision for script in reversed(list(SCRIPTS.walk_revisions()))]
    assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)]
    for script in SCRIPTS.walk_revisions():
        assert re.fullmatch(rf"{script.revision}_[a-z_]+\.py", Path(script.path).name)


def test_migrations_lead_to_the_models(untouched: Flask) -> None:
    flask_migrate.upgrade()
    migrated = schema()
    flask_migrate.downgrade(revision="base")
    assert schema() == {}
    db.create_all()
    assert migrated == schema()


def test_alembic_sees_nothing_left_to_do(untouched: Flask) -> None:
    flask_migrate.upgrade()
    flask_migrate.check()


@pytest.mark.parametrize("change", ["UPDATE deed SET data = '{}'", "DELETE FROM deed"])
def test_the_migrated_journal_only_grows(untouched: Flask, change: str) -> None:
    flask_migrate.upgrade()
    columns = "seq, at, action, subject_type, subject_id, data, prev_hash, hash"
    with db.engine.begin() as connection:
        connection.exec_driver_sql(
            f"INSERT INTO deed ({columns}) VALUES (1, '2026-11-21', 'a', 'b', 'c', '', '', '')"
        )
    with pytest.raises(sa.exc.DBAPIError, match="deed only grows"), db.engine.begin() as connection:
        connection.exec_driver_sql(change)
    flask_migrate.downgrade(revision="0001")
    flask_migrate.upgrade()


def test_migrating_twice_changes_nothing(untouched: Flask) -> None:
    flask_migrate.upgrade()
    before = schema()
    flask_migrate.upgrade()
    assert schema() == before


@pytest.mark.parametrize(
    ("state", "kept", "due_on"),
    [
        (DossierState.AT_MINISTRY, None, date(2026, 3, 29)),
        (DossierState.AT_MINISTRY, date(2027, 2, 1), date(2027, 2, 1)),
        (DossierState.SENT_BACK, None, None),
    ],
    ids=["no day", "another day named", "sent back"],
)
def test_what_is_at_the_ministry_is_due_with_its_round(
    untouched: Flask, state: DossierState, kept: date | None, due_on: date | None
) -> None:
    flask_migrate.upgrade()
    with unit_of_work() as session:
        dossier = a_dossier(session, state=state)
        session.get_one(MinistryFile, dossier.id).sent_on = date(2026, 1, 29)
        dossier.due_on = kept
        number = dossier.id
    flask_migrate.downgrade(revision="0008")
    flask_migrate.upgrade()
    assert db.session.scalar(sa.select(Dossier.due_on).where(Dossier.id == number)) == due_on


def test_the_migrated_rounds_of_the_ministry_are_those_of_the_regulation() -> None:
    migration = SCRIPTS.get_revision("0009").module
    for day in (date(2026, 1, 1) + timedelta(days=count) for count in range(3 * 366)):
        assert migration.end_of_round(day) == ministry_round(day)[1]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_copied_table_keeps_the_rows_that_refer_to_it(untouched: Flask) -> None:
    with schema_change() as connection:
        for statement in (
            "CREATE TABLE parent (id INTEGER PRIMARY KEY)",
            "CREATE TABLE child (parent_id INTEGER REFERENCES parent (id) ON DELETE CASCADE)",
            "INSERT INTO parent VALUES (1)",
            "INSERT INTO child VALUES (1)",
            "CREATE TABLE copy (id INTEGER PRIMARY KEY)",
            "INSERT INTO copy SELECT id FROM parent",
            "DROP TABLE parent",
            "ALTER TABLE copy RENAME TO parent",
        ):
            connection.exec_driver_sql(statement)
    with db.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM child").scalar() == 1
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_migration_that_leaves_dangling_rows_is_undone(untouched: Flask) -> None:
    with pytest.raises(DanglingRows), schema_change() as connection:
        connection.exec_driver_sql("CREATE TABLE parent (id INTEGER PRIMARY KEY)")
        connection.exec_driver_sql("CREATE TABLE child (parent_id INTEGER REFERENCES parent (id))")
        connection.exec_driver_sql("INSERT INTO child VALUES (7)")
    assert schema() == {}

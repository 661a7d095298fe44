"""Triggers by which both databases refuse to change or delete rows of a table that only grows."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

_SQLITE = (
    """CREATE TRIGGER {table}_is_not_changed BEFORE UPDATE ON {table}
    BEGIN SELECT RAISE(ABORT, '{table} only grows'); END""",
    """CREATE TRIGGER {table}_is_not_deleted BEFORE DELETE ON {table}
    BEGIN SELECT RAISE(ABORT, '{table} only grows'); END""",
    # INSERT OR REPLACE deletes without asking the trigger above.
    """CREATE TRIGGER {table}_is_not_replaced BEFORE INSERT ON {table}
    WHEN EXISTS (SELECT 1 FROM {table} WHERE seq = NEW.seq)
    BEGIN SELECT RAISE(ABORT, '{table} only grows'); END""",
)
_POSTGRESQL = (
    """CREATE OR REPLACE FUNCTION {table}_only_grows() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION '{table} only grows'; END $$""",
    """CREATE TRIGGER {table}_is_not_changed BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION {table}_only_grows()""",
)
STATEMENTS: dict[str, tuple[str, ...]] = {"sqlite": _SQLITE, "postgresql": _POSTGRESQL}


def guard_statements(dialect: str, table: str = "deed") -> list[str]:
    """Return the statements that put the guards on a table; migrations execute them after creating it.

    A migration that lets SQLite copy the table (batch mode) loses the triggers and executes them again.
    """
    return [statement.format(table=table) for statement in STATEMENTS[dialect]]


def guard_rows(table: sa.FromClause) -> None:
    """Have the guards put on a table whenever its metadata creates it."""
    assert isinstance(table, sa.Table)
    for dialect in STATEMENTS:
        for statement in guard_statements(dialect, table.name):
            ddl: Any = sa.DDL  # untyped in the library
            event.listen(table, "after_create", ddl(statement).execute_if(dialect=dialect))

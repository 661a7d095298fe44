"""What all tables hold at a moment: compared to find what a request changed, and put back after it."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy import event

from marketplace.database import db, schema_change
from marketplace.web.kept_pages import KeptPages

Cells = dict[str, Any]
Key = tuple[Any, ...]
ONLY_GROW = frozenset({"deed", "deed_head", "register_version"})
"""Tables that are not put back: two refuse it, and a version that fell would bring old pages back."""


@dataclass(frozen=True)
class Change:
    """One cell that differs; `column` is "+" for a row that is new and "-" for one that is gone."""

    table: str
    key: Key
    column: str
    value: str


@dataclass(frozen=True)
class Snapshot:
    """The rows of tables, by their keys."""

    rows: dict[str, dict[Key, Cells]]

    def changes_to(self, later: "Snapshot") -> set[Change]:
        """Return every cell that a later snapshot of the same tables has otherwise."""
        found: set[Change] = set()
        for table in self.rows.keys() & later.rows.keys():
            old, new = self.rows[table], later.rows[table]
            for key in old.keys() | new.keys():
                found |= _compare(table, key, old.get(key), new.get(key))
        return found


def _compare(table: str, key: Key, old: Cells | None, new: Cells | None) -> set[Change]:
    if old is None or new is None:
        row, sign = (new, "+") if old is None else (old, "-")
        return {Change(table, key, f"{sign}{name}", repr(value)) for name, value in (row or {}).items()}
    return {Change(table, key, name, repr(new[name])) for name in new if repr(new[name]) != repr(old[name])}


def take(names: Collection[str] | None = None) -> Snapshot:
    """Read tables, all of them unless some are named."""
    tables = [table for table in _tables() if names is None or table.name in names]
    with db.engine.connect() as connection:
        return Snapshot({table.name: _read(connection, table) for table in tables})


@cache
def _tables() -> Sequence[sa.Table]:
    """Return all tables, those that are pointed at first; to sort them takes longer than to read most."""
    return db.metadata.sorted_tables


def _read(connection: sa.Connection, table: sa.Table) -> dict[Key, Cells]:
    found = connection.execute(sa.select(table)).mappings()
    keys = [column.name for column in table.primary_key.columns]
    return {tuple(row[name] for name in keys): dict(row) for row in found}


def put_back(before: Snapshot, names: Collection[str]) -> None:
    """Make tables hold again what they held, and forget the pages made of what they held meanwhile."""
    tables = [t for t in _tables() if t.name in names and t.name not in ONLY_GROW]
    if not tables:
        return
    db.session.rollback()
    with schema_change() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
        for table in reversed(tables):
            connection.execute(sa.delete(table))
        for table in tables:
            given = [column.name for column in table.columns if column.computed is None]
            rows = [{name: row[name] for name in given} for row in before.rows[table.name].values()]
            if rows:
                connection.execute(sa.insert(table), rows)
    current_app.extensions["kept_pages"] = KeptPages()


@contextmanager
def tables_written() -> Iterator[set[str]]:
    """Yield the names of the tables that statements write to meanwhile."""
    written: set[str] = set()

    def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        words = statement.split(maxsplit=3)
        verb = words[0].upper() if words else ""
        if verb in {"INSERT", "DELETE"} and len(words) > 2:
            written.add(words[2].strip('"'))
        elif verb == "UPDATE":
            written.add(words[1].strip('"'))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield written
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


@contextmanager
def undone(before: Snapshot) -> Iterator[set[str]]:
    """Put everything back that is written meanwhile; yield the names of the tables it was written to."""
    with tables_written() as written:
        yield written
    db.session.rollback()
    put_back(before, written)

"""Constraints of tables that have rows, changed on PostgreSQL as it does and on SQLite in its own words."""

import re
from collections.abc import Callable

import sqlalchemy as sa
from alembic import op


def _on_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def add_constraint(table: str, constraint: str) -> None:
    """Add a constraint, given as `CONSTRAINT <name> …`."""
    if _on_sqlite():
        _write_anew(table, lambda words: words.rstrip().removesuffix(")") + f", {constraint})")
    else:
        op.execute(f'ALTER TABLE "{table}" ADD {constraint}')


def drop_constraint(table: str, constraint: str) -> None:
    """Drop a constraint, given word for word as it was made."""
    if _on_sqlite():
        _write_anew(table, lambda words: _without(words, constraint))
    else:
        op.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT {constraint.split()[1]}')


def exchange_constraint(table: str, before: str, after: str) -> None:
    """Put a constraint in the place of another, given word for word as it was made."""
    if _on_sqlite():
        _write_anew(table, lambda words: _put_for(words, before, after))
    else:
        op.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT {before.split()[1]}')
        op.execute(f'ALTER TABLE "{table}" ADD {after}')


def make_nullable(table: str, column: str, kind: str) -> None:
    """Let a column of a kind, written as it was made, hold nothing."""
    if _on_sqlite():
        _write_anew(table, lambda words: _put_for(words, f"{column} {kind} NOT NULL", f"{column} {kind}"))
    else:
        op.execute(f'ALTER TABLE "{table}" ALTER COLUMN {column} DROP NOT NULL')


def make_required(table: str, column: str, kind: str) -> None:
    """Have a column of a kind, written as it was made, hold something in every row."""
    if _on_sqlite():
        _write_anew(table, lambda words: _put_for(words, f"{column} {kind}", f"{column} {kind} NOT NULL"))
    else:
        op.execute(f'ALTER TABLE "{table}" ALTER COLUMN {column} SET NOT NULL')


def _without(words: str, constraint: str) -> str:
    return re.sub(r",?\s*" + re.escape(constraint), "", _put_for(words, constraint, constraint))


def _put_for(words: str, before: str, after: str) -> str:
    if before not in words:
        raise ValueError(f"{before} is not among the constraints")
    return words.replace(before, after)


def _write_anew(table: str, change: Callable[[str], str]) -> None:
    """Write a table of SQLite anew with other constraints: it alters none in place.

    Its own words are changed, so that all others stay; rows and indices are carried over. Foreign keys
    rest meanwhile (`schema_change`).
    """
    connection = op.get_bind()
    ask = "SELECT sql FROM sqlite_master WHERE tbl_name = :name AND type = :type AND sql IS NOT NULL"
    [words] = connection.execute(sa.text(ask), {"name": table, "type": "table"}).scalars()
    indices = connection.execute(sa.text(ask), {"name": table, "type": "index"}).scalars().all()
    new_words, count = re.subn(rf'^CREATE TABLE "?{table}"?', "CREATE TABLE written_anew", change(words))
    if count != 1:
        raise ValueError(f"{table} is not made as expected")
    connection.exec_driver_sql(new_words)
    columns = ", ".join(f'"{column["name"]}"' for column in sa.inspect(connection).get_columns(table))
    connection.exec_driver_sql(f'INSERT INTO written_anew ({columns}) SELECT {columns} FROM "{table}"')
    connection.exec_driver_sql(f'DROP TABLE "{table}"')
    connection.exec_driver_sql(f'ALTER TABLE written_anew RENAME TO "{table}"')
    for index in indices:
        connection.exec_driver_sql(index)

"""Rows of two producers that could not both belong to one, by what the database holds to be unique."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.upkeep.merging.errors import Hindrance, Obstacle
from marketplace.upkeep.merging.fates import FATES, Fate, tables_of_producers

MOST_TOLD = 5


def list_clashes(session: Session, stays: int, goes: int) -> list[Obstacle]:
    """Return what both producers have and one may have only once: a site's name, a lot's code, a year."""
    return [
        Obstacle(Hindrance.CLASH, owner.table.name, " · ".join(map(str, values)))
        for owner, others, where in _unique()
        for values in session.execute(_shared(owner, others, where, stays, goes))
    ]


def _shared(
    owner: sa.Column[int],
    others: list[sa.Column[Any]],
    where: sa.ColumnElement[bool],
    stays: int,
    goes: int,
) -> sa.Select[Any]:
    known = [column.is_not(None) for column in others]
    one, other = (sa.select(*others).where(owner == number, where, *known) for number in (stays, goes))
    both = sa.intersect(one, other).subquery()
    return sa.select(both).order_by(*both.c).limit(MOST_TOLD)


def _unique() -> Iterator[tuple[sa.Column[int], list[sa.Column[Any]], sa.ColumnElement[bool]]]:
    """Yield each rule of one row a producer: its column, the other columns, and of which rows it holds."""
    for name, owner in tables_of_producers().items():
        if FATES.get(name) is not Fate.MOVES:
            continue
        for rule in (*owner.table.constraints, *owner.table.indexes):
            columns = _unique_columns(rule)
            others = [column for column in columns if column is not owner]
            if owner in columns and others:
                yield owner, others, _rows_of(rule)


def _unique_columns(rule: Any) -> list[sa.Column[Any]]:
    """Return the columns of which a table holds one combination once; none for other rules."""
    kinds = (sa.UniqueConstraint, sa.PrimaryKeyConstraint)
    unique = rule.unique if isinstance(rule, sa.Index) else isinstance(rule, kinds)
    return list(rule.columns) if unique else []


def _rows_of(rule: Any) -> sa.ColumnElement[bool]:
    where = rule.dialect_options["postgresql"]["where"] if isinstance(rule, sa.Index) else None
    return sa.true() if where is None else where

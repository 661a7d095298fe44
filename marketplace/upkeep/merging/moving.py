"""Giving one producer the rows of another; which go where is told in `fates`."""

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.accounts.roles import ScopeKind
from marketplace.database import Base
from marketplace.media.pictures import owner_of
from marketplace.ordering.models import Order, OrderGroup
from marketplace.producers.models import Producer
from marketplace.upkeep.merging.fates import FATES, OWNED, SCOPED, Fate, tables_of_producers


def lock_rows(session: Session, producers: Collection[int]) -> None:
    """Lock what producers have in the order that everybody takes: orders, the producers, then the rest.

    Recalls and new lots lock a producer before its goods. Others may go on referring to what is locked,
    as whoever writes a row of a producer does; so the producers are locked whole only after all of these.
    """
    groups = sa.select(Order.group_id).where(Order.producer_id.in_(producers))
    wanted = sa.select(OrderGroup.id).where(OrderGroup.id.in_(groups)).order_by(OrderGroup.id)
    session.execute(wanted.with_for_update()).all()
    both = sa.select(Producer.id).where(Producer.id.in_(producers)).order_by(Producer.id)
    session.execute(both.with_for_update(key_share=True)).all()
    for owner in tables_of_producers().values():
        keys = owner.table.primary_key.columns
        theirs = sa.select(*keys).where(owner.in_(producers)).order_by(*keys)
        session.execute(theirs.with_for_update(key_share=True)).all()
    for name in sorted(SCOPED):  # an invitation before the membership that it becomes
        table = Base.metadata.tables[name]
        of_producers = (table.c.scope_kind == ScopeKind.PRODUCER, table.c.scope_id.in_(producers))
        session.execute(
            sa.select(table.c.id).where(*of_producers).order_by(table.c.id).with_for_update()
        ).all()


def move_rows(session: Session, stays: int, goes: int) -> None:
    """Give the producer that stays all rows of the one that goes; nothing refers to that one afterwards."""
    for name, owner in tables_of_producers().items():
        _HANDS[FATES[name]](session, owner, stays, goes)
    for name in sorted(OWNED):
        table = Base.metadata.tables[name]
        theirs = sa.update(table).where(table.c.owner == owner_of("producer", goes))
        session.execute(theirs.values(owner=owner_of("producer", stays)))


def move_scopes(session: Session, stays: int, goes: int) -> None:
    """Give the scope of the producer that stays what belongs to the scope of the one that goes."""
    for name in sorted(SCOPED):
        table = Base.metadata.tables[name]
        theirs = (table.c.scope_kind == ScopeKind.PRODUCER, table.c.scope_id == goes)
        session.execute(sa.update(table).where(*theirs).values(scope_id=stays))


def _move(session: Session, owner: sa.Column[int], stays: int, goes: int) -> None:
    session.execute(sa.update(owner.table).where(owner == goes).values({owner: stays}))


def _move_once(session: Session, owner: sa.Column[int], stays: int, goes: int) -> None:
    """Drop the rows that the producer that stays has just so, and move the others."""
    other = owner.table.alias()
    rest = [column for column in owner.table.primary_key if column is not owner]
    same = sa.exists().where(
        other.c[owner.name] == stays, *(other.c[column.name] == column for column in rest)
    )
    session.execute(sa.delete(owner.table).where(owner == goes, same))
    _move(session, owner, stays, goes)


def _yield(session: Session, owner: sa.Column[int], stays: int, goes: int) -> None:
    """Copy the row to the producer that stays unless it has one; what refers to it goes along, or goes."""
    table = owner.table
    has_one = session.scalar(sa.select(owner).where(owner == stays)) is not None
    if not has_one:
        rest = [column for column in table.columns if column is not owner]
        copied = sa.select(sa.literal(stays), *rest).where(owner == goes)
        session.execute(sa.insert(table).from_select([owner.name, *(one.name for one in rest)], copied))
    for part in _parts(table):
        theirs: Any = sa.delete(part.table) if has_one else sa.update(part.table).values({part: stays})
        session.execute(theirs.where(part == goes))
    _end(session, owner, stays, goes)


def _parts(table: sa.FromClause) -> list[sa.Column[Any]]:
    """Return the columns that refer to the rows of a table."""
    others = (other for other in Base.metadata.sorted_tables if other is not table)
    return [key.parent for other in others for key in other.foreign_keys if key.column.table is table]


def _end(session: Session, owner: sa.Column[int], stays: int, goes: int) -> None:
    session.execute(sa.delete(owner.table).where(owner == goes))


_HANDS = {
    Fate.MOVES: _move,
    Fate.MONEY: _move,
    Fate.IS_ONE: _move_once,
    Fate.YIELDS: _yield,
    Fate.ENDS: _end,
}

"""Counting up to a limit, in one statement that holds between processes."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from marketplace.database import Base
from marketplace.upsert import insert_into


def count_up(
    session: Session, counter: type[Base], column: InstrumentedAttribute[int], most: int, **key: Any
) -> bool:
    """Count one more under a key and say whether the limit allowed it."""
    counted = session.execute(
        insert_into(session, counter)
        .values({**key, column.key: 1})
        .on_conflict_do_update(index_elements=list(key), set_={column.key: column + 1}, where=column < most)
        .returning(sa.literal(1))
    )
    return counted.first() is not None

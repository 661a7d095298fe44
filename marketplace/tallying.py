"""Tallies: counted in memory by each process, written in batches once answers are on their way."""

import logging
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Hashable, Mapping
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from marketplace.database import Base, unit_of_work
from marketplace.upsert import insert_into

log = logging.getLogger(__name__)

WRITE_EVERY = timedelta(seconds=30)

Counted = Mapping[str, Counter[Any]]


class Tallies(ABC):
    """What one process has counted since it last wrote, under the names of its counters."""

    def __init__(self, *names: str) -> None:
        self._lock = Lock()
        self._names = names
        self._counted = self._empty()
        self._since: datetime | None = None

    @abstractmethod
    def write(self, session: Session, counted: Counted, at: datetime) -> None:
        """Write what was counted, in the order of keys: two processes must not wait in a circle."""

    def count(self, name: str, key: Hashable, most: int, at: datetime) -> None:
        """Count a key; one that is new beside `most` others is not counted until the next writing."""
        with self._lock:
            self._since = self._since or at
            counter = self._counted[name]
            if key in counter or len(counter) < most:
                counter[key] += 1

    def is_due(self, at: datetime) -> bool:
        """Say whether something has waited long enough to be written."""
        return self._since is not None and at - self._since >= WRITE_EVERY

    def write_when_due(self, at: datetime) -> bool:
        """Write what was counted, in a unit of work of its own, when it has waited long enough.

        While the database is away or busy it is kept and tried again later.
        """
        with self._lock:
            if not self.is_due(at):
                return False
            counted, self._counted, self._since = self._counted, self._empty(), None
        try:
            with unit_of_work() as session:
                self.write(session, counted, at)
        except OperationalError as error:
            log.warning("tallies wait for the database: %s", type(error.orig).__name__)
            self._take_back(counted, at)
            return False
        return True

    def _empty(self) -> dict[str, Counter[Any]]:
        return {name: Counter() for name in self._names}

    def _take_back(self, counted: Counted, at: datetime) -> None:
        with self._lock:
            for name, counter in counted.items():
                self._counted[name].update(counter)
            self._since = at


def add_up(
    session: Session, model: type[Base], key: tuple[str, ...], column: str, counted: Counter[tuple[Any, ...]]
) -> None:
    """Add numbers to the column of the rows of their keys, which may not be there yet."""
    if not counted:
        return
    rows = [{**dict(zip(key, one, strict=True)), column: counted[one]} for one in sorted(counted)]
    fresh = insert_into(session, model)
    own = sa.inspect(model).local_table.columns[column]
    session.execute(
        fresh.on_conflict_do_update(index_elements=list(key), set_={column: own + fresh.excluded[column]}),
        rows,
    )

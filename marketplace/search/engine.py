"""The engine at hand: the index where it is sound, else the database."""

import logging
from pathlib import Path
from threading import Lock, Thread
from typing import Protocol
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from marketplace.catalogue.memory import Memory
from marketplace.database import db
from marketplace.jobs import Job
from marketplace.search.answering import Answer, answer
from marketplace.search.database_engine import DatabaseEngine
from marketplace.search.gathering import count_products
from marketplace.search.generations import Damaged, unseal
from marketplace.search.models import SearchGeneration
from marketplace.search.whoosh_engine import VERSION, WhooshIndex

UPDATE = "search.update"
REBUILD = "search.rebuild"

log = logging.getLogger(__name__)


class SearchEngine(Protocol):
    """What answers typed words; `name` tells people and tests which one it was."""

    name: str

    def answer(self, line: str, *, typing: bool = False) -> Answer:
        """Return the products that answer a typed line, best first."""
        ...


class WhooshEngine:
    """An index that was sound when it was read, and is served from memory since."""

    name = "whoosh"

    def __init__(self, index: WhooshIndex) -> None:
        self.index = index

    def answer(self, line: str, *, typing: bool = False) -> Answer:
        """Return the products that answer a typed line, best first."""
        return answer(line, self.index, typing=typing)


class Opened:
    """The index of one database, as this process has it open.

    A generation read once is never read again: its bytes were checked and are kept, so that what
    becomes of the files later harms nobody. One found damaged is not tried again either; the
    worker replaces it by another. While a new one is being read the one before it answers.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = Lock()
        self._name: str | None = None
        self._engine: WhooshEngine | None = None
        self._reading: Thread | None = None

    def engine(self, name: str) -> WhooshEngine | None:
        """Return the engine of a generation, or of the one before; None when there is no sound one."""
        before = self._engine
        if name == self._name:
            return before
        if before is None:
            return self.read(name)
        with self._lock:
            if self._reading is None or not self._reading.is_alive():
                self._reading = Thread(target=self._read, args=(name,), daemon=True)
                self._reading.start()
        return before

    def read(self, name: str) -> WhooshEngine | None:
        """Read a generation and return its engine at once; None when it is damaged."""
        with self._lock:
            if name != self._name:
                self._read(name)
        return self._engine

    def _read(self, name: str) -> None:
        try:
            engine = WhooshEngine(WhooshIndex(unseal(self.folder, name, VERSION).files))
        except Damaged as damage:
            log.warning("searching the database, the index is damaged: %s", damage)
            engine = None
        self._engine, self._name = engine, name

    def forget(self) -> None:
        """Let go of what is open, as a process that has just started."""
        with self._lock:
            self._name = self._engine = None


_counts: Memory[int] = Memory(1)
_opened: WeakKeyDictionary[Engine, Opened] = WeakKeyDictionary()


def configure(engine: Engine, folder: Path) -> None:
    """Say where the index of a database lies."""
    _opened[engine] = Opened(folder)


def opened() -> Opened:
    """Return the index of the present database; searching before `configure` is a defect."""
    return _opened[db.engine]


def present_generation() -> str | None:
    """Return the name of the index that searching uses, or None before the first is built."""
    return db.session.execute(sa.select(SearchGeneration.name)).scalar()


def present_engine() -> SearchEngine:
    """Return the index when it is sound and complete, else the database."""
    present = db.session.execute(sa.select(SearchGeneration.name, SearchGeneration.documents)).first()
    if present is None or not _is_complete(present.documents):
        return DatabaseEngine()
    return opened().engine(present.name) or DatabaseEngine()


def _is_complete(documents: int) -> bool:
    """Return whether an index holds every product, save those that jobs still tell of."""
    return documents == _counts.recall("products", count_products) or jobs_wait()


def jobs_wait() -> bool:
    """Return whether the register has changed since the present index was written."""
    waiting = sa.select(Job.id).where(Job.kind.in_((UPDATE, REBUILD))).limit(1)
    return db.session.execute(waiting).first() is not None

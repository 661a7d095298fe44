"""The engine at hand: the index where it is sound, else the database."""

from pathlib import Path
from threading import Lock
from typing import Protocol
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from marketplace.database import db
from marketplace.search.answering import Answer, answer
from marketplace.search.database_engine import DatabaseEngine
from marketplace.search.generations import Damaged, unseal
from marketplace.search.models import SearchGeneration
from marketplace.search.whoosh_engine import VERSION, WhooshIndex


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
    worker replaces it by another.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = Lock()
        self._name: str | None = None
        self._engine: WhooshEngine | None = None

    def engine(self, name: str) -> WhooshEngine | None:
        """Return the engine of a generation, or None when it is damaged."""
        if name != self._name:
            with self._lock:
                if name != self._name:
                    self._engine = self._open(name)
                    self._name = name
        return self._engine

    def _open(self, name: str) -> WhooshEngine | None:
        try:
            return WhooshEngine(WhooshIndex(unseal(self.folder, name, VERSION).files))
        except Damaged:
            return None

    def forget(self) -> None:
        """Let go of what is open, as a process just started."""
        with self._lock:
            self._name = self._engine = None


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
    """Return the index when it is sound, else the database."""
    name = present_generation()
    return (opened().engine(name) if name else None) or DatabaseEngine()

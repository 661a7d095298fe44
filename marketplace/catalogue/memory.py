"""Answers kept in this process, for as long as nothing they rest on has changed."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, Generic, TypeVar, cast
from weakref import WeakKeyDictionary

from sqlalchemy.engine import Engine

from marketplace import register
from marketplace.database import db

Answer = TypeVar("Answer")


class Memory(Generic[Answer]):
    """The answers to the latest questions, each asked under the register version of its database.

    At most `size` are kept, the longest unused thrown out first. Questions hold the local date
    where the answer depends on it.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self._kept: WeakKeyDictionary[Engine, OrderedDict[Hashable, Any]] = WeakKeyDictionary()
        self._lock = Lock()

    def recall(self, question: Hashable, find_out: Callable[[], Answer]) -> Answer:
        """Return the kept answer, or find it out and keep it.

        What a change sees before it is committed is neither kept nor taken from what is kept.
        """
        if register.is_rising():
            return find_out()
        key = (register.current_version(), question)
        with self._lock:
            kept = self._kept.setdefault(db.engine, OrderedDict())
            if key in kept:
                kept.move_to_end(key)
                return cast(Answer, kept[key])
        answer = find_out()
        with self._lock:
            kept[key] = answer
            while len(kept) > self.size:
                kept.popitem(last=False)
        return answer

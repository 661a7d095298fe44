"""What coverage does not follow, for to follow a step costs as much again as to take it.

Nothing is counted that did not run; what is left out here has to be covered elsewhere, or it is missed.
"""

import functools
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import bs4
from sqlalchemy.engine import Connection, Result
from sqlalchemy.orm.unitofwork import UOWTransaction

OF_LIBRARIES: tuple[tuple[type, str], ...] = (
    (Connection, "_execute_clauseelement"),
    (Result, "_allrows"),
    (Result, "_only_one_row"),
    (UOWTransaction, "execute"),
    (bs4.BeautifulSoup, "__init__"),
    (bs4.Tag, "select"),
    (bs4.Tag, "find_all"),
)
"""Where libraries spend their time; of ours they call back no more than a converter of a column's values."""
CHILDREN = "COVERAGE_PROCESS_CONFIG"
"""By this variable coverage is begun in processes that a test starts."""


def is_followed() -> bool:
    """Return whether coverage follows what this process does."""
    return sys.gettrace() is not None


def rest_in_libraries() -> None:
    """Follow nothing inside libraries, where nineteen in twenty steps are taken."""
    for owner, name in OF_LIBRARIES:
        setattr(owner, name, _unfollowed(getattr(owner, name)))


@contextmanager
def resting() -> Iterator[None]:
    """Follow nothing for a while: not here, not in threads and not in processes begun meanwhile."""
    here, threads, children = sys.gettrace(), threading.gettrace(), os.environ.pop(CHILDREN, None)
    sys.settrace(None)
    threading.settrace(None)
    try:
        yield
    finally:
        if children is not None:
            os.environ[CHILDREN] = children
        threading.settrace(threads)
        sys.settrace(here)


def _unfollowed(deep: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(deep)
    def unfollowed(*given: Any, **named: Any) -> Any:
        here = sys.gettrace()
        if here is None:
            return deep(*given, **named)
        sys.settrace(None)
        try:
            return deep(*given, **named)
        finally:
            sys.settrace(here)

    return unfollowed

"""Standing in line for the write lock: few checkouts of a process at a time, the others wait outside.

In a rush most of those who wait are refused by another look once it is their turn, before they have
written anything; and the database is not asked to undo what they wrote.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from marketplace.database import db

AT_ONCE = 2

_places = BoundedSemaphore(AT_ONCE)


@contextmanager
def stand_in_line() -> Iterator[bool]:
    """Let one more checkout in when there is a place, and say whether it had to wait for one.

    What was read before is let go of first: whoever waits keeps no connection to the database.
    """
    db.session.rollback()
    waited = not _places.acquire(blocking=False)
    if waited:
        _places.acquire()
    try:
        yield waited
    finally:
        _places.release()

"""Answers that take as long whatever was found, so that a clock does not tell who has an account."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

STEP_SECONDS = 0.1


@contextmanager
def in_even_time() -> Iterator[None]:
    """Do something and rest until the next tenth of a second since its beginning.

    Equal statements come close; what the database does with them still differs by a few hundredths.
    """
    begun = time.monotonic()
    yield
    time.sleep((begun - time.monotonic()) % STEP_SECONDS)

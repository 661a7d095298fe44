"""Keeps a gateway that does not answer from holding up everything else."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from marketplace.payments.errors import GatewayUnavailable

AT_ONCE = 3
FAILURES = 3
REST_SECONDS = 30.0


class Breaker:
    """Lets few calls of this process wait at once, and none for a while after several failed in a row.

    A process answers pages with eight threads: a gateway that hangs holds three of them at most, and
    for seconds only. After the rest one call tries whether the gateway is back.
    """

    def __init__(self, at_once: int = AT_ONCE, failures: int = FAILURES, rest: float = REST_SECONDS) -> None:
        self._places = threading.BoundedSemaphore(at_once)
        self._most, self._rest = failures, rest
        self._lock = threading.Lock()
        self._failed = 0
        self._closed_until = 0.0

    @contextmanager
    def place(self) -> Iterator[None]:
        """Hold a place for one call; GatewayUnavailable raised inside counts as a failure.

        Raises GatewayUnavailable when no place is free, or while the gateway is left alone.
        """
        if not self._places.acquire(blocking=False):
            raise GatewayUnavailable
        try:
            self._come_in()
            try:
                yield
            except GatewayUnavailable:
                self._note_failure()
                raise
            self._note_success()
        finally:
            self._places.release()

    def _come_in(self) -> None:
        with self._lock:
            now = time.monotonic()
            if now < self._closed_until:
                raise GatewayUnavailable
            if self._failed >= self._most:
                self._closed_until = now + self._rest  # one goes ahead; the others wait for how it ends

    def _note_failure(self) -> None:
        with self._lock:
            self._failed += 1
            if self._failed >= self._most:
                self._closed_until = time.monotonic() + self._rest

    def _note_success(self) -> None:
        with self._lock:
            self._failed, self._closed_until = 0, 0.0

"""Faults on demand: what a gateway does on its bad days."""

import random
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from waitress.channel import ClientDisconnected

Environ = dict[str, Any]
Answer = Iterable[bytes]
CONNECTION = "test_gateway.connection"
"""Where the environ holds the connection that a request came by."""


class Kind(StrEnum):
    """What goes wrong; `reset` and `lost` happen after the request was carried out."""

    ERROR = "error"
    TOO_MANY = "too_many"
    HANG = "hang"
    RESET = "reset"
    LOST = "lost"
    NO_JSON = "no_json"


@dataclass
class Faults:
    """The faults to come: `kind` for the next `times` requests whose path begins with `path`.

    `share` is how many of the requests they strike, 1.0 all of them.
    """

    hang_seconds: float = 60.0
    share: float = 1.0
    chance: random.Random = field(default_factory=random.Random)
    waiting: list[tuple[Kind, str, int]] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def expect(self, kind: Kind, times: int = 1, path: str = "/v1/") -> None:
        """Have a fault happen to coming requests of the API."""
        with self._lock:
            self.over.clear()
            self.waiting.append((kind, path, times))

    def clear(self) -> None:
        """Let everything go well from now on, and let go of requests that hang."""
        with self._lock:
            self.waiting.clear()
            self.over.set()

    def take(self, path: str) -> Kind | None:
        """Return the fault that is due for a request, and count it."""
        with self._lock:
            for place, (kind, prefix, times) in enumerate(self.waiting):
                if path.startswith(prefix) and self.chance.random() < self.share:
                    self.waiting[place : place + 1] = [(kind, prefix, times - 1)] if times > 1 else []
                    return kind
        return None


@dataclass
class FaultyAnswers:
    """An application whose answers suffer the faults that are due."""

    app: Callable[[Environ, Any], Answer]
    faults: Faults

    def __call__(self, environ: Environ, start_response: Any) -> Answer:
        """Answer a request, or fail to."""
        fault = self.faults.take(environ["PATH_INFO"])
        if fault is Kind.TOO_MANY:
            return _say(
                start_response, "429 Too Many Requests", b'{"error": {"message": "Too many requests"}}'
            )
        if fault is Kind.HANG:
            self.faults.over.wait(self.faults.hang_seconds)
            raise ClientDisconnected
        if fault is Kind.ERROR:
            environ["test_gateway.fails"] = True
        answer = self.app(
            environ, _nowhere if fault in {Kind.RESET, Kind.LOST, Kind.NO_JSON} else start_response
        )
        if fault is Kind.RESET:
            environ[CONNECTION].reset()
        if fault in {Kind.RESET, Kind.LOST}:
            raise ClientDisconnected
        if fault is Kind.NO_JSON:
            return _say(start_response, "200 OK", b"<html>Service Temporarily Unavailable")
        return answer


def _say(start_response: Any, status: str, body: bytes) -> Answer:
    start_response(status, [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]


def _nowhere(*answer: Any) -> Callable[[bytes], object]:
    return len

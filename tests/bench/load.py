"""A small closed-loop load generator: a few keep-alive connections, raw sockets, one thread."""

import selectors
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle

END_OF_HEAD = b"\r\n\r\n"
LONGEST_WAIT_S = 60.0


@dataclass(frozen=True, slots=True)
class Load:
    """What a run of requests came to; times in milliseconds."""

    requests: int
    seconds: float
    failures: int
    p50: float
    p99: float

    @property
    def per_second(self) -> float:
        """Return requests answered per second."""
        return self.requests / self.seconds


class _Connection:
    """One keep-alive connection that always has one request under way."""

    def __init__(self, port: int, cookie: str) -> None:
        self.headers = "Accept-Encoding: br\r\n" + (f"Cookie: {cookie}\r\n" if cookie else "")
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b""
        self.expected: int | None = None
        self.started = 0.0

    def send(self, path: str) -> None:
        self.buffer, self.expected = b"", None
        self.started = time.perf_counter()
        self.socket.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{self.headers}\r\n".encode())

    def receive(self) -> int | None:
        """Take what has arrived; return the status once the answer is whole."""
        data = self.socket.recv(262_144)
        if not data:
            raise ConnectionError("the server hung up")
        self.buffer += data
        if self.expected is None and END_OF_HEAD in self.buffer:
            head, _, _ = self.buffer.partition(END_OF_HEAD)
            self.expected = len(head) + 4 + _content_length(head)
        if self.expected is None or len(self.buffer) < self.expected:
            return None
        return int(self.buffer[9:12])


def _content_length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0


def run(
    port: int, paths: list[str], *, seconds: float | None, connections: int = 8, cookie: str = ""
) -> Load:
    """Ask for the paths in turn; once each when `seconds` is None, else again and again for that long."""
    asked = iter(paths) if seconds is None else cycle(paths)
    return _Run(port, asked, seconds, cookie).to_the_end(connections)


class _Run:
    def __init__(self, port: int, paths: Iterator[str], seconds: float | None, cookie: str) -> None:
        self.port = port
        self.cookie = cookie
        self.paths = paths
        self.deadline = time.perf_counter() + (seconds or LONGEST_WAIT_S * 10)
        self.times: list[float] = []
        self.failures = 0
        self.selector = selectors.DefaultSelector()

    def to_the_end(self, connections: int) -> Load:
        begun = time.perf_counter()
        for _ in range(connections):
            self._send_next(_Connection(self.port, self.cookie))
        while self.selector.get_map():
            for key, _ in self.selector.select(LONGEST_WAIT_S):
                self._take(key.data)
        taken = time.perf_counter() - begun
        ordered = sorted(self.times)
        return Load(
            requests=len(ordered),
            seconds=taken,
            failures=self.failures,
            p50=1000 * ordered[len(ordered) // 2],
            p99=1000 * ordered[int(len(ordered) * 0.99)],
        )

    def _take(self, connection: _Connection) -> None:
        status = connection.receive()
        if status is None:
            return
        self.times.append(time.perf_counter() - connection.started)
        self.failures += status != 200
        self.selector.unregister(connection.socket)
        self._send_next(connection)

    def _send_next(self, connection: _Connection) -> None:
        path = next(self.paths, None)
        if path is None or time.perf_counter() > self.deadline:
            connection.socket.close()
            return
        connection.send(path)
        self.selector.register(connection.socket, selectors.EVENT_READ, connection)

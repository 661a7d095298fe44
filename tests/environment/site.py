"""A site that runs as people run it: `marketplace serve` in processes of its own."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from marketplace.settings import PROJECT

START_SECONDS = 30.0
STOP_SECONDS = 40.0


@dataclass
class Site:
    """A running site: where it listens, and its supervising process."""

    port: int
    process: subprocess.Popen[str]
    host: str = "127.0.0.1"

    @property
    def url(self) -> str:
        """The address of the site, without a path."""
        return f"http://127.0.0.1:{self.port}"

    def get(self, path: str, timeout: float = 10.0) -> tuple[int, bytes]:
        """Ask for a page on a new connection; return status and body."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=timeout)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def stop(self) -> tuple[int, float]:
        """Ask for a graceful stop; return the exit code and the seconds it took."""
        begun = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(STOP_SECONDS)
        return code, time.monotonic() - begun


def free_port() -> int:
    """Return a loopback port that nobody listens on just now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def running_site(
    environment: Mapping[str, str],
    home: Path = PROJECT,
    program: Sequence[str] = ("-m", "marketplace"),
    host: str = "127.0.0.1",
) -> Iterator[Site]:
    """Run `marketplace serve` from a folder on a free port with this environment; stop it at the end."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, *program, "serve"],
        cwd=home,
        env={**os.environ, **environment, "PORT": str(port)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    site = Site(port, process, host)
    try:
        _await(site)
        yield site
    finally:
        if process.poll() is None:
            site.stop()
        if process.stderr is not None and not process.stderr.closed:
            process.communicate()


def _await(site: Site) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if site.process.poll() is not None:
            break
        try:
            site.get("/healthz")
        except (OSError, http.client.HTTPException):
            time.sleep(0.05)
        else:
            return
    site.process.kill()
    raise RuntimeError(f"the site did not start: {site.process.communicate()[1]}")

"""Servers under measurement, started as a user would start them, and the processor time they take."""

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from socket import create_connection, socket

TICKS = os.sysconf("SC_CLK_TCK")
START_S = 60.0


@dataclass(frozen=True, slots=True)
class Server:
    """A running server, by port and by the process that started the others."""

    port: int
    pid: int

    def cpu_seconds(self) -> float:
        """Return the processor time of its web processes so far, worker left out."""
        return sum(_cpu_seconds(pid) for pid in _family(self.pid) if "worker" not in _command(pid))


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(member for child in children for member in _family(int(child)))]


def _command(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def free_port() -> int:
    """Return a port of the loopback address that nothing listens on."""
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(arguments: list[str], environment: dict[str, str]) -> Iterator[Server]:
    """Run `python -m …` until it listens on its PORT, and stop it at the end."""
    port = int(environment["PORT"])
    process = subprocess.Popen(
        [sys.executable, "-m", *arguments],
        env=os.environ | environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(port, process)
        yield Server(port, process.pid)
    finally:
        process.terminate()
        process.wait(timeout=40)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended at once, with status {process.returncode}")
        try:
            create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30).close()
            return
    raise RuntimeError("the server does not listen")

"""Keeps a set of processes alive, and ends them in good order."""

import os
import signal
import time
from collections.abc import Callable

import click

POLL_SECONDS = 0.2
GRACE_SECONDS = 27.0
SHORT_LIFE_SECONDS = 1.0

Start = Callable[[], int]
"""Starts a process and returns its id."""


class Stop:
    """Remembers that somebody asked for the end; safe to set from a signal handler."""

    def __init__(self) -> None:
        self.asked = False

    def __call__(self) -> bool:
        """Whether the end was asked for."""
        return self.asked

    def listen(self) -> None:
        """Heed SIGTERM and SIGINT from now on."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._ask)

    def _ask(self, *signal_and_frame: object) -> None:
        self.asked = True


class Supervisor:
    """Starts processes, starts another for one that dies, and stops them all when asked."""

    def __init__(self, starts: dict[str, Start], stop: Stop, before_end: Callable[[], None]) -> None:
        self.starts = starts
        self.stop = stop
        self.before_end = before_end
        self.running: dict[int, tuple[str, float]] = {}

    def run(self) -> None:
        """Stay until the end was asked for and every process is gone."""
        for name in self.starts:
            self._start(name)
        while not self.stop():
            time.sleep(POLL_SECONDS)
            for name, code in self._reap():
                click.echo(f"{name} ended with {code}; starting another", err=True)
                self._start(name)
        self.before_end()
        self._end()

    def _start(self, name: str) -> None:
        self.running[self.starts[name]()] = (name, time.monotonic())

    def _reap(self) -> list[tuple[str, int]]:
        """Return the name and exit code of each process that has died (negative: the signal)."""
        dead = []
        for pid, (name, started) in list(self.running.items()):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if not ended:
                continue
            del self.running[pid]
            dead.append((name, os.waitstatus_to_exitcode(status)))
            if time.monotonic() - started < SHORT_LIFE_SECONDS and not self.stop():
                time.sleep(SHORT_LIFE_SECONDS)
        return dead

    def _end(self) -> None:
        self._signal(signal.SIGTERM)
        deadline = time.monotonic() + GRACE_SECONDS
        while self.running and time.monotonic() < deadline:
            self._reap()
            time.sleep(0.05)
        self._signal(signal.SIGKILL)

    def _signal(self, number: signal.Signals) -> None:
        for pid in self.running:
            os.kill(pid, number)

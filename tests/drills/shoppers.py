"""Buyers for drills: each with a browser of its own, talking HTTP to a shop in several processes."""

import http.client
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import NamedTuple, TypeVar
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from tests.drills import Run
from tests.environment.site import free_port
from tests.factories.ordering import a_commune

START_SECONDS = 40.0
_FIELD = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')

T = TypeVar("T")


class Goal(NamedTuple):
    """Where orders go: plain numbers, which threads may share."""

    province_id: int
    commune_id: int


def a_goal(session: Session) -> Goal:
    """Write a commune and return where it is."""
    commune = a_commune(session)
    return Goal(commune.parent_id or 0, commune.id)


@dataclass
class Answer:
    """What came back: status, where it leads, what it says, and how many seconds it took."""

    status: int
    location: str
    text: str
    seconds: float


@dataclass
class Shopper:
    """A browser without JavaScript: it keeps cookies and sends forms from the shop's own pages."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    seconds: float = 60.0
    headers: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> Answer:
        """Ask for a page."""
        return self._send("GET", path, None)

    def post(self, path: str, form: dict[str, str]) -> Answer:
        """Send a form."""
        return self._send("POST", path, urlencode(form))

    def _send(self, method: str, path: str, body: str | None) -> Answer:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Cookie": cookies, **self.headers}
        if body is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
        begun = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.seconds)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
        finally:
            connection.close()
        for sent in answer.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(sent).items()}
        location = answer.headers.get("Location", "")
        return Answer(answer.status, location, text, time.perf_counter() - begun)

    def checkout_form(self, phone: str, goal: Goal) -> dict[str, str]:
        """Open the checkout page of a cart that goes to that province, and fill it in."""
        hidden = dict(_FIELD.findall(self.get("/dat-hang").text))
        place = {"tinh": str(goal.province_id), "xa": str(goal.commune_id), "nha": "Số 12"}
        return {**hidden, **place, "sdt": phone, "ten": "Trần Văn An", "buoc": "dat"}


@contextmanager
def running_shop(run: Run, guard: str = "whole", **settings: str) -> Iterator[int]:
    """Run the shop in processes on one socket and yield its port."""
    port = free_port()
    with socket.create_server(("127.0.0.1", port), backlog=1024) as listener:
        command = [sys.executable, "-m", "tests.drills.shop_server", str(listener.fileno()), guard]
        environment = {**os.environ, "PORT": str(port), **run.environment(**settings)}
        with subprocess.Popen(command, env=environment, pass_fds=[listener.fileno()]) as process:
            try:
                _await(port, process)
                yield port
            finally:
                process.terminate()


def _await(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            Shopper(port, seconds=1).get("/healthz")
        except (OSError, http.client.HTTPException):
            continue
        return
    raise RuntimeError("the shop did not start")


def at_once(tasks: Sequence[Callable[[], T]]) -> list[T]:
    """Do all tasks at the same moment, each in a thread, and return their results in order."""
    barrier = threading.Barrier(len(tasks))

    def wait_and_do(task: Callable[[], T]) -> T:
        barrier.wait()
        return task()

    with ThreadPoolExecutor(len(tasks)) as pool:
        return list(pool.map(wait_and_do, tasks))


def in_turns(tasks: Sequence[Callable[[], T]], side_by_side: int = 8) -> list[T]:
    """Do tasks a few at a time and return their results in order."""
    with ThreadPoolExecutor(side_by_side) as pool:
        return list(pool.map(lambda task: task(), tasks))


def phone_of(number: int) -> str:
    """Return a telephone number of a shopper's own."""
    return f"09{number:08d}"

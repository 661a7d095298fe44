"""`marketplace serve`: its processes are kept alive, and all of them end when it ends."""

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from marketplace.search import actions
from tests.cli.test_commands import marketplace
from tests.environment.application import empty_application, make_environment
from tests.environment.site import Site, running_site

OWNER = {
    "OWNER_NAME": "Đơn vị mẫu",
    "OWNER_ADDRESS": "1 Đường Mẫu",
    "OWNER_REPRESENTATIVE": "Người Mẫu",
    "OWNER_CODE": "0100000000",
    "SUPPORT_PHONE": "1900 0000",
    "SUPPORT_EMAIL": "ho-tro@example.vn",
}
WITHOUT_FORK = "import os; del os.fork; from marketplace.cli import main; main()"
WITHOUT_WORKER = """
import sys
from marketplace.cli import main, serve
serve._command = lambda name: [sys.executable, "-c", "import time; time.sleep(60)"]
main()
"""


def prepared(folder: Path) -> dict[str, str]:
    """The environment of a site on an empty SQLite database."""
    url = f"sqlite:///{folder / 'site.db'}"
    with empty_application(url, folder):
        pass
    return make_environment(url, folder)


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return prepared(tmp_path)


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site for all tests that leave it as it is."""
    with running_site(prepared(tmp_path_factory.mktemp("standing"))) as site:
        yield site


@pytest.fixture
def site(environment: dict[str, str]) -> Iterator[Site]:
    with running_site(environment) as site:
        yield site


def children(parent: int) -> dict[int, str]:
    """Return the processes that a process started, with their command lines."""
    listing = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid=,stat=,args="], capture_output=True, text=True, check=True
    ).stdout
    rows = [line.split(None, 3) for line in listing.splitlines()]
    return {int(row[0]): row[3] for row in rows if int(row[1]) == parent and not row[2].startswith("Z")}


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def eventually(true: Callable[[], bool], seconds: float = 10.0) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(0.05)
    return False


def test_two_web_processes_and_a_worker_run(standing: Site) -> None:
    commands = list(children(standing.process.pid).values())
    assert len(commands) == 3
    assert sum("worker" in command for command in commands) == 1
    assert standing.get("/healthz")[0] == 200


def test_a_process_that_dies_is_replaced(site: Site) -> None:
    before = children(site.process.pid)
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    assert eventually(lambda: len(set(children(site.process.pid)) - set(before)) == 3)
    assert site.get("/healthz")[0] == 200


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_end_is_orderly(site: Site, number: signal.Signals) -> None:
    pids = children(site.process.pid)
    site.process.send_signal(number)
    assert site.process.wait(20) == 0
    assert not any(map(alive, pids))


def test_nothing_is_left_behind_when_the_supervisor_is_killed(site: Site) -> None:
    pids = children(site.process.pid)
    site.process.kill()
    site.process.wait()
    assert eventually(lambda: not any(map(alive, pids)), seconds=30)


def test_a_client_is_told_to_come_back_elsewhere(site: Site) -> None:
    with socket.create_connection(("127.0.0.1", site.port), timeout=10) as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\n")
        time.sleep(0.3)
        site.process.terminate()
        time.sleep(0.6)
        connection.sendall(b"Host: 127.0.0.1\r\n\r\n")
        answer = connection.makefile("rb").read()
    assert answer.startswith(b"HTTP/1.1 200")
    assert b"Connection: close" in answer


def test_a_port_in_use_is_said_plainly(standing: Site, environment: dict[str, str]) -> None:
    ended = marketplace("serve", **{**environment, "PORT": str(standing.port)})
    assert ended.returncode == 1
    assert f"cannot listen on 127.0.0.1:{standing.port}" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_one_process_serves_where_there_is_no_fork(environment: dict[str, str]) -> None:
    with running_site(environment, program=["-c", WITHOUT_FORK]) as site:
        assert site.get("/healthz")[0] == 200
        assert len(children(site.process.pid)) == 1
        assert site.stop()[0] == 0


def test_the_other_internet_protocol_is_spoken_too(environment: dict[str, str]) -> None:
    public = {"DEMO": "0", "SITE_URL": "https://ocop.example.vn", "TRUSTED_HOSTS": "ocop.example.vn", **OWNER}
    with running_site({**environment, **public, "HOST": "::1"}, host="::1") as site:
        assert site.get("/healthz")[0] in {200, 400}


@pytest.mark.parametrize(("length", "status"), [(None, 200), ("0", 200), ("x", 400)])
def test_who_asks_for_leave_to_send_nothing_is_answered(
    standing: Site, length: str | None, status: int
) -> None:
    headers = {"Expect": "100-continue", **({"Content-Length": length} if length else {})}
    with closing(http.client.HTTPConnection("127.0.0.1", standing.port, timeout=5)) as connection:
        for _ in range(2):
            connection.request("GET", "/healthz", headers=headers)
            answer = connection.getresponse()
            assert answer.status == status
            answer.read()


def test_who_has_a_body_to_send_gets_leave_first(standing: Site) -> None:
    asked = b"POST /gio-hang HTTP/1.1\r\nHost: 127.0.0.1\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n"
    with socket.create_connection(("127.0.0.1", standing.port), timeout=5) as connection:
        connection.sendall(asked)
        assert connection.recv(4096) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b"a=1")
        assert connection.recv(4096).startswith(b"HTTP/1.1 403")


def test_every_process_has_its_index_open_before_the_first_search(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    """What was read at the start answers though its files are gone and no worker builds others."""
    with empty_application(environment["DATABASE_URL"], tmp_path):
        actions.rebuild()
    with running_site(environment, program=["-c", WITHOUT_WORKER]) as site:
        shutil.rmtree(tmp_path / "index")
        answers = [json.loads(site.get("/readyz")[1])["parts"]["search"] for _ in range(10)]
    assert answers == [True] * 10

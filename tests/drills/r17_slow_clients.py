"""R17: clients that send ever so slowly do not keep others from being served."""

import http.client
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from unittest.mock import patch

from marketplace.cli import web_server
from marketplace.cli.web_server import WebServer
from tests.drills import Outcome, Run, drill
from tests.environment.site import running_site

HEADERS_LEFT_OPEN = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "
BODY_LEFT_OPEN = b"POST /gio-hang HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\na"
ALLOWED_MS = 100.0
ALLOWED_TIMES = 3.0
PROBE_SECONDS = 2.0


@drill(
    "R17",
    bar="every probe served; the worst under 100 ms or 3 times the worst without slow clients",
    databases=("sqlite",),
)
def slow_clients_hold_up_nobody(run: Run) -> Outcome:
    """Hold half-open connections (slow headers and slow bodies, half each) and probe meanwhile."""
    slow, probes = run.count(short=150, full=500), run.count(short=40, full=200)
    with _server(run) as port:
        calm = _probe(port, probes)
        with _held_open(port, slow):
            siege = _probe(port, probes)
    allowed = max(ALLOWED_MS, ALLOWED_TIMES * max(calm))
    worst = max(siege, default=PROBE_SECONDS * 1000)
    got = {"slow": slow, "probes": probes, "served": len(siege), "worst_ms": round(worst, 1)}
    return Outcome({**got, "allowed_ms": round(allowed, 1)}, ok=len(siege) == probes and worst <= allowed)


@contextmanager
def _server(run: Run) -> Iterator[int]:
    """Run the site; as the control, a server that has fewer connections to give than are held open."""
    with run.application() as app:
        if run.guarded:
            with running_site(run.environment()) as site:
                yield site.port
            return
        stop = threading.Event()
        with (
            socket.create_server(("127.0.0.1", 0)) as listener,
            patch.object(web_server, "CONNECTIONS", 100),
        ):
            server = WebServer(app, app.extensions["settings"], listener)
            thread = threading.Thread(target=server.run, args=[stop.is_set])
            thread.start()
            try:
                yield listener.getsockname()[1]
            finally:
                stop.set()
                thread.join()


def _probe(port: int, count: int) -> list[float]:
    """Ask for a page again and again; return the milliseconds of each until one is not served."""
    served = []
    for _ in range(count):
        begun = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PROBE_SECONDS)
        try:
            connection.request("GET", "/healthz")
            if connection.getresponse().status != 200:
                break
        except (OSError, http.client.HTTPException):
            break
        finally:
            connection.close()
        served.append((time.perf_counter() - begun) * 1000)
    return served


@contextmanager
def _held_open(port: int, count: int) -> Iterator[None]:
    with ExitStack() as stack:
        for number in range(count):
            connection = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=5))
            connection.sendall(HEADERS_LEFT_OPEN if number % 2 else BODY_LEFT_OPEN)
        time.sleep(0.2)
        yield

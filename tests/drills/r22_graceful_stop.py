"""R22: whoever was being served when the site is told to stop gets the whole answer."""

import http.client
import socket
import threading
import time

from tests.drills import Outcome, Run, drill
from tests.environment.site import Site, running_site

LONGEST_STOP = 25.0


@drill("R22", bar="0 requests dropped, exit code 0, stopped within 25 s", databases=("sqlite",))
def a_stop_drops_no_request(run: Run) -> Outcome:
    """Stop the site while requests are half sent and clients keep asking; count those left without answer."""
    dropped, codes, longest = 0, set(), 0.0
    with run.application():
        for _ in range(run.count(short=1, full=50)):
            with running_site(run.environment()) as site:
                lost, code, seconds = _stop_under_load(site, run)
            dropped += lost
            codes.add(code)
            longest = max(longest, seconds)
            if run.seen_enough(dropped):
                break
    got = {"dropped": dropped, "exit_codes": sorted(codes), "longest_stop_s": round(longest, 1)}
    return Outcome(got, ok=dropped == 0 and codes == {0} and longest < LONGEST_STOP)


def _stop_under_load(site: Site, run: Run) -> tuple[int, int, float]:
    clients = [Client(site.port) for _ in range(4)]
    half_sent = [_half_a_request(site.port) for _ in range(8)]
    time.sleep(0.3 + run.random.random() / 5)
    code, seconds = [], []

    def stop() -> None:
        if not run.guarded:
            site.process.kill()
        ended, took = site.stop()
        code.append(ended)
        seconds.append(took)

    stopping = threading.Thread(target=stop)
    stopping.start()
    time.sleep(0.3)
    unanswered = sum(not _completed(connection) for connection in half_sent)
    stopping.join()
    return unanswered + sum(client.end() for client in clients), code[0], seconds[0]


def _half_a_request(port: int) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=10)
    connection.sendall(b"GET /healthz HTTP/1.1\r\n")
    return connection


def _completed(connection: socket.socket) -> bool:
    with connection:
        try:
            connection.sendall(b"Host: 127.0.0.1\r\n\r\n")
            return connection.recv(20).startswith(b"HTTP/1.1 200")
        except OSError:
            return False


class Client:
    """Asks for pages on new connections until nobody listens; counts those accepted and not answered."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.dropped = 0
        self.thread = threading.Thread(target=self._ask)
        self.thread.start()

    def end(self) -> int:
        """Return how many requests were dropped."""
        self.thread.join()
        return self.dropped

    def _ask(self) -> None:
        while True:
            try:
                connection = socket.create_connection(("127.0.0.1", self.port), timeout=10)
            except OSError:
                return
            with connection:
                try:
                    connection.sendall(b"GET /healthz HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")
                    answer = connection.recv(20)
                except (OSError, http.client.HTTPException):
                    answer = b""
            self.dropped += not answer.startswith(b"HTTP/1.0 200")

"""Sends the test gateway's signed notices to the site: again until they are taken, or oddly on demand."""

import hashlib
import hmac
import json
import random
import threading
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from marketplace.cli.test_gateway.books import Books, Thing

TRIES_AFTER = (0.0, 2.0, 10.0, 60.0, 300.0, 1800.0)
SECONDS_BETWEEN_LOOKS = 0.2
TIMEOUT_SECONDS = 10.0


class Manner(StrEnum):
    """How notices are sent."""

    PROMPT = "prompt"
    OFF = "off"
    DOUBLED = "doubled"
    DELAYED = "delayed"
    SHUFFLED = "shuffled"


def sign(payload: bytes, secret: str, at: int | None = None) -> str:
    """Return the header Stripe-Signature for a body."""
    moment = int(time.time()) if at is None else at
    signature = hmac.new(secret.encode(), b"%d." % moment + payload, hashlib.sha256).hexdigest()
    return f"t={moment},v1={signature}"


def written(event: Thing) -> bytes:
    """Return the body of a notice."""
    return json.dumps(event, indent=2).encode()


@dataclass
class Postman:
    """Brings the events that the books hold to an address, one after another, in a thread of its own."""

    books: Books
    address: str
    secret: str
    manner: Manner = Manner.PROMPT
    chance: random.Random = field(default_factory=random.Random)

    def run(self, stopped: Callable[[], bool]) -> None:
        """Send what is due until told to stop."""
        while not stopped():
            if not self.round():
                time.sleep(SECONDS_BETWEEN_LOOKS)

    def start(self) -> threading.Event:
        """Send in a thread; return what ends it."""
        stop = threading.Event()
        threading.Thread(target=self.run, args=[stop.is_set], daemon=True).start()
        return stop

    def round(self) -> int:
        """Send each notice that is due; return how many there were."""
        due = [] if self.manner is Manner.OFF else self._due(time.time())
        if self.manner is Manner.SHUFFLED:
            self.chance.shuffle(due)
        for identity in due:
            self._bring(identity)
        return len(due)

    def _due(self, at: float) -> list[str]:
        wait = 5.0 if self.manner is Manner.DELAYED else 0.0
        with self.books.look():
            posted = self.books.tables["posted"]
            if fresh := [identity for identity in self.books.tables["events"] if identity not in posted]:
                with self.books:
                    posted |= {i: {"tries": 0, "next": at + wait, "taken": False} for i in fresh}
            return [i for i, p in posted.items() if p["next"] is not None and p["next"] <= at]

    def _bring(self, identity: str) -> None:
        payload = written(self.books.get("events", identity))
        times = 3 if self.manner is Manner.DOUBLED else 1
        taken = [self.send(payload) for _ in range(times)][-1]
        with self.books:
            self._note(self.books.tables["posted"][identity], taken)

    def _note(self, posted: Thing, taken: bool) -> None:
        posted["tries"] += 1
        posted["taken"] = taken
        again = not taken and posted["tries"] < len(TRIES_AFTER)
        posted["next"] = time.time() + TRIES_AFTER[posted["tries"]] if again else None

    def send(self, payload: bytes) -> bool:
        """Send a body with a signature of this moment; return whether it was taken."""
        headers = {"Content-Type": "application/json", "Stripe-Signature": sign(payload, self.secret)}
        request = urllib.request.Request(self.address, payload, headers)  # noqa: S310 - loopback, http
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310
                return 200 <= int(answer.status) < 300
        except OSError:
            return False

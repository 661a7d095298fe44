"""What the test gateway knows: sessions, intents, refunds, disputes and notices, kept in one file."""

import json
import secrets
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Any

from marketplace import clock

Thing = dict[str, Any]
TABLES = ("sessions", "intents", "refunds", "disputes", "events", "answers", "posted")


class Refused(Exception):
    """A request that cannot be done, as Stripe would say it."""

    def __init__(
        self, words: str, *, status: int = 400, kind: str = "invalid_request_error", code: str = ""
    ) -> None:
        super().__init__(words)
        self.words, self.status, self.kind, self.code = words, status, kind, code


class Books:
    """The gateway's rows, by table and id: `with books:` around what belongs together, `look` to read.

    Without a path they live in memory; with one they are written after each change, so that a gateway
    that starts again knows what was paid.
    """

    def __init__(self, path: Path | None = None, now: Callable[[], datetime] = clock.now) -> None:
        self.path, self._now = path, now
        self._lock: AbstractContextManager[object] = threading.RLock()
        self._depth = 0
        self.tables: dict[str, dict[str, Thing]] = {name: {} for name in TABLES}
        if path is not None and path.exists():
            self.tables |= json.loads(path.read_text(encoding="utf-8"))

    def __enter__(self) -> "Books":
        """Wait for whoever is at the books."""
        self._lock.__enter__()
        self._depth += 1
        return self

    def __exit__(self, *raised: Any) -> None:
        """Write the books down, where they are kept in a file, and let go of them."""
        self._depth -= 1
        try:
            if self.path is not None and self._depth == 0:
                fresh = self.path.with_suffix(".new")
                fresh.write_text(json.dumps(self.tables), encoding="utf-8")
                fresh.replace(self.path)
        finally:
            self._lock.__exit__(*raised)

    def look(self) -> AbstractContextManager[object]:
        """Wait for whoever is at the books, to read them only."""
        return self._lock

    def now(self) -> int:
        """Return the gateway's time, in seconds since 1970."""
        return int(self._now().timestamp())

    def add(self, table: str, prefix: str, **row: Any) -> Thing:
        """Write a row under a new id and return it."""
        identity = f"{prefix}_{secrets.token_hex(12)}"
        thing = {"id": identity, "created": self.now(), "livemode": False, **row}
        self.tables[table][identity] = thing
        return thing

    def get(self, table: str, identity: str) -> Thing:
        """Return a row.

        Raises Refused (404) for an id that is not there.
        """
        try:
            return self.tables[table][identity]
        except KeyError:
            raise Refused(
                f"No such {table[:-1]}: '{identity}'", status=404, code="resource_missing"
            ) from None

    def where(self, table: str, **wanted: Any) -> list[Thing]:
        """Return the rows that hold these values, newest first."""
        rows = [row for row in self.tables[table].values() if wanted.items() <= row.items()]
        return rows[::-1]

"""When sign-ins and keys were last used: noted in memory, written in batches after answers."""

from datetime import datetime, timedelta
from threading import Lock

import sqlalchemy as sa

from marketplace.accounts.models import ApiKey, Person, SignIn
from marketplace.database import unit_of_work

WRITE_EVERY = timedelta(seconds=30)
TABLES = ("api_key", "person", "sign_in")
"""The tables that reading a page may write to, by way of this module."""


class Sightings:
    """What one process has seen since it last wrote."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._sign_ins: dict[int, datetime] = {}
        self._keys: dict[int, datetime] = {}
        self._written_at: datetime | None = None

    def note_sign_in(self, sign_in_id: int, at: datetime) -> None:
        """Note that a sign-in was used."""
        with self._lock:
            self._sign_ins[sign_in_id] = at

    def note_key(self, key_id: int, at: datetime) -> None:
        """Note that a key was used."""
        with self._lock:
            self._keys[key_id] = at

    def write_when_due(self, at: datetime) -> bool:
        """Write what was noted, in a unit of work of its own, when that has not been done for a while."""
        with self._lock:
            if self._written_at is not None and at - self._written_at < WRITE_EVERY:
                return False
            sign_ins, keys = self._sign_ins, self._keys
            if not sign_ins and not keys:
                return False
            self._sign_ins, self._keys, self._written_at = {}, {}, at
        _write(sign_ins, keys)
        return True


def _write(sign_ins: dict[int, datetime], keys: dict[int, datetime]) -> None:
    """Write in the order of numbers, so that two processes do not wait for each other in a circle."""
    with unit_of_work() as session:
        for number, at in sorted(sign_ins.items()):
            kept = session.get(SignIn, number, with_for_update=True, populate_existing=True)
            if kept is None or kept.idle_until <= at or at <= kept.last_seen_at:
                continue
            kept.last_seen_at, kept.idle_until = at, at + timedelta(seconds=kept.idle_seconds)
            seen = sa.update(Person).where(Person.id == kept.person_id)
            session.execute(seen.values(last_seen_at=at, warned_at=None))
        for number, at in sorted(keys.items()):
            session.execute(sa.update(ApiKey).where(ApiKey.id == number).values(last_used_at=at))

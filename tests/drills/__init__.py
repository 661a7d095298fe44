"""Drills: faults and attacks that the house must bear, each with a bar and a negative control.

A drill is a function in a module `<id>_<name>.py` of this package (`r01_last_unit.py`), registered
with its number, the bar in words, and the databases it runs on:

    @drill("R1", bar="1 order, 199 refusals, no error", control_on=("postgresql",))
    def the_last_unit_is_sold_once(run: Run) -> Outcome:
        clients = run.count(short=50, full=200)
        with run.application() as app:          # empty tables; `run.environment()` for a real site
            sell = place_order if run.guarded else naive_order
            ...
        return Outcome(got={"orders": orders, "errors": errors}, ok=orders == 1 and not errors)

`run.guarded` is False in the negative control: the drill then takes the guard away (calls the naive
code, drops the constraint) and must miss its bar, which shows that it can see the fault at all.
`control_on` names the databases on which the control is run; a drill of which the fault cannot be
switched off (a scan of file modes, say) gives a control of its own kind by building the bad state.

`make drills [ONLY=R1,S3]` runs the full counts and prints one JSON line each; pytest runs each in its
short form (about five seconds, fixed seed) through `test_drills.py`, control included. What the short
form leaves out each drill says where it chooses; where it asks a share of many routes, `Run.takes` chooses
other ones on the other database.
"""

import importlib
import pkgutil
import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from flask import Flask

from tests.environment.application import empty_application, make_environment

SEED = 20261121
BOTH = ("sqlite", "postgresql")


@dataclass(frozen=True)
class Outcome:
    """What a drill saw, and whether that reaches the bar."""

    got: Any
    ok: bool


@dataclass
class Run:
    """One run of a drill: its database, a folder to write in, its size and its chance."""

    database_url: str
    folder: Path
    full: bool = False
    guarded: bool = True
    random: Random = field(default_factory=lambda: Random(SEED))

    @property
    def on_sqlite(self) -> bool:
        """Whether the database is SQLite."""
        return self.database_url.startswith("sqlite")

    def count(self, short: int, full: int) -> int:
        """Return how many of something this run takes."""
        return full if self.full else short

    def takes(self, name: str, one_in: int) -> bool:
        """Return whether this run takes what is so called: the full form all, the short one in so many.

        They are the same ones each time, whatever else there is, and others on the other database.
        """
        turn = Random(f"{SEED} {name}").randrange(one_in)
        return self.full or turn == (0 if self.on_sqlite else 1)

    def seen_enough(self, *faults: object) -> bool:
        """Return whether this is a short control that has seen its fault, and may stop looking."""
        return not self.full and not self.guarded and any(faults)

    @contextmanager
    def application(self, **settings: str) -> Iterator[Flask]:
        """Yield an application on the run's database with empty tables, inside its context."""
        with empty_application(self.database_url, self.folder, **settings) as app:
            yield app

    def environment(self, **settings: str) -> dict[str, str]:
        """Return the environment for `tests.environment.site.running_site` on the run's database."""
        return make_environment(self.database_url, self.folder, **settings)


@dataclass(frozen=True)
class Drill:
    """A registered drill."""

    id: str
    bar: str
    databases: Sequence[str]
    control_on: Sequence[str]
    perform: Callable[[Run], Outcome]


_drills: dict[str, Drill] = {}


def drill(
    identity: str, *, bar: str, databases: Sequence[str] = BOTH, control_on: Sequence[str] | None = None
) -> Callable[[Callable[[Run], Outcome]], Callable[[Run], Outcome]]:
    """Register a drill; without `control_on` the negative control runs on all its databases."""

    def register(perform: Callable[[Run], Outcome]) -> Callable[[Run], Outcome]:
        if identity in _drills and _drills[identity].perform.__module__ != perform.__module__:
            raise ValueError(f"two drills are called {identity}")
        _drills[identity] = Drill(
            identity, bar, databases, databases if control_on is None else control_on, perform
        )
        return perform

    return register


def all_drills() -> list[Drill]:
    """Import every drill module and return the drills in the order of their numbers."""
    for module in pkgutil.iter_modules(__path__):
        if re.match(r"[lrs]\d", module.name):
            importlib.import_module(f"{__name__}.{module.name}")
    return sorted(_drills.values(), key=lambda one: (one.id[0], int(one.id[1:])))


def carry_out(one: Drill, database: str, run: Run) -> dict[str, Any]:
    """Perform a drill and return the line that reports it."""
    begun = time.monotonic()
    outcome = one.perform(run)
    seconds = round(time.monotonic() - begun, 2)
    line = {"id": one.id, "db": database, "got": outcome.got, "bar": one.bar}
    return {**line, "ok": outcome.ok, "seconds": seconds}

"""R15: writers of the index are killed at any moment; it stays readable, true and tidy."""

import json
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

from marketplace import clock, jobs
from marketplace.database import db, unit_of_work
from marketplace.search import actions, engine
from marketplace.search.generations import Damaged, unseal
from marketplace.search.queries import find
from marketplace.search.whoosh_engine import VERSION, WhooshIndex
from tests.drills import Outcome, Run, drill
from tests.factories.search import a_small_register

LONGEST_LIFE = 0.5
START_SECONDS = 20.0


@drill(
    "R15",
    bar="0 unreadable moments, 0 products drifted, 0 orphans after kills of index writers",
    control_on=("sqlite",),
)
def killed_writers_leave_a_sound_index(run: Run) -> Outcome:
    """Let several processes index, kill them one after another, and read all the while."""
    kills, processes = run.count(short=3, full=100), run.count(short=2, full=4)
    with run.application():
        with unit_of_work() as session:
            a_small_register(session)
        actions.rebuild()
        writers = [_start(run, number) for number in range(processes)]
        unreadable = _wait_for_writing()
        for number in range(kills):
            unreadable += _read_for(LONGEST_LIFE * run.random.random())
            at = run.random.randrange(processes)
            _kill(writers[at])
            writers[at] = _start(run, processes + number)
        for writer in writers:
            _kill(writer)
        unreadable += _is_unreadable()
        got = {"kills": kills + processes, "unreadable": unreadable, **_aftermath()}
    return Outcome(got, ok=unreadable == 0 and got["drifted"] == 0 and got["orphans"] == 0)


def _start(run: Run, seed: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.drills.index_writer", json.dumps(run.environment())]
    return subprocess.Popen([*command, str(seed), str(int(run.guarded))], stderr=subprocess.DEVNULL)


def _kill(writer: subprocess.Popen[bytes]) -> None:
    writer.kill()
    writer.wait()


def _wait_for_writing() -> int:
    """Read until the first writer has written, so that the kills hit writers and not starts."""
    name, begun, unreadable = engine.present_generation(), time.monotonic(), 0
    db.session.rollback()
    while engine.present_generation() == name and time.monotonic() - begun < START_SECONDS:
        unreadable += _is_unreadable()
        time.sleep(0.05)
        if unreadable:
            break
    return unreadable


def _read_for(seconds: float) -> int:
    until, unreadable = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        unreadable += _is_unreadable()
        time.sleep(0.02)
    return unreadable


def _is_unreadable() -> int:
    """Read the index as a process that has just started; a moment's change of generations is allowed."""
    for _ in range(3):
        db.session.rollback()
        engine.opened().forget()
        if find("kẹo lạc").engine == "whoosh":
            return 0
    return 1


def _aftermath() -> dict[str, int]:
    """Do what was left to do once the dead writers' leases have ended, and compare with the register."""
    with clock.stopped(datetime.now(UTC) + jobs.LEASE + timedelta(minutes=1)):
        jobs.do_all()
        actions.tend()
    folder, name = engine.opened().folder, engine.present_generation()
    orphans = [path for path in folder.glob("generation-*") if path.name != name]
    try:
        drifted = len(actions.drift(WhooshIndex(unseal(folder, name or "", VERSION).files)))
    except Damaged:
        drifted = -1
    return {"drifted": drifted, "orphans": len(orphans)}

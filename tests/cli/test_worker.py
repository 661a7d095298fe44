"""The worker does jobs and duties, whatever happens to one of them."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from marketplace import jobs, worker
from marketplace.database import db, unit_of_work
from marketplace.settings import PROJECT
from marketplace.worker import Duty, work
from tests.environment.application import make_environment


class Rounds:
    """Stops the worker after so many rounds."""

    def __init__(self, rounds: int) -> None:
        self.left = rounds

    def __call__(self) -> bool:
        self.left -= 1
        return self.left < 0


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What was done; the worker's own duties rest, and its naps are short."""
    monkeypatch.setattr(worker, "DUTIES", [])
    monkeypatch.setattr(worker, "IDLE_SECONDS", 0.001)
    monkeypatch.setattr(worker, "AFTER_FAILURE_SECONDS", 0.001)
    log: list[str] = []

    @jobs.handler("test.word")
    def note(word: str) -> None:
        log.append(word)

    yield log
    del jobs._handlers["test.word"]  # noqa: SLF001 - the registry has no way back, and needs none


def put(word: str) -> None:
    with unit_of_work() as session:
        jobs.put(session, "test.word", word=word)


def test_jobs_are_done_one_after_another(app: Flask, done: list[str]) -> None:
    put("chè")
    put("mật")
    work(app, Rounds(3))
    assert done == ["chè", "mật"]


def test_a_duty_comes_round_and_a_failing_one_stops_nothing(
    app: Flask, done: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise OSError("no space left on device")

    often = Duty("often", 0.0, lambda: done.append("often"))
    seldom = Duty("seldom", 3600.0, lambda: done.append("seldom"))
    monkeypatch.setattr(worker, "DUTIES", [Duty("fail", 0.0, fail), often, seldom])
    put("job")
    work(app, Rounds(2))
    assert done == ["often", "seldom", "job", "often"]


def test_a_database_that_is_away_is_waited_for(
    app: Flask, done: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    do_next = jobs.do_next
    answers = iter([True, False])

    def away_once() -> bool:
        if next(answers, False):
            raise ConnectionError("the database is away")
        return do_next()

    monkeypatch.setattr(jobs, "do_next", away_once)
    put("after")
    work(app, Rounds(2))
    assert done == ["after"]


def test_a_worker_in_its_own_process_does_what_is_left_and_stops_when_told(
    app: Flask, tmp_path: Path
) -> None:
    put("nobody handles this over there")
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    process = subprocess.Popen(
        [sys.executable, "-m", "marketplace", "worker"],
        cwd=PROJECT,
        env=make_environment(url, tmp_path),
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and not tried():
        time.sleep(0.1)
    assert tried()
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0


def tried() -> bool:
    attempts = db.session.execute(db.select(jobs.Job.attempts).where(jobs.Job.last_error.is_not(None)))
    try:
        return attempts.scalar_one_or_none() == 1
    finally:
        db.session.rollback()


def test_a_database_that_is_away_takes_one_line_of_the_log(
    app: Flask, done: list[str], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def away() -> bool:
        raise OperationalError("SELECT 1", {}, OSError("connection refused\nIs the server running?"))

    monkeypatch.setattr(jobs, "do_next", away)
    monkeypatch.setattr(worker, "DUTIES", [Duty("look", 0.0, away)])
    work(app, Rounds(1))
    assert [record.getMessage() for record in caplog.records] == [
        "the duty look waits for the database: connection refused",
        "the worker's round waits for the database: connection refused",
    ]
    assert not any(record.exc_info for record in caplog.records)

"""Jobs are done once their change is committed, again when they fail, and by one worker at a time."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import clock, jobs
from marketplace.database import db, unit_of_work
from marketplace.jobs import Job
from tests.conftest import NOON


@pytest.fixture
def done() -> Iterator[list[str]]:
    """What the handlers of the tests' own kinds have done."""
    log: list[str] = []

    @jobs.handler("test.note")
    def note(word: str) -> None:
        log.append(word)

    @jobs.handler("test.fail")
    def fail() -> None:
        with unit_of_work() as session:
            jobs.put(session, "test.note", word="never committed")
            raise ValueError("what this says may be private")

    yield log
    for kind in ("test.note", "test.fail"):
        del jobs._handlers[kind]  # noqa: SLF001 - the registry has no way back, and needs none


def put(kind: str, **payload: str) -> None:
    with unit_of_work() as session:
        jobs.put(session, kind, **payload)


def row() -> Job:
    job = db.session.execute(sa.select(Job)).scalar_one()
    db.session.rollback()
    return job


def test_a_job_is_done_once_and_gone(app: Flask, done: list[str]) -> None:
    put("test.note", word="chè")
    assert jobs.count_waiting() == 1
    assert jobs.do_next()
    assert not jobs.do_next()
    assert (done, jobs.count_waiting()) == (["chè"], 0)


def test_jobs_are_done_in_the_order_they_were_left(app: Flask, done: list[str]) -> None:
    for word in ("một", "hai", "ba"):
        put("test.note", word=word)
    assert jobs.do_all() == 3
    assert done == ["một", "hai", "ba"]


def test_what_is_urgent_goes_before_all_that_wait(app: Flask, done: list[str]) -> None:
    put("test.note", word="first")
    with unit_of_work() as session:
        jobs.put_first(session, "test.note", word="urgent")
    with clock.stopped(NOON - timedelta(hours=1)):
        put("test.note", word="older")
        with unit_of_work() as session:
            jobs.put_first(session, "test.note", word="most urgent")
    jobs.do_all()
    assert done == ["most urgent", "older", "urgent", "first"]


def test_a_change_that_is_undone_leaves_no_job(app: Flask, done: list[str]) -> None:
    with pytest.raises(ZeroDivisionError), unit_of_work() as session:
        jobs.put(session, "test.note", word="never")
        raise ZeroDivisionError
    assert jobs.do_all() == 0


def test_a_failed_job_is_tried_again_later_and_later(app: Flask, done: list[str]) -> None:
    put("test.fail")
    at = NOON
    for attempt, wait in enumerate([5, 60, 600, 3600, 3600], start=1):
        with clock.stopped(at):
            assert jobs.do_next()
            assert not jobs.do_next()
        at += timedelta(seconds=wait)
        job = row()
        assert (job.attempts, job.due_at, job.leased_until) == (attempt, at, None)
    assert job.last_error == "ValueError"
    assert done == []


def test_a_failure_does_not_hold_up_the_others(app: Flask, done: list[str]) -> None:
    put("test.fail")
    put("test.note", word="after")
    assert jobs.do_all() == 2
    assert done == ["after"]


def test_a_kind_that_nobody_handles_is_kept(app: Flask) -> None:
    put("test.unheard_of")
    assert jobs.do_next()
    assert row().last_error == "KeyError"


def test_a_job_whose_worker_died_is_done_when_its_lease_ends(app: Flask, done: list[str]) -> None:
    put("test.note", word="again")
    assert jobs._lease(NOON) is not None  # noqa: SLF001 - a worker that is killed after this line
    assert not jobs.do_next()
    with clock.stopped(NOON + jobs.LEASE):
        assert not jobs.do_next()
    with clock.stopped(NOON + jobs.LEASE + timedelta(seconds=1)):
        assert jobs.do_next()
    assert done == ["again"]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_two_workers_never_take_the_same_job(app: Flask, done: list[str]) -> None:
    put("test.note", word="one")
    put("test.note", word="two")
    statement = sa.select(Job.payload).order_by(Job.id).limit(1).with_for_update(skip_locked=True)
    with db.engine.begin() as other:
        assert other.execute(statement).scalar_one() == {"word": "one"}
        assert jobs.do_next()
    assert done == ["two"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_worker_with_nothing_to_do_keeps_nobody_from_writing(app: Flask, done: list[str]) -> None:
    put("test.note", word="later")
    with clock.stopped(NOON - timedelta(seconds=1)), closing(sqlite3.connect(file_of(app))) as buyer:
        buyer.execute("BEGIN IMMEDIATE")
        begun = time.monotonic()
        assert not jobs.do_next()
        assert time.monotonic() - begun < 5
        buyer.rollback()
    assert jobs.do_next()
    assert done == ["later"]


def test_looking_for_work_leaves_no_transaction_open(app: Flask) -> None:
    assert not jobs.do_next()
    assert not db.session().in_transaction()


def file_of(app: Flask) -> str:
    url: str = app.config["SQLALCHEMY_DATABASE_URI"]
    return url.removeprefix("sqlite:///")

"""Limits: shared by processes, not forgotten, exact in every window, and no door to lock others out."""

import subprocess
import sys
import threading
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import clock
from marketplace.accounts import attempts
from marketplace.accounts.attempts import WINDOWS, Attempt, Claim, Rule, claim, forget_attempts, forgive
from marketplace.accounts.errors import TooManyAttempts
from marketplace.accounts.journal import Deed
from marketplace.database import db, unit_of_work
from marketplace.settings import PROJECT

MINUTE = timedelta(minutes=1)
PROCESS = """
import sys
from pathlib import Path
from marketplace import clock
from marketplace.app import create_app
from marketplace.accounts.attempts import Rule, claim
from marketplace.accounts.errors import TooManyAttempts
from tests.environment.application import make_settings
from tests.conftest import NOON
app = create_app(make_settings(sys.argv[1], Path(sys.argv[2])))
heard = 0
with app.app_context():
    for _ in range(8):
        try:
            claim([(Rule.SIGN_IN, "an"), (Rule.SIGN_IN_GLOBAL, "")], NOON)
            heard += 1
        except TooManyAttempts:
            pass
print(heard)
"""


def heard(rule: Rule, subject: str, times: list[datetime]) -> list[datetime]:
    """Return the times at which an attempt was let through."""
    through = []
    for at in times:
        try:
            claim([(rule, subject)], at)
        except TooManyAttempts:
            continue
        through.append(at)
    return through


def test_the_limits_are_those_of_the_house() -> None:
    five = timedelta(minutes=5)
    assert [(w.count, w.length) for w in WINDOWS[Rule.SIGN_IN]] == [(10, five)]
    assert [(w.count, w.length) for w in WINDOWS[Rule.SIGN_IN_ADDRESS]] == [(10, five)]
    assert [(w.count, w.length) for w in WINDOWS[Rule.SIGN_IN_GLOBAL]] == [(1000, five)]
    second = [(w.count, w.length) for w in WINDOWS[Rule.SECOND_FACTOR]]
    assert second == [(5, five), (20, timedelta(hours=1)), (50, timedelta(days=1))]
    assert [(w.count, w.length) for w in WINDOWS[Rule.RESET]] == [(5, timedelta(days=1))]
    assert set(WINDOWS) == set(Rule)
    assert max(w.length for windows in WINDOWS.values() for w in windows) <= attempts.KEPT_FOR


def test_ten_are_heard_and_the_next_is_told_how_long_to_wait(app: Flask) -> None:
    now = clock.now()
    assert len(heard(Rule.SIGN_IN, "an", [now + n * timedelta(seconds=1) for n in range(30)])) == 10
    with pytest.raises(TooManyAttempts) as refusal:
        claim([(Rule.SIGN_IN, "an")], now + MINUTE)
    assert refusal.value.parameters == {"rule": "sign_in", "wait": 240}
    assert len(heard(Rule.SIGN_IN, "bình", [now])) == 1
    assert len(heard(Rule.SIGN_IN, "an", [now + 5 * MINUTE])) == 1


def test_no_window_holds_more_than_its_count(app: Flask) -> None:
    chance = Random(20261121)
    times = sorted(clock.now() + timedelta(seconds=chance.uniform(0, 1500)) for _ in range(120))
    through = heard(Rule.SIGN_IN, "an", times)
    for at in through:
        assert sum(at - 5 * MINUTE < one <= at for one in through) <= 10
    for at in set(times) - set(through):
        assert sum(at - 5 * MINUTE < one <= at for one in through) == 10


def test_every_window_of_a_rule_counts(app: Flask) -> None:
    now = clock.now()
    times = [now + n * MINUTE for n in range(24 * 60)]
    through = heard(Rule.SECOND_FACTOR, "7", times[:130] + times[600:700])
    for window in WINDOWS[Rule.SECOND_FACTOR]:
        for at in through:
            assert sum(at - window.length < one <= at for one in through) <= window.count
    assert 20 < len(through) <= 50


def test_an_attempt_is_taken_from_all_limits_or_from_none(app: Flask) -> None:
    now = clock.now()
    heard(Rule.SIGN_IN, "an", [now] * 10)
    with pytest.raises(TooManyAttempts):
        claim([(Rule.SIGN_IN_ADDRESS, "203.0.113.7"), (Rule.SIGN_IN, "an")], now)
    assert len(heard(Rule.SIGN_IN_ADDRESS, "203.0.113.7", [now] * 20)) == 10


def test_an_attempt_that_was_right_can_be_given_back(app: Flask) -> None:
    now = clock.now()
    for _ in range(25):
        claimed = claim([(Rule.SIGN_IN_ADDRESS, "203.0.113.7"), (Rule.SIGN_IN_GLOBAL, "")], now)
        forgive(claimed, Rule.SIGN_IN_ADDRESS)
    assert _count() == 25
    claimed = claim([(Rule.SIGN_IN, "an")], now)
    forgive(claimed)
    assert _count() == 25


def test_many_sign_ups_from_one_address_are_slowed_and_never_stopped(app: Flask) -> None:
    now = clock.now()
    times = [now + timedelta(seconds=n) for n in range(160)]
    through = heard(Rule.SIGN_UP_ADDRESS, "203.0.113.7", times)
    assert len(through) >= 40
    late = through[10:]
    assert all(b - a >= timedelta(seconds=5) for a, b in pairwise(late))
    with pytest.raises(TooManyAttempts) as refusal:
        claim([(Rule.SIGN_UP_ADDRESS, "203.0.113.7")], through[-1])
    assert refusal.value.parameters["wait"] == 5


def test_a_trip_is_journaled_once_in_a_while(app: Flask) -> None:
    now = clock.now()
    heard(Rule.SIGN_IN, "an", [now] * 50)
    trips = list(
        db.session.execute(sa.select(Deed).where(Deed.action == "limit:trip").order_by(Deed.seq)).scalars()
    )
    assert [(one.subject_type, one.subject_id) for one in trips] == [("limit", "sign_in")]
    db.session.rollback()
    heard(Rule.SIGN_IN, "an", [now + 5 * MINUTE] * 50)
    assert db.session.execute(sa.select(sa.func.count()).select_from(Deed)).scalar_one() == 2


def test_no_address_is_kept_as_it_is(app: Flask) -> None:
    claim([(Rule.SIGN_IN, "an@example.vn")], clock.now())
    assert "an@example.vn" not in str(db.session.execute(sa.select(Attempt.key)).scalars().all())


def test_old_attempts_are_forgotten(app: Flask) -> None:
    now = clock.now()
    heard(Rule.SIGN_IN, "an", [now - timedelta(days=2), now])
    with unit_of_work() as session:
        assert forget_attempts(session, now) == 1
    assert _count() == 1


def test_threads_share_a_limit(app: Flask) -> None:
    now, results = clock.now(), list[Claim]()

    def attack() -> None:
        with app.app_context():
            for _ in range(6):
                with suppress(TooManyAttempts):
                    results.append(claim([(Rule.SIGN_IN, "an"), (Rule.SIGN_IN_GLOBAL, "")], now))

    threads = [threading.Thread(target=attack) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(results) == 10


def test_processes_share_a_limit_and_a_restart_forgets_nothing(
    app: Flask, database_url: str, tmp_path: Path
) -> None:
    command = [sys.executable, "-c", PROCESS, database_url, str(tmp_path)]
    both = [subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    assert sum(int(one.communicate()[0]) for one in both) == 10
    after = subprocess.run(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True, check=True)
    assert int(after.stdout) == 0


def test_when_the_database_cannot_say_nothing_is_heard(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    db.session.rollback()
    with unit_of_work() as session:
        session.execute(sa.text("ALTER TABLE attempt RENAME TO gone"))
    try:
        with pytest.raises(sa.exc.DBAPIError):
            claim([(Rule.SIGN_IN, "an")], clock.now())
    finally:
        with unit_of_work() as session:
            session.execute(sa.text("ALTER TABLE gone RENAME TO attempt"))


def _count() -> int:
    db.session.rollback()
    return db.session.execute(sa.select(sa.func.count()).select_from(Attempt)).scalar_one()

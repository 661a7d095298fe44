"""S4: nobody learns from an answer, or from how long it takes, who has an account."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from statistics import NormalDist, median
from unittest.mock import patch

from flask import Flask

from marketplace.accounts import attempts, proofs
from marketplace.accounts.passwords import is_password
from marketplace.database import unit_of_work
from tests.drills import Outcome, Run, drill
from tests.drills.stage import SAME_ORIGIN, Caller, begin, begin_visit
from tests.factories import accounts
from tests.signin.test_enumeration import KNOWN, UNKNOWN, WORDS, shape

LEAST_P = {True: 0.01, False: 0.0005}
LEAST_GAP = {True: 0.05, False: 0.1}
"""A difference counts when the ranks tell it and it is worth some of the time; in full and in short."""


@dataclass(frozen=True)
class Question:
    """A form that names somebody."""

    path: str
    address: str
    fields: dict[str, str] = field(default_factory=dict)


QUESTIONS = (
    Question("/dang-nhap", "ten", {"mat_khau": "sai hoàn toàn"}),
    Question("/dang-ky", "dia_chi", {"ho_ten": "Ai đó", "mat_khau": WORDS, "dong_y": "co"}),
    Question("/quen-mat-khau", "dia_chi"),
    Question("/khoi-phuc", "dia_chi", {"ma": "aaaaa-bbbbb-ccccc", "mat_khau": WORDS}),
)


@drill(
    "S4",
    bar="same status, headers and body; times alike (Mann-Whitney p > 0.01, or medians within 5 %)",
    control_on=("sqlite",),
)
def answers_name_nobody(run: Run) -> Outcome:
    """Ask in turn for somebody with and somebody without an account, and compare answers and times."""
    rounds = run.count(short=14, full=500)
    got: dict[str, object] = {}
    alike = True
    with run.application() as app, _guard(run):
        with unit_of_work() as session:
            accounts.a_person(session, email=KNOWN)
        guest = Caller("guest", app, {})
        begin_visit(guest)
        for question in QUESTIONS:
            shapes, times = _ask(run, app, guest, question, rounds)
            p, gap = p_of_ranks(times[KNOWN], times[UNKNOWN]), _gap(times[KNOWN], times[UNKNOWN])
            same = len(shapes) == 1
            alike &= same and (p > LEAST_P[run.full] or gap < LEAST_GAP[run.full])
            got[question.path] = {"same": same, "p": round(p, 3), "medians_apart": round(gap, 3)}
    return Outcome({"rounds": rounds, **got}, ok=alike)


@contextmanager
def _guard(run: Run) -> Iterator[None]:
    """Lift the limits, which are drill S17's; as the control, hash no password for nobody's address."""
    plenty = dict.fromkeys(attempts.WINDOWS, (attempts.Window(10**9, timedelta(minutes=1)),))
    with patch.dict(attempts.WINDOWS, plenty):
        if run.guarded:
            yield
            return
        hasty = lambda password, kept: kept is not None and is_password(password, kept)  # noqa: E731
        with patch.object(proofs, "is_password", hasty):
            yield


def _ask(
    run: Run, app: Flask, guest: Caller, question: Question, rounds: int
) -> tuple[set[str], dict[str, list[float]]]:
    shapes: set[str] = set()
    times: dict[str, list[float]] = {KNOWN: [], UNKNOWN: []}
    for number in range(rounds + 2):
        for address in run.random.sample([KNOWN, UNKNOWN], 2):
            data = {**question.fields, question.address: address, "csrf_token": guest.csrf}
            begin()
            begun = time.perf_counter()
            answer = guest.call("POST", question.path, data=data, headers=SAME_ORIGIN)
            taken = time.perf_counter() - begun
            shapes.add(repr(shape(answer)))
            if number >= 2:
                times[address].append(taken)
    return shapes, times


def _gap(one: Sequence[float], other: Sequence[float]) -> float:
    return abs(median(one) - median(other)) / max(median(one), median(other))


def p_of_ranks(one: Sequence[float], other: Sequence[float]) -> float:
    """Return the two-sided p of the Mann-Whitney test, by its normal approximation."""
    ranked = sorted([(value, 0) for value in one] + [(value, 1) for value in other])
    ranks = sum(place for place, (_, which) in enumerate(ranked, 1) if which == 0)
    n, m = len(one), len(other)
    u = ranks - n * (n + 1) / 2
    spread = (n * m * (n + m + 1) / 12) ** 0.5
    return 2 * (1 - NormalDist().cdf(abs(u - n * m / 2) / spread))

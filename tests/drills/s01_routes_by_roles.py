"""S1: every route answers everybody as its guard, its roles and its scope say, and nobody else."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from werkzeug.test import TestResponse

from marketplace import clock
from marketplace.accounts.permissions import STRONG_FOR
from marketplace.accounts.roles import SignInLevel
from marketplace.web import doorkeeping
from marketplace.web.guards import Guard
from tests.drills import Outcome, Run, drill
from tests.drills.addresses import Route, Undeclared, addresses, missing_address, routes
from tests.drills.forms import forms_of, plain
from tests.drills.snapshot import Snapshot, take, undone
from tests.drills.stage import Caller, Stage, build_stage

HELD = {
    "buyer": set(),
    "staff": {"staff"},
    "owner": {"owner"},
    "rival owner": {"owner"},
    "rival staff": {"staff"},
    "commune officer": {"commune_officer"},
    "officer of another commune": {"commune_officer"},
    "province officer": {"province_officer"},
    "officer of another province": {"province_officer"},
    "council member": {"council_member"},
    "keeper": {"keeper"},
    "administrator": {"administrator"},
}
STALE = {
    "owner with an old proof": "other owner",
    "province officer with an old proof": "province officer",
}
"""Who proved who they are too long ago for dangerous acts, and whose roles they hold."""
HELD |= {name: HELD[person.removeprefix("other ")] for name, person in STALE.items()}
PROGRAMS = {"program with a key", "program of a rival"}
"""Who shows a key with each request; it opens what asks for a key, and nothing else."""
STRANGERS = {"guest", *PROGRAMS}
ELSEWHERE = {
    "rival owner",
    "rival staff",
    "officer of another commune",
    "officer of another province",
    "program of a rival",
}
OF_ONES_OWN = frozenset({"/gian-hang/<slug>/bang-tinh/xem-thu.csv"})
"""Pages of what a person alone has begun; before that nothing is there, for those who may as well."""
HALFWAY = "owner without a second factor"
ONE_IN = 8
"""Which share of the routes the short form asks at all; every one has to have its address."""
Forms = dict[str, dict[str, list[str]]]
"""What the forms of pages hold, by where they lead."""


@drill(
    "S1",
    bar="every cell as declared: 0 leaks, 0 refusals of who may, 0 failures, 0 undeclared routes",
    control_on=("sqlite",),
)
def routes_answer_as_declared(run: Run) -> Outcome:
    """Ask every route as everybody, about objects of one tenant, and compare with what was declared."""
    with run.application() as app:
        stage = build_stage(app)
        stage.enter(HALFWAY, stage.own.people["other owner"], SignInLevel.PASSWORD)
        with clock.stopped(clock.now() - STRONG_FOR):
            for name, person in STALE.items():
                stage.enter(name, stage.own.people[person])
        before = take()
        wrong: list[str] = []
        cells: Counter[str] = Counter()
        forms: Forms = {}
        undeclared = []
        with _guard(run):
            for route in sorted(routes(app), key=lambda one: one.writes):
                try:
                    ways = addresses(route, stage.own)
                except Undeclared as missing:
                    undeclared.append(str(missing))
                    continue
                if not run.takes(route.name, ONE_IN):
                    continue
                whole = run.full or route.strong or route.keyed or run.random.random() < 0.5
                for caller in _callers(run, stage, route, whole=whole):
                    expected = _expected(route, caller)
                    tried = ways if run.full or expected == "in" else ways[:1]
                    seen = _ask(run.full, route, caller, tried, forms, before)
                    if expected == "in" and "in" not in seen and route.writes:
                        seen |= _look_further(route, caller, tried, before)
                    cells[expected] += 1
                    if not _fits(expected, seen):
                        wrong.append(f"{caller.name}: {route.name} is {sorted(seen)}, not {expected}")
                wrong += _tells_apart(stage, route, ways, before) if whole else []
                if run.seen_enough(wrong):
                    break
    got = {
        "cells": sum(cells.values()),
        "wrong": len(wrong),
        "undeclared": undeclared,
        "not_on_stage": stage.unfilled,
        "first": wrong[:8],
    }
    return Outcome(got, ok=not wrong and not undeclared and not stage.unfilled)


@contextmanager
def _guard(run: Run) -> Iterator[None]:
    """As the control, ask for no role."""
    if run.guarded:
        yield
        return
    with patch.object(doorkeeping, "_require_roles", lambda *_: None):
        yield


def _callers(run: Run, stage: Stage, route: Route, *, whole: bool) -> list[Caller]:
    """Return everybody; in the short form some of those who may, and some of those who may not."""
    everybody = [one for one in stage.callers.values() if route.strong or one.name not in STALE]
    if run.full:
        return everybody
    if route.keyed:
        programs = [one for one in everybody if one.name in PROGRAMS]
        return [*programs, run.random.choice([one for one in everybody if one not in programs])]
    if route.guard is Guard.MEMBER:
        holding = [one for one in everybody if one.name == HALFWAY or route.roles & HELD.get(one.name, set())]
        others = [one for one in everybody if one not in holding]
        if whole:
            some = run.random.sample(holding, min(2, len(holding)))
            return [*some, *run.random.sample(others, 2)]
        inside = [one for one in holding if _expected(route, one) in {"in", "any"}]
        return [*run.random.sample(inside, min(1, len(inside))), run.random.choice(others)]
    if not whole:
        return [run.random.choice(everybody)]
    late = [one for one in everybody if one.name in STALE][:1]
    return [stage.callers["guest"], *late, run.random.choice(everybody)]


def _expected(route: Route, caller: Caller) -> str:
    """Return what a caller gets: in, the sign-in page, nothing there, the second factor, or whatever."""
    if route.keyed:
        return _expected_of_program(route, caller)
    if route.guard in {Guard.PUBLIC, Guard.VISITOR, Guard.MACHINE, Guard.DEMO}:
        return "any"
    if caller.name in STRANGERS:
        return "door"
    if route.guard is Guard.SIGNED_IN:
        return "again" if caller.name in STALE and route.strong else "served"
    return _expected_of_member(route, caller)


def _expected_of_program(route: Route, caller: Caller) -> str:
    if caller.name not in PROGRAMS:
        return "keyless"
    return "nowhere" if route.has_object and caller.name in ELSEWHERE else "in"


def _expected_of_member(route: Route, caller: Caller) -> str:
    if caller.name == HALFWAY:
        return "second" if "owner" in route.roles else "nowhere"
    if not route.roles & HELD[caller.name] or (route.has_object and caller.name in ELSEWHERE):
        return "nowhere"
    if caller.name in STALE:
        return "again"
    return "any" if route.rule.rule in OF_ONES_OWN else "in"


def _fits(expected: str, seen: set[str]) -> bool:
    if "failure" in seen:
        return False
    if expected == "any":
        return True
    if expected == "served":
        return "door" not in seen
    if expected == "in":
        return "in" in seen and not seen & {"door", "second", "again", "keyless"}
    return seen == {expected}


def _ask(
    full: bool, route: Route, caller: Caller, ways: list[str], forms: Forms, before: Snapshot
) -> set[str]:
    """Return what a caller sees at the addresses of a route; forms are sent as the pages before held them."""
    seen = set()
    for address in ways:
        with undone(before):
            answer = caller.call(route.method, address, caller.forms.get(address, forms.get(address)))
        met = {form.action: form.data() for form in forms_of(answer)}
        caller.forms |= met
        forms |= met
        seen.add(_what(answer))
        if "in" in seen and not full:
            break
    return seen


def _look_further(route: Route, caller: Caller, ways: list[str], before: Snapshot) -> set[str]:
    """Return what a caller sees who opens each address, or a page above, and sends the form from there."""
    for address in ways:
        above = address
        while above.count("/") > 1:
            with undone(before):
                met = {form.action: form.data() for form in forms_of(caller.call("GET", above))}
            if address in met:
                with undone(before):
                    seen = _what(caller.call(route.method, address, met[address]))
                if seen == "in":
                    return {seen}
                break
            above = above.rsplit("/", 1)[0]
    return set()


def _what(answer: TestResponse) -> str:
    if answer.status_code >= 500 and answer.status_code != 503:
        return "failure"
    left = "Clear-Site-Data" in answer.headers
    led = answer.location if answer.status_code == 303 and not left else None
    places = {"/dang-nhap": "door", "/tai-khoan/ma-6-so": "second", "/xac-nhan-lai": "again"}
    if led in places:
        return places[led]
    if answer.status_code == 403 and 'action="/xac-nhan-lai"' in answer.text:
        return "again"
    return {404: "nowhere", 403: "forbidden", 401: "keyless"}.get(answer.status_code, "in")


def _tells_apart(stage: Stage, route: Route, ways: list[str], before: Snapshot) -> list[str]:
    """Return whether another tenant's object is refused otherwise than one that there is not."""
    if not route.has_object or not (route.keyed or route.guard is Guard.MEMBER):
        return []
    told = []
    for name in ELSEWHERE:
        caller = stage.callers[name]
        if not (name in PROGRAMS if route.keyed else route.roles & HELD.get(name, set())):
            continue
        with undone(before):
            both = (ways[0], missing_address(route))
            answers = [caller.call(route.method, address) for address in both]
        if len({(one.status_code, plain(one, *both)) for one in answers}) > 1:
            told.append(f"{name}: {route.name} tells what is there from what is not")
    return told

"""S11: nobody is led to another site, whatever address, field or host name asks for it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch
from urllib.parse import quote, urlsplit

from flask import redirect, request
from werkzeug.test import TestResponse

from marketplace import clock, jobs
from marketplace.database import db
from marketplace.letters.outbox import Outbox
from marketplace.signin import entering
from marketplace.web import doorkeeping
from tests.drills import Outcome, Run, drill
from tests.drills.addresses import Route, Undeclared, addresses, is_for, routes
from tests.drills.filling import filled_in
from tests.drills.forms import Form, forms_of
from tests.drills.snapshot import Snapshot, take, undone
from tests.drills.stage import Caller, Stage, build_stage
from tests.signin.test_redirects import ELSEWHERE, NAMES

EVIL = "evil.example"
ONE_IN, ONE_OF_THESE_IN = 8, 3
"""Which share of each caller's pages the short form opens, sign-in always, and as which of these under
another host's name."""
CALLERS = ("guest", "buyer", "staff", "owner", "commune officer", "province officer", "administrator")
HOSTS = (EVIL, f"localhost.{EVIL}", f"{EVIL}:80", f"127.0.0.1.{EVIL}", f"localhost@{EVIL}", "[::1", "")
FORWARDED = (
    "X-Forwarded-Host",
    "X-Forwarded-Server",
    "X-Host",
    "Forwarded",
    "X-Original-URL",
    "X-Rewrite-URL",
)
ODD = ("//{0}", "/\\{0}", "/%2f%2f{0}", "/en//{0}", "//{0}/%2e%2e", "/{0}//", "/.//{0}/", "/%5c{0}")
FIELDS = (*NAMES, "back", "continue_to", "goto", "dest", "return_to", "tiep", "quay_lai", "ve", "Referer")


@drill(
    "S11",
    bar="0 locations, links or letters that lead off the site; 0 foreign hosts answered",
    databases=("sqlite",),
)
def nobody_is_led_astray(run: Run) -> Outcome:
    """Name another site wherever a request can: in fields, in odd paths, as the host; read the letters."""
    astray: list[str] = []
    answered: list[str] = []
    sent = 0
    with run.application() as app, clock.stopped(clock.now()):
        stage = build_stage(app)
        before = take()
        with _guard(run):
            for name, caller, address, answer in _asked_to_leave(run, stage, before):
                sent += 1
                if run.seen_enough(astray):
                    break
                if where := _leads_off(answer):
                    astray.append(f"{caller.name}: {name} {address} leads to {where}")
            for caller, route, address in _every_page(run, stage):
                if not run.takes(f"{route.name} {caller.name}", ONE_OF_THESE_IN):
                    continue
                for header, host in _hosts(run):
                    with undone(before):
                        answer = caller.call(route.method, address, headers={header: host})
                    sent += 1
                    if header == "Host" and answer.status_code != 400:
                        answered.append(f"{route.name} answers {host or 'no host'}: {answer.status_code}")
                    elif EVIL in _links(answer):
                        astray.append(f"{route.name} repeats {header}")
            letters = _letters_written(stage)
    astray += [f"a letter leads to {letter}" for letter in letters if EVIL in letter]
    got = {
        "sent": sent,
        "letters": len(letters),
        "led_astray": len(astray),
        "hosts_answered": len(answered),
        "first": [*astray[:6], *answered[:6]],
    }
    return Outcome(got, ok=sent > 0 and bool(letters) and not astray and not answered)


@contextmanager
def _guard(run: Run) -> Iterator[None]:
    """As the control, have the sign-in go where the field `next` says."""
    if run.guarded:
        yield
        return
    led = doorkeeping.go_ahead

    def astray(otherwise: str) -> object:
        wished = request.values.get("next")
        return redirect(wished, 303) if wished else led(otherwise)

    with patch.object(entering, "go_ahead", astray):
        yield


def _every_page(run: Run, stage: Stage) -> Iterator[tuple[Caller, Route, str]]:
    for name in CALLERS:
        for route in routes(stage.app):
            if route.writes or not is_for(route, name):
                continue
            if "dang-nhap" not in route.name and not run.takes(f"{name} {route.name}", ONE_IN):
                continue
            try:
                yield stage.callers[name], route, addresses(route, stage.own)[0]
            except Undeclared:
                continue


def _asked_to_leave(
    run: Run, stage: Stage, before: Snapshot
) -> Iterator[tuple[str, Caller, str, TestResponse]]:
    """Yield the answers to pages and forms that are asked to lead to another site."""
    met: set[str] = set()
    for caller, _route, address in _every_page(run, stage):
        for target in _targets(run) if run.full or "dang-nhap" in address else _targets(run)[:1]:
            query = dict.fromkeys(FIELDS, target)
            with undone(before):
                answer = caller.call("GET", address, query_string=query, headers={"Referer": target})
            yield "GET", caller, address, answer
            for form in forms_of(answer):
                if form.action not in met:
                    met.add(form.action)
                    with undone(before):
                        yield "POST", caller, form.action, _send(stage, caller, form, target)
    for path in ODD:
        guest = stage.callers["guest"]
        yield "GET", guest, path, guest.call("GET", path.format(EVIL))


def _targets(run: Run) -> list[str]:
    usable = [target for target in ELSEWHERE if "\r" not in target]
    return usable if run.full else [usable[0], run.random.choice(usable)]


def _send(stage: Stage, caller: Caller, form: Form, target: str) -> TestResponse:
    staff = f"staff.{stage.own.secret}@example.vn"
    fields = {**{name: [target] for name in FIELDS}, **filled_in(form, staff)}
    query = dict.fromkeys(NAMES, target)
    return caller.call("POST", form.action, fields, query_string=query)


def _hosts(run: Run) -> Iterator[tuple[str, str]]:
    forms = [("Host", host) for host in HOSTS]
    passed_on = [(header, f"host={EVIL}" if header == "Forwarded" else EVIL) for header in FORWARDED]
    yield from [*forms, *passed_on] if run.full else [run.random.choice(forms), run.random.choice(passed_on)]


def _leads_off(answer: TestResponse) -> str | None:
    """Return where an answer leads to when that is another site: by its header, a refresh or a base."""
    location = answer.location or ""
    where = urlsplit(location.replace("\\", "/"))
    if location and (where.hostname not in {None, "localhost"} or location.startswith(("//", "\\"))):
        return location
    pages = re.findall(r'<(?:base|meta)[^>]+(?:href|url)=?["\']?([^"\'>]+)', _links(answer))
    return next((page for page in pages if EVIL in page), None)


def _links(answer: TestResponse) -> str:
    """Return what a page links to, without what it repeats of the question as plain words."""
    if not (answer.content_type or "").startswith("text/html"):
        return " ".join(value for name, value in answer.headers if name != "Link")
    quoted = quote(EVIL)
    found = re.findall(r'(?:href|src|action|content)="((?:https?:)?//[^"]*)"', answer.get_data(as_text=True))
    return " ".join(link for link in found if quoted in urlsplit(link).netloc) + (answer.location or "")


def _letters_written(stage: Stage) -> list[str]:
    """Ask for letters from under another host's name, send them, and return their words."""
    guest = stage.callers["guest"]
    person = f"buyer.{stage.own.secret}@example.vn"
    for header in ("X-Forwarded-Host", "Origin", "Referer"):
        guest.call("POST", "/quen-mat-khau", {"dia_chi": person}, headers={header: f"http://{EVIL}"})
    jobs.do_all()
    db.session.rollback()
    return [letter.body for letter in Outbox(stage.app.extensions["settings"].outbox).list_newest(50)]

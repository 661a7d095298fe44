"""S14: no route that writes does anything for a page of another site, and no route that reads writes."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from marketplace.accounts import sightings
from marketplace.web import doorkeeping, form_token, guards
from marketplace.web.guards import Guard, is_signed
from tests.drills import Outcome, Run, drill
from tests.drills.addresses import Route, Undeclared, addresses, is_for, routes
from tests.drills.forms import TOKEN, forms_of
from tests.drills.given import TALLIES
from tests.drills.snapshot import Snapshot, take, undone
from tests.drills.stage import SAME_ORIGIN, Caller, Stage, build_stage

CALLERS = ("guest", "buyer", "staff", "owner", "commune officer", "province officer", "administrator")
ELSEWHERE: tuple[dict[str, str], ...] = (
    {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "none"},
    {"Sec-Fetch-Site": ""},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Referer": "http://localhost/"},
    {},
)
WITHOUT_TOKEN = frozenset(
    {
        "/gio-hang",
        "/dat-hang",
        "/bao-cao",
        "/bao-cao/danh-gia/<int(max=2147483647):review_id>",
        "/bao-cao/hoi-dap/<int(max=2147483647):question_id>",
        "/bao-co-hang",
        "/san-pham/<slug>/hoi-dap",
        "/01/<path:printed>",
        "/t/<path:printed>",
        "/truy-xuat/noi-quet/<path:printed>",
        "/tai-khoan/da-luu",
    }
)
"""Forms on pages that caches keep: their origin alone tells (DESIGN.md, section 3)."""
ONE_IN = 8
"""Which share of what each caller may read and send the short form tries."""
SELF_KEPT = frozenset({"attempt", "lookup_attempt", "register_version", *sightings.TABLES, *TALLIES})


@drill("S14", bar="0 forged requests accepted, 0 writes by reading", databases=("sqlite",))
def other_sites_do_nothing(run: Run) -> Outcome:
    """Send each form without a token, with somebody else's, from elsewhere and as text; read every page."""
    accepted: list[str] = []
    written: list[str] = []
    sent = 0
    with run.application() as app:
        stage = build_stage(app)
        before = take()
        with _guard(run):
            for name in CALLERS:
                caller = stage.callers[name]
                written += _written_by_reading(run, stage, caller, before)
                for route in (one for one in routes(app) if _is_tried(run, one, name)):
                    ways = list(_forgeries(run, stage, caller, route))
                    for how, options in ways if run.full else run.random.sample(ways, min(3, len(ways))):
                        sent += 1
                        if what := _done_by(caller, route, options, stage, before):
                            accepted.append(f"{name}: {route.name}, {how}: {what}")
                if run.seen_enough(accepted, written):
                    break
    got = {
        "sent": sent,
        "accepted": len(accepted),
        "written": len(written),
        "first": [*accepted[:6], *written[:6]],
    }
    return Outcome(got, ok=sent > 0 and not accepted and not written)


def _is_tried(run: Run, route: Route, name: str) -> bool:
    return run.full or (is_for(route, name) and run.takes(f"{name} {route.name}", ONE_IN))


@contextmanager
def _guard(run: Run) -> Iterator[None]:
    """As the control, take any token."""
    if run.guarded:
        yield
        return
    with (
        patch.object(form_token, "validate_csrf", lambda *_: None),
        patch.object(doorkeeping, "require_form_token", lambda: None),
        patch.object(guards, "SAFE_METHODS", guards.SAFE_METHODS | {"POST"}),
    ):
        yield


def _written_by_reading(run: Run, stage: Stage, caller: Caller, before: Snapshot) -> list[str]:
    found = []
    for route in routes(stage.app):
        if route.writes or not _is_tried(run, route, caller.name):
            continue
        for address in _ways(route, stage)[: run.count(short=1, full=3)]:
            with undone(before) as written:
                answer = caller.call(route.method, address)
            caller.forms |= {form.action: form.data() for form in forms_of(answer)}
            found += [f"{caller.name}: {route.name} writes {table}" for table in written - SELF_KEPT]
    return found


def _ways(route: Route, stage: Stage) -> list[str]:
    try:
        return addresses(route, stage.own)
    except Undeclared:
        return []


def _forgeries(run: Run, stage: Stage, caller: Caller, route: Route) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the ways in which another site could have a browser send a form to a route."""
    if not route.writes or not (ways := _ways(route, stage)):
        return
    fields = caller.forms.get(ways[0], {})
    other = stage.callers["rival owner" if caller.name != "rival owner" else "owner"]
    if route.rule.rule not in WITHOUT_TOKEN:
        yield "no token", {"data": fields, "headers": SAME_ORIGIN}
        yield "empty token", {"data": {**fields, TOKEN: ""}, "headers": SAME_ORIGIN}
        yield "token of another", {"data": {**fields, TOKEN: other.csrf}, "headers": SAME_ORIGIN}
        body = json.dumps({**fields, TOKEN: caller.csrf})
        for kind in ("text/plain", "application/json"):
            yield kind, {"data": body, "content_type": kind, "headers": SAME_ORIGIN}
        query = {TOKEN: caller.csrf}
        yield "token in the address", {"data": fields, "query_string": query, "headers": SAME_ORIGIN}
    whole = {**fields, TOKEN: caller.csrf}
    for headers in ELSEWHERE if run.full else [run.random.choice(ELSEWHERE), ELSEWHERE[-1]]:
        yield f"from {headers}", {"data": whole, "headers": headers}


def _done_by(
    caller: Caller, route: Route, options: dict[str, Any], stage: Stage, before: Snapshot
) -> str | None:
    """Return what a forged request did that it should not have, or None."""
    with undone(before) as written:
        answer = caller.call(route.method, _ways(route, stage)[0], **options)
    if done := written - SELF_KEPT:
        return f"writes {sorted(done)}"
    if is_signed(route.view) and answer.status_code in {400, 401, 503}:
        return None
    if answer.status_code >= 500:
        return f"fails with {answer.status_code}"
    led = answer.status_code in {303, 404}
    if answer.status_code == 403 or (led and route.guard in {Guard.SIGNED_IN, Guard.MEMBER}):
        return None
    return None if route.guard is Guard.DEMO and answer.status_code == 404 else f"is {answer.status_code}"

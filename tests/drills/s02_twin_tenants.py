"""S2: with every number, slug and form of their twin, nobody sees or changes what is the twin's."""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

import sqlalchemy as sa
from werkzeug.test import TestResponse

from marketplace.accounts import permissions
from marketplace.accounts.roles import Role, ScopeKind
from marketplace.database import db
from marketplace.web.guards import Guard
from tests.drills import Outcome, Run, drill
from tests.drills.addresses import Route, Undeclared, addresses, is_for, routes
from tests.drills.forms import Form, forms_of, words_of
from tests.drills.snapshot import Change, Snapshot, take, undone
from tests.drills.stage import Caller, Stage, Tenant, build_stage

CALLERS = (
    "guest",
    "buyer",
    "staff",
    "owner",
    "keeper",
    "commune officer",
    "province officer",
    "council member",
    "program with a key",
)
CAPABILITIES = ("secret", "token", "printed", "key")
"""Arguments that are themselves the right to come in."""
NOT_THEIRS = frozenset(
    {"attempt", "job", "deed", "deed_head", "register_version", "register_line", "lookup_attempt"}
)
ONE_IN, MOST_IN_SHORT = 8, 100
"""Which share of each caller's pages and addresses the short form looks at, and how much of that it tries."""
OFFERED = frozenset({"cart_line", "saved_product", "report", "question"})
"""Tables in which anybody may name what the twin offers to all: buy it, keep, ask or complain of it."""


@drill(
    "S2",
    bar="0 canaries of the twin in answers, 0 rows of the twin changed, 0 failures",
    control_on=("sqlite",),
)
def the_twin_stays_out_of_reach(run: Run) -> Outcome:
    """Ask every route for the twin's objects, and send one's own forms with the twin's numbers in them."""
    seen: list[str] = []
    changed: list[str] = []
    asked = failures = 0
    with run.application() as app:
        stage = build_stage(app)
        before = take()
        attempts = list(_attempts(run, stage, before))
        if not run.full:
            attempts = run.random.sample(attempts, min(MOST_IN_SHORT, len(attempts)))
        with _guard(run):
            for caller, route, address, data in attempts:
                with undone(before) as written:
                    answer = caller.call(route.method, address, data)
                    after = take(written)
                asked += 1
                failures += answer.status_code >= 500
                name = f"{caller.name}: {route.method} {address}"
                seen += [f"{name} shows {word}" for word in _canaries(answer, route, stage.twin)]
                changed += [f"{name} changes {one.table}" for one in _of_twin(before, after, stage.twin)]
                if run.seen_enough(seen, changed):
                    break
    got = {
        "asked": asked,
        "canaries": len(seen),
        "changed": len(changed),
        "failures": failures,
        "not_on_stage": stage.unfilled,
        "first": [*seen[:5], *changed[:5]],
    }
    return Outcome(got, ok=asked > 0 and not seen and not changed and not failures and not stage.unfilled)


@contextmanager
def _guard(run: Run) -> Iterator[None]:
    """As the control, let a role held anywhere count everywhere."""
    if run.guarded:
        yield
        return

    def anywhere(actor: permissions.Actor, kind: ScopeKind, *roles: Role) -> frozenset[int]:
        held = any(one.scope.kind is kind and (not roles or one.role in roles) for one in actor.memberships)
        return frozenset(range(1, 1000)) if held else frozenset()

    with patch.object(permissions.Actor, "scope_ids", anywhere):
        yield


Attempt = tuple[Caller, Route, str, dict[str, list[str]] | None]


def _attempts(run: Run, stage: Stage, before: Snapshot) -> Iterator[Attempt]:
    """Yield what is asked by whom: the twin's addresses, and own forms that name the twin's objects."""
    every = routes(stage.app)
    for name in CALLERS:
        caller = stage.callers[name]
        mine = [route for route in every if run.full or is_for(route, name)]
        some = {route.name for route in mine if run.takes(f"{name} {route.name}", ONE_IN)}
        forms = _forms_met(caller, mine, some, stage.own, before)
        for route in (one for one in mine if one.name in some):
            if route.has_object and route.guard is not Guard.PUBLIC:
                yield from _by_address(run, route, caller, forms, stage)
        for route, form in forms.values():
            for data in _with_numbers_of_twin(run, form, stage):
                yield caller, route, form.action, data


def _by_address(
    run: Run, route: Route, caller: Caller, forms: dict[str, tuple[Route, Form]], stage: Stage
) -> Iterator[Attempt]:
    try:
        of_twin, own = addresses(route, stage.twin), addresses(route, stage.own)
    except Undeclared:
        return
    if set(route.rule.arguments) <= set(CAPABILITIES) | {"number"}:
        return
    data = next((forms[one][1].data() for one in own if one in forms), None)
    if not set(CAPABILITIES).isdisjoint(route.rule.arguments):
        for address in _by_own_link(route, stage):
            yield caller, route, address, data
        return
    for address in of_twin if run.full else of_twin[:2]:
        yield caller, route, address, data
    if len(route.rule.arguments) > 1:
        for mixed in _mixed(route, stage):
            yield caller, route, mixed, data


def _by_own_link(route: Route, stage: Stage) -> Iterator[str]:
    """Yield addresses with one's own secret in them, and the twin's object."""
    own, twin = stage.own, stage.twin
    yield from addresses(route, Tenant(own.letter, own.number, own.slugs, own.people, own.tokens, twin.rows))[
        :2
    ]


def _mixed(route: Route, stage: Stage) -> Iterator[str]:
    """Yield addresses with one's own shop and the twin's object in it, and the other way round."""
    for first, second in ((stage.own, stage.twin), (stage.twin, stage.own)):
        mixed = Tenant(first.letter, first.number, {**second.slugs, "producer": first.slugs["producer"]})
        mixed.rows, mixed.tokens = second.rows, second.tokens
        yield from addresses(route, mixed)[:2]


def _forms_met(
    caller: Caller, every: list[Route], read: set[str], own: Tenant, before: Snapshot
) -> dict[str, tuple[Route, Form]]:
    """Look at pages of one's own and return the forms there by where they lead."""
    found: dict[str, Form] = {}
    takers: dict[str, Route] = {}
    for route in every:
        try:
            ways = addresses(route, own)
        except Undeclared:
            continue
        if route.writes:
            takers |= dict.fromkeys(ways, route)
            continue
        if route.guard is Guard.MACHINE or route.name not in read:
            continue
        for address in ways:
            with undone(before):
                found |= {form.action: form for form in forms_of(caller.call("GET", address))}
    return {action: (takers[action], form) for action, form in found.items() if action in takers}


def _with_numbers_of_twin(run: Run, form: Form, stage: Stage) -> Iterator[dict[str, list[str]]]:
    """Yield a form with each number and slug in it replaced by ones of the twin."""
    slugs = {stage.own.slugs[name]: stage.twin.slugs[name] for name in stage.own.slugs}
    numbers = sorted({str(key[0]) for keys in stage.twin.rows.values() for key in keys if key[0] != ""})
    numbers = [number for number in numbers if number.isdigit()]
    for name, value in form.fields:
        if value in slugs:
            yield form.data(**{name: slugs[value]})
        elif value.isdigit() and form.types[name] in {"hidden", "select", "radio", "checkbox", "submit"}:
            for number in numbers if run.full else run.random.sample(numbers, min(6, len(numbers))):
                yield form.data(**{name: number})


def _canaries(answer: TestResponse, route: Route, twin: Tenant) -> list[str]:
    """Return the twin's words in an answer; what is public may stand on pages that are not for members.

    The names of provinces and communes are nobody's own: a seller who prices parcels, or says where
    something lies, chooses among all of them.
    """
    words = [twin.secret] if route.guard is not Guard.MEMBER else [twin.secret, twin.public]
    text = f"{words_of(answer)} {answer.headers}".lower()
    for address in {answer.request.path, *answer.request.args.values()}:
        text = text.replace(address.lower(), "")
    for kind in ("tỉnh", "xã"):
        text = text.replace(f"{kind} {twin.public}", "")
    return [word for word in words if word in text]


def _of_twin(before: Snapshot, after: Snapshot, twin: Tenant) -> list[Change]:
    """Return the changes of rows of the twin, and new rows that point to one."""
    theirs = {name: {tuple(key) for key in keys} for name, keys in twin.rows.items()}
    changes = [one for one in before.changes_to(after) if one.table not in NOT_THEIRS]
    return [one for one in changes if one.key in theirs.get(one.table, set()) or _points_to(one, theirs)]


def _points_to(one: Change, theirs: dict[str, set[tuple[object, ...]]]) -> bool:
    if not one.column.startswith("+") or one.table in OFFERED:
        return False
    column: sa.Column[object] = db.metadata.tables[one.table].columns[one.column[1:]]
    targets = {key.column.table.name for key in column.foreign_keys} - {"admin_unit"}
    return any(one.value in {repr(key[0]) for key in theirs.get(target, set())} for target in targets)

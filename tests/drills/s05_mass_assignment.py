"""S5: a form changes what it shows, whatever other fields are sent along with it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import sqlalchemy as sa
from werkzeug.datastructures import MultiDict

from marketplace import clock
from marketplace.accounts import people
from marketplace.accounts.models import Person
from marketplace.database import db
from tests.drills import Outcome, Run, drill
from tests.drills.addresses import Route, Undeclared, addresses, is_for, routes
from tests.drills.filling import filled_in
from tests.drills.forms import Form, forms_of
from tests.drills.snapshot import Change, Snapshot, take, undone
from tests.drills.stage import Caller, Stage, build_stage

CALLERS = ("guest", "buyer", "staff", "owner", "commune officer", "province officer", "administrator")
TELLTALE = "777777"
MOST_BESIDE_FILES = 120
PAGE_OF_CONTROL, OF_CONTROL = "GET /tai-khoan", "/tai-khoan/ten"
PAGES_ONE_IN, FORMS_ONE_IN = 8, 2
"""In the short form: pages of each caller, and of the forms on them."""
ALWAYS_NEW = frozenset({"attempt", "deed", "deed_head", "job", "register_version"})
"""Tables whose rows hold times, tokens and hashes of their own."""
Form_ = tuple[Caller, Form]


@drill("S5", bar="0 cells changed by fields that a form does not have, 0 failures", control_on=("sqlite",))
def forms_change_what_they_show(run: Run) -> Outcome:
    """Send each form as a browser would, and again with a field for every column there is; compare."""
    beyond: list[str] = []
    sent = failures = changing = 0
    with run.application() as app, clock.stopped(clock.now()):
        stage = build_stage(app)
        before = take()
        extra = _extra_fields()
        with _guard(run):
            for caller, form in _forms(run, stage, before):
                if form.action != OF_CONTROL and not run.takes(f"{caller.name} {form.action}", FORMS_ONE_IN):
                    continue
                plain, again = (_changes(stage, caller, form, {}, before)[0] for _ in range(2))
                sent += 1
                changing += bool(plain)
                for part in _parts(extra, form):
                    more, status = _changes(stage, caller, form, part, before)
                    failures += status >= 500
                    found = _beyond(plain, again, more)
                    beyond += [f"{caller.name}: {form.action} also changes {cell}" for cell in found]
    got = {
        "forms": sent,
        "that_change_something": changing,
        "columns": len(extra),
        "cells_beyond": len(beyond),
        "failures": failures,
        "first": beyond[:6],
    }
    return Outcome(got, ok=changing > 0 and not beyond and not failures)


@contextmanager
def _guard(run: Run) -> Iterator[None]:
    """As the control, have the change of a name take every field that a person has."""
    if run.guarded:
        yield
        return
    from flask import request  # noqa: PLC0415 - the careless code is part of the control

    def careless(session: Any, actor: Any, name: str, at: Any) -> None:
        known = {column.name for column in sa.inspect(Person).local_table.columns}
        kept = session.get(Person, actor.person_id)
        for field, value in request.form.items():
            if field in known - {"id"} and field.startswith(("wants", "sample", "phone")):
                setattr(kept, field, value == TELLTALE if field != "phone" else value)
        kept.name = name

    from marketplace.signin.views import account  # noqa: PLC0415 - the careless code is part of the control

    with patch.object(account, "rename_person", careless), patch.object(people, "rename_person", careless):
        yield


def _extra_fields() -> dict[str, str]:
    """Return a field for every mapped column, with a value that tells where it came from."""
    extra: dict[str, str] = {}
    for table in db.metadata.sorted_tables:
        for column in table.columns:
            kind = column.type
            extra[column.name] = "live" if isinstance(kind, sa.Enum) and column.name == "state" else TELLTALE
            if isinstance(kind, sa.Date | sa.DateTime) or column.name.endswith(("_at", "_until", "_on")):
                extra[column.name] = "2031-01-01"
    return extra


def _parts(extra: dict[str, str], form: Form) -> Iterator[dict[str, str]]:
    """Yield the fields in as many parts as it takes: a form with files may have 200 in all."""
    most = MOST_BESIDE_FILES if form.files else len(extra)
    rest = list(extra.items())
    while rest:
        yield dict(rest[:most])
        rest = rest[most:]


def _forms(run: Run, stage: Stage, before: Snapshot) -> Iterator[Form_]:
    """Yield each form of every page of one's own once, filled in."""
    met: set[tuple[str, str]] = set()
    for name in CALLERS:
        caller = stage.callers[name]
        for route in routes(stage.app):
            if route.writes or not _looks_at(run, route, name):
                continue
            try:
                ways = addresses(route, stage.own)
            except Undeclared:
                continue
            for address in ways if run.full else ways[:2]:
                with undone(before):
                    forms = forms_of(caller.call("GET", address))
                for form in forms:
                    kept = (form.action, ",".join(sorted(form.types)))
                    if kept not in met:
                        met.add(kept)
                        yield caller, form


def _looks_at(run: Run, route: Route, name: str) -> bool:
    """Return whether the forms of a page are sent by a caller."""
    taken = route.name == PAGE_OF_CONTROL or run.takes(f"{name} {route.name}", PAGES_ONE_IN)
    return run.full or (taken and is_for(route, name))


def _changes(
    stage: Stage, caller: Caller, form: Form, extra: dict[str, str], before: Snapshot
) -> tuple[set[Change], int]:
    """Send a form with fields that it does not have, and return what that changed, and the status."""
    data: MultiDict[str, str] = MultiDict(filled_in(form, f"staff.{stage.own.secret}@example.vn"))
    data["csrf_token"] = caller.csrf
    for field, value in extra.items():
        if field not in form.types:
            data[field] = value
    with undone(before) as written:
        answer = caller.call(
            "POST",
            form.action,
            data=data,
            headers={"Sec-Fetch-Site": "same-origin"},
            **({"content_type": "multipart/form-data"} if form.files else {}),
        )
        after = take(written)
    changed = before.changes_to(after)
    return {one for one in changed if one.table not in ALWAYS_NEW}, answer.status_code


def _beyond(plain: set[Change], again: set[Change], more: set[Change]) -> list[str]:
    """Return the cells that changed otherwise; what differs between two plain sendings is drawn anew."""
    drawn = {(one.table, one.column) for one in plain ^ again}
    found = {one for one in plain ^ more if (one.table, one.column) not in drawn}
    return sorted({f"{one.table}.{one.column} {one.key} = {one.value[:30]}" for one in found})

"""S19: logs, failed jobs and the journal of deeds tell what happened, and never to whom."""

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import quote

import sqlalchemy as sa

from marketplace import jobs
from marketplace.database import db, schema_change
from tests.drills import Outcome, Run, drill
from tests.drills.canary import EMAIL, NAME, PASSWORD, TRACES, forms_for_people, sign_up
from tests.drills.filling import filled_in
from tests.drills.snapshot import take, undone
from tests.drills.stage import Caller, Stage, build_stage
from tests.signin.browsing import Browser

INJECTED = "INJECTED a line of an attacker's own"
SPARED = frozenset({"sign_in", "attempt", "lookup_attempt", "deed", "deed_head", "register_version"})
TOLD_IN = ("job", "deed", "attempt", "lookup_attempt")


@drill("S19", bar="0 personal data, secrets or injected lines in logs, jobs and the journal")
def logs_name_nobody(run: Run) -> Outcome:
    """Let a canary use every form, once as it should be and once while the database refuses every row."""
    with run.application() as app, _heard() as log:
        stage = build_stage(app)
        canary = sign_up(stage)
        before = take()
        if not run.guarded:
            db.engine.hide_parameters = False
        forms = list(forms_for_people(run, stage, canary))
        statuses = []
        with undone(before):
            for form in forms:
                data = filled_in(form, EMAIL, f"canary {TRACES[0]}", ten=NAME, ho_ten=NAME, dia_chi=EMAIL)
                statuses.append(canary.call("POST", form.action, data).status_code)
            _knock(stage, canary)
            jobs.do_all()
        with _every_row_refused():
            for form in forms:
                data = filled_in(form, EMAIL, f"canary {TRACES[0]}", ten=NAME, ho_ten=NAME, dia_chi=EMAIL)
                statuses.append(canary.call("POST", form.action, data).status_code)
            _knock(stage, canary)
        kept = take(TOLD_IN)
    secrets = (*TRACES, PASSWORD, canary.cookies["sid"], canary.csrf)
    told = {**{name: str(rows) for name, rows in kept.rows.items()}, "log": log.getvalue()}
    hits = [f"{place}: {word}" for place, text in told.items() for word in secrets if word in text]
    lines = [line for line in told["log"].splitlines() if line.startswith(INJECTED)]
    failed = sum(status >= 500 for status in statuses)
    got = {
        "forms": len(forms),
        "failures_logged": failed,
        "log_lines": len(told["log"].splitlines()),
        "hits": hits[:10],
        "injected": len(lines),
    }
    return Outcome(got, ok=failed > 0 and not hits and not lines and bool(told["log"]))


@contextmanager
def _heard() -> Iterator[io.StringIO]:
    """Yield what all loggers say meanwhile, tracebacks and statements included."""
    text = io.StringIO()
    listening = logging.StreamHandler(text)
    root, statements = logging.getLogger(), logging.getLogger("sqlalchemy.engine")
    levels = root.level, statements.level
    root.addHandler(listening)
    root.setLevel(logging.INFO)
    statements.setLevel(logging.INFO)
    try:
        yield text
    finally:
        root.removeHandler(listening)
        root.setLevel(levels[0])
        statements.setLevel(levels[1])


def _knock(stage: Stage, canary: Caller) -> None:
    """Fail to sign in, ask for letters, and put a line of one's own wherever it may be written down."""
    browser = Browser(stage.app)
    with suppress(AssertionError):
        browser.send("/dang-nhap", 422, ten=EMAIL, mat_khau=PASSWORD + " ")
    with suppress(AssertionError):
        browser.send("/quen-mat-khau", 200, dia_chi=EMAIL)
    line = quote(f"\r\n{INJECTED} {TRACES[0]}")
    for path in (
        f"/{line}",
        f"/san-pham?q={line}",
        f"/don-hang/{line}/{line}",
        f"/t/{line}",
        f"/anh/{line}.svg",
    ):
        canary.call(
            "GET", path, headers={"User-Agent": f"x {TRACES[0]}", "Referer": f"https://{TRACES[0]}.vn"}
        )


@contextmanager
def _every_row_refused() -> Iterator[None]:
    """Have the database refuse every new row, in the words in which it refuses one for real."""
    names = [table.name for table in db.metadata.sorted_tables if table.name not in SPARED]
    _change_rules(names, begin=True)
    try:
        yield
    finally:
        _change_rules(names, begin=False)


def _change_rules(names: list[str], *, begin: bool) -> None:
    db.session.rollback()
    with schema_change() as connection:
        for name in names:
            connection.execute(sa.text(_rule(connection.dialect.name, name, begin)))
    db.session.rollback()


def _rule(dialect: str, name: str, begin: bool) -> str:
    if dialect == "postgresql":
        change = (
            "ADD CONSTRAINT ck_refused CHECK (false) NOT VALID" if begin else "DROP CONSTRAINT ck_refused"
        )
        return f'ALTER TABLE "{name}" {change}'
    if begin:
        return (
            f'CREATE TRIGGER "refused_{name}" BEFORE INSERT ON "{name}" '
            "BEGIN SELECT RAISE(ABORT, 'refused'); END"
        )
    return f'DROP TRIGGER "refused_{name}"'

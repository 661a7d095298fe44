"""S23: of somebody erased nothing is left, in no table and no file, but what the law has us keep."""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

import sqlalchemy as sa

from marketplace import clock, jobs
from marketplace.accounts import privacy
from marketplace.database import db
from tests.drills import Outcome, Run, drill
from tests.drills.canary import (
    EMAIL,
    NAME,
    TRACES,
    WORD,
    leave_rows,
    sign_up,
    traces_in_tables,
    use_every_form,
)
from tests.drills.stage import Stage, build_stage

LEGAL_HOLD = frozenset({"order_group", "phone_allowance"})
"""Orders are kept as vouchers of a sale (reliability.md, section 10)."""


@drill(
    "S23", bar="0 traces outside the legal hold, and an export that names every trace", control_on=("sqlite",)
)
def nothing_is_left_of_the_erased(run: Run) -> Outcome:
    """Let a canary use every form, ask for the copy, erase itself by the page, and search everything."""
    with run.application(MEDIA=str(run.folder / "media")) as app, clock.stopped(clock.now()):
        stage = build_stage(app)
        canary = sign_up(stage)
        statuses = use_every_form(run, stage, canary)
        leave_rows(stage, canary)
        before = traces_in_tables()
        copy = canary.call("POST", "/tai-khoan/du-lieu/ban-sao").get_data(as_text=True)
        with _guard(run):
            answer = canary.call("POST", "/tai-khoan/du-lieu/xoa", {"chac": "xoa"})
            jobs.do_all()
        _settle(stage)
        held = [trace for trace in traces_in_tables() if trace.split(":")[0] in LEGAL_HOLD]
        left = [trace for trace in traces_in_tables() if trace not in held] + _traces_in_files(run)
    got = {
        "forms": len(statuses),
        "traces_before": len(before),
        "erased": "Clear-Site-Data" in answer.headers,
        "missing_in_copy": [trace for trace in (EMAIL, NAME) if trace not in copy],
        "held": sorted({trace.split(":")[0] for trace in held}),
        "left": left[:12],
    }
    ok = len(before) > 5 and not left and not got["missing_in_copy"]
    return Outcome(got, ok=ok and max(statuses, default=500) < 500)


@contextmanager
def _guard(run: Run) -> Iterator[None]:
    """As the control, have accounts alone erase what they know."""
    known = privacy.erasers if run.guarded else {"accounts": privacy.erasers["accounts"]}
    with patch.dict(privacy.erasers, known, clear=True):
        yield


def _settle(stage: Stage) -> None:
    """Write SQLite's log of changes into its file, so that the file is all there is."""
    db.session.remove()
    db.engine.dispose()
    if db.engine.dialect.name == "sqlite":
        with db.engine.connect() as connection:
            connection.execute(sa.text("SELECT 1"))
            connection.rollback()
            driver = connection.connection.dbapi_connection
            assert driver is not None
            driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _traces_in_files(run: Run) -> list[str]:
    """Return the files in the run's folder with a trace; a database's own file holds the orders as well."""
    found = []
    for path in sorted(run.folder.rglob("*")):
        if not path.is_file():
            continue
        content, traces = path.read_bytes(), (WORD,) if ".db" in path.name else TRACES
        found += [f"{path.relative_to(run.folder)}: {one}" for one in traces if one.encode() in content]
    return found

"""Whether this process can serve, part by part; what monitors and load balancers ask."""

import logging
import shutil
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import sqlalchemy as sa
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from marketplace.database import db, unit_of_work
from marketplace.jobs import Job
from marketplace.register import RegisterVersion
from marketplace.search.database_engine import DatabaseEngine
from marketplace.search.engine import present_engine
from marketplace.settings import INSTANCE, PROJECT

log = logging.getLogger(__name__)

LEAST_FREE_SHARE = 0.05
LONGEST_LAG = timedelta(minutes=5)
NEEDED = frozenset({"database", "schema", "disk"})


class _Probed(Exception):
    """Ends the probe's unit of work, so that nothing is written."""


def check_parts(at: datetime) -> dict[str, bool]:
    """Return which parts are in order at an instant; why one is not stands in the log only.

    Without the parts in NEEDED nothing can be served; a missing index and lagging jobs are told only.
    """
    checks: dict[str, Callable[[], bool]] = {
        "database": _can_write,
        "schema": _is_migrated,
        "disk": _has_room,
        "search": _has_index,
        "jobs": lambda: job_lag(at) < LONGEST_LAG,
    }
    return {part: _passes(part, check) for part, check in checks.items()}


def _passes(part: str, check: Callable[[], bool]) -> bool:
    try:
        return check()
    except Exception:
        db.session.rollback()
        log.warning("readiness of %s could not be told", part, exc_info=True)
        return False


def _can_write() -> bool:
    """Write inside a unit of work that is rolled back."""
    with suppress(_Probed), unit_of_work() as session:
        session.execute(sa.update(RegisterVersion).values(version=RegisterVersion.version))
        raise _Probed
    return True


def _is_migrated() -> bool:
    """Return whether the schema is at the head that this release was made for."""
    context = MigrationContext.configure(db.session.connection())
    return context.get_current_heads() == schema_heads()


@cache
def schema_heads() -> tuple[str, ...]:
    """Return the heads of the migrations shipped."""
    config = Config()
    config.set_main_option("script_location", str(PROJECT / "marketplace" / "migrations"))
    return tuple(ScriptDirectory.from_config(config).get_heads())


def _has_room() -> bool:
    folder: Path = INSTANCE if INSTANCE.exists() else PROJECT
    usage = shutil.disk_usage(folder)
    return usage.free / usage.total > LEAST_FREE_SHARE


def _has_index() -> bool:
    """Return whether searching uses the index, and not the database in its place."""
    return not isinstance(present_engine(), DatabaseEngine)


def job_lag(at: datetime) -> timedelta:
    """Return how long the oldest due job has been waiting."""
    oldest = db.session.execute(sa.select(sa.func.min(Job.due_at)).where(Job.due_at <= at)).scalar()
    return at - oldest if oldest is not None else timedelta(0)

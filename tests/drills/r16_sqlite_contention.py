"""R16: four processes on one SQLite file, nine reads to a write, with a reader that stays long."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from marketplace import jobs
from marketplace.database import db
from tests.drills import Outcome, Run, drill

PROCESSES = 4
HAMMER = Path(__file__).with_name("sqlite_hammer.py")
"""Run as a file, it imports nothing of this package, and so little of the application."""
WAL_LIMIT = 64 * 1024 * 1024
SLOWEST_WRITE_MS = 500.0


@drill("R16", bar="0 locked, WAL under 64 MB, 99th write percentile under 500 ms", databases=("sqlite",))
def writers_queue_and_nobody_is_turned_away(run: Run) -> Outcome:
    """Read and write from several processes at once while one reader keeps its snapshot open."""
    seconds = run.count(short=2, full=600)
    with run.application():
        reader = db.engine.connect()
        reader.execute(sa.select(sa.func.count()).select_from(jobs.Job)).scalar_one()
        results = _hammer(run, seconds)
        reader.close()
        rows = db.session.execute(sa.select(sa.func.count()).select_from(jobs.Job)).scalar_one()
    writes = sorted(ms for result in results for ms in result["writes_ms"])
    errors = sum(result["errors"] for result in results)
    p99 = writes[int(len(writes) * 0.99)] if writes else float("inf")
    wal = run.folder / "drill.db-wal"
    wal_size = wal.stat().st_size if wal.exists() else 0
    got = {"writes": len(writes), "rows": rows, "errors": errors, "p99_ms": round(p99, 1)}
    ok = errors == 0 and rows == len(writes) and p99 < SLOWEST_WRITE_MS and wal_size < WAL_LIMIT
    return Outcome({**got, "wal_mb": round(wal_size / 1e6, 1)}, ok=ok)


def _hammer(run: Run, seconds: int) -> list[dict[str, Any]]:
    command = [sys.executable, str(HAMMER), str(seconds), str(int(run.guarded))]
    environment = json.dumps(run.environment())
    workers = [
        subprocess.Popen([*command, environment], stdout=subprocess.PIPE, text=True) for _ in range(PROCESSES)
    ]
    return [json.loads(worker.communicate()[0]) for worker in workers]

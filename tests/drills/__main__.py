"""Runs drills at their full counts: `python -m tests.drills [R1,S3]`."""

import json
import sys
import tempfile
from pathlib import Path

from tests.drills import Drill, Run, all_drills, carry_out
from tests.environment.postgres import running_server


def main(only: str) -> int:
    """Run the drills asked for, or all; return 1 when one misses its bar, 2 for an unknown one."""
    wanted = {word.upper() for word in only.replace(",", " ").split()}
    drills = all_drills()
    if unknown := wanted - {one.id for one in drills}:
        print(f"no such drill: {', '.join(sorted(unknown))}", file=sys.stderr)  # noqa: T201
        return 2
    chosen = [one for one in drills if not wanted or one.id in wanted]
    with running_server() as postgres_url:
        results = [_run(one, database, postgres_url) for one in chosen for database in one.databases]
    return 0 if all(results) else 1


def _run(one: Drill, database: str, postgres_url: str) -> bool:
    with tempfile.TemporaryDirectory(prefix="drill-") as name:
        folder = Path(name)
        url = postgres_url if database == "postgresql" else f"sqlite:///{folder / 'drill.db'}"
        line = carry_out(one, database, Run(url, folder, full=True))
    print(json.dumps(line, ensure_ascii=False), flush=True)  # noqa: T201
    return bool(line["ok"])


if __name__ == "__main__":
    sys.exit(main(" ".join(sys.argv[1:])))

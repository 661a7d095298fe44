"""One process of drill R16: nine reads to a write for some seconds, reported as JSON."""

import json
import sys
import time
from typing import Any

import sqlalchemy as sa
from flask import Flask

from marketplace import clock, jobs
from marketplace.database import configure_engine, db, unit_of_work

READS_TO_A_WRITE = 9


def main(seconds: float, guarded: bool, environment: dict[str, str]) -> dict[str, Any]:
    """Hammer the database; unguarded, writes begin as reads do, which SQLite turns away when they meet."""
    app = Flask("hammer")
    app.config["SQLALCHEMY_DATABASE_URI"] = environment["DATABASE_URL"]
    db.init_app(app)
    errors, took = 0, []
    write = _write if guarded else _write_naively
    deadline = time.monotonic() + seconds
    with app.app_context():
        configure_engine(db.engine)
        while time.monotonic() < deadline:
            for _ in range(READS_TO_A_WRITE):
                _count()
            begun = time.perf_counter()
            try:
                write()
            except sa.exc.OperationalError:
                errors += 1
                db.session.rollback()
            else:
                took.append((time.perf_counter() - begun) * 1000)
        db.session.remove()
        db.engine.dispose()
    return {"errors": errors, "writes_ms": took}


def _count() -> int:
    try:
        return db.session.execute(sa.select(sa.func.count()).select_from(jobs.Job)).scalar_one()
    finally:
        db.session.rollback()


def _write() -> None:
    with unit_of_work() as session:
        jobs.put(session, "drill")


def _write_naively() -> None:
    """Read, think, write: what a transaction begun without IMMEDIATE does."""
    with db.engine.begin() as connection:
        connection.execute(sa.select(sa.func.count()).select_from(jobs.Job)).scalar_one()
        time.sleep(0.001)
        row = {"kind": "drill", "payload": {}, "due_at": clock.now(), "attempts": 0}
        connection.execute(sa.insert(jobs.Job), [row])


if __name__ == "__main__":
    report = main(float(sys.argv[1]), sys.argv[2] == "1", json.loads(sys.argv[3]))
    sys.stdout.write(json.dumps(report))

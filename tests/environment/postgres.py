"""A PostgreSQL server of the tests' own, thrown away at the end."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def find_binaries() -> Path:
    """Return the folder of the newest PostgreSQL server binaries on this machine."""
    homes = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: p.parts[-3])
    if homes:
        return homes[-1].parent
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    raise RuntimeError("no PostgreSQL server binaries: install the package postgresql")


@contextmanager
def running_server() -> Iterator[str]:
    """Run a server on a Unix socket and yield its SQLAlchemy address; as root it runs as `postgres`."""
    binaries = find_binaries()
    folder = Path(tempfile.mkdtemp(prefix="ocop-pg-"))
    user = "postgres" if os.geteuid() == 0 else None
    if user:
        shutil.chown(folder, user)
    data = folder / "data"

    def run(*command: str) -> None:
        subprocess.run(command, check=True, user=user, capture_output=True, cwd=folder)

    run(
        str(binaries / "initdb"),
        "-D",
        str(data),
        "-U",
        "ocop",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--locale=C.UTF-8",
    )
    options = f"-c listen_addresses='' -k {folder} -c fsync=off -c full_page_writes=off -c lock_timeout=20s"
    run(str(binaries / "pg_ctl"), "-D", str(data), "-o", options, "-l", str(folder / "log"), "-w", "start")
    try:
        yield f"postgresql+psycopg://ocop@/postgres?host={folder}"
    finally:
        run(str(binaries / "pg_ctl"), "-D", str(data), "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder, ignore_errors=True)

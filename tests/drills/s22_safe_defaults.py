"""S22: an installation that nobody configured is closed to others, and has a secret of its own."""

import http.client
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

from marketplace.settings import PROJECT
from tests.drills import Outcome, Run, drill
from tests.environment.site import Site, running_site

REFUSED = {
    "no settings at all": {},
    "a demo for everyone": {"DEMO": "1", "HOST": "0.0.0.0"},
    "a secret that can be guessed": {"DEMO": "1", "SECRET_KEY": "secret"},
    "plain http in public": {"DEMO": "1", "SITE_URL": "http://ocop.example.vn"},
}


@drill("S22", bar="no deviation", databases=("sqlite",))
def defaults_are_safe(run: Run) -> Outcome:
    """Start two fresh copies and look at what they refuse, listen on, keep and say.

    The short form takes compiled modules along, tries one of the settings to refuse, and serves only one of
    the copies; the other is asked for the state of its database, and has a secret from then on.
    """
    homes = [_fresh_copy(run, run.folder / name) for name in ("one", "other")]
    deviations = [*_wrongly_accepted(run, homes[0])]
    for home in homes:
        served = run.full or home == homes[0]
        subprocess.run(
            [sys.executable, "-m", "marketplace", "db", "upgrade" if served else "current"],
            cwd=home,
            env={**os.environ, "DEMO": "1"},
            capture_output=True,
            check=True,
        )
        if served:
            with running_site({"DEMO": "1"}, home) as site:
                deviations += _seen_from_outside(site)
        deviations += _readable_by_others(home)
        if run.seen_enough(deviations):
            return Outcome({"deviations": deviations}, ok=False)
    if _secret(homes[0]) == _secret(homes[1]):
        deviations.append("two installations have one secret")
    return Outcome({"deviations": deviations}, ok=not deviations)


def _fresh_copy(run: Run, home: Path) -> Path:
    """Return a copy of the project; as the control, one that opens itself to everyone."""
    left_out = shutil.ignore_patterns("__pycache__") if run.full else None
    for name in ("marketplace", "templates", "static"):
        shutil.copytree(PROJECT / name, home / name, ignore=left_out)
    if not run.guarded:
        for module in ("places", "reading"):
            read = home / "marketplace" / "settings" / f"{module}.py"
            text = read.read_text().replace('LOOPBACK = {"127.0.0.1"', 'LOOPBACK = {"0.0.0.0", "127.0.0.1"')
            read.write_text(text.replace('"127.0.0.1")', '"0.0.0.0")').replace("0o600", "0o644"))
    return home


def _wrongly_accepted(run: Run, home: Path) -> list[str]:
    tried = run.random.sample(sorted(REFUSED), run.count(short=1, full=len(REFUSED)))
    return [f"accepted: {name}" for name in tried if not _refuses(home, REFUSED[name])]


def _refuses(home: Path, settings: dict[str, str]) -> bool:
    """Whether the start ends with status 2 and a list, not with a server or a traceback."""
    command = [sys.executable, "-m", "marketplace", "db", "current"]
    environment = {**os.environ, **settings}
    ended = subprocess.run(command, cwd=home, env=environment, capture_output=True, text=True, check=False)
    return ended.returncode == 2 and "Traceback" not in ended.stderr


def _seen_from_outside(site: Site) -> list[str]:
    """Look from another address of this machine; a server on loopback alone does not answer there."""
    deviations = []
    with socket.socket() as connection:
        connection.settimeout(1)
        if connection.connect_ex(("127.0.0.2", site.port)) == 0:
            deviations.append("listens beyond 127.0.0.1")
    status, body = site.get("/khong-co-trang-nay")
    if status != 404 or b"Traceback" in body:
        deviations.append(f"an unknown page answers {status}")
    stranger = http.client.HTTPConnection("127.0.0.1", site.port, timeout=5)
    stranger.request("GET", "/", headers={"Host": "evil.test"})
    answer = stranger.getresponse()
    if answer.status != 400:
        deviations.append(f"a foreign host name is answered with {answer.status}")
    if answer.headers["Server"] is not None:
        deviations.append("the server names itself")
    stranger.close()
    return deviations


def _readable_by_others(home: Path) -> list[str]:
    kept = [home / "instance", *(home / "instance").iterdir()]
    private = [path for path in kept if path.is_dir() or path.name.startswith("secret")]
    return [f"{path.name} is readable by others" for path in private if path.stat().st_mode & 0o077]


def _secret(home: Path) -> str:
    return (home / "instance" / "secret_key").read_text()
